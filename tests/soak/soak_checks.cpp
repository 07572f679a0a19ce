// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/soak_checks.h"

#include "core/jsonrpc/json_text.h"
#include "core/sse/sse_parser.h"

#include <QSet>

#include <algorithm>
#include <map>

namespace sightglass::soak {

using namespace Qt::StringLiterals;

namespace {

QByteArray sentHeader(const QList<Header> &headers, QByteArrayView name)
{
    for (const Header &header : headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) == 0)
            return header.value;
    }
    return {};
}

/// The session of an exchange: sent with it, or given by its answer.
QByteArray sessionOf(const TraceStore &trace, ExchangeId id)
{
    const QByteArray sent = sentHeader(trace.request(id).headers, "Mcp-Session-Id");
    const std::optional<ResponseRecord> response = trace.response(id);
    return sent.isEmpty() && response ? sentHeader(response->headers, "Mcp-Session-Id") : sent;
}

/// A stream of the lab: event ids are NUMBER-SEQUENCE, within a session.
struct StreamSeen {
    QSet<qint64> sequences;
    qint64 first = 0;
    qint64 last = 0;
};

class RoundCheck {
public:
    RoundCheck(const SoakClient &client, QStringList *wrong, SoakCounts *counts)
        : m_client(client)
        , m_trace(client.trace())
        , m_wrong(wrong)
        , m_counts(counts)
    {
    }

    void check(QHash<QByteArray, std::pair<int, int>> *posts)
    {
        m_counts->connects += m_client.connects();
        m_counts->exchanges += m_trace.exchangeCount();
        m_counts->events += m_trace.totalEvents();
        m_counts->bytes += m_trace.totalBytes();
        for (ExchangeId id = 1; id <= m_trace.exchangeCount(); ++id)
            exchange(id, posts);
        gaps();
        calls();
    }

private:
    void wrong(const QString &sentence)
    {
        if (m_wrong->size() < 40)
            m_wrong->append(sentence + u" (client of revision "_s + m_client.revision() + u')');
    }

    void exchange(ExchangeId id, QHash<QByteArray, std::pair<int, int>> *posts)
    {
        const ExchangeSummary summary = m_trace.summary(id);
        const RequestRecord &request = m_trace.request(id);
        if (!summary.finished)
            wrong(u"Exchange %1 (%2) never ended."_s.arg(id).arg(request.what));
        if (request.kind == ExchangeKind::Post) {
            auto &[sent, answered] = (*posts)[ledgerKey(
                sentHeader(request.headers, "Mcp-Session-Id"), m_trace.requestBody(id))];
            ++sent;
            if (m_trace.response(id))
                ++answered;
            else if (!m_trace.failure(id))
                wrong(
                    u"Exchange %1 (%2) had no answer and no failure."_s.arg(id).arg(request.what));
        }
        const bool isResumed = !sentHeader(request.headers, "Last-Event-ID").isEmpty();
        m_counts->resumed += isResumed;
        const QByteArray session = sessionOf(m_trace, id);
        for (qint64 i = 0; i < summary.frames; ++i) {
            const Frame frame = m_trace.frame(id, i);
            if (isDispatched(frame.kind))
                event(id, session, frame, i);
        }
    }

    void event(ExchangeId id, const QByteArray &session, const Frame &frame, qint64 index)
    {
        const QByteArray bytes = m_trace.responseBody(id, frame.start, frame.end - frame.start);
        QByteArray eventId;
        for (const SseField &field : sseFields(bytes)) {
            if (field.name == "id")
                eventId = field.value;
        }
        const qsizetype dash = eventId.indexOf('-');
        if (dash > 0) {
            ++m_counts->numbered;
            StreamSeen &stream = m_streams[{session, eventId.first(dash)}];
            const qint64 sequence = eventId.mid(dash + 1).toLongLong();
            if (stream.sequences.contains(sequence)) {
                wrong(
                    u"Event %1 of session %2 is in the trace twice, the second time as event %3 of exchange %4."_s
                        .arg(QString::fromLatin1(eventId), QString::fromLatin1(session),
                             QString::number(index), QString::number(id)));
            }
            stream.sequences.insert(sequence);
            stream.first = stream.first == 0 ? sequence : std::min(stream.first, sequence);
            stream.last = std::max(stream.last, sequence);
        }
        if (bytes.contains("\"logger\":\"many-events\"")) {
            const JsonText json = JsonText::parse(sseContent(bytes).data);
            const auto number = json.integer(json.find("/params/data/number"));
            m_numbers[callOf(id)].append(number.value_or(-1));
        }
    }

    /// The POST that an exchange goes on with.
    ExchangeId callOf(ExchangeId id) const
    {
        while (m_trace.request(id).kind != ExchangeKind::Post && m_trace.request(id).cause > 0
               && m_trace.request(id).cause < id)
            id = m_trace.request(id).cause;
        return id;
    }

    void gaps()
    {
        for (const auto &[key, stream] : m_streams) {
            if (stream.first != 1 || stream.sequences.size() != stream.last) {
                QStringList missing;
                for (qint64 i = 1; i <= stream.last && missing.size() < 10; ++i) {
                    if (!stream.sequences.contains(i))
                        missing.append(QString::number(i));
                }
                wrong(u"Of stream %1 of session %2, whose events go to %3, these are missing: %4."_s
                          .arg(QString::fromLatin1(key.second), QString::fromLatin1(key.first),
                               QString::number(stream.last), missing.join(u' ')));
            }
        }
    }

    void calls()
    {
        for (auto it = m_client.calls().cbegin(); it != m_client.calls().cend(); ++it) {
            const SoakCall &call = it.value();
            ++m_counts->calls;
            m_counts->failedCalls += call.result.failure.has_value();
            const QString name =
                u"%1 (ticket %2, exchange %3)"_s.arg(QString::fromLatin1(call.tool))
                    .arg(it.key())
                    .arg(call.result.exchange);
            if (call.ended != 1)
                wrong(u"The end of %1 was told %2 times."_s.arg(name).arg(call.ended));
            const bool went = !call.result.failure && !call.result.isError;
            if (went && call.result.result.isEmpty())
                wrong(u"%1 has neither an answer nor a failure."_s.arg(name));
            if (went && call.tool == "echo"
                && !call.result.result.contains("number " + QByteArray::number(call.number) + '"'))
                wrong(u"%1 was answered with another one's text."_s.arg(name));
            if (call.tool == "many-events" && call.result.exchange > 0)
                numbers(call, went, name);
        }
    }

    void numbers(const SoakCall &call, bool went, const QString &name)
    {
        const QList<qint64> numbers = m_numbers.value(call.result.exchange);
        for (qsizetype i = 0; i < numbers.size(); ++i) {
            if (numbers.at(i) != i + 1) {
                wrong(
                    u"Event %1 of %2 has the number %3."_s.arg(i + 1).arg(name).arg(numbers.at(i)));
                return;
            }
        }
        // Where requests stand for themselves they have to ask for events, which ours do not.
        const bool asked = !call.result.result.contains("No event was sent")
            && !call.result.result.contains("No event could be sent");
        if (went && asked && numbers.size() != call.number)
            wrong(u"%1 went well with %2 of %3 events."_s.arg(name)
                      .arg(numbers.size())
                      .arg(call.number));
    }

    const SoakClient &m_client;
    const TraceStore &m_trace;
    QStringList *m_wrong;
    SoakCounts *m_counts;
    std::map<std::pair<QByteArray, QByteArray>, StreamSeen> m_streams;
    QHash<ExchangeId, QList<qint64>> m_numbers; ///< by the POST, as they came
};

} // namespace

SoakCounts &SoakCounts::operator+=(const SoakCounts &other)
{
    calls += other.calls;
    failedCalls += other.failedCalls;
    exchanges += other.exchanges;
    events += other.events;
    numbered += other.numbered;
    resumed += other.resumed;
    bytes += other.bytes;
    connects += other.connects;
    return *this;
}

QStringList checkRound(const QList<const SoakClient *> &clients, const Ledger &ledger,
                       SoakCounts *counts)
{
    QStringList wrong;
    QHash<QByteArray, std::pair<int, int>> posts; // sent, answered
    for (const SoakClient *client : clients)
        RoundCheck(*client, &wrong, counts).check(&posts);
    for (auto it = ledger.cbegin(); it != ledger.cend(); ++it) {
        const int sent = posts.value(it.key()).first;
        if (it.value() > sent) {
            wrong.append(u"A POST (%1) arrived %2 times; the trace has it %3 times."_s.arg(
                QString::fromLatin1(it.key()), QString::number(it.value()), QString::number(sent)));
        }
    }
    for (auto it = posts.cbegin(); it != posts.cend(); ++it) {
        const int arrived = ledger.value(it.key());
        if (it.value().second > arrived) {
            wrong.append(u"A POST (%1) was answered %2 times, but arrived %3 times."_s.arg(
                QString::fromLatin1(it.key()), QString::number(it.value().second),
                QString::number(arrived)));
        }
    }
    return wrong;
}

} // namespace sightglass::soak
