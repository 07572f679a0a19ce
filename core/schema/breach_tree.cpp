// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/breach_tree.h"

#include "core/jsonrpc/json_edit.h"
#include "core/schema/problem_words.h"

#include <algorithm>

namespace sightglass::schema {

namespace {

using namespace Qt::StringLiterals;
using Node = JsonText::Node;

constexpr qsizetype MostProblems = 100;
constexpr char Begin = '\x01';
constexpr char End = '\x02';
constexpr char Ours = '\x03';

struct Sentence {
    const char *begins; ///< as valijson 1.0 words it
    const char *keyword;
};

/// The library's other sentences say that something inside failed, which has been told then.
constexpr Sentence Sentences[] = {
    {"Value type not permitted", "type"},
    {"Failed to match against any enum", "enum"},
    {"Failed to match expected value set by 'const'", "const"},
    {"Failed to any values against subschema in 'contains'", "contains"},
    {"Missing dependency", "dependentRequired"},
    {"Missing required property", "required"},
    {"Failed to validate against any schemas allowed by anyOf", "anyOf"},
    {"Failed to validate against any child schemas allowed by oneOf", "oneOf"},
    {"Failed to validate against exactly one", "oneOf"},
    {"Target should not validate against schema specified in 'not'", "not"},
    {"Array contains more items than allowed", "items"},
    {"Cannot validate item", "items"},
    {"Array should contain no more", "maxItems"},
    {"Array should contain no fewer", "minItems"},
    {"String should be no more", "maxLength"},
    {"String should be no fewer", "minLength"},
    {"Object should have no more", "maxProperties"},
    {"Object should have no fewer", "minProperties"},
};

QString quotedName(const std::string &told)
{
    const size_t first = told.find('\'');
    const size_t last = told.rfind('\'');
    if (first == std::string::npos || last <= first)
        return {};
    return QString::fromStdString(told.substr(first + 1, last - first - 1));
}

bool contains(const std::vector<PartId> &parts, PartId part)
{
    return std::find(parts.begin(), parts.end(), part) != parts.end();
}

} // namespace

std::string beginMark(PartId part, Node place)
{
    return Begin + std::to_string(part) + ' ' + std::to_string(place);
}

std::string endMark()
{
    return std::string(1, End);
}

std::string breachMark(const char *keyword, const QString &detail)
{
    return Ours + std::string(keyword) + Ours + detail.toStdString();
}

BreachTree::BreachTree(const JsonText &schema, const SchemaParts &parts, const JsonText &value)
    : m_schema(schema)
    , m_parts(parts)
    , m_value(value)
{
}

void BreachTree::add(const std::string &told)
{
    if (told.empty())
        return;
    if (told[0] == Begin) {
        Frame frame;
        const size_t space = told.find(' ');
        frame.part = std::stoi(told.substr(1, space - 1));
        frame.place = std::stoi(told.substr(space + 1));
        const int index = int(m_frames.size());
        if (!m_open.empty())
            m_frames[size_t(m_open.back())].items.push_back({index, {}, {}});
        m_frames.push_back(std::move(frame));
        m_open.push_back(index);
        return;
    }
    if (told[0] == End) {
        if (m_open.size() > 1)
            m_open.pop_back();
        return;
    }
    if (m_open.empty())
        return;
    std::vector<Item> &items = m_frames[size_t(m_open.back())].items;
    if (told[0] == Ours) {
        const size_t middle = told.find(Ours, 1);
        items.push_back({-1, QString::fromStdString(told.substr(1, middle - 1)),
                         QString::fromStdString(told.substr(middle + 1))});
        return;
    }
    for (const Sentence &sentence : Sentences) {
        if (told.rfind(sentence.begins, 0) != 0)
            continue;
        const QString keyword = QString::fromLatin1(sentence.keyword);
        QString detail;
        if (keyword == u"required"_s || keyword == u"dependentRequired"_s)
            detail = quotedName(told);
        else if (told.find("exactly one") != std::string::npos)
            detail = u"many"_s;
        items.push_back({-1, keyword, detail});
        return;
    }
}

QList<SchemaProblem> BreachTree::problems() const
{
    QList<SchemaProblem> all;
    if (!m_frames.empty())
        report(0, &all);
    // The library goes through members by name: in the order of the text one finds one's way.
    std::stable_sort(all.begin(), all.end(), [this](const auto &a, const auto &b) {
        return m_value.find(a.place) < m_value.find(b.place);
    });
    return all;
}

SchemaProblem BreachTree::problem(const Frame &frame, const Item &item) const
{
    const SchemaPart &part = m_parts.parts.at(size_t(frame.part));
    SchemaProblem problem;
    problem.place = m_value.pointer(frame.place);
    problem.keyword = item.keyword;
    problem.rule = m_schema.pointer(part.node);
    if (m_schema.isBool(part.node)) {
        // "false": the rule is where it stands.
        problem.keyword = m_schema.key(part.node);
        if (problem.keyword.isEmpty())
            problem.keyword = m_schema.key(m_schema.parent(part.node));
    } else {
        if (m_schema.member(part.node, item.keyword) < 0 && item.keyword == u"dependentRequired"_s)
            problem.keyword = u"dependencies"_s;
        problem.rule = jsonPointer(problem.rule, problem.keyword);
    }
    if (item.keyword == u"required"_s)
        problem.member = item.detail;
    problem.sentence =
        breachSentence({problem.keyword, item.detail, &m_schema, part.node, &m_value, frame.place});
    return problem;
}

void BreachTree::report(int index, QList<SchemaProblem> *problems) const
{
    const Frame &frame = m_frames.at(size_t(index));
    const SchemaPart &part = m_parts.parts.at(size_t(frame.part));
    std::vector<PartId> alternatives;
    for (const Item &item : frame.items) {
        if (item.frame < 0 && item.keyword == u"anyOf"_s)
            alternatives.insert(alternatives.end(), part.anyOf.begin(), part.anyOf.end());
        if (item.frame < 0 && item.keyword == u"oneOf"_s)
            alternatives.insert(alternatives.end(), part.oneOf.begin(), part.oneOf.end());
    }
    for (const Item &item : frame.items) {
        if (problems->size() >= MostProblems)
            return;
        if (item.frame >= 0) {
            if (!contains(alternatives, m_frames.at(size_t(item.frame)).part))
                report(item.frame, problems);
        } else if (item.keyword == u"anyOf"_s) {
            reportAlternatives(index, item, part.anyOf, problems);
        } else if (item.keyword == u"oneOf"_s) {
            reportAlternatives(index, item, part.oneOf, problems);
        } else {
            problems->append(problem(frame, item));
        }
    }
}

void BreachTree::reportAlternatives(int index, const Item &item,
                                    const std::vector<PartId> &alternatives,
                                    QList<SchemaProblem> *problems) const
{
    const Frame &frame = m_frames.at(size_t(index));
    int nearest = -1;
    Score best;
    for (const Item &child : frame.items) {
        if (child.frame < 0 || !contains(alternatives, m_frames.at(size_t(child.frame)).part))
            continue;
        const Score its = score(child.frame, frame.place);
        if (nearest < 0 || its < best) {
            nearest = child.frame;
            best = its;
        }
    }
    QList<SchemaProblem> inside;
    if (nearest >= 0 && best.faults > 0)
        report(nearest, &inside);
    // Where one alternative is plainly meant, its faults are what one wants to know.
    if (!inside.isEmpty() && (best.otherKind == 0 || alternatives.size() == 1)) {
        problems->append(inside);
        return;
    }
    SchemaProblem none = problem(frame, item);
    if (!inside.isEmpty() && alternatives.size() <= 8) {
        const SchemaProblem &first = inside.constFirst();
        const QByteArray below = first.place.mid(none.place.size());
        none.sentence += below.isEmpty()
            ? u" Of the nearest: %1"_s.arg(first.sentence)
            : u" Of the nearest, at %1: %2"_s.arg(QString::fromUtf8(below), first.sentence);
    }
    problems->append(none);
}

BreachTree::Score BreachTree::score(int index, Node place) const
{
    Score all;
    const Frame &frame = m_frames.at(size_t(index));
    for (const Item &item : frame.items) {
        if (item.frame >= 0) {
            const Score inside = score(item.frame, place);
            all.otherKind += inside.otherKind;
            all.faults += inside.faults;
            continue;
        }
        ++all.faults;
        const bool near = frame.place == place || m_value.parent(frame.place) == place;
        const bool kind = item.keyword == u"const"_s || item.keyword == u"enum"_s;
        if ((item.keyword == u"type"_s && frame.place == place) || (near && kind))
            ++all.otherKind;
    }
    return all;
}

} // namespace sightglass::schema
