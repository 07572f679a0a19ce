// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From JSON Schema 2020-12 (and draft-07) to the draft-07 that the validation library reads.
// Private to core/schema.
//
// Each schema that can be reached from the root becomes one part with a number. In the text for the
// library, every schema inside another is a reference to its part; so the library never sees an
// identifier, an anchor or a nested schema, and what a reference means is settled here:
//   $ref, $dynamicRef      a reference to the part; beside other keywords (2020-12) inside allOf
//   $id, $anchor           resolved (RFC 3986), never fetched
//   prefixItems, items     items as a list, additionalItems
//   dependentRequired, dependentSchemas    dependencies
//   true, false            {}, {"not": {}}
//   2.0 where a count is   2
// What draft-07 or the library has no (or no sound) form for stands in the part itself, and is
// judged by rules of ours that the library calls: bounds and multipleOf (exactly), pattern and
// patternProperties (bounded), propertyNames, uniqueItems, minContains and maxContains,
// unevaluatedItems and unevaluatedProperties, format.

#include "core/jsonrpc/decimal.h"
#include "core/jsonrpc/json_text.h"
#include "core/trace/expected.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>

#include <string>
#include <vector>

namespace sightglass::schema {

using PartId = int; ///< index into SchemaParts::parts; -1: there is none

/// Keywords of the text for the library by which it calls ours, each with the part's number.
constexpr const char *BeginKeyword = "sightglass:begin";
constexpr const char *RestKeyword = "sightglass:rest";

/// A name or string for the library, which takes a NUL for the end of it: it gets U+10FFFF instead.
std::string libraryText(const QString &text);

struct SchemaPart {
    JsonText::Node node = -1; ///< in the schema as it came
    PartId ref = -1;
    std::vector<PartId> allOf, anyOf, oneOf;
    PartId ifPart = -1, thenPart = -1, elsePart = -1;
    std::vector<std::pair<std::string, PartId>> dependent;
    bool dependentAreOurs = false; ///< one is in dependentRequired, too
    std::vector<std::pair<std::string, PartId>> properties;
    std::vector<std::pair<QRegularExpression, PartId>> patterns;
    PartId additional = -1;
    PartId propertyNames = -1;
    std::vector<PartId> prefix;
    PartId items = -1; ///< behind the prefix
    PartId contains = -1;
    qint64 minContains = 1;
    qint64 maxContains = -1; ///< -1: no bound
    bool uniqueItems = false; ///< ours, as the library compares each with each
    PartId unevaluatedItems = -1, unevaluatedProperties = -1;
    std::optional<Decimal> minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf;
    std::optional<QRegularExpression> pattern;
    QString format;

    /// Members are judged by us, as the library's way with patterns is not sound.
    bool membersAreOurs() const { return !patterns.empty(); }
    bool containsIsOurs() const { return contains >= 0 && (minContains != 1 || maxContains >= 0); }
};

struct SchemaParts {
    std::vector<SchemaPart> parts; ///< the first is the schema asked for
    QByteArray text; ///< for the library: allOf has a reference to each part, in order
    QStringList unchecked;
};

Expected<SchemaParts> schemaParts(const JsonText &schema, JsonText::Node root);

} // namespace sightglass::schema
