// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/transport/stream_state.h"

#include <QObject>

#include <functional>

namespace sightglass {

/// A message to send.
struct Outgoing {
    QByteArray text; ///< JSON-RPC, sent as it is
    QString what; ///< "tools/call add"
    HeaderList headers; ///< that the era wants on this message
    bool expectsAnswer = false; ///< a request
    bool opening = false; ///< the handshake (initialize): its answer alone may assign a session
    int answerTimeoutMs = 0; ///< until the head of the answer; 0: wait for ever
    ExchangeId cause = 0; ///< the exchange because of which it is sent once more; 0: none
};

/// Number of a message given to a transport, from 1.
using PostId = quint64;

/// Carries JSON-RPC messages to and from one server. Knows nothing of what
/// they mean: whoever sent a request says settle() when its answer came.
/// Lives in one thread with everything that uses it.
class Transport : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Is given each message from the server; the view holds for the call. No signal: they come by
    /// the million, and each costs what all else of a small event does.
    using Receiver = std::function<void(QByteArrayView text, ExchangeId exchange)>;
    void setReceiver(Receiver receiver) { m_receiver = std::move(receiver); }
    /// A message came. For what carries it.
    void receive(QByteArrayView text, ExchangeId exchange) const
    {
        if (m_receiver)
            m_receiver(text, exchange);
    }

    virtual PostId post(const Outgoing &message) = 0;
    /// The answer of this post was received: the end of its stream is no failure now.
    virtual void settle(PostId id) = 0;
    /// Nobody waits for it any more; its exchange is ended, with this as its failure (else: that it
    /// was cancelled). `postEnded` is not emitted.
    virtual void abandon(PostId id, const std::optional<Failure> &why = {}) = 0;

    /// Sent on every request from now on, of whatever kind (the protocol version).
    virtual void setCommonHeaders(const HeaderList &headers) = 0;
    /// Opens the server's own stream, and keeps it open; again: tries now.
    virtual void openStream() = 0;
    virtual const StreamState &streamState() const = 0;
    /// All answers come on one channel: nothing can be cancelled by closing it.
    virtual bool isShared() const = 0;
    /// What it led to has ended for good: what is posted fails, unwritten.
    virtual bool isGone() const { return false; }
    /// Tells the server that the session ends, where there is one. `sessionEnded` follows.
    virtual void endSession() = 0;
    /// The server no longer knows the session: ends what belongs to it alone. What was posted runs
    /// on, for the server may have taken it before.
    virtual void leaveSession() { }
    /// Ends all that runs, at once and without a word to the server.
    virtual void closeAll() = 0;

Q_SIGNALS:
    /// The message is on its way, and this exchange shows it (emitted again after a redirect); or
    /// it cannot be, and this one shows why.
    void posted(sightglass::PostId id, sightglass::ExchangeId exchange);
    /// The post was refused, and waits for other credentials, for as long as that takes; with false
    /// it goes on.
    void postWaits(sightglass::PostId id, bool waits);
    /// Nothing more comes for this post. A Failure if it could not be delivered, or was a request
    /// and not settled.
    void postEnded(sightglass::PostId id, sightglass::ExchangeId exchange,
                   const std::optional<sightglass::Failure> &failure);
    /// The server did what it should not have, and the work goes on: one sentence.
    void deviated(const QString &sentence, sightglass::ExchangeId exchange);
    void streamChanged();
    void sessionAssigned(const QByteArray &sessionId, sightglass::ExchangeId exchange);
    /// The stream was told that the server does not know the session. (For a post: postEnded says
    /// so.)
    void sessionExpired(const sightglass::Failure &failure);
    /// A Failure where the server refused or failed to end it (405 and 404 are neither).
    void sessionEnded(const std::optional<sightglass::Failure> &failure);

private:
    Receiver m_receiver;
};

} // namespace sightglass
