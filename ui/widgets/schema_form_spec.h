// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

namespace sightglass {

enum class FieldKind : quint8 {
    Line, ///< a string on one line
    Text, ///< a string that is likely to be long
    Number,
    Integer,
    Boolean,
    Choice, ///< one of given values
    Array,
    Object,
    Json, ///< whatever the form has no field for: edited as JSON text
};

/// What a field of a schema form is, read from a JSON schema. A plain value.
struct FieldSpec {
    struct Choice {
        QByteArray value; ///< JSON text
        QString title; ///< as the schema says, else the value

        bool operator==(const Choice &) const = default;
    };
    FieldKind kind = FieldKind::Json;
    QString name; ///< the member's name; empty for the root and for items
    QString typeWords; ///< "number", "array of string", "string, date"
    QString description; ///< or the title where there is none; as the server sent it
    bool required = false;
    bool nullable = false;
    QByteArray defaultValue; ///< JSON text; empty: none
    QList<Choice> choices;
    QList<FieldSpec> members; ///< of an object, in the schema's order
    QList<FieldSpec> item; ///< of an array: one entry

    bool operator==(const FieldSpec &) const = default;
};

/// Reads what the schema says of the value. Never fails: what is odd or too deep (beyond 8 levels,
/// or more than 200 members of one object) becomes a Json field or is left to the raw text. Follows
/// local references and takes the one alternative of anyOf, oneOf and allOf that is not null.
FieldSpec fieldSpec(const JsonText &schema, JsonText::Node node);

/// The value that a form begins with: the defaults, of an optional object only if it has one
/// itself. Empty: none.
QByteArray initialValue(const FieldSpec &spec);

/// The value of a new array item.
QByteArray emptyValue(const FieldSpec &spec);

/// What is wrong with the arguments, and where.
struct FieldProblem {
    QByteArray pointer; ///< RFC 6901, in the arguments
    QString sentence;
    bool missing = false; ///< required, and not there

    bool operator==(const FieldProblem &) const = default;
};

/// Judges types, choices and required members; no more than 1000 problems.
QList<FieldProblem> fieldProblems(const FieldSpec &spec, const JsonText &arguments);

/// Shows of an object's members and of an array's items no more than these.
constexpr qsizetype MaxFormMembers = 200;
constexpr qsizetype MaxFormItems = 100;

} // namespace sightglass
