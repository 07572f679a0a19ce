// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/faulty_relay.h"

#include "core/lab/http_request.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

#include <sys/socket.h>

namespace sightglass::soak {

const char *lineFaultName(LineFault fault)
{
    constexpr const char *names[LineFaults] = {"none",  "503",     "lost", "dropped",
                                               "reset", "stalled", "slow"};
    return names[int(fault)];
}

/// One connection of a client, and its own to the lab. Goes with the first of both that ends.
class FaultyRelay::Line : public QObject {
public:
    Line(FaultyRelay *relay, QTcpSocket *client)
        : QObject(relay)
        , m_relay(relay)
        , m_client(client)
        , m_lab(new QTcpSocket(this))
    {
        client->setParent(this);
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, &Line::passDown);
        connect(client, &QTcpSocket::readyRead, this, &Line::takeUp);
        connect(client, &QTcpSocket::disconnected, this, &Line::end);
        connect(m_lab, &QTcpSocket::readyRead, this, &Line::passDown);
        connect(m_lab, &QTcpSocket::disconnected, this, [this] {
            m_labIsGone = true;
            passDown();
        });
        connect(m_lab, &QTcpSocket::errorOccurred, this, [this] {
            m_labIsGone = true;
            passDown();
        });
        m_lab->connectToHost(QHostAddress(QHostAddress::LocalHost), relay->m_labPort);
    }

private:
    void end()
    {
        m_client->disconnect(this);
        m_lab->disconnect(this);
        m_lab->abort();
        deleteLater();
    }
    void cut(bool reset)
    {
        m_client->disconnect(this);
        m_client->flush();
        if (reset) {
            const linger hard{1, 0};
            ::setsockopt(int(m_client->socketDescriptor()), SOL_SOCKET, SO_LINGER, &hard,
                         sizeof hard);
            m_client->abort();
        } else {
            m_client->disconnectFromHost();
        }
        end();
    }

    /// A request is passed on when it is whole and stands in the ledger.
    void takeUp()
    {
        const QByteArray bytes = m_client->readAll();
        m_held += bytes;
        m_parser.feed(bytes);
        while (m_parser.next() == LabRequestParser::Step::Complete) {
            const LabRequest request = m_parser.take();
            if (m_relay->onRequest)
                m_relay->onRequest(request.method, request.header("Mcp-Session-Id"), request.body);
            m_fault = m_relay->draw();
            if (m_fault != LineFault::None && m_relay->onFault)
                m_relay->onFault(m_fault);
            if (m_fault == LineFault::Lost) {
                // Half of them reach the lab all the same.
                if (m_relay->m_random.bounded(2))
                    m_lab->write(m_held);
                if (m_lab->state() == QAbstractSocket::ConnectedState)
                    m_lab->flush();
                cut(m_relay->m_random.bounded(2));
                return;
            }
            if (m_fault == LineFault::Unavailable) {
                m_held.clear();
                m_client->write("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\n"
                                "Content-Length: 5\r\nContent-Type: text/plain\r\n\r\nbusy\n");
                continue;
            }
            m_untilFault = m_relay->m_random.bounded(m_relay->m_random.bounded(3) ? 1500 : 100'000);
            m_slowBytes = 500;
            m_lab->write(m_held);
            m_held.clear();
        }
    }

    void passDown()
    {
        while (!m_timer.isActive() && m_lab->bytesAvailable() > 0) {
            const bool armed = m_fault > LineFault::Lost;
            qint64 most = armed ? std::min<qint64>(m_untilFault, 64 * 1024) : 64 * 1024;
            if (armed && m_untilFault == 0) {
                switch (m_fault) {
                case LineFault::Dropped:
                case LineFault::Reset:
                    cut(m_fault == LineFault::Reset);
                    return;
                case LineFault::Stalled:
                    m_fault = LineFault::None;
                    m_timer.start(300 + m_relay->m_random.bounded(2500));
                    return;
                default:
                    break;
                }
                // Slow.
                most = 1 + m_relay->m_random.bounded(16);
                m_slowBytes -= most;
                if (m_slowBytes <= 0)
                    m_fault = LineFault::None;
                m_client->write(m_lab->read(most));
                m_timer.start(1);
                return;
            }
            const QByteArray bytes = m_lab->read(most);
            if (armed)
                m_untilFault -= bytes.size();
            m_client->write(bytes);
        }
        if (m_labIsGone && m_lab->bytesAvailable() == 0) {
            // What was written goes out first.
            m_client->disconnectFromHost();
        }
    }

    FaultyRelay *m_relay;
    QTcpSocket *m_client;
    QTcpSocket *m_lab;
    QTimer m_timer;
    LabRequestParser m_parser;
    QByteArray m_held;
    LineFault m_fault = LineFault::None;
    qint64 m_untilFault = 0; ///< bytes of the answer before it plays
    qint64 m_slowBytes = 0;
    bool m_labIsGone = false;
};

FaultyRelay::FaultyRelay(quint16 labPort, QObject *parent)
    : QObject(parent)
    , m_listener(new QTcpServer(this))
    , m_labPort(labPort)
{
    connect(m_listener, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *client = m_listener->nextPendingConnection())
            new Line(this, client);
    });
}

FaultyRelay::~FaultyRelay() = default;

bool FaultyRelay::listen(quint16 port)
{
    return m_listener->listen(QHostAddress(QHostAddress::LocalHost), port);
}

void FaultyRelay::setFaults(int perMille, quint32 seed)
{
    m_perMille = perMille;
    m_random.seed(seed);
}

LineFault FaultyRelay::draw()
{
    if (int(m_random.bounded(1000)) >= m_perMille)
        return LineFault::None;
    return LineFault(1 + m_random.bounded(LineFaults - 1));
}

} // namespace sightglass::soak
