// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_facts.h"
#include "core/filter/filter_syntax.h"
#include "core/filter/filter_text.h"
#include "core/jsonrpc/json_skim.h"

#include <vector>

namespace sightglass {

// A filter as it is run. Private to core/filter.

/// One term, with all that can be worked out beforehand.
struct FilterTest {
    FilterField field = FilterField::Words;
    FilterValueKind kind = FilterValueKind::Text;
    FilterScope scope = FilterScope::Both;
    FilterOperator op = FilterOperator::Has;
    TextTest text;
    QByteArray name; ///< of a header or credential, in lower case
    JsonPath path; ///< where the value stands, of Json
    std::optional<FilterRange> range;
    std::optional<DecimalRange> exact; ///< of Json and ErrorCode
    int choice = -1;
    bool timeOfDay = false;
    bool stringOnly = false; ///< of Json: text in quotes is no number
};

/// A node of the tree. The children stand with the cheap ones first: which is asked first changes
/// nothing but the time it takes.
struct FilterStep {
    FilterNode::Kind kind = FilterNode::Kind::Term;
    std::vector<FilterStep> children;
    FilterTest test;
    int cost = 0;
    bool ofExchange = true; ///< holds for all events of an exchange or for none
    int slot = -1; ///< of the outermost steps that are: where their answer is kept
};

struct FilterProgram {
    std::optional<FilterStep> root;
    int slots = 0;
    bool findings = false; ///< it asks for findings somewhere
};
FilterProgram compileFilter(const FilterSyntax &syntax);

/// Asks a program about one exchange, or about events of it.
class FilterRunner {
public:
    FilterRunner(const FilterProgram &program, ExchangeFacts &facts)
        : m_program(program)
        , m_facts(facts)
    {
    }

    bool holds();
    /// `reader` is where the event came from.
    bool holds(EventFacts &event, const FrameReader &reader);

private:
    struct At {
        EventFacts &event;
        const FrameReader &reader;
    };
    bool step(const FilterStep &step, At *at);
    bool test(const FilterTest &test, At *at);
    bool exchange(const FilterTest &test);
    bool event(const FilterTest &test, At &at);
    bool anyEvent(const FilterTest &test);
    bool header(const FilterTest &test, const QList<Header> *headers);
    bool words(const FilterTest &test);
    bool body(const FilterTest &test);
    bool answer(const FilterTest &test);
    bool json(const FilterTest &test, QByteArrayView text);
    bool is(int choice);
    bool clock(const FilterTest &test, qint64 at);

    const FilterProgram &m_program;
    ExchangeFacts &m_facts;
    std::vector<qint8> m_known; ///< by slot: -1 not asked yet
};

} // namespace sightglass
