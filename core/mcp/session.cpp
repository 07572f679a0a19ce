// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/session.h"

#include "core/mcp/connection.h"
#include "core/mcp/legacy_era.h"
#include "core/mcp/metadata_probe.h"
#include "core/mcp/tool_lister.h"
#include "core/transport/event_recorder.h"
#include "core/transport/streamable_http.h"

#include <QRandomGenerator>

#include <atomic>

namespace sightglass {

using namespace Qt::StringLiterals;

class Session::Private {
public:
    Private(Session *session, TraceStore *store)
        : q(session)
        , trace(store)
        , gate(store)
    {
    }

    void start(const ServerTarget &target);
    void refusedBeforeStart(const Failure &failure);
    void end();
    void onReady();
    void watchStream();
    void onFailed(const Failure &failure);
    void onClosed(const std::optional<Failure> &failure);
    void dropConnection();
    void list();
    /// With a tool's name `params` are its arguments.
    void call(Ticket ticket, const RpcCall &wanted, const QString &toolName = {});
    void answered(Ticket ticket, const RpcAnswer &answer, bool isTool);
    void sendAgain(ExchangeId exchange);
    void changed();
    void tell();

    Session *q;
    TraceStore *trace;
    HttpGate gate;
    std::unique_ptr<CredentialSet> credentials;
    ServerTarget target;
    std::optional<ServerTarget> next; ///< to connect to when the one before has ended
    Connection *connection = nullptr;
    ToolLister *lister = nullptr;
    MetadataProbe *probe = nullptr;
    SessionPhase phase = SessionPhase::Idle;
    std::optional<Failure> failure;
    std::optional<Failure> streamFailure; ///< the one of the stream that was told as `failure`
    std::map<Ticket, RequestId> tickets;
    SessionState told;
    bool dirty = false;
    std::atomic<Ticket> lastTicket = 0;
    Agreement agreement; ///< kept after the end, for the status line
};

namespace {

Failure notConnected(const QString &what)
{
    return Failure{FailureKind::Usage,
                   u"not-connected"_s,
                   u"%1 was not sent: there is no connection."_s.arg(what),
                   u"Connect first."_s,
                   0,
                   {}};
}

} // namespace

Session::Session(TraceStore *trace, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, trace))
{
    // The gate moves with the session to its thread.
    d->gate.setParent(this);
    qRegisterMetaType<SessionState>();
    qRegisterMetaType<ToolList>();
    qRegisterMetaType<Progress>();
    qRegisterMetaType<CallResult>();
    qRegisterMetaType<Ticket>("sightglass::Ticket");
    qRegisterMetaType<ExchangeId>("sightglass::ExchangeId");
}

Session::~Session()
{
    delete d->lister;
    delete d->probe;
    delete d->connection;
    d->gate.setParent(nullptr);
}

void Session::connectTo(const ServerTarget &target)
{
    QMetaObject::invokeMethod(
        this,
        [this, target] {
            if (d->connection || d->probe) {
                d->next = target;
                d->end();
            } else {
                d->start(target);
            }
        },
        Qt::QueuedConnection);
}

void Session::disconnectFrom()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            d->next.reset();
            d->end();
        },
        Qt::QueuedConnection);
}

void Session::listTools()
{
    QMetaObject::invokeMethod(
        this, [this] { d->list(); }, Qt::QueuedConnection);
}

Ticket Session::callTool(const QString &name, const QByteArray &arguments)
{
    const Ticket ticket = ++d->lastTicket;
    QMetaObject::invokeMethod(
        this,
        [this, ticket, name, arguments] {
            d->call(ticket, {"tools/call", arguments}, name);
        },
        Qt::QueuedConnection);
    return ticket;
}

Ticket Session::request(const QByteArray &method, const QByteArray &params)
{
    const Ticket ticket = ++d->lastTicket;
    QMetaObject::invokeMethod(
        this,
        [this, ticket, method, params] {
            d->call(ticket, {method, params});
        },
        Qt::QueuedConnection);
    return ticket;
}

void Session::cancel(Ticket ticket)
{
    QMetaObject::invokeMethod(
        this,
        [this, ticket] {
            const auto it = d->tickets.find(ticket);
            if (it != d->tickets.end() && d->connection)
                d->connection->cancel(it->second, u"cancelled by the user"_s);
        },
        Qt::QueuedConnection);
}

void Session::cancelAll()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->phase == SessionPhase::Connecting) {
                d->next.reset();
                d->onFailed(Failure{
                    FailureKind::Cancelled,
                    u"cancelled"_s,
                    u"Connecting to %1 was cancelled."_s.arg(d->target.url.toDisplayString()),
                    {},
                    0,
                    {}});
                return;
            }
            if (d->lister)
                d->lister->cancel();
            const auto tickets = d->tickets;
            for (const auto &[ticket, id] : tickets) {
                if (d->connection)
                    d->connection->cancel(id, u"cancelled by the user"_s);
            }
        },
        Qt::QueuedConnection);
}

void Session::reopenStream()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (d->connection && d->phase == SessionPhase::Ready)
                d->connection->reopenStream();
        },
        Qt::QueuedConnection);
}

void Session::sendAgain(ExchangeId exchange)
{
    QMetaObject::invokeMethod(
        this, [this, exchange] { d->sendAgain(exchange); }, Qt::QueuedConnection);
}

SessionState Session::state() const
{
    SessionState state;
    state.phase = d->phase;
    state.url = d->target.url;
    state.acting = d->target.acting;
    state.failure = d->failure;
    state.revision = QString::fromLatin1(d->agreement.revision.name);
    state.serverName = d->agreement.serverName;
    state.serverTitle = d->agreement.serverTitle;
    state.serverVersion = d->agreement.serverVersion;
    state.instructions = d->agreement.instructions;
    state.capabilities = d->agreement.capabilities;
    if (d->connection) {
        state.revisionExchange = d->connection->agreementExchange();
        state.sessionId = d->connection->sessionId();
        state.sessionExchange = d->connection->sessionExchange();
        state.stream = d->connection->streamState();
        state.running = d->connection->running();
    }
    return state;
}

TraceStore *Session::trace() const
{
    return d->trace;
}

void Session::Private::start(const ServerTarget &wanted)
{
    target = wanted;
    failure.reset();
    streamFailure.reset();
    agreement = {};
    phase = SessionPhase::Connecting;
    trace->note(u"connect"_s, target.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery));

    std::shared_ptr<const Misbehaviour> acting;
    if (!target.acting.isEmpty()) {
        acting = misbehaviour(target.acting);
        if (!acting) {
            refusedBeforeStart(
                Failure{FailureKind::Usage,
                        u"unknown-misbehaviour"_s,
                        u"%1 is no client fault that can be played."_s.arg(target.acting),
                        u"Known are AF-01 to AF-06 and AF-09."_s,
                        0,
                        {}});
            return;
        }
        trace->note(u"acting"_s, target.acting);
    }
    if (target.revision != "auto"_L1 && !revisionNamed(target.revision.toLatin1())) {
        refusedBeforeStart(
            Failure{FailureKind::Usage,
                    u"unknown-revision"_s,
                    u"Revision “%1” is not spoken on this transport."_s.arg(target.revision),
                    u"Choose auto, 2025-11-25, 2025-06-18 or 2025-03-26."_s,
                    0,
                    {}});
        return;
    }
    for (const CredentialWarning &warning : checkCredentials(target.credentials)) {
        if (warning.fatal) {
            refusedBeforeStart(Failure{FailureKind::Usage, u"bad-credential"_s, warning.sentence,
                                       u"Nothing was sent. Correct the value."_s, 0,
                                       warning.finding});
            return;
        }
    }
    credentials = std::make_unique<CredentialSet>(target.url, target.credentials);
    gate.setCredentials(credentials.get());
    gate.setMisbehaviour(acting);
    gate.setNetworkSettings(target.network);

    const auto random = [] { return QRandomGenerator::global()->generateDouble(); };
    connection = new Connection(std::make_unique<StreamableHttp>(&gate, target.url, random),
                                std::make_unique<LegacyEra>(), target, trace, q);
    lister = new ToolLister(connection, trace, q);
    connect(connection, &Connection::changed, q, [this] { watchStream(); });
    connect(connection, &Connection::ready, q, [this] { onReady(); });
    connect(connection, &Connection::failed, q, [this](const Failure &why) { onFailed(why); });
    connect(connection, &Connection::closed, q,
            [this](const std::optional<Failure> &why) { onClosed(why); });
    connect(connection, &Connection::noticed, q, [this](const Failure &why) {
        failure = why;
        trace->note(u"notice"_s, why.sentence, why.exchange);
        changed();
    });
    connect(connection, &Connection::notified, q, [this](const QByteArray &method) {
        if (method == "notifications/tools/list_changed")
            list();
    });
    connect(lister, &ToolLister::listed, q, &Session::toolsListed);
    connection->open();
    changed();
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
    // What went wrong while a session was being opened is over now.
    if (failure && failure->code == "session-expired"_L1)
        failure.reset();
    changed();
}

void Session::Private::watchStream()
{
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

void Session::Private::onFailed(const Failure &why)
{
    const bool said = why.exchange > 0 && trace->response(why.exchange)
        && HeaderList(trace->response(why.exchange)->headers).contains("WWW-Authenticate");
    if (why.code == "unauthorized"_L1 && !said && !probe) {
        dropConnection();
        probe = new MetadataProbe(&gate, q);
        connect(probe, &MetadataProbe::done, q, [this](const Failure &explained) {
            probe->deleteLater();
            phase = SessionPhase::Failed;
            failure = explained;
            probe = nullptr;
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
    changed();
}

void Session::Private::onClosed(const std::optional<Failure> &why)
{
    dropConnection();
    if (phase != SessionPhase::Failed || next)
        phase = SessionPhase::Idle;
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
    lister->deleteLater();
    connection = nullptr;
    lister = nullptr;
    tickets.clear();
}

void Session::Private::list()
{
    if (!lister || phase != SessionPhase::Ready) {
        ToolList none;
        none.failure = notConnected(u"tools/list"_s);
        Q_EMIT q->toolsListed(none);
        return;
    }
    lister->start();
}

void Session::Private::call(Ticket ticket, const RpcCall &wanted, const QString &toolName)
{
    const bool isTool = !toolName.isNull();
    const QString what = isTool ? u"tools/call "_s + toolName : QString::fromUtf8(wanted.method);
    if (!connection || (phase != SessionPhase::Ready && phase != SessionPhase::Connecting)) {
        CallResult result;
        result.failure = notConnected(what);
        Q_EMIT q->callFinished(ticket, result);
        return;
    }
    constexpr qint64 Often = 30'000'000;
    const RequestId id = connection->takeId();
    RpcCall call = wanted;
    if (isTool) {
        JsonWriter params;
        params.beginObject().key(u"name").value(toolName);
        if (!wanted.params.isEmpty())
            params.key(u"arguments").raw(wanted.params);
        params.key(u"_meta").beginObject().key(u"progressToken").value(id).endObject().endObject();
        call.params = params.text();
    }
    tickets.emplace(ticket, id);
    auto lastTold = std::make_shared<qint64>(-Often);
    connection->request(
        id, call, what,
        [this, ticket, isTool](const RpcAnswer &answer) { answered(ticket, answer, isTool); },
        [this, ticket, lastTold](const Progress &progress) {
            const qint64 now = trace->now();
            const bool last = progress.total && progress.progress >= *progress.total;
            if (!last && now - *lastTold < Often)
                return;
            *lastTold = now;
            Q_EMIT q->callProgress(ticket, progress);
        },
        [this, ticket](ExchangeId exchange) { Q_EMIT q->callStarted(ticket, exchange); });
}

void Session::Private::answered(Ticket ticket, const RpcAnswer &answer, bool isTool)
{
    tickets.erase(ticket);
    CallResult result;
    result.result = answer.result;
    result.error = answer.error;
    result.errorCode = answer.errorCode;
    result.failure = answer.failure;
    result.exchange = answer.exchange;
    result.durationNs = answer.durationNs;
    if (isTool && !result.failure)
        result.isError = toolSaidError(answer.result);
    if (result.failure && result.failure->kind != FailureKind::Cancelled
        && result.failure->code != "rpc-error"_L1) {
        failure = result.failure;
        changed();
    }
    Q_EMIT q->callFinished(ticket, result);
}

void Session::Private::sendAgain(ExchangeId exchange)
{
    if (exchange < 1 || exchange > trace->exchangeCount())
        return;
    const RequestRecord &record = trace->request(exchange);
    HttpRequest request;
    request.kind = record.kind;
    request.method = record.method;
    request.url = record.url;
    request.what = record.what;
    request.body = trace->requestBody(exchange);
    request.cause = exchange;
    for (const Header &line : record.headers) {
        // Credentials are today's; what HTTP needs is added by the gate.
        if (line.source != HeaderSource::Credential && line.source != HeaderSource::Library)
            request.headers.add(line);
    }
    HttpExchange *http = gate.send(request);
    auto recorder = std::make_shared<EventRecorder>(trace, EventRecorder::OnData());
    connect(http, &HttpExchange::bodyReceived, q, [http, recorder](QByteArrayView bytes, qint64) {
        if (http->responseHeaders().value("Content-Type").startsWith("text/event-stream"))
            recorder->feed(bytes, http->id());
    });
    connect(http, &HttpExchange::finished, q, [http, recorder] {
        recorder->finish();
        http->deleteLater();
    });
}

void Session::Private::changed()
{
    if (dirty)
        return;
    dirty = true;
    QMetaObject::invokeMethod(
        q, [this] { tell(); }, Qt::QueuedConnection);
}

void Session::Private::tell()
{
    dirty = false;
    const SessionState state = q->state();
    if (state == told)
        return;
    told = state;
    Q_EMIT q->stateChanged(state);
}

} // namespace sightglass
