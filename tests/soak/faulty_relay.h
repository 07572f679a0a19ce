// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QObject>
#include <QRandomGenerator>

#include <functional>
#include <memory>

class QTcpServer;

namespace sightglass::soak {

/// What the line before the lab can do to a request.
enum class LineFault : quint8 {
    None,
    Unavailable, ///< 503, and the lab never sees the request
    Lost, ///< the request arrives, and the connection is closed without an answer
    Dropped, ///< closed within the answer, in orderly fashion
    Reset, ///< the same with a reset
    Stalled, ///< the answer stops for some seconds, and goes on
    Slow, ///< a part of the answer comes in a few bytes a millisecond
};
constexpr int LineFaults = 7;
const char *lineFaultName(LineFault fault);

/// A line to the lab that fails at random, and keeps a ledger of what came over it: every request
/// that arrived is told, once, before anybody may answer it.
class FaultyRelay : public QObject {
    Q_OBJECT
public:
    explicit FaultyRelay(quint16 labPort, QObject *parent = nullptr);
    ~FaultyRelay() override;

    bool listen(quint16 port);
    /// Of a thousand requests so many have a fault.
    void setFaults(int perMille, quint32 seed);

    std::function<void(const QByteArray &method, const QByteArray &session, const QByteArray &body)>
        onRequest;
    std::function<void(LineFault fault)> onFault;

private:
    class Line;
    LineFault draw();

    QTcpServer *m_listener;
    quint16 m_labPort;
    int m_perMille = 0;
    QRandomGenerator m_random;
};

} // namespace sightglass::soak
