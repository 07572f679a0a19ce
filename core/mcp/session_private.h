// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"
#include "core/mcp/connection.h"
#include "core/mcp/header_parameter.h"
#include "core/mcp/ladder.h"
#include "core/mcp/lister.h"
#include "core/mcp/log_tail.h"
#include "core/mcp/metadata_probe.h"
#include "core/mcp/session.h"
#include "core/mcp/skill.h"
#include "core/mcp/token_notes.h"

#include <atomic>
#include <vector>

namespace sightglass {

/// What stands behind a Session, in the session's thread.
class Session::Private {
public:
    Private(Session *session, TraceStore *store)
        : q(session)
        , trace(store)
        , gate(store)
        , authorizer(&gate, systemEnvironment())
    {
    }
    static OAuthEnvironment systemEnvironment();
    /// A request that a server may answer with a challenge: server/discover.
    HttpRequest challengeProbe() const;

    // The connection.
    void start(const ServerTarget &target);
    /// Credentials, network and authoriser are those of the target from now on; or what is wrong
    /// with it.
    std::optional<Failure> arrange(const ServerTarget &target);
    /// What the authoriser says of a refusal, if it tried something.
    std::optional<Failure> authorizationFailure(const Failure &refusal) const;
    /// Opens a connection on the ladder's rung.
    void climb(bool undiscovered);
    std::unique_ptr<Transport> transport(const Rung &rung);
    RungFailure seen(const Failure &why) const;
    /// Of a guess: what became of it is to be told, and not what the rung before was answered with.
    bool tellsMore(const Failure &failed, const RungFailure &what) const;
    void refusedBeforeStart(const Failure &failure);
    void end();
    void onReady();
    void watchStream();
    void onFailed(const Failure &failure);
    void onClosed(const std::optional<Failure> &failure);
    void dropConnection();

    // Requests.
    void list(ListKind kind);
    void listed(const Listing &listing);
    /// Writes into the trace how an exchange failed, where the wire alone does not show it.
    void conclude(const Failure &why);
    /// What of a tool's arguments goes into headers, by the list as it is known.
    HeaderParameters toolHeaders(const QString &name) const;
    /// The server refused a call because of its headers: what the tools say of them is looked up
    /// anew, and if it is something else now, the call is sent once more (2026-07-28,
    /// basic/transports/streamable-http, "Client Behavior").
    void lookUpHeaders(RequestId id, const QString &tool, const QByteArray &arguments,
                       ExchangeId refusal);
    /// Why it has to be left out; mostly empty.
    QString addTool(Tool tool, ExchangeId exchange);
    void changed(const QByteArray &method);
    void setLogLevel(const QByteArray &level);
    void asked(const ServerRequest &request);
    void setRoots(const QList<Root> &roots);
    void subscribe(const QString &uri, bool on);
    /// Asks a new session for what the one before was asked for: log level and subscriptions.
    void askAgain();
    /// Something that a ticket stands for and that has to wait before it can be sent.
    struct Waiting {
        Ticket ticket = 0; ///< 0: what it is about can be cancelled elsewhere
        QString what; ///< "tools/call add"
        std::function<void()> go;
    };
    /// True if it waits now: what makes the server send notifications goes out when there is a
    /// stream for them to come on, or none is offered; what follows it stays behind it. A server
    /// that does not answer the GET is waited for no longer than StreamPatienceMs.
    bool waitsForStream(const RpcCall &call, const Waiting &waits);
    /// Does what had to wait for the connection, for the tools, or for the stream.
    void proceed(std::vector<Waiting> &waiting);
    /// Ends what still waits, unsent: of this ticket, or of all (0).
    void cancelWaiting(Ticket ticket);
    /// With a tool's name `params` are its arguments. `patient`: without a time limit.
    void call(Ticket ticket, const RpcCall &wanted, const QString &toolName = {},
              const QByteArray &task = {}, bool patient = false);
    /// Several messages as one; ends as one.
    struct Batch;
    void batch(Ticket ticket, const QByteArray &text);
    void answered(Batch &batch, qsizetype place, RequestId id, const RpcAnswer &answer);
    void ended(Batch &batch);
    static Failure notConnected(const QString &what);
    void answered(Ticket ticket, const RpcCall &call, const RpcAnswer &answer, bool isTool);
    /// Keeps the skills that a result tells of, and checks what is read of them.
    void checkSkills(const RpcCall &call, CallResult *result);
    void sendByHand(const EditedRequest &edited);
    void remark(const Note &note);
    void changed();
    void tell();

    Session *q;
    TraceStore *trace;
    HttpGate gate;
    Authorizer authorizer; ///< of the gate
    std::unique_ptr<CredentialSet> credentials;
    std::unique_ptr<TokenNotes> tokenNotes; ///< of the credentials
    ServerTarget target;
    int attempts = 0; ///< to connect
    std::atomic<int> noticesWanted = 0; ///< so many listen to `notified`
    QByteArrayList noticeMethods; ///< that they listen for; none: all
    std::shared_ptr<LogTail> logTail;
    std::optional<ServerTarget> next; ///< to connect to when the one before has ended
    std::unique_ptr<Ladder> ladder;
    std::optional<Failure> rungFailure; ///< of the last rung that was no guess
    std::unique_ptr<Transport> program; ///< that runs, between two rungs
    RequestId lastId = 0; ///< of the rung before
    Connection *connection = nullptr;
    ToolList tools; ///< as last listed on this connection
    std::map<qsizetype, QString> refusedAt; ///< why, by their place among all that were listed
    std::map<QString, Skill> skills; ///< that this connection told of, by URI
    QList<Root> roots;
    QStringList subscriptions; ///< resources
    QByteArray logLevel;
    bool wasReady = false; ///< this connection, with a session that was lost meanwhile
    std::vector<Waiting> waiting; ///< for the connection
    std::vector<Waiting> waitingForTools;
    std::vector<Waiting> waitingForStream;
    std::map<ListKind, Lister *> listers; ///< those that were asked for on this connection
    MetadataProbe *probe = nullptr;
    SessionPhase phase = SessionPhase::Idle;
    std::optional<Failure> failure;
    QList<Note> remarks;
    int notices = 0;
    QList<QPointer<HttpExchange>> resent; ///< by sendByHand(); end with the connection
    std::optional<Failure> streamFailure; ///< the one of the stream that was told as `failure`
    std::multimap<Ticket, RequestId> tickets; ///< a batch has several
    SessionState told;
    bool dirty = false;
    std::atomic<Ticket> lastTicket = 0;
    Agreement agreement; ///< kept after the end, for the status line
};

} // namespace sightglass
