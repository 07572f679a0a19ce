// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/auth_document.h"
#include "core/lab/auth_form.h"
#include "core/lab/auth_grants.h"
#include "core/lab/lab.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <optional>
#include <type_traits>

namespace sightglass {

class LabCall;
class LabReply;
class LabServer;
class LabSession;
class LabStream;

/// The moment at which a fault plays: one request, and what is known of it then.
struct FaultPlay {
    LabServer *server = nullptr; ///< null where no HTTP is spoken
    LabReply *reply = nullptr; ///< likewise
    LabSession *session = nullptr; ///< null before it was looked up
    LabStream *stream = nullptr; ///< where events are sent
    QByteArray http; ///< GET, POST, DELETE
    QByteArray rpc; ///< method of the first JSON-RPC request in the body; empty: none
    QByteArray id; ///< its id, raw JSON
    QByteArray params; ///< its parameters, raw JSON; known when it is answered
    std::optional<LabToken> token; ///< with which it came in, where the lab gives them out
    std::function<void()> leave; ///< goes away without a word; null where there is no way
    qint64 number = 0; ///< what stands behind the colon in "AF-81:5", else the fault's own number
};

/// A fault as a row of a table: what it is, where it plays unless told otherwise, and what it does
/// there. Every hook may be absent.
struct Fault {
    const char *id;
    const char *title;
    const char *description;
    /// Where it plays: "" everywhere, an HTTP method, "request" for a POST with a JSON-RPC request,
    /// or the name of a JSON-RPC method.
    const char *where = "";
    qint64 number = 0;
    /// A token is demanded even where the lab has none: whoever sends no Authorization is refused.
    bool demandsToken = false;
    /// The lab demands tokens of its own authorisation server, whatever its settings say.
    bool needsOAuth = false;
    /// The lab speaks TLS, with a certificate that is signed by itself. Heard when it begins to
    /// listen.
    bool speaksTls = false;
    /// The answer has to be an event stream.
    bool needsStream = false;
    /// It is about sessions, their streams or resuming, which the lab then offers alone: no
    /// revision in which every request stands for itself.
    bool ofSessions = false;
    /// Before anything was checked; true: it answered.
    bool (*before)(FaultPlay &play) = nullptr;
    /// In place of the lab's 401; `problem` is the sentence; true: it answered.
    bool (*refuse)(FaultPlay &play, const QByteArray &problem) = nullptr;
    /// After all checks of HTTP and session; true: it answered.
    bool (*request)(FaultPlay &play) = nullptr;
    /// In place of the method; true: it does what there is to do.
    bool (*run)(FaultPlay &play, LabCall &call) = nullptr;
    /// Bytes that stand on a shared channel before the answer.
    QByteArray (*print)(FaultPlay &play) = nullptr;
    /// What the endpoint event of HTTP+SSE names; empty: there is no such event.
    QByteArray (*endpoint)(FaultPlay &play, const QByteArray &endpoint) = nullptr;
    /// A JSON-RPC answer becomes others. `message` is well formed.
    QList<QByteArray> (*alter)(FaultPlay &play, const QByteArray &message) = nullptr;
    /// Writes the whole HTTP answer, which is not begun yet.
    void (*take)(FaultPlay &play, const QByteArray &message) = nullptr;
    /// In place of the answer on an event stream; true: it did what there was to do.
    bool (*stream)(FaultPlay &play, const QByteArray &message) = nullptr;
    /// An event stream is about to begin.
    void (*opened)(FaultPlay &play) = nullptr;
    /// A stream opened by GET has begun, or was taken up again.
    void (*listening)(FaultPlay &play) = nullptr;

    // Where tokens are asked for, and given out.
    /// The challenge of a 401 or 403 is about to go out.
    void (*challenge)(FaultPlay &play, LabChallenge &challenge) = nullptr;
    /// Credentials passed; why they are refused with 401 all the same, as a sentence without its
    /// end; empty: they are not.
    QByteArray (*doubt)(FaultPlay &play) = nullptr;
    /// A scope that is demanded here besides.
    const char *demandedScope = nullptr;
    /// A request to the authorisation server, before it looks; true: it answered.
    bool (*atIssuer)(FaultPlay &play) = nullptr;
    /// A document of OAuth is about to go out; true: it answered in its place. That of the resource
    /// is also asked what it would be, without a reply.
    bool (*document)(FaultPlay &play, LabDocument &document) = nullptr;
    /// The answer to an authorisation request is about to go out.
    void (*callback)(FaultPlay &play, LabForm &answer) = nullptr;
    /// An access token is about to be given out.
    void (*token)(FaultPlay &play, LabToken &token) = nullptr;
};

// The families, a file each.
QList<Fault> clientFaults(); ///< credentials on the way out: played by the client
QList<Fault> accessFaults(); ///< 401 and 403
QList<Fault> discoveryFaults(); ///< how a client learns where to get a token
QList<Fault> registrationFaults(); ///< registration, authorisation, and the token endpoint
QList<Fault> tokenFaults(); ///< tokens in use
QList<Fault> replicaFaults(); ///< what looks like a matter of access, and is not
QList<Fault> pageFaults(); ///< something else answers: pages, redirects, 503
QList<Fault> connectionFaults(); ///< HTTP framing and the connection itself
QList<Fault> jsonFaults(); ///< malformed JSON, and JSON that is too much
QList<Fault> rpcFaults(); ///< JSON-RPC and MCP that breaks its rules
QList<Fault> streamFaults(); ///< event streams
QList<Fault> inputFaults(); ///< questions to the client, other transports, schemas

/// A fault that plays, as ID[:NUMBER][@WHERE] told.
struct ActiveFault {
    const Fault *fault = nullptr;
    qint64 number = 0;
    QByteArray where;
};

/// The faults that play now.
class LabFaults {
public:
    /// Unknown ids are left out and told by `problem`.
    void setPlay(const QStringList &entries, QString *problem = nullptr);
    bool plays(QByteArrayView id) const;
    bool demandsToken() const;
    bool needsOAuth() const;
    bool speaksTls() const;
    bool needSessions() const; ///< a fault plays that is one of sessions, by itself or by its place
    /// Those that play at this moment.
    QList<ActiveFault> at(const FaultPlay &play) const;

private:
    QList<ActiveFault> m_active;
};

const QList<Fault> &allFaults();

/// Calls one hook of all faults that play at this moment, one after the other. Of hooks that can
/// answer: true as soon as one did.
template <typename Result, typename... Taken, typename... Given>
bool labPlayHook(const LabFaults &faults, FaultPlay &play,
                 Result (*Fault::*hook)(FaultPlay &, Taken...), Given &&...given)
{
    for (const ActiveFault &active : faults.at(play)) {
        const auto called = active.fault->*hook;
        if (!called)
            continue;
        play.number = active.number;
        if constexpr (std::is_void_v<Result>)
            called(play, given...);
        else if (called(play, given...))
            return true;
    }
    return false;
}

} // namespace sightglass
