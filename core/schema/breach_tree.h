// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the library tells of a value that does not fit, brought into order. Private to core/schema.
//
// The library tells faults in its own words, one after the other, without the keyword and the place
// in the schema. As our keywords stand first and last in each part, they tell which part is being
// judged at which value; so each fault has its rule, and alternatives their own faults.

#include "core/schema/schema_rewrite.h"
#include "core/schema/schema_validator.h"

#include <string>

namespace sightglass::schema {

/// What our keywords tell between the library's sentences.
std::string beginMark(PartId part, JsonText::Node place);
std::string endMark();
std::string breachMark(const char *keyword, const QString &detail = {});

class BreachTree {
public:
    BreachTree(const JsonText &schema, const SchemaParts &parts, const JsonText &value);

    /// One sentence of the library, or a mark of ours; in the order in which they came.
    void add(const std::string &told);
    /// The problems; of alternatives that all fail, those of the nearest one.
    QList<SchemaProblem> problems() const;

private:
    struct Item {
        int frame = -1; ///< of a part inside; -1: a breach
        QString keyword;
        QString detail;
    };
    struct Frame {
        PartId part = -1;
        JsonText::Node place = -1;
        std::vector<Item> items;
    };
    struct Score {
        int otherKind = 0; ///< faults that say that quite another value was meant
        int faults = 0;
        auto operator<=>(const Score &) const = default;
    };
    void report(int frame, QList<SchemaProblem> *problems) const;
    void reportAlternatives(int frame, const Item &item, const std::vector<PartId> &alternatives,
                            QList<SchemaProblem> *problems) const;
    SchemaProblem problem(const Frame &frame, const Item &item) const;
    Score score(int frame, JsonText::Node place) const;

    const JsonText &m_schema;
    const SchemaParts &m_parts;
    const JsonText &m_value;
    std::vector<Frame> m_frames;
    std::vector<int> m_open;
};

} // namespace sightglass::schema
