// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/credentials.h"
#include "core/http/network_settings.h"
#include "core/jsonrpc/json_text.h"

#include <QMetaType>
#include <QObject>

#include <memory>

namespace sightglass {

/// Everything that a connection is made from. A plain value.
struct ServerTarget {
    QUrl url; ///< user info was taken out (takeUserInfo)
    QString revision =
        QStringLiteral("auto"); ///< or a dated revision, which is then asked for and no other
    Credentials credentials;
    NetworkSettings network;
    QString acting; ///< id of a misbehaviour to play ("AF-01"), or empty
    int requestTimeoutMs =
        60000; ///< until the answer of a call; progress starts it anew; 0: for ever

    bool operator==(const ServerTarget &) const = default;
};
/// A target from what a person typed. Adds http:// to bare hosts on loopback, https:// to others;
/// takes user info out of the URL and into the credentials; refuses other schemes.
Expected<ServerTarget> parseTarget(const QString &text);

enum class SessionPhase : quint8 { Idle, Connecting, Ready, Disconnecting, Failed };

/// The GET event stream, as the status line tells it.
struct StreamState {
    enum class Phase : quint8 { None, Opening, Open, NotOffered, Waiting, Refused, Ended };
    Phase phase = Phase::None;
    ExchangeId exchange = 0; ///< the last try
    qint64 openedAt = -1; ///< trace time, ns
    qint64 retryAt = -1; ///< trace time, ns; while Waiting
    int tries = 0; ///< since it was last open
    std::optional<Failure> failure; ///< why the last one ended

    bool operator==(const StreamState &) const = default;
};

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
    std::optional<Failure>
        failure; ///< the newest that a person should see; cleared by the next connect

    bool operator==(const SessionState &) const = default;
};

/// One tool as the server sent it.
struct Tool {
    JsonText json; ///< the whole entry
    QString name; ///< untrusted text, as are all below
    QString title; ///< title, else annotations.title, else empty
    QString description;
    QByteArray inputSchema; ///< raw JSON; empty: absent
    QByteArray outputSchema;
    std::optional<bool> readOnly, destructive, idempotent, openWorld; ///< annotations, where given
    QString problem; ///< what is wrong with the entry ("no name", "inputSchema is no object");
                     ///< mostly empty
};

struct ToolList {
    QList<Tool> tools;
    int pages = 0;
    bool complete = false;
    ExchangeId exchange = 0; ///< of the last page
    std::optional<Failure> failure;
};

struct Progress {
    double progress = 0;
    std::optional<double> total;
    QString message;
    ExchangeId exchange = 0;
};

/// How a call ended.
struct CallResult {
    QByteArray result; ///< raw JSON of `result`; empty with a failure
    bool isError = false; ///< the tool said so
    std::optional<Failure> failure; ///< also JSON-RPC errors, with their code
    std::optional<qint64> errorCode; ///< of a JSON-RPC error
    QByteArray error; ///< raw JSON of `error`
    ExchangeId exchange = 0; ///< the POST
    qint64 durationNs = 0;
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
    /// `arguments` is a JSON object as text; it is sent as it is.
    Ticket callTool(const QString &name, const QByteArray &arguments);
    /// Any request by hand.
    Ticket request(const QByteArray &method, const QByteArray &params);
    /// Sends notifications/cancelled and gives up waiting.
    void cancel(Ticket ticket);
    /// Ends whatever is under way (connecting, listing, calls) but keeps the session.
    void cancelAll();
    /// Opens the GET stream now, without waiting for the back-off.
    void reopenStream();
    /// Sends a recorded request once more, with today's credentials.
    void sendAgain(ExchangeId exchange);

    // Read by the session's thread only; other threads keep what stateChanged gave them.
    SessionState state() const;
    TraceStore *trace() const;

Q_SIGNALS:
    void stateChanged(const sightglass::SessionState &state);
    void toolsListed(const sightglass::ToolList &tools);
    void callStarted(sightglass::Ticket ticket, sightglass::ExchangeId exchange);
    void callProgress(sightglass::Ticket ticket, const sightglass::Progress &progress);
    void callFinished(sightglass::Ticket ticket, const sightglass::CallResult &result);
    /// The server sent a message on its own (list_changed, log messages, …): its raw text.
    void notificationReceived(const QByteArray &method, const QByteArray &text,
                              sightglass::ExchangeId exchange);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::SessionState)
Q_DECLARE_METATYPE(sightglass::ToolList)
Q_DECLARE_METATYPE(sightglass::Progress)
Q_DECLARE_METATYPE(sightglass::CallResult)
