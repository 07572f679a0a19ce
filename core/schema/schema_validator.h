// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/trace/expected.h"

#include <QStringList>

#include <memory>

namespace sightglass {

/// What of a value its schema does not allow: where, by which rule, and in words.
struct SchemaProblem {
    QByteArray place; ///< RFC 6901, in the value; of a missing member: of the object
    QByteArray rule; ///< RFC 6901, in the schema: the keyword that is broken
    QString keyword; ///< "required", "maximum", …; empty where it was not judged
    QString sentence; ///< "It must be a number, and is a string." Names and values are as sent.
    QString member = {}; ///< of "required": the name of what is missing
    /// The value was not judged, or not to the end, and this says why.
    bool unjudged = false;

    bool operator==(const SchemaProblem &) const = default;
};

/// "/a/0: It must be …" with "the value itself" for the root.
QString problemLine(const SchemaProblem &problem);

/// JSON Schema: draft 2020-12 (the default, and what MCP 2025-11-25 and later means), and draft-07
/// where `$schema` says so (and drafts 4 and 6 by its rules).
///
/// The judging is done by valijson (Debian: libvalijson-dev), which knows draft-07. What 2020-12
/// has more is brought into its form before (schema_rewrite.h), and handed over to it as rules of
/// our own where draft-07 has no form for it. Patterns are matched by PCRE (QRegularExpression)
/// with a bound, as std::regex overflows the stack on long texts and does not return on hostile
/// patterns. Numbers are compared as they are written: 9007199254740993 is not 9007199254740992.
///
/// Not checked: `$dynamicRef` goes where `$ref` would (no dynamic scope); `content*`; `format`
/// unless asked for; other vocabularies. A reference to another document is never fetched:
/// unchecked() says so.
///
/// Bounds: schemas of 4 MiB, 256 levels and 50,000 subschemas; values of 16 MiB and 512 levels; a
/// depth of judging of 3 MiB of the stack (a schema that refers to itself without end); 400,000
/// subschemas applied to parts of a value (a second or two); 100 problems. What is beyond is a
/// Failure, or an unjudged problem.
///
/// Compiling costs, validating less: keep the compiled schema. Copies share it; all of it is const
/// and may be used in several threads.
class SchemaValidator {
public:
    struct Options {
        /// date, time, date-time, email, uri, uri-reference, ipv4, ipv6, uuid, regex are judged.
        /// JSON Schema leaves it to the reader.
        bool formats = false;
    };

    /// Fails (kind Protocol, code "schema") on what is no JSON, or no schema: says where.
    static Expected<SchemaValidator> compile(QByteArrayView schemaText, Options options);
    static Expected<SchemaValidator> compile(QByteArrayView schemaText)
    {
        return compile(schemaText, Options());
    }
    /// The subschema at `pointer` (RFC 6901), with references into the whole text.
    static Expected<SchemaValidator> compileAt(QByteArrayView schemaText, QByteArrayView pointer,
                                               Options options);

    /// What is wrong with the value; nothing: it is valid. A text that is no JSON is a problem.
    QList<SchemaProblem> validate(QByteArrayView instanceText) const;
    QList<SchemaProblem> validate(const JsonText &instance) const;

    /// What of the schema is not judged, in sentences: remote references, patterns that PCRE does
    /// not read.
    const QStringList &unchecked() const;

    struct Compiled;

private:
    explicit SchemaValidator(std::shared_ptr<const Compiled> compiled)
        : m_compiled(std::move(compiled))
    {
    }
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace sightglass
