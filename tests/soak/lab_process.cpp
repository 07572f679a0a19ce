// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/lab_process.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QTcpServer>

namespace sightglass::soak {

using namespace Qt::StringLiterals;

QByteArray ledgerKey(const QByteArray &session, const QByteArray &body)
{
    return (session.isEmpty() ? QByteArray("-") : session) + ' '
        + QCryptographicHash::hash(body, QCryptographicHash::Sha1).toHex();
}

LabProcess::LabProcess(QObject *parent)
    : QObject(parent)
{
    QTcpServer any;
    any.listen(QHostAddress(QHostAddress::LocalHost));
    m_port = any.serverPort();
}

LabProcess::~LabProcess()
{
    kill();
}

QUrl LabProcess::url() const
{
    return QUrl(u"http://127.0.0.1:%1/mcp"_s.arg(m_port));
}

bool LabProcess::start()
{
    m_isReady = false;
    m_rest.clear();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &LabProcess::read);
    m_process->start(QCoreApplication::applicationFilePath(),
                     {u"--lab"_s, QString::number(m_port)});
    QElapsedTimer timer;
    timer.start();
    while (!m_isReady && timer.elapsed() < 30'000) {
        if (!m_process->waitForReadyRead(1000) && m_process->state() == QProcess::NotRunning)
            break;
    }
    return m_isReady;
}

void LabProcess::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished();
    read();
    m_process.reset();
    ++m_kills;
}

void LabProcess::storm(quint32 seed)
{
    if (m_process)
        m_process->write("storm " + QByteArray::number(seed) + '\n');
}

void LabProcess::calm()
{
    if (m_process)
        m_process->write("calm\n");
}

Ledger LabProcess::takeLedger()
{
    if (m_process)
        read();
    return std::exchange(m_ledger, {});
}

void LabProcess::read()
{
    m_rest += m_process->readAllStandardOutput();
    qsizetype start = 0;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', start)) {
        const QList<QByteArray> words = m_rest.mid(start, end - start).split(' ');
        start = end + 1;
        if (words.first() == "ready") {
            m_isReady = true;
        } else if (words.first() == "request") {
            ++m_requests;
            if (words.value(1) == "POST")
                ++m_ledger[words.value(2) + ' ' + words.value(3)];
        } else if (words.first() == "fault") {
            ++m_faults[words.value(1)];
        }
    }
    m_rest.remove(0, start);
}

} // namespace sightglass::soak
