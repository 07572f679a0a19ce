// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_completion.h"

#include "core/filter/filter_facts.h"
#include "core/filter/filter_lexer.h"
#include "core/jsonrpc/json_skim.h"
#include "core/trace/redaction.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A list that nobody reads to its end is no help.
constexpr qsizetype MostValues = 200;
constexpr qsizetype LongestValue = 120;
constexpr qint64 FramesLookedAt = 50;
constexpr qint64 NotesLookedAt = 10'000;

QString operatorFor(const FilterKey &key)
{
    if (key.argument != FilterKey::Argument::None)
        return {};
    const bool measured = key.kind == FilterValueKind::Size || key.kind == FilterValueKind::Time
        || key.field == FilterField::Events;
    return measured && key.field != FilterField::At ? u">"_s : u":"_s;
}

FilterSuggestion keySuggestion(const FilterKey &key, qsizetype start, qsizetype length)
{
    return {key.name + operatorFor(key),
            start,
            length,
            key.name + operatorFor(key),
            u"%1: %2"_s.arg(key.description, key.example),
            true};
}

void addKeys(QList<FilterSuggestion> &list, const QString &word, qsizetype start)
{
    for (const bool begins : {true, false}) {
        for (const FilterKey &key : filterKeys()) {
            const bool starts = key.name.startsWith(word, Qt::CaseInsensitive);
            const bool holds = word.size() >= 2 && key.name.contains(word, Qt::CaseInsensitive);
            if (begins ? starts : (!starts && holds))
                list.append(keySuggestion(key, start, word.size()));
        }
    }
    const QList<FilterRule> joins{{u"and"_s, u"both have to hold; may be left out"_s},
                                  {u"or"_s, u"one of them has to hold"_s},
                                  {u"not"_s, u"what follows must not hold"_s}};
    for (const FilterRule &join : joins) {
        if (!word.isEmpty() && join.writing.startsWith(word, Qt::CaseInsensitive)
            && join.writing != word)
            list.append(
                {join.writing + u' ', start, word.size(), join.writing, join.meaning, true});
    }
}

/// Names of headers behind "header." and the like.
void addHeaders(QList<FilterSuggestion> &list, const FilterKey &key, const QString &begun,
                qsizetype start, const SeenValues &seen)
{
    for (const QString &name : seen.of(key.field)) {
        if (!name.startsWith(begun, Qt::CaseInsensitive) || name == begun)
            continue;
        const bool secret = Redactor::isSecretName(name.toLatin1());
        list.append({name, start, begun.size(), key.name + name,
                     secret ? u"whether it was there; its value is secret"_s
                            : u"whether it was there; with : and = what it says"_s,
                     false});
    }
}

void addValues(QList<FilterSuggestion> &list, const FilterKey &key, const QString &begun,
               qsizetype start, qsizetype length, const SeenValues &seen)
{
    const auto add = [&](const QString &value, const QString &why) {
        if (!value.startsWith(begun, Qt::CaseInsensitive) || value == begun)
            return;
        const QString insert = filterQuoted(value);
        const bool known = std::any_of(list.begin(), list.end(), [&](const FilterSuggestion &one) {
            return one.insert.compare(insert, Qt::CaseInsensitive) == 0;
        });
        if (!known)
            list.append({insert, start, length, value, why, false});
    };
    for (const QString &value : seen.of(key.field))
        add(value, u"in this trace"_s);
    for (const QString &choice : key.choices)
        add(choice, QString());
    if (list.isEmpty() && begun.isEmpty())
        list.append({{}, start, 0, key.values, key.description, true});
}

} // namespace

QString filterQuoted(const QString &value)
{
    const bool plain = !value.isEmpty() && std::none_of(value.begin(), value.end(), [](QChar c) {
        return c.isSpace() || c == u'"' || c == u'(' || c == u')' || c == u'\\';
    });
    // A slash at its beginning might be taken for a regular expression.
    if (plain && value.front() != u'/')
        return value;
    QString escaped = value;
    escaped.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1);
    return u'"' + escaped + u'"';
}

bool SeenValues::update(const TraceReader &trace, qint64 most)
{
    if (m_trace != &trace || trace.exchangeCount() < m_seen) {
        m_values.clear();
        m_seen = 0;
        m_notes = 0;
        m_trace = &trace;
    }
    const ExchangeId last = std::min(trace.exchangeCount(), m_seen + most);
    while (m_seen < last)
        look(trace, ++m_seen);
    const qint64 notes = std::min(trace.noteCount(), NotesLookedAt);
    for (; m_notes < notes; ++m_notes)
        add(FilterField::Finding, trace.note(m_notes).finding);
    return m_seen < trace.exchangeCount();
}

void SeenValues::add(FilterField field, const QString &value)
{
    QSet<QString> &values = m_values[field];
    if (!value.isEmpty() && value.size() <= LongestValue && values.size() < MostValues)
        values.insert(value);
}

void SeenValues::look(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &request = trace.request(id);
    add(FilterField::Method, QString::fromUtf8(request.method));
    add(FilterField::Kind, QString::fromLatin1(exchangeKindName(request.kind)));
    constexpr auto call = "tools/call "_L1;
    if (request.what.startsWith(call))
        add(FilterField::Tool, request.what.mid(call.size()));
    const QString word = request.what.section(u' ', 0, 0);
    if (word.contains(u'/') || request.what == "initialize"_L1 || request.what == "ping"_L1)
        add(FilterField::RpcMethod, word);
    add(FilterField::Server, serverOf(trace, id));
    for (const Header &header : request.headers)
        add(FilterField::RequestHeader, QString::fromUtf8(header.name).toLower());
    if (const std::optional<Failure> failure = trace.failure(id))
        add(FilterField::Finding, failure->finding);
    if (const std::optional<ResponseRecord> response = trace.response(id)) {
        add(FilterField::Status, QString::number(response->status));
        for (const Header &header : response->headers)
            add(FilterField::ResponseHeader, QString::fromUtf8(header.name).toLower());
    }
    const qint64 frames = trace.summary(id).frames;
    if (frames == 0)
        return;
    FrameReader reader(trace, id, 0, std::min(frames, FramesLookedAt));
    EventFacts event;
    const JsonPath method = JsonPath::fromPointer("/method");
    while (reader.next(event)) {
        if (!isDispatched(event.frame.kind))
            continue;
        add(FilterField::EventType,
            event.type().isNull() ? u"message"_s : QString::fromUtf8(event.type()));
        skimJson(event.data(), method, [this](QByteArrayView raw) {
            add(FilterField::RpcMethod, QString::fromUtf8(plainJsonString(raw)));
            return true;
        });
    }
}

QStringList SeenValues::of(FilterField field) const
{
    QStringList values = m_values.value(field).values();
    std::sort(values.begin(), values.end());
    // Credentials are named as headers are.
    if (field == FilterField::Carried || field == FilterField::Missing
        || field == FilterField::Withheld) {
        for (const QString &name : m_values.value(FilterField::RequestHeader)) {
            if (Redactor::isSecretName(name.toLatin1()))
                values.append(name);
        }
        std::sort(values.begin(), values.end());
    }
    return values;
}

QList<FilterSuggestion> filterSuggestions(const QString &text, qsizetype cursor,
                                          const SeenValues &seen, bool all)
{
    QList<FilterSuggestion> list;
    const QString before = text.left(std::clamp<qsizetype>(cursor, 0, text.size()));
    const QList<FilterToken> tokens = filterTokens(before);
    const FilterToken *last = tokens.size() > 1 ? &tokens.at(tokens.size() - 2) : nullptr;
    const bool touches = last && last->start + last->length == before.size();
    const bool word = touches
        && (last->kind == FilterToken::Kind::And || last->kind == FilterToken::Kind::Or
            || last->kind == FilterToken::Kind::Not)
        && before.at(last->start).isLetter();
    const bool term = touches && last->kind == FilterToken::Kind::Term;
    if (!term && !word) {
        if (all)
            addKeys(list, {}, before.size());
        return list;
    }
    const qsizetype start = word ? last->start : last->textStart;
    const QString written = before.mid(start);
    if (term && last->regex)
        return list;
    const bool compared = term && last->name.key && last->op != FilterOperator::Exists;
    if (compared) {
        addValues(list, *last->name.key, last->text, start, written.size(), seen);
        return list;
    }
    if (term && (last->quoted || !last->wrongKey.isEmpty()))
        return list;
    for (const FilterKey &key : filterKeys()) {
        if (key.argument == FilterKey::Argument::Header
            && written.startsWith(key.name, Qt::CaseInsensitive))
            addHeaders(list, key, written.mid(key.name.size()), start + key.name.size(), seen);
    }
    addKeys(list, written, start);
    return list;
}

} // namespace sightglass
