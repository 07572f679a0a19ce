// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What the server sends: answers, requests of its own and notifications.

#include "core/mcp/connection.h"

#include "core/mcp/header_check.h"

#include <algorithm>
#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A sentence that goes on.
QString withoutStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

/// JSON-RPC has no error 0: it stands for a code that is missing or cannot be read.
QString errorName(const Envelope &envelope)
{
    return envelope.errorCode == 0 ? u"an error without a code"_s
                                   : u"error %1"_s.arg(QString::number(envelope.errorCode));
}

/// What is left of a message that cannot be read is no request and no notification.
bool mayBeAnswer(QByteArrayView text)
{
    const qsizetype method = text.indexOf("\"method\"");
    const qsizetype result = text.indexOf("\"result\"");
    const qsizetype error = text.indexOf("\"error\"");
    return method < 0 || (result >= 0 && result < method) || (error >= 0 && error < method);
}

/// Numbers that stand as ids in a text that need not be JSON, in order; not all of a long one.
QList<qint64> idsIn(QByteArrayView text)
{
    constexpr qsizetype Most = 16;
    constexpr QByteArrayView Key("\"id\"");
    const auto skip = [&text](qsizetype at) {
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
            ++at;
        return at;
    };
    QList<qint64> ids;
    for (qsizetype at = text.indexOf(Key); at >= 0 && ids.size() < Most;
         at = text.indexOf(Key, at + 1)) {
        qsizetype begin = skip(at + Key.size());
        if (begin >= text.size() || text[begin] != ':')
            continue;
        begin = skip(begin + 1);
        qsizetype end = begin;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9')
            ++end;
        bool isNumber = false;
        const qint64 id = text.sliced(begin, end - begin).toLongLong(&isNumber);
        if (isNumber)
            ids.append(id);
    }
    return ids;
}

} // namespace

void Connection::onMessage(QByteArrayView text, ExchangeId exchange)
{
    constexpr QByteArrayView Bom("\xEF\xBB\xBF");
    if (text.startsWith(Bom)) {
        // RFC 8259, 8.1: must not be there, and may be ignored.
        deviates(u"it begins with a byte order mark"_s, 0, exchange);
        text = text.sliced(Bom.size());
    }
    // A single message is the rule: nothing is built for it.
    qsizetype first = 0;
    while (first < text.size()
           && (text[first] == ' ' || text[first] == '\n' || text[first] == '\r'
               || text[first] == '\t'))
        ++first;
    if (first < text.size() && text[first] == '{') {
        // What a message brings about may be the next one (a receiver with an event loop).
        const bool inner = std::exchange(m_scanning, true);
        onEnvelope(inner ? scanEnvelope(text) : m_scanner.scan(text), text, exchange);
        m_scanning = inner;
        return;
    }
    const EnvelopeBatch batch = scanBody(text);
    if (batch.error && batch.batch) {
        noticeUnreadable(
            Failure{FailureKind::Protocol, u"malformed-message"_s,
                    u"The server sent a batch that cannot be used: %1 (at byte %2)."_s.arg(
                        withoutStop(batch.error->sentence), QString::number(batch.error->offset)),
                    u"The fault is on the server's side; the exchange shows the bytes."_s, exchange,
                    u"AF-96"_s},
            text);
        return;
    }
    const std::optional<ResponseRecord> head =
        batch.error ? m_trace->response(exchange) : std::nullopt;
    const QByteArray coding = head ? HeaderList(head->headers).value("Content-Encoding") : "";
    if (batch.error && !coding.isEmpty() && coding.compare("identity", Qt::CaseInsensitive) != 0) {
        noticeUnreadable(
            Failure{
                FailureKind::Protocol,
                u"encoded-body"_s,
                u"The server sent a body with Content-Encoding: %1, which is recorded as it came and not read."_s
                    .arg(QString::fromUtf8(coding.left(80))),
                u"Sightglass asks for identity: take an Accept-Encoding of your own away, or have the server, or the proxy before it, heed it."_s,
                exchange,
                {}},
            text);
        return;
    }
    if (batch.error) {
        noticeUnreadable(
            Failure{FailureKind::Protocol, u"not-json"_s,
                    u"The server sent a message that is no JSON: %1 (at byte %2)."_s.arg(
                        withoutStop(batch.error->sentence), QString::number(batch.error->offset)),
                    u"Look at the bytes of the exchange."_s, exchange, u"AF-96"_s},
            text);
        return;
    }
    if (batch.batch && m_phase != Phase::Opening && !m_agreement.revision.batches) {
        deviates(u"it is a batch, which revision %1 does not have"_s.arg(
                     QString::fromLatin1(m_agreement.revision.name)),
                 0, exchange);
    }
    onBatch(batch, exchange);
}

void Connection::onEnvelope(const Envelope &envelope, QByteArrayView text, ExchangeId exchange)
{
    // What makes a message unusable is told below.
    if (!envelope.problems.isEmpty() && envelope.kind != EnvelopeKind::Malformed)
        noteDeviations(envelope, exchange);
    judge(envelope, text, exchange);
    if (m_phase == Phase::Ready)
        m_lostSessions = 0;
    switch (envelope.kind) {
    case EnvelopeKind::Result:
    case EnvelopeKind::Error:
        onAnswer(envelope, exchange);
        break;
    case EnvelopeKind::Request:
        onServerRequest(envelope, exchange);
        break;
    case EnvelopeKind::Notification:
        onNotification(envelope, exchange);
        break;
    case EnvelopeKind::Malformed: {
        const JsonError problem = envelope.problems.isEmpty()
            ? JsonError{0, u"it is no JSON-RPC message"_s}
            : envelope.problems.first();
        const Failure failure{
            FailureKind::Protocol,
            u"malformed-message"_s,
            u"The server sent a message of %1 that is not valid: %2 (at byte %3)."_s.arg(
                text.size() == 1 ? u"1 byte"_s : u"%1 bytes"_s.arg(text.size()),
                withoutStop(problem.sentence), QString::number(problem.offset)),
            u"The fault is on the server's side; the exchange shows the bytes."_s,
            exchange,
            u"AF-96"_s};
        noticeUnreadable(failure, text);
        break;
    }
    }
}

void Connection::noticeUnreadable(const Failure &failure, QByteArrayView text)
{
    const RequestId answered = answeredUnreadably(text, failure.exchange);
    // Of the others the answer may still follow.
    for (auto &[id, pending] : m_pending) {
        const bool here = m_transport->isShared() || pending.exchange == failure.exchange;
        if (here && pending.post != 0 && !pending.unreadable)
            pending.unreadable = failure;
    }
    Q_EMIT noticed(failure);
    const auto it = m_pending.find(answered);
    if (it == m_pending.end() || it->second.post == 0)
        return;
    RpcAnswer result;
    result.exchange = it->second.exchange;
    result.durationNs = m_trace->now() - it->second.begun;
    result.failure = failure;
    result.failure->exchange = it->second.exchange;
    if (!sharesPost(answered, it->second.post))
        m_transport->settle(it->second.post);
    answer(answered, result);
}

RequestId Connection::answeredUnreadably(QByteArrayView text, ExchangeId exchange) const
{
    const bool shared = m_transport->isShared();
    QList<RequestId> open;
    for (const auto &[id, pending] : m_pending) {
        if (pending.post != 0 && pending.asked.hasDeadline
            && (shared || pending.exchange == exchange))
            open.append(id);
    }
    if (open.isEmpty() || !mayBeAnswer(text))
        return 0;
    const QList<qint64> ids = idsIn(text);
    for (const qint64 id : ids) {
        if (open.contains(id))
            return id;
    }
    // Where each request has a stream of its own, its end tells; on a channel nothing would.
    const bool only = shared && ids.isEmpty() && open.size() == 1;
    return only && !JsonText::parse(text.toByteArray()).isValid() ? open.first() : 0;
}

void Connection::noteDeviations(const Envelope &envelope, ExchangeId exchange)
{
    for (const JsonError &problem : envelope.problems)
        deviates(problem.sentence, problem.offset, exchange);
}

bool Connection::isAsking(const RpcCall &call) const
{
    return std::any_of(m_pending.cbegin(), m_pending.cend(),
                       [&call](const auto &entry) { return entry.second.call == call; });
}

void Connection::judge(const Envelope &envelope, QByteArrayView text, ExchangeId exchange)
{
    // They come by the million, and few of them are looked at.
    if (m_watch.passesOver(envelope))
        return;
    QByteArray revision = m_agreement.revision.name;
    QByteArray answered;
    if (envelope.kind == EnvelopeKind::Result) {
        const auto it = m_pending.find(envelope.id.raw.toLongLong());
        if (it != m_pending.end()) {
            answered = it->second.sent.method;
            if (it->second.opening) {
                // The revision that is spoken is what this answer says.
                const JsonText result = JsonText::parse(envelope.result.toByteArray());
                const QByteArray named =
                    result.string(result.member(result.root(), u"protocolVersion")).toUtf8();
                revision = revisionNamed(named) ? named : m_opening.revision;
            }
        }
    }
    if (revision.isEmpty()) {
        // A server of another era need not know what it is asked.
        if (!m_opening.pinned && !m_era->isSpokenIn(envelope))
            return;
        revision = m_opening.revision;
    }
    QStringList unjudged;
    const QStringList faults = m_watch.look(revision, envelope, text, answered, &unjudged);
    const auto tell = [this, exchange](const QString &sentence, const QString &what) {
        if (++m_deviations <= MostDeviations)
            remark(u"deviation"_s, sentence.arg(m_trace->request(exchange).what, what), exchange,
                   {});
    };
    for (const QString &fault : faults)
        tell(u"In the exchange of %1 the server sent an invalid message: %2"_s, fault);
    for (const QString &why : std::as_const(unjudged))
        tell(
            u"In the exchange of %1 the server sent a message that could not be checked to its end: %2"_s,
            why);
}

void Connection::contradicts(const QString &kind, const QString &text, ExchangeId exchange)
{
    // An answer is looked at when it comes, and when its exchange ends.
    const std::pair<ExchangeId, QString> at(exchange, kind);
    if (m_contradictedAt.contains(at) || m_contradictedAt.size() >= MostDeviations)
        return;
    m_contradictedAt.insert(at);
    if (m_contradicted.contains(kind)) {
        m_trace->note(u"deviation"_s, text, exchange);
        return;
    }
    m_contradicted.insert(kind);
    remark(u"deviation"_s, text, exchange, {});
}

void Connection::checkSent(const QByteArray &revision, const HeaderList &mirrored,
                           const RpcCall &call)
{
    const ExchangeId exchange = m_trace->exchangeCount();
    const RequestRecord request = m_trace->request(exchange);
    // What waits for an address to be posted to has no exchange yet; what is played is on purpose.
    if (request.kind != ExchangeKind::Post || !request.acting.isEmpty())
        return;
    const QList<HeaderContradiction> all =
        contradictionsOfRequest(request.headers, mirrored, revision, call);
    for (const HeaderContradiction &one : all) {
        const QString header =
            u"%1: %2"_s.arg(QString::fromLatin1(one.name),
                            one.value.isEmpty() ? u"…"_s : QString::fromLatin1(one.value.left(80)));
        const bool version = one.wanted == revision;
        contradicts(header,
                    (version ? u"%1 went out with %2, but the revision that is spoken is %3."_s
                             : u"%1 went out with %2, but its body says %3."_s)
                        .arg(request.what, header, QString::fromLatin1(one.wanted.left(80))),
                    exchange);
    }
}

void Connection::checkCame(ExchangeId exchange)
{
    const std::optional<ResponseRecord> response =
        exchange > 0 ? m_trace->response(exchange) : std::nullopt;
    if (!response || m_agreement.revision.name.isEmpty())
        return;
    const QList<HeaderContradiction> all =
        contradictionsOfResponse(response->headers, m_agreement.revision.name);
    const QString what = m_trace->request(exchange).what;
    const bool assigns = HeaderList(response->headers).contains("Mcp-Session-Id");
    if (assigns && !m_era->hasSessions()) {
        contradicts(
            u"< Mcp-Session-Id"_s,
            u"The answer to %1 assigns a session, which %2 does not have: its Mcp-Session-Id is not used."_s
                .arg(what, QString::fromLatin1(m_agreement.revision.name)),
            exchange);
    }
    for (const HeaderContradiction &one : all) {
        const QString header =
            u"%1: %2"_s.arg(QString::fromLatin1(one.name), QString::fromLatin1(one.value.left(80)));
        contradicts(u"< "_s + header,
                    u"The answer to %1 has %2, but the revision that is spoken is %3."_s.arg(
                        what, header, QString::fromLatin1(one.wanted)),
                    exchange);
    }
}

void Connection::deviates(const QString &how, qint64 offset, ExchangeId exchange)
{
    if (++m_deviations > MostDeviations)
        return;
    remark(
        u"deviation"_s,
        u"In the exchange of %1 the server sent a message that breaks a rule of JSON-RPC: %2 (at byte %3 of the message)."_s
            .arg(m_trace->request(exchange).what, withoutStop(how), QString::number(offset)),
        exchange, u"AF-96"_s);
}

void Connection::remark(const QString &name, const QString &text, ExchangeId exchange,
                        const QString &finding)
{
    m_trace->note(name, text, exchange, -1, finding);
    Q_EMIT remarked(m_trace->note(m_trace->noteCount() - 1));
}

Failure Connection::answeredWithError(const QString &what, const Envelope &envelope,
                                      ExchangeId exchange)
{
    QString message = envelope.errorMessage.simplified();
    if (message.size() > 400)
        message = message.left(399) + u'…';
    return Failure{FailureKind::Protocol,
                   u"rpc-error"_s,
                   u"%1 was answered with %2: %3"_s.arg(
                       what, errorName(envelope), message.isEmpty() ? u"(no message)"_s : message),
                   {},
                   exchange,
                   {}};
}

void Connection::onAnswer(const Envelope &envelope, ExchangeId exchange)
{
    bool isNumber = false;
    const RequestId id = envelope.id.raw.toLongLong(&isNumber);
    const auto it = isNumber ? m_pending.find(id) : m_pending.end();
    const bool known = it != m_pending.end() && it->second.post != 0;
    if (!known || QByteArray::number(id) != envelope.id.raw) {
        if (envelope.kind == EnvelopeKind::Error
            && (envelope.id.isNull() || !envelope.id.isPresent())) {
            // An error that names no request belongs to the one whose exchange brought it, or to
            // all of its batch.
            QList<RequestId> all;
            for (const auto &[other, pending] : m_pending) {
                if (pending.exchange == exchange && pending.post != 0)
                    all.append(other);
            }
            for (const RequestId other : all) {
                Envelope named = envelope;
                named.id.raw = QByteArray::number(other);
                onAnswer(named, exchange);
            }
            if (!all.isEmpty())
                return;
        }
        if (m_phase == Phase::Closing || m_phase == Phase::Closed)
            return; // it was given up with all the others
        const bool asked = isNumber && id > 0 && id <= m_lastId;
        const QString shown = QString::fromUtf8(envelope.id.raw.left(60));
        Q_EMIT noticed(Failure{
            FailureKind::Protocol, asked ? u"answered-twice"_s : u"unknown-id"_s,
            asked ? u"The server answered request %1 once more, or after it was given up."_s.arg(
                shown)
                  : u"The server answered a request that was never sent (id %1)."_s.arg(shown),
            u"The server, or a proxy before it, mixes up answers."_s, exchange, u"AF-97"_s});
        return;
    }
    if (!it->second.opening)
        checkCame(it->second.exchange);
    RpcAnswer result;
    result.exchange = it->second.exchange;
    result.durationNs = m_trace->now() - it->second.begun;
    if (envelope.kind == EnvelopeKind::Result) {
        result.result = envelope.result.toByteArray();
        const ResultKind kind = m_era->judge(it->second.sent, result.result);
        if (kind.kind == ResultKind::Kind::InputRequired) {
            m_transport->settle(it->second.post);
            Pending pending = std::move(it->second);
            m_pending.erase(it);
            beginRound(std::move(pending), kind.input, exchange);
            return;
        }
        if (kind.kind == ResultKind::Kind::Unknown) {
            result.result.clear();
            result.failure = Failure{FailureKind::Protocol,
                                     u"result-type"_s,
                                     kind.problem,
                                     u"The fault is on the server's side."_s,
                                     exchange,
                                     {}};
        }
    } else {
        result.error = envelope.error.toByteArray();
        result.errorCode = envelope.errorCode;
        result.failure = answeredWithError(it->second.what, envelope, it->second.exchange);
    }
    if (!sharesPost(id, it->second.post))
        m_transport->settle(it->second.post);
    if (!waitsForHeaders(it->second, result))
        answer(id, result);
}

bool Connection::isOurs(const Envelope &notification, ExchangeId exchange)
{
    const QByteArray subscription = m_era->subscriptionOf(notification.params);
    if (subscription.isEmpty() || m_subscriptions.contains(subscription))
        return true;
    if (++m_deviations <= MostDeviations) {
        remark(
            u"deviation"_s,
            u"The server sent %1 for the subscription %2, which is none of ours: it is not taken for one that was asked for."_s
                .arg(QString::fromUtf8(notification.method.left(60)),
                     QString::fromUtf8(subscription.left(60))),
            exchange, {});
    }
    return false;
}

void Connection::onNotification(const Envelope &envelope, ExchangeId exchange)
{
    if (!isOurs(envelope, exchange))
        return;
    const QByteArrayView method = envelope.method;
    if (method == QByteArrayView("notifications/progress")) {
        const JsonText params = JsonText::parse(envelope.params.toByteArray());
        const std::optional<qint64> token =
            params.integer(params.member(params.root(), u"progressToken"));
        const auto it = token ? byNumber(*token) : m_pending.end();
        if (it == m_pending.end())
            return;
        it->second.progressed = true;
        // Progress is a reason to wait on, but not for ever (basic/lifecycle, Timeouts).
        const qint64 passed = (m_trace->now() - it->second.begun) / 1'000'000;
        const qint64 left = qint64(m_target.requestTimeoutMs) * MostTimeouts - passed;
        if (it->second.deadline && left > 0)
            it->second.deadline->start(int(std::min<qint64>(m_target.requestTimeoutMs, left)));
        if (it->second.asked.onProgress) {
            Progress progress;
            progress.progress =
                params.number(params.member(params.root(), u"progress")).value_or(0);
            progress.total = params.number(params.member(params.root(), u"total"));
            progress.message = params.string(params.member(params.root(), u"message"));
            progress.exchange = exchange;
            it->second.asked.onProgress(progress);
        }
        return;
    }
    if (method == QByteArrayView("notifications/cancelled"))
        onServerCancelled(envelope);
    if (m_notices && method == QByteArrayView("notifications/subscriptions/acknowledged"))
        m_notices->acknowledged(envelope.params.toByteArray(), exchange);
    if (m_onNotice)
        m_onNotice(envelope.method, envelope.params, exchange);
}

} // namespace sightglass
