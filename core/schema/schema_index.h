// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where references of a schema lead. Private to core/schema.

#include "core/jsonrpc/json_text.h"

#include <QHash>
#include <QUrl>

namespace sightglass::schema {

/// The identifiers and anchors of a schema text (2020-12 core, section 8.2), found at every place
/// where a schema may stand.
class SchemaIndex {
public:
    SchemaIndex(const JsonText &schema, bool draft7);

    /// Where "$ref": `reference` leads that stands in the schema `from`; -1: not in this text.
    JsonText::Node target(JsonText::Node from, const QString &reference) const;

private:
    QUrl baseOf(JsonText::Node node) const;
    JsonText::Node find(JsonText::Node from, QStringView pointer) const;
    JsonText::Node member(JsonText::Node object, const QString &name) const;
    void identify(JsonText::Node node);

    const JsonText &m_schema;
    bool m_draft7;
    QHash<JsonText::Node, QUrl> m_bases; ///< of the schemas that have an identifier
    QHash<QString, JsonText::Node> m_resources; ///< without fragment
    QHash<QString, JsonText::Node> m_anchors; ///< with it
    /// Of large objects: a schema may have ten thousand definitions, and a reference to each.
    mutable QHash<JsonText::Node, QHash<QString, JsonText::Node>> m_members;
};

} // namespace sightglass::schema
