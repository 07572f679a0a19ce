// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QSslConfiguration>
#include <QUrl>

#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QTcpServer;
class QTcpSocket;
QT_END_NAMESPACE

namespace sightglass::test {

/// One request exactly as its bytes came over the socket.
struct RawRequest {
    QByteArray head; ///< request line to the empty line, with every CR and LF
    QByteArray body; ///< by Content-Length
    int connection = 0; ///< number of its connection, from 0

    QByteArray method() const;
    QByteArray target() const;
    /// Value of the first line of that name, compared without case; null where there is none.
    QByteArray header(QByteArrayView name) const;
    qsizetype headerCount(QByteArrayView name) const;
};

/// The server's end of one connection, for a handler to answer with.
class RawConnection : public QObject {
    Q_OBJECT
public:
    explicit RawConnection(QTcpSocket *socket, int number, QObject *parent);

    int number() const { return m_number; }
    const QByteArray &received() const { return m_received; } ///< every byte so far
    bool isOpen() const;

    void write(const QByteArray &bytes);
    /// Status line, Content-Length and the body.
    void answer(int status, const QByteArray &body = {}, const QByteArray &headers = {});
    /// Closes after what was written is out.
    void close();
    /// Drops the connection with a TCP reset.
    void reset();
    /// Writes `total` bytes, as fast as the other side takes them and never more than 256 KiB
    /// ahead.
    void stream(qint64 total);
    qint64 streamed() const { return m_streamed; } ///< bytes of stream() that left the process

Q_SIGNALS:
    void arrived();
    void closed();

private:
    friend class RawServer;
    void pump();

    QTcpSocket *m_socket;
    int m_number;
    QByteArray m_received;
    QByteArray m_pending;
    qint64 m_toStream = 0;
    qint64 m_streamed = 0;
    qint64 m_queued = 0;
};

/// A server on loopback that records bytes and answers with what the test says: no HTTP
/// library in between, so that what a test sees is the wire.
class RawServer : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<void(RawConnection &, const RawRequest &)>;

    explicit RawServer(QObject *parent = nullptr);
    ~RawServer() override;

    /// Before listen(): speak TLS. Later: for the connections that come from then on.
    void useTls(const QSslConfiguration &configuration);
    bool listen(quint16 port = 0);
    void close();
    quint16 port() const;
    QUrl url(const QString &path = QStringLiteral("/mcp"),
             const QString &host = QStringLiteral("127.0.0.1")) const;

    /// Called for each whole request. Without one, requests are recorded and never answered.
    void onRequest(Handler handler);
    /// Called for each new connection, before any byte of it was read.
    void onConnection(std::function<void(RawConnection &)> handler);
    /// False: bytes are recorded but not taken as HTTP (SOCKS, CONNECT …).
    void setParsing(bool parsing);

    const QList<RawRequest> &requests() const { return m_requests; }
    const QList<RawConnection *> &connections() const { return m_connections; }
    /// Waits in the event loop until so many requests came whole.
    bool waitForRequests(qsizetype count, int timeoutMs = 10000);

    /// Path of a file that tests/support/certs/make_certificates.sh made: "ca.pem".
    static QString certificateFile(const QString &name);
    /// A server's configuration with one of these certificates, as "good", and its key.
    static QSslConfiguration tlsConfiguration(const QString &certificate);

Q_SIGNALS:
    void requested();

private:
    void accept();
    void parse(RawConnection &connection);

    std::unique_ptr<QTcpServer> m_server;
    bool m_tls = false;
    bool m_parsing = true;
    QSslConfiguration m_tlsConfiguration;
    Handler m_handler;
    std::function<void(RawConnection &)> m_connectionHandler;
    QList<RawRequest> m_requests;
    QList<RawConnection *> m_connections;
};

} // namespace sightglass::test
