// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QMap>
#include <QObject>
#include <QProcess>
#include <QUrl>

#include <memory>

namespace sightglass::soak {

/// How often a request of this session and body arrived.
using Ledger = QHash<QByteArray, int>;
QByteArray ledgerKey(const QByteArray &session, const QByteArray &body);

/// The lab as a process of its own, which can be killed and started again at the same port.
class LabProcess : public QObject {
    Q_OBJECT
public:
    explicit LabProcess(QObject *parent = nullptr);
    ~LabProcess() override;

    /// False where it does not come up within 30 s.
    bool start();
    void kill();
    bool isRunning() const { return m_process != nullptr; }
    void storm(quint32 seed);
    void calm();
    QUrl url() const;

    /// POST requests since the last call.
    Ledger takeLedger();
    const QMap<QByteArray, qint64> &faults() const { return m_faults; }
    int kills() const { return m_kills; }
    qint64 requests() const { return m_requests; }

private:
    void read();

    std::unique_ptr<QProcess> m_process;
    quint16 m_port;
    bool m_isReady = false;
    QByteArray m_rest;
    Ledger m_ledger;
    QMap<QByteArray, qint64> m_faults;
    int m_kills = 0;
    qint64 m_requests = 0;
};

} // namespace sightglass::soak
