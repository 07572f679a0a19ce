// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab.h"
#include "core/trace/trace_store.h"
#include "core/transport/local_server.h"

#include <map>

namespace sightglass {

/// The lab without any transport between: what is posted is handed to it as it is, and what it says
/// is handed back, later, from the event loop.
///
/// In the trace the lab is one exchange (kind Process) whose body is all that it said, a frame a
/// line, as for a program on its standard streams; each message to it is one of kind Input, whose
/// body is a copy of the line that answered it.
class LabTransport final : public Transport {
    Q_OBJECT
public:
    /// The trace outlives the transport.
    LabTransport(TraceStore *trace, const LabSettings &settings, QObject *parent = nullptr);
    ~LabTransport() override;

    PostId post(const Outgoing &message) override;
    void settle(PostId id) override;
    void abandon(PostId id, const std::optional<Failure> &why = {}) override;
    void setCommonHeaders(const HeaderList &) override { }
    /// Whatever the lab says comes on the one way there is.
    void openStream() override { }
    const StreamState &streamState() const override { return m_state; }
    bool isShared() const override { return true; }
    bool isGone() const override { return m_state.phase == StreamState::Phase::Ended; }
    void endSession() override;
    void closeAll() override;

private:
    class Channel;
    struct Open {
        ExchangeId exchange = 0;
        QString what;
        bool expectsAnswer = false;
    };

    void begin();
    void deliver();
    void take(const QByteArray &line);
    void end(const std::optional<Failure> &failure);

    TraceStore *m_trace;
    std::unique_ptr<QObject> m_world;
    std::unique_ptr<Channel> m_channel;
    std::map<PostId, Open> m_open;
    QList<std::pair<PostId, QByteArray>> m_waiting; ///< posted, and not handed over yet
    PostId m_lastPost = 0;
    ExchangeId m_exchange = 0;
    qint64 m_said = 0; ///< bytes so far
    QByteArrayView m_line; ///< that is being handed on
    StreamState m_state;
};

/// The lab as a server within this process, for a session's target. Each connection has a lab of
/// its own.
std::shared_ptr<const LocalServer> localLab(const LabSettings &settings = {});

} // namespace sightglass
