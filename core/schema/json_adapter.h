// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JsonText as valijson reads JSON (its "adapter"), so that numbers are judged as they are written
// and nothing is parsed twice. Private to core/schema.

#include "core/jsonrpc/decimal.h"
#include "core/jsonrpc/json_text.h"
#include "core/schema/schema_rewrite.h"

#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

#include <unordered_map>

namespace sightglass::schema {

using Node = JsonText::Node;

/// What one run of judging may still take.
struct Budget {
    qint64 steps = 0;
    const char *stackAtStart = nullptr;
};

/// Equal as JSON Schema means it: 1 is 1.0, members in any order. Takes from the budget; false
/// where there is none left.
bool equalValues(const JsonText &a, Node nodeA, const JsonText &b, Node nodeB, Budget *budget);
/// The same for equal values.
size_t hashOfValue(const JsonText &json, Node node);

/// A text with look-ups for the library; of one thread.
struct JsonDocument {
    struct Object {
        std::vector<std::pair<std::string, Node>> members; ///< each name once (its last value)
        std::unordered_map<std::string, size_t> index;
    };
    explicit JsonDocument(const JsonText &text, Budget *limits = nullptr)
        : json(text)
        , budget(limits)
    {
    }
    const Object &object(Node node) const;
    const std::vector<Node> &array(Node node) const;

    JsonText json;
    Budget *budget;

private:
    mutable std::unordered_map<Node, Object> m_objects;
    mutable std::unordered_map<Node, std::vector<Node>> m_arrays;
};

class JsonAdapter;
using JsonMember = std::pair<std::string, JsonAdapter>;

class ArrayIterator {
public:
    ArrayIterator(const JsonDocument *document, const std::vector<Node> *nodes, size_t at)
        : m_document(document)
        , m_nodes(nodes)
        , m_at(at)
    {
    }
    JsonAdapter operator*() const;
    valijson::adapters::DerefProxy<JsonAdapter> operator->() const;
    bool operator==(const ArrayIterator &other) const { return m_at == other.m_at; }
    bool operator!=(const ArrayIterator &other) const { return m_at != other.m_at; }
    ArrayIterator &operator++()
    {
        ++m_at;
        return *this;
    }
    ArrayIterator operator++(int)
    {
        const ArrayIterator before = *this;
        ++m_at;
        return before;
    }
    ArrayIterator &operator--()
    {
        --m_at;
        return *this;
    }
    void advance(std::ptrdiff_t by) { m_at += size_t(by); }

private:
    const JsonDocument *m_document;
    const std::vector<Node> *m_nodes;
    size_t m_at;
};

class JsonArray {
public:
    using const_iterator = ArrayIterator;
    using iterator = ArrayIterator;
    JsonArray() = default;
    JsonArray(const JsonDocument *document, Node node)
        : m_document(document)
        , m_nodes(&document->array(node))
    {
    }
    ArrayIterator begin() const { return {m_document, m_nodes, 0}; }
    ArrayIterator end() const { return {m_document, m_nodes, size()}; }
    size_t size() const { return m_nodes ? m_nodes->size() : 0; }

private:
    const JsonDocument *m_document = nullptr;
    const std::vector<Node> *m_nodes = nullptr;
};

class MemberIterator {
public:
    MemberIterator(const JsonDocument *document, const JsonDocument::Object *object, size_t at)
        : m_document(document)
        , m_object(object)
        , m_at(at)
    {
    }
    JsonMember operator*() const;
    valijson::adapters::DerefProxy<JsonMember> operator->() const;
    bool operator==(const MemberIterator &other) const { return m_at == other.m_at; }
    bool operator!=(const MemberIterator &other) const { return m_at != other.m_at; }
    MemberIterator &operator++()
    {
        ++m_at;
        return *this;
    }
    MemberIterator operator++(int)
    {
        const MemberIterator before = *this;
        ++m_at;
        return before;
    }

private:
    const JsonDocument *m_document;
    const JsonDocument::Object *m_object;
    size_t m_at;
};

class JsonObject {
public:
    using const_iterator = MemberIterator;
    using iterator = MemberIterator;
    JsonObject() = default;
    JsonObject(const JsonDocument *document, Node node)
        : m_document(document)
        , m_object(&document->object(node))
    {
    }
    MemberIterator begin() const { return {m_document, m_object, 0}; }
    MemberIterator end() const { return {m_document, m_object, size()}; }
    MemberIterator find(const std::string &name) const
    {
        if (!m_object)
            return end();
        const auto found = m_object->index.find(name);
        return {m_document, m_object, found == m_object->index.end() ? size() : found->second};
    }
    size_t size() const { return m_object ? m_object->members.size() : 0; }

private:
    const JsonDocument *m_document = nullptr;
    const JsonDocument::Object *m_object = nullptr;
};

/// A value of the schema, for const and enum. The document is the compiled schema's, which lives
/// longer.
class FrozenJson final : public valijson::adapters::FrozenValue {
public:
    FrozenJson(const JsonDocument *document, Node node)
        : m_document(document)
        , m_node(node)
    {
    }
    FrozenValue *clone() const override { return new FrozenJson(m_document, m_node); }
    bool equalTo(const valijson::adapters::Adapter &adapter, bool strict) const override;

private:
    const JsonDocument *m_document;
    Node m_node;
};

class JsonValue {
public:
    JsonValue() = default;
    JsonValue(const JsonDocument *document, Node node)
        : m_document(document)
        , m_node(node)
    {
    }
    valijson::adapters::FrozenValue *freeze() const { return new FrozenJson(m_document, m_node); }
    opt::optional<JsonArray> getArrayOptional() const
    {
        if (!isArray())
            return {};
        return opt::make_optional(JsonArray(m_document, m_node));
    }
    opt::optional<JsonObject> getObjectOptional() const
    {
        if (!isObject())
            return {};
        return opt::make_optional(JsonObject(m_document, m_node));
    }
    bool getArraySize(size_t &size) const
    {
        if (isArray())
            size = size_t(m_document->json.childCount(m_node));
        return isArray();
    }
    bool getObjectSize(size_t &size) const
    {
        if (isObject())
            size = m_document->object(m_node).members.size();
        return isObject();
    }
    bool getBool(bool &value) const
    {
        if (isBool())
            value = m_document->json.boolean(m_node);
        return isBool();
    }
    bool getDouble(double &value) const
    {
        if (isDouble())
            value = m_document->json.number(m_node).value_or(0);
        return isDouble();
    }
    bool getInteger(int64_t &value) const
    {
        if (!isInteger())
            return false;
        const JsonText &json = m_document->json;
        if (const std::optional<qint64> whole = json.integer(m_node)) {
            value = *whole;
        } else {
            // Written as 1e3, or out of range: only bounds read it, and those are ours.
            const double number = json.number(m_node).value_or(0);
            value = number > 9e18 ? INT64_MAX : number < -9e18 ? INT64_MIN : int64_t(number);
        }
        return true;
    }
    bool getString(std::string &value) const
    {
        if (isString())
            value = libraryText(m_document->json.string(m_node));
        return isString();
    }
    static bool hasStrictTypes() { return true; }
    bool isArray() const { return m_document && m_document->json.isArray(m_node); }
    bool isObject() const { return m_document && m_document->json.isObject(m_node); }
    bool isString() const { return m_document && m_document->json.isString(m_node); }
    bool isBool() const { return m_document && m_document->json.isBool(m_node); }
    bool isNumber() const { return m_document && m_document->json.isNumber(m_node); }
    bool isInteger() const
    {
        return isNumber() && decimal(m_document->json.raw(m_node)).isInteger();
    }
    bool isDouble() const { return isNumber() && !isInteger(); }
    bool isNull() const
    {
        return m_document && m_node >= 0 && m_document->json.type(m_node) == JsonType::Null;
    }

private:
    const JsonDocument *m_document = nullptr;
    Node m_node = -1;
};

class JsonAdapter final
    : public valijson::adapters::BasicAdapter<JsonAdapter, JsonArray, JsonMember, JsonObject,
                                              JsonValue> {
public:
    explicit JsonAdapter(const JsonDocument &document)
        : JsonAdapter(&document, document.json.root())
    {
    }
    JsonAdapter(const JsonDocument *document, Node node)
        : BasicAdapter(JsonValue(document, node))
        , m_document(document)
        , m_node(node)
    {
    }
    const JsonDocument &document() const { return *m_document; }
    Node node() const { return m_node; }
    bool equalTo(const valijson::adapters::Adapter &other, bool) const override
    {
        const auto &value = static_cast<const JsonAdapter &>(other);
        return equalValues(document().json, node(), value.document().json, value.node(),
                           document().budget ? document().budget : value.document().budget);
    }

private:
    const JsonDocument *m_document = nullptr;
    Node m_node = -1;
};

inline JsonAdapter ArrayIterator::operator*() const
{
    return {m_document, m_nodes->at(m_at)};
}

inline valijson::adapters::DerefProxy<JsonAdapter> ArrayIterator::operator->() const
{
    return valijson::adapters::DerefProxy<JsonAdapter>(**this);
}

inline JsonMember MemberIterator::operator*() const
{
    const auto &[name, node] = m_object->members.at(m_at);
    return {name, JsonAdapter(m_document, node)};
}

inline valijson::adapters::DerefProxy<JsonMember> MemberIterator::operator->() const
{
    return valijson::adapters::DerefProxy<JsonMember>(**this);
}

} // namespace sightglass::schema

template <> struct valijson::adapters::AdapterTraits<sightglass::schema::JsonAdapter> {
    using DocumentType = sightglass::schema::JsonDocument;
    static std::string adapterName() { return "JsonAdapter"; }
};
