// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/json_adapter.h"

namespace sightglass::schema {

bool equalValues(const JsonText &a, Node nodeA, const JsonText &b, Node nodeB, Budget *budget)
{
    if (budget && --budget->steps < 0)
        return false;
    const JsonType type = a.type(nodeA);
    if (type != b.type(nodeB))
        return false;
    switch (type) {
    case JsonType::Null:
    case JsonType::False:
    case JsonType::True:
        return true;
    case JsonType::Number:
        return decimal(a.raw(nodeA)) == decimal(b.raw(nodeB));
    case JsonType::String:
        return a.raw(nodeA) == b.raw(nodeB) || a.string(nodeA) == b.string(nodeB);
    case JsonType::Array: {
        if (a.childCount(nodeA) != b.childCount(nodeB))
            return false;
        Node other = b.firstChild(nodeB);
        for (Node one = a.firstChild(nodeA); one >= 0; one = a.nextSibling(one)) {
            if (!equalValues(a, one, b, other, budget))
                return false;
            other = b.nextSibling(other);
        }
        return true;
    }
    case JsonType::Object: {
        const qint32 count = a.childCount(nodeA);
        if (count != b.childCount(nodeB))
            return false;
        if (budget)
            budget->steps -= qint64(count) * count / 4;
        for (Node one = a.firstChild(nodeA); one >= 0; one = a.nextSibling(one)) {
            if (budget && budget->steps < 0)
                return false;
            const QString name = a.key(one);
            const Node other = b.member(nodeB, name);
            if (other < 0 || !equalValues(a, a.member(nodeA, name), b, other, budget))
                return false;
        }
        return true;
    }
    }
    return false;
}

size_t hashOfValue(const JsonText &json, Node node)
{
    const JsonType type = json.type(node);
    size_t hash = size_t(type) + 1;
    if (type == JsonType::Number) {
        const Decimal number = decimal(json.raw(node));
        hash = qHashMulti(hash, number.digits, number.exponent, number.negative);
    } else if (type == JsonType::String) {
        hash = qHashMulti(hash, json.string(node));
    } else {
        for (Node one = json.firstChild(node); one >= 0; one = json.nextSibling(one)) {
            if (type == JsonType::Array)
                hash = qHashMulti(hash, hashOfValue(json, one));
            else
                hash += qHashMulti(size_t(0), json.key(one), hashOfValue(json, one));
        }
    }
    return hash;
}

const JsonDocument::Object &JsonDocument::object(Node node) const
{
    const auto [entry, isNew] = m_objects.try_emplace(node);
    Object &object = entry->second;
    if (!isNew)
        return object;
    for (Node one = json.firstChild(node); one >= 0; one = json.nextSibling(one)) {
        const std::string name = libraryText(json.key(one));
        const auto [place, first] = object.index.try_emplace(name, object.members.size());
        if (first)
            object.members.emplace_back(name, one);
        else
            object.members[place->second].second = one;
    }
    return object;
}

const std::vector<Node> &JsonDocument::array(Node node) const
{
    const auto [entry, isNew] = m_arrays.try_emplace(node);
    if (isNew) {
        entry->second.reserve(size_t(json.childCount(node)));
        for (Node one = json.firstChild(node); one >= 0; one = json.nextSibling(one))
            entry->second.push_back(one);
    }
    return entry->second;
}

bool FrozenJson::equalTo(const valijson::adapters::Adapter &adapter, bool strict) const
{
    return JsonAdapter(m_document, m_node).equalTo(adapter, strict);
}

} // namespace sightglass::schema
