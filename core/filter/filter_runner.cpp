// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_program.h"

#include "core/trace/redaction.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Words are looked for in the first part of bodies only: one does not wait for a stream of hours.
constexpr qint64 SearchedBody = 64 * 1024;
/// Whoever names a body gets more of it.
constexpr qint64 NamedBody = 16 * 1024 * 1024;

constexpr double DayMs = 24.0 * 60 * 60 * 1000;
constexpr auto ToolCall = "tools/call "_L1;

bool inRange(const FilterTest &test, double number)
{
    return test.range && test.range->holds(number);
}

/// Of a number of JSON, as it is written. Doubles keep the order of what they stand for, so that
/// only where one is an end itself the digits have to tell.
bool inExactRange(const FilterTest &test, QByteArrayView raw)
{
    if (!test.range || !test.exact)
        return false;
    bool ok = false; // not where it is beyond what a double holds
    const double nearest = raw.toDouble(&ok);
    if (ok && nearest != test.range->low && nearest != test.range->high)
        return test.range->holds(nearest);
    return test.exact->holds(decimal(raw));
}

bool hasCode(const FilterTest &test, const RpcOutcome &outcome)
{
    return outcome.code && inExactRange(test, QByteArray::number(*outcome.code));
}

} // namespace

bool FilterRunner::holds()
{
    return !m_program.root || step(*m_program.root, nullptr);
}

bool FilterRunner::holds(EventFacts &event, const FrameReader &reader)
{
    if (!m_program.root)
        return true;
    if (m_known.empty())
        m_known.assign(size_t(m_program.slots), qint8(-1));
    At at{event, reader};
    return step(*m_program.root, &at);
}

bool FilterRunner::step(const FilterStep &step, At *at)
{
    if (at && step.slot >= 0) {
        qint8 &known = m_known[size_t(step.slot)];
        if (known < 0)
            known = this->step(step, nullptr) ? 1 : 0;
        return known == 1;
    }
    switch (step.kind) {
    case FilterNode::Kind::Term:
        return test(step.test, at);
    case FilterNode::Kind::Not:
        return !this->step(step.children.front(), at);
    case FilterNode::Kind::All:
        return std::all_of(step.children.begin(), step.children.end(),
                           [&](const FilterStep &child) { return this->step(child, at); });
    case FilterNode::Kind::Any:
        return std::any_of(step.children.begin(), step.children.end(),
                           [&](const FilterStep &child) { return this->step(child, at); });
    }
    return false;
}

bool FilterRunner::test(const FilterTest &test, At *at)
{
    const bool wanted = test.op != FilterOperator::NotEqual;
    bool holds = false;
    if (at && test.scope != FilterScope::Exchange)
        holds = event(test, *at);
    else if (test.scope == FilterScope::Event)
        holds = anyEvent(test);
    else
        holds = exchange(test);
    return holds == wanted;
}

bool FilterRunner::anyEvent(const FilterTest &test)
{
    if (m_facts.summary().frames == 0)
        return false;
    FrameReader reader(m_facts.trace, m_facts.id, 0, m_facts.summary().frames);
    EventFacts facts;
    At at{facts, reader};
    while (!m_facts.isStopped() && reader.next(facts)) {
        if (event(test, at))
            return true;
    }
    return false;
}

bool FilterRunner::exchange(const FilterTest &test)
{
    const auto credentials = [&](CredentialIndex::Mask CredentialIndex::Entry::*which) {
        return m_facts.knowledge.credentials(m_facts.trace, m_facts.id, test.name, which) != 0;
    };
    switch (test.field) {
    case FilterField::Words:
        return words(test);
    case FilterField::Status:
        return test.range->high <= 0 ? m_facts.summary().status == 0
                                     : inRange(test, m_facts.summary().status);
    case FilterField::Method:
        return test.text.matches(QByteArrayView(m_facts.request().method));
    case FilterField::Kind:
        return int(m_facts.summary().kind) == test.choice;
    case FilterField::What:
        return test.text.matches(QStringView(m_facts.request().what));
    case FilterField::Url:
        return test.text.matches(QByteArrayView(m_facts.request().url.toEncoded()));
    case FilterField::Server:
        return test.text.matches(QStringView(serverOf(m_facts.trace, m_facts.id)));
    case FilterField::Tool: {
        const QString &what = m_facts.request().what;
        return what.startsWith(ToolCall)
            && test.text.matches(QStringView(what).sliced(ToolCall.size()));
    }
    case FilterField::Error:
        if (test.choice >= 0)
            return m_facts.outcome().kind == RpcOutcome::Kind::ToolError;
        return hasCode(test, m_facts.outcome());
    case FilterField::Finding: {
        const QStringList told = m_facts.findings();
        return std::any_of(told.begin(), told.end(), [&](const QString &finding) {
            return test.text.matches(QStringView(finding));
        });
    }
    case FilterField::Is:
        return is(test.choice);
    case FilterField::Id:
        return inRange(test, double(m_facts.id));
    case FilterField::Missing:
        return credentials(&CredentialIndex::Entry::missing);
    case FilterField::Carried:
        return credentials(&CredentialIndex::Entry::carried);
    case FilterField::Withheld:
        return credentials(&CredentialIndex::Entry::withheld);
    case FilterField::RequestHeader:
        return header(test, &m_facts.request().headers);
    case FilterField::ResponseHeader: {
        const std::optional<ResponseRecord> &response = m_facts.response();
        return response && header(test, &response->headers);
    }
    case FilterField::Body:
    case FilterField::RpcMethod:
    case FilterField::RpcId:
        return body(test) || answer(test);
    case FilterField::RequestBody:
        return body(test);
    case FilterField::ResponseBody:
        return answer(test);
    case FilterField::Duration: {
        const ExchangeTimes &times = m_facts.summary().times;
        return times.ended >= 0 && inRange(test, double(times.ended - times.begun));
    }
    case FilterField::Size:
        return inRange(test, double(m_facts.summary().responseBytes));
    case FilterField::RequestSize:
        return inRange(test, double(m_facts.summary().requestBytes));
    case FilterField::Events:
        return inRange(test, double(m_facts.summary().events));
    case FilterField::At:
        return inRange(test, double(m_facts.summary().times.begun));
    case FilterField::Clock:
        return clock(test, m_facts.summary().times.begun);
    case FilterField::Note: {
        const QStringList texts = m_facts.knowledge.remarks(m_facts.trace, {m_facts.id, -1});
        return std::any_of(texts.begin(), texts.end(), [&](const QString &text) {
            return test.text.matches(QStringView(text));
        });
    }
    case FilterField::EventType:
    case FilterField::EventId:
    case FilterField::EventKind:
    case FilterField::EventData:
    case FilterField::EventSize:
    case FilterField::Gap:
        break;
    }
    return false;
}

bool FilterRunner::event(const FilterTest &test, At &at)
{
    EventFacts &event = at.event;
    switch (test.field) {
    case FilterField::Words:
        return test.text.matches(event.bytes);
    case FilterField::Body:
    case FilterField::ResponseBody:
    case FilterField::EventData:
    case FilterField::RpcMethod:
    case FilterField::RpcId: {
        if (!isDispatched(event.frame.kind))
            return false;
        const QByteArrayView data = event.data();
        if (!test.path.tokens.isEmpty())
            return json(test, data);
        return test.op == FilterOperator::Exists ? !data.isEmpty() : test.text.matches(data);
    }
    case FilterField::EventType:
        if (!isDispatched(event.frame.kind))
            return false;
        if (test.op == FilterOperator::Exists)
            return !event.type().isNull();
        return test.text.matches(event.type().isNull() ? QByteArrayView("message") : event.type());
    case FilterField::EventId: {
        const QByteArray id = at.reader.idOf(event.frame);
        if (test.op == FilterOperator::Exists)
            return !id.isEmpty();
        return !id.isNull() && test.text.matches(QByteArrayView(id));
    }
    case FilterField::EventKind:
        return int(event.frame.kind) == test.choice;
    case FilterField::Size:
    case FilterField::EventSize:
        return inRange(test, double(event.frame.end - event.frame.start));
    case FilterField::At:
        return inRange(test, double(event.frame.at));
    case FilterField::Clock:
        return clock(test, event.frame.at);
    case FilterField::Gap: {
        const ExchangeTimes &times = m_facts.summary().times;
        const qint64 before = event.index > 0 ? m_facts.trace.frame(m_facts.id, event.index - 1).at
                                              : std::max(times.begun, times.head);
        return inRange(test, double(event.frame.at - before));
    }
    case FilterField::Error:
        if (test.choice >= 0)
            return event.outcome().kind == RpcOutcome::Kind::ToolError;
        return hasCode(test, event.outcome());
    case FilterField::Is:
        if (test.choice == 1)
            return event.outcome().isError();
        if (test.choice == 5)
            return m_facts.knowledge.isMarked(m_facts.trace, {m_facts.id, event.index}, false);
        return is(test.choice);
    case FilterField::Note: {
        const QStringList texts =
            m_facts.knowledge.remarks(m_facts.trace, {m_facts.id, event.index});
        return std::any_of(texts.begin(), texts.end(), [&](const QString &text) {
            return test.text.matches(QStringView(text));
        });
    }
    default:
        break;
    }
    return false;
}

/// By its place in the key's list of choices.
bool FilterRunner::is(int choice)
{
    const ExchangeSummary &summary = m_facts.summary();
    switch (choice) {
    case 0: // failed
        return (summary.failed || summary.status >= 400) && !isNoFault(summary);
    case 1: // error
        return m_facts.outcome().isError() && !summary.left;
    case 2: // open
        return !summary.finished;
    case 3: // stream
        return summary.frames > 0;
    case 4: // acting
        return !m_facts.request().acting.isEmpty();
    case 5: // marked
        return m_facts.knowledge.isMarked(m_facts.trace, {m_facts.id, -1}, true);
    default:
        return false;
    }
}

bool FilterRunner::header(const FilterTest &test, const QList<Header> *headers)
{
    return std::any_of(headers->begin(), headers->end(), [&](const Header &header) {
        if (header.name.size() != test.name.size()
            || header.name.compare(test.name, Qt::CaseInsensitive) != 0)
            return false;
        return test.op == FilterOperator::Exists
            || (!Redactor::isSecret(header) && test.text.matches(QByteArrayView(header.value)));
    });
}

bool FilterRunner::words(const FilterTest &test)
{
    const auto found = [&](QByteArrayView text) { return test.text.matches(text); };
    const auto inHeads = [&](const QList<Header> &headers) {
        return std::any_of(headers.begin(), headers.end(), [&](const Header &header) {
            return found(header.name) || (!Redactor::isSecret(header) && found(header.value));
        });
    };
    const RequestRecord &request = m_facts.request();
    if (test.text.matches(QStringView(request.what)) || found(request.method)
        || found(request.url.toEncoded()) || inHeads(request.headers)
        || found(QByteArrayView(m_facts.trace.requestBody(m_facts.id))
                     .first(std::min(m_facts.summary().requestBytes, SearchedBody))))
        return true;
    const std::optional<ResponseRecord> &response = m_facts.response();
    if (response && inHeads(response->headers))
        return true;
    const QByteArrayView answer = m_facts.answer(SearchedBody);
    return found(answer.first(std::min<qint64>(answer.size(), SearchedBody)));
}

bool FilterRunner::body(const FilterTest &test)
{
    const qint64 size = m_facts.summary().requestBytes;
    if (size == 0)
        return false;
    const QByteArray all = m_facts.trace.requestBody(m_facts.id);
    const QByteArrayView text = QByteArrayView(all).first(std::min<qint64>(all.size(), NamedBody));
    return test.path.tokens.isEmpty() ? test.text.matches(text) : json(test, text);
}

bool FilterRunner::answer(const FilterTest &test)
{
    if (m_facts.summary().frames > 0)
        return anyEvent(test);
    if (m_facts.summary().responseBytes == 0)
        return false;
    const QByteArrayView text = m_facts.answer(NamedBody);
    return test.path.tokens.isEmpty() ? test.text.matches(text) : json(test, text);
}

bool FilterRunner::json(const FilterTest &test, QByteArrayView text)
{
    // What is no object and no array has nothing at a pointer.
    const char *first = text.data();
    const char *end = first + text.size();
    if (!first || (first = jsonskim::skipBlank(first, end)) == end
        || (*first != '{' && *first != '['))
        return false;
    const bool equal = test.op == FilterOperator::Equal || test.op == FilterOperator::NotEqual;
    const bool ordered = test.op >= FilterOperator::Less;
    return skimJson(text, test.path, [&](QByteArrayView raw) {
        if (test.op == FilterOperator::Exists)
            return true;
        if (raw.isEmpty())
            return false;
        const bool number = raw.front() == '-' || (raw.front() >= '0' && raw.front() <= '9');
        if (number && test.range && isJsonNumber(raw))
            return inExactRange(test, raw);
        if (ordered || (equal && test.stringOnly && raw.front() != '"'))
            return false;
        return test.text.matchesJson(raw);
    });
}

bool FilterRunner::clock(const FilterTest &test, qint64 at)
{
    if (at < 0 || !test.range)
        return false;
    const QDateTime began = m_facts.trace.began();
    const double ms = double(began.toMSecsSinceEpoch()) + double(at) / 1e6;
    if (!test.timeOfDay)
        return test.range->holds(ms);
    const double local = ms + 1000.0 * m_facts.knowledge.offsetFromUtc(began);
    const double ofDay = local - std::floor(local / DayMs) * DayMs;
    // From evening to morning goes over midnight.
    if (test.range->low > test.range->high)
        return ofDay >= test.range->low || ofDay < test.range->high;
    return test.range->holds(ofDay);
}

} // namespace sightglass
