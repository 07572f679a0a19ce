// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/schema_index.h"

#include <QStringList>

namespace sightglass::schema {

namespace {

using Node = JsonText::Node;
using namespace Qt::StringLiterals;

/// Where a schema without an identifier is said to be. Reserved: it is nowhere (RFC 2606).
const QString &nowhere()
{
    static const QString name = u"schema://nowhere.invalid/"_s;
    return name;
}

bool holdsSchema(QStringView keyword)
{
    static const QStringList names{u"additionalProperties"_s,
                                   u"additionalItems"_s,
                                   u"items"_s,
                                   u"contains"_s,
                                   u"not"_s,
                                   u"if"_s,
                                   u"then"_s,
                                   u"else"_s,
                                   u"propertyNames"_s,
                                   u"unevaluatedItems"_s,
                                   u"unevaluatedProperties"_s,
                                   u"contentSchema"_s};
    return names.contains(keyword);
}

bool holdsMany(QStringView keyword)
{
    static const QStringList names{u"properties"_s,
                                   u"patternProperties"_s,
                                   u"$defs"_s,
                                   u"definitions"_s,
                                   u"dependentSchemas"_s,
                                   u"dependencies"_s,
                                   u"allOf"_s,
                                   u"anyOf"_s,
                                   u"oneOf"_s,
                                   u"prefixItems"_s,
                                   u"items"_s};
    return names.contains(keyword);
}

QString withoutFragment(const QUrl &url)
{
    return url.adjusted(QUrl::RemoveFragment).toString(QUrl::FullyEncoded);
}

} // namespace

SchemaIndex::SchemaIndex(const JsonText &schema, bool draft7)
    : m_schema(schema)
    , m_draft7(draft7)
{
    m_bases.insert(schema.root(), QUrl(nowhere()));
    m_resources.insert(nowhere(), schema.root());
    QList<Node> open{schema.root()};
    while (!open.isEmpty()) {
        const Node node = open.takeLast();
        if (!schema.isObject(node))
            continue;
        identify(node);
        for (Node child = schema.firstChild(node); child >= 0; child = schema.nextSibling(child)) {
            const QString keyword = schema.key(child);
            if (schema.isObject(child) && holdsSchema(keyword)) {
                open.append(child);
            } else if (holdsMany(keyword)) {
                const bool list = schema.isArray(child);
                if (list || schema.isObject(child))
                    open.append(schema.children(child));
            }
        }
    }
}

void SchemaIndex::identify(Node node)
{
    const Node name = m_schema.member(node, u"$id");
    // Beside a reference nothing counts in draft-07.
    const bool aside = m_draft7 && m_schema.member(node, u"$ref") >= 0;
    QUrl base = baseOf(node);
    if (m_schema.isString(name) && !aside) {
        const QUrl full = base.resolved(QUrl(m_schema.string(name)));
        if (full.hasFragment() && !full.fragment().isEmpty()) {
            m_anchors.insert(full.toString(QUrl::FullyEncoded), node);
        } else {
            base = full.adjusted(QUrl::RemoveFragment);
            m_bases.insert(node, base);
            m_resources.insert(withoutFragment(base), node);
        }
    }
    for (const QStringView keyword : {u"$anchor", u"$dynamicAnchor"}) {
        const Node anchor = m_schema.member(node, keyword);
        if (m_schema.isString(anchor) && !m_draft7) {
            QUrl full = base;
            full.setFragment(m_schema.string(anchor));
            m_anchors.insert(full.toString(QUrl::FullyEncoded), node);
        }
    }
}

QUrl SchemaIndex::baseOf(Node node) const
{
    for (; node >= 0; node = m_schema.parent(node)) {
        const auto found = m_bases.constFind(node);
        if (found != m_bases.constEnd())
            return *found;
    }
    return QUrl(nowhere());
}

Node SchemaIndex::target(Node from, const QString &reference) const
{
    const QUrl base = baseOf(from);
    QUrl full = base.resolved(QUrl(reference));
    // Qt does not resolve against a name without a path ("urn:…"): a fragment alone stays there.
    if (reference.startsWith(u'#')) {
        full = base;
        full.setFragment(QUrl(reference).fragment(QUrl::FullyEncoded), QUrl::TolerantMode);
    }
    const QString fragment = full.fragment(QUrl::FullyDecoded);
    if (!fragment.isEmpty() && !fragment.startsWith(u'/')) {
        const auto anchor = m_anchors.constFind(full.toString(QUrl::FullyEncoded));
        return anchor == m_anchors.constEnd() ? -1 : *anchor;
    }
    const auto resource = m_resources.constFind(withoutFragment(full));
    if (resource == m_resources.constEnd())
        return -1;
    return find(*resource, fragment);
}

Node SchemaIndex::find(Node from, QStringView pointer) const
{
    Node node = from;
    while (node >= 0 && !pointer.isEmpty()) {
        const qsizetype end = pointer.indexOf(u'/', 1);
        QString token = pointer.mid(1, end < 0 ? -1 : end - 1).toString();
        pointer = end < 0 ? QStringView() : pointer.mid(end);
        token.replace(u"~1"_s, u"/"_s).replace(u"~0"_s, u"~"_s);
        if (m_schema.isArray(node)) {
            bool isNumber = false;
            const int index = token.toInt(&isNumber);
            node = isNumber && index >= 0 ? m_schema.at(node, index) : -1;
        } else {
            node = member(node, token);
        }
    }
    return node;
}

Node SchemaIndex::member(Node object, const QString &name) const
{
    constexpr qint32 Few = 32;
    if (!m_schema.isObject(object) || m_schema.childCount(object) <= Few)
        return m_schema.member(object, name);
    QHash<QString, Node> &names = m_members[object];
    if (names.isEmpty()) {
        for (Node one = m_schema.firstChild(object); one >= 0; one = m_schema.nextSibling(one))
            names.insert(m_schema.key(one), one);
    }
    return names.value(name, -1);
}

} // namespace sightglass::schema
