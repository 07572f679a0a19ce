// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"
#include "core/auth/login/token_keeper.h"
#include "core/mcp/edited_request.h"
#include "core/mcp/inbox.h"
#include "core/mcp/listing.h"
#include "core/mcp/server_target.h"
#include "core/mcp/tool.h"
#include "core/transport/stream_state.h"

#include <QMetaType>
#include <QObject>

#include <memory>

namespace sightglass {

class LogTail;

enum class SessionPhase : quint8 { Idle, Connecting, Ready, Disconnecting, Failed };

/// A snapshot of a session; sent with each change.
struct SessionState {
    SessionPhase phase = SessionPhase::Idle;
    QUrl url;
    QString acting;
    QString revision; ///< negotiated; empty before
    ExchangeId revisionExchange = 0; ///< the exchange that settled it
    QByteArray sessionId; ///< empty: the server gave none
    ExchangeId sessionExchange = 0;
    QString serverName;
    QString serverTitle;
    QString serverVersion;
    QString instructions;
    QByteArray capabilities; ///< raw JSON
    StreamState stream;
    int running = 0; ///< requests without an answer yet
    QList<ServerRequest> asked; ///< by the server, and not answered yet
    QStringList subscriptions; ///< to resources
    QByteArray logLevel; ///< that the server was asked for; empty: none
    bool isProgram = false; ///< the server is a program on its standard streams
    /// Over which the connection is open, or being opened; Auto: not tried yet.
    TransportChoice transport = TransportChoice::Auto;
    std::optional<Failure>
        failure; ///< the newest that a person should see; cleared by the next connect
    /// What the server did that it should not have, though the work went on: each once, the oldest
    /// first, from the last connect. They stand in the trace too.
    QList<Note> remarks;

    bool operator==(const SessionState &) const = default;
};

/// A folder that servers may be told of (client/roots).
struct Root {
    QString uri; ///< file://…
    QString name;

    bool operator==(const Root &) const = default;
};

/// A notification that is not about one request.
struct Notice {
    QByteArray method;
    QByteArray params; ///< raw JSON; empty: none
    ExchangeId exchange = 0;
    qint64 at = 0; ///< trace time, ns
};

/// Number of a command given to a session; results refer to it.
using Ticket = quint64;

/// A connection to one MCP server: what the window and the CLI command, and
/// what they are told. Works in the thread it lives in; every command may be
/// given from any thread and returns at once; signals carry values. All that
/// happens on the wire stands in the trace before it is signalled.
class Session : public QObject {
    Q_OBJECT
public:
    /// The trace is not owned, outlives the session and is written by its thread alone.
    explicit Session(TraceStore *trace, QObject *parent = nullptr);
    ~Session() override;

    // Commands, from any thread.

    /// Connects; what runs is ended first (with DELETE where there is a session).
    void connectTo(const ServerTarget &target);
    /// Ends streams and calls, sends DELETE, then is Idle. `finished` of calls come with Cancelled.
    void disconnectFrom();
    /// Fetches all pages of tools/list; `toolsListed` follows.
    void listTools();
    /// `arguments` is a JSON object as text; it is sent as it is. So is `task`, if there is one:
    /// the wish that the call becomes a task, which revisions have whose core has tasks.
    Ticket callTool(const QString &name, const QByteArray &arguments, const QByteArray &task = {});
    /// Fetches all pages of another list; `listed` follows. Once asked for, a list is fetched
    /// again whenever the server says that it changed. Of tools `toolsListed` tells, too.
    void list(ListKind kind);
    /// From this level on ("debug" … "emergency") the server is to send notifications/message: by
    /// logging/setLevel, or with each request from now on, as the era has it. Empty: no wish.
    void setLogLevel(const QByteArray &level);
    /// Any request by hand; core/mcp/calls.h has the usual ones. `patient`: its answer may take as
    /// long as it likes, whatever the target's limit (tasks/result, which comes when all is done).
    Ticket request(const QByteArray &method, const QByteArray &params, bool patient = false);
    /// Several messages by hand, sent as one where the revision has batches (2025-03-26); else that
    /// is the Failure. `messages` is an array as core/mcp/batch.h has it. It ends once, when all
    /// its requests have their answers: `result` is the array of these, in the order of the
    /// requests, also where some are errors.
    Ticket requestBatch(const QByteArray &messages);
    /// A notification by hand.
    void notify(const QByteArray &method, const QByteArray &params);
    /// Answers what the server asked.
    void reply(quint64 number, const ServerReply &reply);
    /// Servers that ask for roots are given these; they are told when they change.
    void setRoots(const QList<Root> &roots);
    /// Asks for notices about a resource, or ends that.
    void subscribe(const QString &uri, bool on);
    /// Tells the server and gives up waiting; what was not sent yet never will be.
    void cancel(Ticket ticket);
    /// Ends whatever is under way (connecting, listing, calls) but keeps the session.
    void cancelAll();
    /// Opens the GET stream now, without waiting for the back-off.
    void reopenStream();
    /// Reads nothing more from servers over HTTP, so that they are held back, and goes on with
    /// false. Given in the session's own thread it holds at once. For who cannot take in what is
    /// told as fast as a server tells it.
    void setPaused(bool paused);
    /// Sends a recorded request once more, with today's credentials; `sentAgain` follows.
    void sendAgain(ExchangeId exchange);
    /// The same with what a person changed of it, or with a request of another recording
    /// (`sentAgain` then says that it is of exchange 0). Its answer stands in the trace alone.
    void sendEdited(const EditedRequest &edited);

    // For a receiver that does not want to be told of each in a flood: in the session's thread,
    // before all commands.

    /// Log messages (notifications/message) go there in place of `notified`.
    void setLogTail(std::shared_ptr<LogTail> tail);
    /// `notified` tells of notifications with these methods alone; none: of all.
    void setNoticeMethods(const QByteArrayList &methods);

    // Authorising by OAuth; see Authorizer.

    /// Where log-ins are kept. Not owned, and outlives the session; once, before all commands.
    void setKeeper(TokenKeeper *keeper);
    /// Logs in at the target without connecting to it; `oauthChanged` tells how it goes.
    void logIn(const ServerTarget &target);
    /// Asks who issues tokens for the target and what that server can do, and changes nothing.
    void explore(const ServerTarget &target);
    /// Revokes and forgets the tokens for the target; `loggedOut` follows.
    void logOut(const ServerTarget &target);
    /// A step of the flow, or all from there on, once more with these settings, which hold from now
    /// on.
    void runOAuthAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings);
    void refreshTokens();
    void expireTokens(); ///< here alone: as if their time was over
    void inspectTokens(); ///< asks the authorisation server of them; `inspected` follows
    void cancelOAuth();
    /// The address to which the browser was sent, where it could not come by itself.
    void takeCallback(const QUrl &url);
    void answerOAuthQuestion(bool agreed);

    // Read by the session's thread only; other threads keep what stateChanged gave them.
    SessionState state() const;
    OAuthState oauthState() const;
    TokenSet tokens() const; ///< secrets
    TraceStore *trace() const;

Q_SIGNALS:
    void stateChanged(const sightglass::SessionState &state);
    void toolsListed(const sightglass::ToolList &tools);
    /// A list, or its pages so far.
    void listed(const sightglass::Listing &listing);
    void callStarted(sightglass::Ticket ticket, sightglass::ExchangeId exchange);
    void callProgress(sightglass::Ticket ticket, const sightglass::Progress &progress);
    /// The server asks something that a person has to answer.
    void serverRequested(const sightglass::ServerRequest &request);
    /// It needs no answer any more; `why` is empty if it was answered.
    void serverRequestGone(quint64 number, const QString &why);
    void notified(const sightglass::Notice &notice);
    /// The empty tail has got something; see setLogTail().
    void logged();
    void callFinished(sightglass::Ticket ticket, const sightglass::CallResult &result);
    void oauthChanged(const sightglass::OAuthState &state);
    /// To be kept: new tokens (empty: they are gone), and as whom we came. Secrets.
    void tokensChanged(const QUrl &server, const sightglass::TokenSet &tokens);
    /// Secret headers of an answer of the server (Set-Cookie, …), before anything is made of its
    /// body: for redactors.
    void secretsReceived(const QList<sightglass::Header> &secrets);
    void clientChanged(const sightglass::ClientIdentity &client); ///< registered
    /// A person is to open this in a browser. It may hold the state of the request: not for logs.
    void browserWanted(const QUrl &url);
    /// The tokens are gone; a Failure where they could not be revoked.
    /// `remark`: what is to be known where nothing failed; mostly empty.
    void loggedOut(const std::optional<sightglass::Failure> &failure, const QString &remark);
    void inspected(const sightglass::TokenInspection &found);
    /// The exchange `of` was sent again by hand, perhaps edited, as `exchange`.
    void sentAgain(sightglass::ExchangeId of, sightglass::ExchangeId exchange);

protected:
    void connectNotify(const QMetaMethod &signal) override;
    void disconnectNotify(const QMetaMethod &signal) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::SessionState)
Q_DECLARE_METATYPE(sightglass::TokenSet)
Q_DECLARE_METATYPE(sightglass::ClientIdentity)
Q_DECLARE_METATYPE(sightglass::Notice)
