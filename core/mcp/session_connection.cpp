// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// How a session gets its connection, and how that ends.

#include "core/auth/challenge.h"
#include "core/mcp/legacy_era.h"
#include "core/mcp/modern_era.h"
#include "core/mcp/session_private.h"
#include "core/transport/answer_check.h"
#include "core/transport/http_sse.h"
#include "core/transport/stdio.h"
#include "core/transport/streamable_http.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// How long a program may keep silent on server/discover before it is taken for one of the legacy
/// era.
constexpr int DiscoverTimeoutMs = 3000;

} // namespace

void Session::Private::start(const ServerTarget &wanted)
{
    target = wanted;
    failure.reset();
    remarks.clear();
    notices = 0;
    streamFailure.reset();
    rungFailure.reset();
    lastId = 0;
    ladder.reset();
    agreement = {};
    ++attempts;
    phase = SessionPhase::Connecting;
    trace->note(u"connect"_s, targetName(target));

    if (const std::optional<Failure> problem = arrange(target)) {
        refusedBeforeStart(*problem);
        return;
    }
    const bool acting = !target.acting.isEmpty();
    if (acting)
        trace->note(u"acting"_s, target.acting);
    const TransportChoice choice = target.isChannel() ? TransportChoice::Stdio : target.transport;
    // What misbehaving clients do wrong, they do to sessions and their streams.
    const Ladder::Order order = target.isChannel() ? Ladder::Order::ModernFirst
        : acting                                   ? Ladder::Order::LegacyFirst
                                                   : target.order;
    ladder = std::make_unique<Ladder>(choice, target.revision.toLatin1(), order);
    if (target.isChannel() || target.credentials.hasAuthorization()) {
        climb(false);
        return;
    }
    // Every request carries the token of an earlier log-in, from the first one on.
    authorizer.prepare([this, attempt = attempts] {
        if (attempt == attempts && phase == SessionPhase::Connecting && !connection)
            climb(false);
    });
    changed();
}

void Session::Private::climb(bool undiscovered)
{
    const Rung &rung = ladder->rung();
    std::unique_ptr<Era> era;
    if (rung.way == Rung::Way::Discover) {
        era = std::make_unique<ModernEra>(
            target.offer, [this](const QString &name) { return toolHeaders(name); });
    } else {
        era = std::make_unique<LegacyEra>(target.offer);
    }
    connection = new Connection(transport(rung), std::move(era), target, trace, q);
    connect(connection, &Connection::changed, q, [this] { watchStream(); });
    connect(connection, &Connection::ready, q, [this] { onReady(); });
    connect(connection, &Connection::failed, q, [this](const Failure &why) { onFailed(why); });
    connect(connection, &Connection::closed, q,
            [this](const std::optional<Failure> &why) { onClosed(why); });
    connect(connection, &Connection::noticed, q, [this](const Failure &why) {
        failure = why;
        // A server that sends only nonsense should not fill the trace with words about it.
        constexpr int MostNotices = 200;
        if (++notices > MostNotices) {
            changed();
            return;
        }
        trace->note(u"notice"_s, why.sentence, why.exchange, -1, why.finding);
        remark(trace->note(trace->noteCount() - 1));
    });
    connect(connection, &Connection::remarked, q, [this](const Note &note) { remark(note); });
    connection->setNoticeReceiver(
        [this](const QByteArray &method, QByteArrayView params, ExchangeId exchange) {
            if (logTail && QByteArrayView(method) == QByteArrayView("notifications/message")) {
                if (logTail->add(params, exchange, trace->latest()))
                    Q_EMIT q->logged();
                return;
            }
            if (method.endsWith("/list_changed"))
                changed(method);
            // They come by the million: nothing is made of them for nobody.
            if (noticesWanted && (noticeMethods.isEmpty() || noticeMethods.contains(method)))
                Q_EMIT q->notified(Notice{method, params.toByteArray(), exchange, trace->now()});
        });
    connect(&connection->inbox(), &Inbox::asked, q,
            [this](const ServerRequest &request) { asked(request); });
    connect(&connection->inbox(), &Inbox::gone, q, &Session::serverRequestGone);
    Connection::Opening opening;
    opening.revision = rung.revision;
    opening.pinned = ladder->isPinned();
    opening.undiscovered = undiscovered;
    opening.lastId = lastId;
    // A program of the legacy era may keep silent on what it does not know.
    if (target.isChannel() && rung.way == Rung::Way::Discover && !ladder->isPinned())
        opening.timeoutMs = DiscoverTimeoutMs;
    connection->open(opening);
    changed();
}

std::unique_ptr<Transport> Session::Private::transport(const Rung &rung)
{
    if (target.isChannel()) {
        // A program that still runs goes on with the next rung.
        if (program)
            return std::move(program);
        if (target.local)
            return target.local->open(trace);
        return std::make_unique<Stdio>(trace, *target.command);
    }
    const auto random = [] { return QRandomGenerator::global()->generateDouble(); };
    if (rung.way == Rung::Way::HttpSse)
        return std::make_unique<HttpSse>(&gate, target.url, random);
    return std::make_unique<StreamableHttp>(&gate, target.url, random);
}

RungFailure Session::Private::seen(const Failure &why) const
{
    RungFailure seen;
    seen.kind = why.kind;
    seen.silent = why.code == "timed-out"_L1;
    seen.ended = why.code == "program-ended"_L1 || why.code == "program-crashed"_L1
        || why.code == "lab-left"_L1;
    const std::optional<ResponseRecord> response =
        why.exchange > 0 ? trace->response(why.exchange) : std::nullopt;
    if (response)
        seen.status = response->status;
    seen.answered = response && target.isChannel();
    const QByteArray body = response ? trace->responseBody(why.exchange) : QByteArray();
    const Envelope envelope = scanEnvelope(body);
    if (envelope.kind == EnvelopeKind::Result) {
        const JsonText result = JsonText::parse(envelope.result.toByteArray());
        for (const JsonText::Node name : result.children(result.find("/supportedVersions")))
            seen.supported.append(result.string(name).toUtf8());
    }
    // As a message, in whatever it came; or as the body of a refusal.
    const RpcAnswer &answer = connection->openingAnswer();
    QByteArray said = answer.exchange == why.exchange ? answer.error : QByteArray();
    seen.errorCode = said.isEmpty() ? std::nullopt : answer.errorCode;
    if (said.isEmpty()) {
        if (envelope.kind != EnvelopeKind::Error)
            return seen;
        seen.errorCode = envelope.errorCode;
        said = envelope.error.toByteArray();
    }
    const JsonText error = JsonText::parse(said);
    for (const JsonText::Node name : error.children(error.find("/data/supported")))
        seen.supported.append(error.string(name).toUtf8());
    return seen;
}

bool Session::Private::tellsMore(const Failure &failed, const RungFailure &what) const
{
    if (failed.kind == FailureKind::Refused || failed.kind == FailureKind::Cancelled)
        return true;
    if (what.errorCode && isModernError(*what.errorCode))
        return true;
    // An event stream in answer to the GET of HTTP+SSE is a server of that transport, and what is
    // wrong with it is what a person looks for.
    const ExchangeId stream = connection->streamState().exchange;
    const std::optional<ResponseRecord> head = stream > 0 ? trace->response(stream) : std::nullopt;
    return ladder->rung().way == Rung::Way::HttpSse && head && head->status == 200
        && mediaType(HeaderList(head->headers)) == "text/event-stream";
}

void Session::Private::refusedBeforeStart(const Failure &why)
{
    phase = SessionPhase::Failed;
    failure = why;
    changed();
}

void Session::Private::end()
{
    if (probe) {
        probe->deleteLater();
        probe = nullptr;
    }
    if (!connection) {
        onClosed({});
        return;
    }
    if (phase == SessionPhase::Disconnecting)
        return;
    phase = SessionPhase::Disconnecting;
    connection->close();
    if (connection && connection->phase() == Connection::Phase::Closed)
        onClosed({});
    changed();
}

void Session::Private::onReady()
{
    phase = SessionPhase::Ready;
    agreement = connection->agreement();
    if (std::exchange(wasReady, true))
        askAgain();
    proceed(waiting);
    // What went wrong while a session was being opened is over now.
    if (failure && failure->code == "session-expired"_L1)
        failure.reset();
    changed();
}

void Session::Private::watchStream()
{
    if (!connection->isStreamOpening())
        proceed(waitingForStream);
    const StreamState &stream = connection->streamState();
    if (stream.phase == StreamState::Phase::Open && failure && failure == streamFailure) {
        // It works again.
        failure.reset();
        streamFailure.reset();
    } else if (stream.failure && stream.failure != streamFailure
               && stream.phase != StreamState::Phase::NotOffered
               && stream.failure->code != "session-expired"_L1) {
        streamFailure = stream.failure;
        failure = stream.failure;
    }
    changed();
}

void Session::Private::onFailed(const Failure &failed)
{
    if (phase == SessionPhase::Disconnecting) {
        // It was left meanwhile: whether it would have come about is of no interest.
        onClosed({});
        return;
    }
    Failure why = failed;
    // A server that has agreed on a revision is found, whatever it refuses then.
    const bool agreed = connection && !connection->agreement().revision.name.isEmpty();
    if (phase == SessionPhase::Connecting && ladder && connection && !agreed) {
        const bool guess = ladder->isGuess();
        const RungFailure what = seen(failed);
        const Ladder::Step step = ladder->after(what);
        const bool goesOn = step.kind != Ladder::Step::Kind::Stop;
        trace->note(goesOn ? QString::fromLatin1(LeftNote) : u"rung"_s, step.why, failed.exchange);
        if (goesOn) {
            // That another way was found does not make it right.
            if (failed.code == "discover-result"_L1) {
                trace->note(u"deviation"_s, failed.sentence, failed.exchange);
                remark(trace->note(trace->noteCount() - 1));
            }
            // What it was answered with is told if none holds, not what became of a guess.
            if (!guess)
                rungFailure = failed;
            if (target.isChannel() && connection->streamState().phase == StreamState::Phase::Open)
                program = connection->takeTransport();
            // One channel may still answer what was asked before; over HTTP each way begins as if
            // it were the first.
            if (target.isChannel())
                lastId = connection->lastId();
            dropConnection();
            climb(step.kind == Ladder::Step::Kind::Undiscovered);
            return;
        }
        // Nothing tells an old server that says nothing from one that is not there.
        if (!target.isChannel() && ladder->rung().way == Rung::Way::Discover && !ladder->isPinned()
            && (failed.code == "timed-out"_L1 || failed.code == "connection-closed"_L1)) {
            why.advice += (why.advice.isEmpty() ? QString() : u" "_s)
                + u"If it is a server of an older revision that does not answer what it does not know, choose that revision (such as %1) instead of auto."_s
                      .arg(QString::fromLatin1(newestRevision(EraKind::Legacy).name));
        }
        // Of a server that refuses us because it speaks nothing that we do, that is all there is to
        // know. A result that says so has been answered with what we speak.
        if (what.errorCode && !what.supported.isEmpty()
            && std::none_of(what.supported.cbegin(), what.supported.cend(),
                            [](const QByteArray &name) { return revisionNamed(name); }))
            why.advice = step.why;
        if (guess && rungFailure && !tellsMore(failed, what)) {
            why = *rungFailure;
        } else if (guess && rungFailure && failed.kind != FailureKind::Cancelled) {
            why.advice += (why.advice.isEmpty() ? QString() : u" "_s)
                + u"Before that, %1 [exchange %2]"_s.arg(rungFailure->sentence,
                                                         QString::number(rungFailure->exchange));
        }
    }
    if (const std::optional<Failure> explained = authorizationFailure(why))
        why = *explained;
    const std::optional<ResponseRecord> answer = trace->response(why.exchange);
    const bool said = answer && !Challenges::of(answer->headers).schemes().isEmpty();
    if (why.code == "unauthorized"_L1 && !said && !probe) {
        dropConnection();
        probe = new MetadataProbe(&gate, q);
        connect(probe, &MetadataProbe::done, q, [this](const Failure &explained) {
            probe->deleteLater();
            phase = SessionPhase::Failed;
            failure = explained;
            conclude(explained);
            probe = nullptr;
            proceed(waiting);
            changed();
        });
        probe->start(target.url, why);
        return;
    }
    if (probe) {
        probe->deleteLater();
        probe = nullptr;
    }
    dropConnection();
    phase = SessionPhase::Failed;
    failure = why;
    conclude(why);
    proceed(waiting);
    proceed(waitingForTools);
    proceed(waitingForStream);
    changed();
}

void Session::Private::onClosed(const std::optional<Failure> &why)
{
    for (const QPointer<HttpExchange> &http : std::exchange(resent, {})) {
        if (http)
            http->abort();
    }
    dropConnection();
    if (phase != SessionPhase::Failed || next)
        phase = SessionPhase::Idle;
    proceed(waiting);
    proceed(waitingForTools);
    proceed(waitingForStream);
    if (why)
        failure = why;
    if (next) {
        const ServerTarget wanted = *next;
        next.reset();
        start(wanted);
        return;
    }
    changed();
}

void Session::Private::dropConnection()
{
    if (!connection)
        return;
    connection->disconnect(q);
    connection->deleteLater();
    for (const auto &[kind, lister] : std::exchange(listers, {}))
        lister->deleteLater();
    connection = nullptr;
    tickets.clear();
    tools = {};
    refusedAt.clear();
    skills.clear();
    subscriptions.clear();
    logLevel.clear();
    wasReady = false;
}

} // namespace sightglass
