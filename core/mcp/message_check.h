// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/schema/schema_validator.h"

#include <QHash>

namespace sightglass {

/// Judges messages by the schema that the specification of a revision has for them
/// (schema/REVISION, schema.json; copies lie in core/mcp/schema). What a schema says of a method is
/// found by its names: tools/call is the request whose method is that constant ("CallToolRequest"),
/// and its result is "CallToolResult". Methods that the schema does not know are judged as JSON-RPC
/// alone. A result that says what it is (resultType, from 2026-07-28 on) is judged as that, and one
/// that should say so and does not as complete.
///
/// Schemas are compiled when they are first needed (some milliseconds each), and kept.
class MessageCheck {
public:
    /// Messages that are larger are not judged.
    static constexpr qsizetype MostBytes = 256 * 1024;

    struct Fault {
        QString type; ///< the schema's name for the message: "CallToolResult"
        SchemaProblem problem;

        bool operator==(const Fault &) const = default;
    };

    /// For an unknown revision nothing is ever wrong.
    explicit MessageCheck(const QByteArray &revision);

    const QByteArray &revision() const { return m_revision; }
    /// One message, no batch. `answered`: of a result, the method of its request; empty: not known.
    QList<Fault> check(QByteArrayView message, const QByteArray &answered);
    /// The subschema of that name ("CallToolRequestParams"), or null: what a method takes, as help.
    QByteArray definition(const QString &name) const;
    /// The subschema of what a request or notification with this method takes, "{}" where it takes
    /// nothing in particular; nothing where the method is not known.
    std::optional<QByteArray> paramsOf(const QByteArray &method) const;

private:
    void judge(const QString &type, const JsonText &message, JsonText::Node node,
               QList<Fault> *faults);
    /// A result by its resultType; `complete` is what it is if complete.
    void judgeNamed(const QString &complete, const JsonText &message, JsonText::Node result,
                    QList<Fault> *faults);
    QString definitionOf(const QByteArray &method, QStringView kind) const;
    bool has(const QString &type) const;

    QByteArray m_revision;
    JsonText m_schema;
    JsonText::Node m_definitions = -1;
    QHash<QByteArray, QString> m_methods; ///< to the name of the request or notification
    QHash<QString, std::optional<SchemaValidator>> m_validators;
};

} // namespace sightglass
