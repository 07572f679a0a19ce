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
    Variant, ///< one of several schemas
    Closed, ///< read when it is opened: it holds itself, or stands too deep
    Json, ///< whatever the form has no field for: edited as JSON text
};

/// What a field of a schema form is, read from a JSON schema (2020-12 or draft-07). A plain value.
struct FieldSpec {
    struct Choice {
        QByteArray value; ///< JSON text
        QString title; ///< as the schema says, else the value

        bool operator==(const Choice &) const = default;
    };
    FieldKind kind = FieldKind::Json;
    QString name; ///< the member's name; empty for the root and for items
    QString title; ///< as the server sent it; may be empty
    QString typeWords; ///< "number", "array of string", "string, date"
    QString bounds; ///< "1 to 10", "at least 3 characters", "such as 1999-12-31"; mostly empty
    QString example; ///< of a format
    QString description; ///< or the title where there is none; as the server sent it
    bool required = false;
    bool nullable = false;
    QByteArray defaultValue; ///< JSON text; empty: none
    QList<Choice> choices;
    QList<FieldSpec> members; ///< of an object, in the schema's order
    QList<FieldSpec> additional; ///< of an object: one entry, for members of other names
    QList<FieldSpec> prefix; ///< of an array: its first items, each by its own schema
    QList<FieldSpec> item; ///< of an array: one entry, for the items behind those; none: no more
    QList<FieldSpec> variants; ///< each Closed
    JsonText schema; ///< of Closed, with `node`: what opened() reads
    JsonText::Node node = -1;
};

/// Reads what the schema says of the value. Never fails: what is odd becomes a Json field or is
/// left to the raw text (more than 200 members of one object). Follows local references, merges
/// allOf, and takes the one alternative of anyOf and oneOf that is not null; several are a Variant.
/// What is deeper than 6 levels, or beyond some hundred fields, or a reference to what it stands
/// in, is Closed.
FieldSpec fieldSpec(const JsonText &schema, JsonText::Node node);

/// Of a Closed field: what it is, a level further; of others: itself. Keeps its name.
FieldSpec opened(const FieldSpec &spec);

/// The value that a form begins with: the defaults, of an optional object only if it has one
/// itself. Empty: none.
QByteArray initialValue(const FieldSpec &spec);

/// The value of a new array item, or of a variant that was chosen: required members with their
/// constants and defaults.
QByteArray emptyValue(const FieldSpec &spec);

/// The spec of an array's item; null behind the last one that the schema describes.
const FieldSpec *itemSpec(const FieldSpec &array, qsizetype index);

/// The variant that the value is likely to be, by its type and its constant members: `rather`, if
/// it may be that one, else the first; -1: none.
int likelyVariant(const FieldSpec &spec, const JsonText &json, JsonText::Node node,
                  int rather = -1);

/// What is wrong with the arguments, and where.
struct FieldProblem {
    QByteArray pointer; ///< RFC 6901, in the arguments; of what is missing: where it would be
    QString sentence;
    bool missing = false; ///< required, and not there

    bool operator==(const FieldProblem &) const = default;
};

/// Shows of an object's members and of an array's items no more than these.
constexpr qsizetype MaxFormMembers = 200;
constexpr qsizetype MaxFormItems = 100;
constexpr qsizetype MaxFormVariants = 100;

} // namespace sightglass
