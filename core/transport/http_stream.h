// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transport/event_recorder.h"
#include "core/transport/stream_state.h"
#include "core/transport/streamable_http.h"

#include <QTimer>

namespace sightglass {

/// A GET event stream that is kept open: the server's own, or the rest of a
/// POST's stream that broke off. Opens, records, waits and opens again.
class HttpStream final : public QObject {
    Q_OBJECT
public:
    enum class Use : quint8 {
        Server, ///< the server's own stream: kept open for as long as the session lasts
        Resume, ///< the rest of a POST's stream: given up after a few tries in vain
    };

    /// `what` names it in the trace. For Resume the recorder knows the id to go on from.
    HttpStream(StreamableHttp *transport, Use use, const QString &what,
               std::shared_ptr<EventRecorder> recorder);
    ~HttpStream() override;

    /// Stays with this session, though the transport may have another one by now.
    void setSession(const QByteArray &id) { m_session = id; }
    /// Opens now, or after the time that the server asked for.
    void open(ExchangeId cause = 0);
    void openLater(ExchangeId cause);
    /// For good. What has come already is recorded, and handed to nobody.
    void close();
    const StreamState &state() const { return m_state; }

Q_SIGNALS:
    void changed();
    void sessionExpired(const sightglass::Failure &failure);
    /// It will not be tried again.
    void gaveUp(const sightglass::Failure &failure);

private:
    void send();
    /// checkAnswer() of what a GET of this stream, sent now, will be answered with.
    std::function<std::optional<Failure>(const HttpExchange &)> check() const;
    void onHead();
    void onFinished();
    void ended(const std::optional<Failure> &failure, std::optional<qint64> retryAfterMs);
    /// Tries again after the back-off for so many tries in vain.
    void wait(const std::optional<Failure> &failure, int tries,
              std::optional<qint64> retryAfterMs = {});
    void end(StreamState::Phase phase, const Failure &failure);

    StreamableHttp *m_transport;
    Use m_use;
    QString m_what;
    std::shared_ptr<EventRecorder> m_recorder;
    HttpExchange *m_http = nullptr;
    QTimer m_timer;
    StreamState m_state;
    std::optional<QByteArray> m_session; ///< that it belongs to; nothing: the transport's
    ExchangeId m_cause = 0;
    bool m_triedBefore = false;
    bool m_isStream = false;
    std::function<std::optional<Failure>(const HttpExchange &)> m_check; ///< of m_http
    qint64 m_eventsBefore = 0;
    int m_inVain = 0; ///< tries in a row that failed or brought nothing, and were not asked for
};

} // namespace sightglass
