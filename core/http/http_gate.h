// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/http/network_settings.h"
#include "core/http/origin.h"
#include "core/trace/trace_store.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <vector>

namespace sightglass {

/// The head of an answer, and which Authorization its request carried.
struct AnswerHead {
    ExchangeId exchange = 0;
    QUrl url;
    int status = 0;
    QList<Header> headers;
    QByteArray authorization; ///< a secret; empty: none
};

/// A request that was refused (401, 403), for whoever may have other credentials for it.
struct RefusedRequest {
    AnswerHead head;
    int tries = 1; ///< how often it was sent so far
    QPointer<QObject> waiting; ///< gone where nobody waits for it any more
};

/// The credentials to stamp on a request to an origin. The kind of the
/// request is no parameter: forgetting them on one kind of request is not a
/// bug that can be written.
class CredentialSource {
public:
    virtual ~CredentialSource() = default;
    struct Stamp {
        QList<Header> headers; ///< in the order in which they go out
        QList<Withheld> withheld; ///< held back, and why: another origin
    };
    /// `method`: a proof of possession is of one method and one URL (RFC 9449, 4.2).
    virtual Stamp stamp(const QUrl &url, const QByteArray &method) const = 0;
    /// An answer may set cookies, hand out a nonce, and shows whether credentials are good.
    virtual void received(const AnswerHead &head) = 0;
    /// True where other credentials may be had: `decide` is then called once, later and in no
    /// hurry, with true if there are some, and the request goes out again with them. False: the
    /// refusal stands.
    virtual bool refused(const RefusedRequest &request, const std::function<void(bool)> &decide)
    {
        Q_UNUSED(request)
        Q_UNUSED(decide)
        return false;
    }
};

/// Makes the gate behave on purpose as a faulty client, for teaching and for
/// trying servers. Works on the finished header list.
class Misbehaviour {
public:
    virtual ~Misbehaviour() = default;
    virtual QString id() const = 0; ///< "AF-01"
    virtual void spoil(RequestRecord &request) const = 0;
};

class HttpExchange;

/// One request to send.
struct HttpRequest {
    ExchangeKind kind = ExchangeKind::Other;
    QByteArray method = "GET";
    QUrl url;
    HeaderList headers; ///< of the protocol, the session and the person; the gate adds the rest
    QList<Withheld> withheld = {}; ///< left off on purpose, and why; told where it did not go
    QByteArray
        body; ///< sent with Content-Length if not empty or if the method is POST, PUT or PATCH
    QString what; ///< see RequestRecord::what
    ExchangeId cause = 0;
    bool followRedirects = true;
    /// It shows credentials of its own, or none: to an authorisation server nothing of the
    /// resource's credentials goes, also where both are at one origin.
    bool toAuthorizationServer = false;
    /// A refusal stands, whatever other credentials may be had: it was sent to see what comes.
    bool refusalStands = false;
    int answerTimeoutMs = -1; ///< -1: as the NetworkSettings say
    /// Asked once of an answer that came whole: why it is not as it should be. What it says is the
    /// exchange's failure, in the trace as well, so that a recording tells it too. May be empty.
    std::function<std::optional<Failure>(const HttpExchange &)> judge;
};

/// A request on its way and its answer. Owned by the gate; lives until
/// deleteLater() is called on it or the gate goes. All that it signals stands
/// in the trace before.
///
/// Where a redirect is followed, or where the network library sends a request
/// without a body again because its connection died without an answer, the
/// exchange goes on as the next one: id() changes and `redirected` is emitted. So it does where it
/// was refused and other credentials were had for it.
class HttpExchange : public QObject {
    Q_OBJECT
public:
    virtual ExchangeId id() const = 0;
    virtual QUrl url() const = 0; ///< of the current hop
    virtual int status() const = 0; ///< 0 before the head
    virtual const HeaderList &responseHeaders() const = 0;
    virtual bool isFinished() const = 0;
    virtual std::optional<Failure> failure() const = 0;
    /// Stops reading from the connection (HTTP/1.1: the sender is held back); goes on with false.
    virtual void setPaused(bool paused) = 0;
    /// Ends it; `finished` follows once with a Failure of kind Cancelled (or the one given). What
    /// has come already is recorded, and signalled by bodyReceived, also while paused. From within
    /// bodyReceived it ends when that signal returns.
    virtual void abort(std::optional<Failure> why = {}) = 0;

Q_SIGNALS:
    void redirected(sightglass::ExchangeId from, sightglass::ExchangeId to);
    /// It was refused, and waits for other credentials, which a person may have to get: it has all
    /// the time in the world. With false it goes on.
    void waitsForCredentials(bool waits);
    void headReceived();
    /// The next part of the body, in the trace at `offset`. The bytes stay valid for the life of
    /// the trace.
    void bodyReceived(QByteArrayView bytes, qint64 offset);
    /// Once where there was a head: no byte of the body comes any more. The trace does not have the
    /// end yet: what is known of the body now is to be recorded here.
    void bodyEnded();
    /// Once, at the very end. Any HTTP status is no failure here: a failure is an answer that did
    /// not come whole.
    ///
    /// Not seen, because the network library does not tell: a chunk size that is no number (taken
    /// for the end of the body), bytes behind the announced length (dropped with the connection),
    /// and whether what came instead of a head was something else than HTTP or nothing at all.
    /// Not limited by anything but the answer's time: the size of a head.
    void finished();

protected:
    using QObject::QObject;
};

/// The one way out: every HTTP request of the program leaves through here. It
/// alone owns a QNetworkAccessManager, stamps credentials and records.
///
/// Lives in one thread with everything that uses it. See wire-facts.md for
/// why it does what it does.
class HttpGate : public QObject {
    Q_OBJECT
public:
    /// The trace is not owned and outlives the gate.
    explicit HttpGate(TraceStore *trace, QObject *parent = nullptr);
    ~HttpGate() override;

    void setNetworkSettings(const NetworkSettings &settings);
    /// Not owned; may be null.
    void setCredentials(CredentialSource *credentials);
    void setMisbehaviour(std::shared_ptr<const Misbehaviour> misbehaviour);

    /// Never fails at once: a request that cannot be sent finishes with its Failure from the event
    /// loop.
    HttpExchange *send(const HttpRequest &request);
    /// Aborts all that runs.
    void abortAll();
    /// Stops reading from all connections, also those that come; goes on with false. As if each
    /// exchange was paused, with the same limit over HTTP/2: what cannot be held back and piles up
    /// beyond it ends with a Failure.
    void setPaused(bool paused);
    TraceStore *trace() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
