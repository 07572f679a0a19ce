// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/session_private.h"

#include <QMetaMethod>

namespace sightglass {

using namespace Qt::StringLiterals;

Session::Session(TraceStore *trace, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, trace))
{
    // Both move with the session to its thread.
    d->gate.setParent(this);
    d->authorizer.setParent(this);
    connect(&d->authorizer, &Authorizer::changed, this,
            [this] { Q_EMIT oauthChanged(d->authorizer.state()); });
    connect(&d->authorizer, &Authorizer::browserWanted, this, &Session::browserWanted);
    connect(&d->authorizer, &Authorizer::tokensChanged, this, [this] {
        Q_EMIT tokensChanged(d->authorizer.server(), d->authorizer.flow().tokens());
    });
    connect(&d->authorizer, &Authorizer::clientChanged, this,
            [this] { Q_EMIT clientChanged(d->authorizer.flow().client()); });
    connect(&d->authorizer, &Authorizer::loggedOut, this, &Session::loggedOut);
    connect(&d->authorizer, &Authorizer::inspected, this, &Session::inspected);
    qRegisterMetaType<OAuthState>();
    qRegisterMetaType<TokenSet>();
    qRegisterMetaType<ClientIdentity>();
    qRegisterMetaType<SessionState>();
    qRegisterMetaType<ToolList>();
    qRegisterMetaType<Listing>();
    qRegisterMetaType<Progress>();
    qRegisterMetaType<CallResult>();
    qRegisterMetaType<ServerRequest>();
    qRegisterMetaType<Notice>();
    qRegisterMetaType<Ticket>("sightglass::Ticket");
    qRegisterMetaType<ExchangeId>("sightglass::ExchangeId");
}

Session::~Session()
{
    for (const auto &[kind, lister] : d->listers)
        delete lister;
    delete d->probe;
    delete d->connection;
    d->authorizer.setParent(nullptr);
    d->gate.setParent(nullptr);
}

void Session::connectNotify(const QMetaMethod &signal)
{
    if (signal == QMetaMethod::fromSignal(&Session::notified))
        ++d->noticesWanted;
}

void Session::disconnectNotify(const QMetaMethod &signal)
{
    // Qt holds a lock here where a receiver is deleted: nothing is asked of it.
    if (signal == QMetaMethod::fromSignal(&Session::notified))
        --d->noticesWanted;
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
    list(ListKind::Tools);
}

void Session::list(ListKind kind)
{
    QMetaObject::invokeMethod(
        this, [this, kind] { d->list(kind); }, Qt::QueuedConnection);
}

void Session::setLogLevel(const QByteArray &level)
{
    QMetaObject::invokeMethod(
        this, [this, level] { d->setLogLevel(level); }, Qt::QueuedConnection);
}

Ticket Session::callTool(const QString &name, const QByteArray &arguments, const QByteArray &task)
{
    const Ticket ticket = ++d->lastTicket;
    QMetaObject::invokeMethod(
        this,
        [this, ticket, name, arguments, task] {
            d->call(ticket, {"tools/call", arguments}, name, task);
        },
        Qt::QueuedConnection);
    return ticket;
}

void Session::notify(const QByteArray &method, const QByteArray &params)
{
    QMetaObject::invokeMethod(
        this,
        [this, method, params] {
            if (d->connection && d->phase == SessionPhase::Ready)
                d->connection->notify(RpcCall{method, params});
        },
        Qt::QueuedConnection);
}

void Session::reply(quint64 number, const ServerReply &reply)
{
    QMetaObject::invokeMethod(
        this,
        [this, number, reply] {
            if (d->connection && d->connection->inbox().reply(number, reply))
                d->changed();
        },
        Qt::QueuedConnection);
}

void Session::setLogTail(std::shared_ptr<LogTail> tail)
{
    d->logTail = std::move(tail);
}

void Session::setNoticeMethods(const QByteArrayList &methods)
{
    d->noticeMethods = methods;
}

void Session::setRoots(const QList<Root> &roots)
{
    QMetaObject::invokeMethod(
        this, [this, roots] { d->setRoots(roots); }, Qt::QueuedConnection);
}

void Session::subscribe(const QString &uri, bool on)
{
    QMetaObject::invokeMethod(
        this, [this, uri, on] { d->subscribe(uri, on); }, Qt::QueuedConnection);
}

Ticket Session::request(const QByteArray &method, const QByteArray &params, bool patient)
{
    const Ticket ticket = ++d->lastTicket;
    QMetaObject::invokeMethod(
        this,
        [this, ticket, method, params, patient] {
            d->call(ticket, {method, params}, {}, {}, patient);
        },
        Qt::QueuedConnection);
    return ticket;
}

Ticket Session::requestBatch(const QByteArray &messages)
{
    const Ticket ticket = ++d->lastTicket;
    QMetaObject::invokeMethod(
        this, [this, ticket, messages] { d->batch(ticket, messages); }, Qt::QueuedConnection);
    return ticket;
}

void Session::cancel(Ticket ticket)
{
    QMetaObject::invokeMethod(
        this,
        [this, ticket] {
            d->cancelWaiting(ticket);
            // Each that is cancelled takes itself out of them.
            const auto tickets = d->tickets;
            const auto [first, last] = tickets.equal_range(ticket);
            for (auto it = first; it != last && d->connection; ++it)
                d->connection->cancel(it->second, u"cancelled by the user"_s);
        },
        Qt::QueuedConnection);
}

void Session::cancelAll()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            // First of all: a list that ends, in whatever way, would send what waits for it.
            d->cancelWaiting(0);
            if (d->phase == SessionPhase::Connecting) {
                d->next.reset();
                const Failure why{FailureKind::Cancelled,
                                  u"cancelled"_s,
                                  u"Connecting to %1 was cancelled."_s.arg(targetName(d->target)),
                                  {},
                                  0,
                                  {}};
                if (d->connection)
                    d->connection->fail(why);
                else
                    d->onFailed(why);
                return;
            }
            for (const auto &[kind, lister] : d->listers)
                lister->cancel();
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

void Session::setPaused(bool paused)
{
    QMetaObject::invokeMethod(this, [this, paused] { d->gate.setPaused(paused); });
}

void Session::sendAgain(ExchangeId exchange)
{
    QMetaObject::invokeMethod(
        this,
        [this, exchange] {
            if (exchange >= 1 && exchange <= d->trace->exchangeCount())
                d->sendByHand(uneditedRequest(*d->trace, exchange));
        },
        Qt::QueuedConnection);
}

void Session::sendEdited(const EditedRequest &edited)
{
    QMetaObject::invokeMethod(
        this, [this, edited] { d->sendByHand(edited); }, Qt::QueuedConnection);
}

SessionState Session::state() const
{
    SessionState state;
    state.phase = d->phase;
    state.url = d->target.url;
    state.acting = d->target.acting;
    state.isProgram = d->target.command.has_value();
    if (d->ladder)
        state.transport = d->ladder->transport();
    state.subscriptions = d->subscriptions;
    state.logLevel = d->logLevel;
    state.failure = d->failure;
    state.remarks = d->remarks;
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
        state.asked = d->connection->inbox().requests();
    }
    return state;
}

TraceStore *Session::trace() const
{
    return d->trace;
}

} // namespace sightglass
