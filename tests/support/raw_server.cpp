// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_server.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace sightglass::test {

namespace {

constexpr qint64 pumpAhead = 256 * 1024;

QList<QByteArray> headLines(const QByteArray &head)
{
    QList<QByteArray> lines = head.split('\n');
    for (QByteArray &line : lines) {
        if (line.endsWith('\r'))
            line.chop(1);
    }
    return lines;
}

} // namespace

QByteArray RawRequest::method() const
{
    return head.left(head.indexOf(' '));
}

QByteArray RawRequest::target() const
{
    return headLines(head).value(0).split(' ').value(1);
}

QByteArray RawRequest::header(QByteArrayView name) const
{
    const QList<QByteArray> lines = headLines(head);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        if (colon > 0 && lines[i].left(colon).compare(name, Qt::CaseInsensitive) == 0)
            return lines[i].mid(colon + 1).trimmed();
    }
    return {};
}

qsizetype RawRequest::headerCount(QByteArrayView name) const
{
    qsizetype count = 0;
    for (const QByteArray &line : headLines(head)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0)
            ++count;
    }
    return count;
}

RawConnection::RawConnection(QTcpSocket *socket, int number, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_number(number)
{
    m_socket->setParent(this);
    connect(m_socket, &QTcpSocket::readyRead, this, [this] {
        const QByteArray bytes = m_socket->readAll();
        m_received += bytes;
        m_pending += bytes;
        Q_EMIT arrived();
    });
    connect(m_socket, &QTcpSocket::bytesWritten, this, [this] { pump(); });
    // What was written is encrypted at once; this tells when it left.
    if (auto *tls = qobject_cast<QSslSocket *>(m_socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, [this] { pump(); });
    connect(m_socket, &QTcpSocket::disconnected, this, &RawConnection::closed);
}

bool RawConnection::isOpen() const
{
    return m_socket->state() == QAbstractSocket::ConnectedState;
}

void RawConnection::write(const QByteArray &bytes)
{
    m_socket->write(bytes);
    m_socket->flush();
}

void RawConnection::answer(int status, const QByteArray &body, const QByteArray &headers)
{
    write("HTTP/1.1 " + QByteArray::number(status) + " Status\r\n" + headers
          + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
}

void RawConnection::close()
{
    m_socket->disconnectFromHost();
}

void RawConnection::reset()
{
#ifdef Q_OS_UNIX
    const linger hard{1, 0};
    setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
#endif
    m_socket->abort();
}

void RawConnection::stream(qint64 total)
{
    m_toStream = total;
    pump();
}

void RawConnection::pump()
{
    static const QByteArray part(64 * 1024, 'x');
    auto *tls = qobject_cast<QSslSocket *>(m_socket);
    const auto waiting = [this, tls] {
        return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
    };
    while (m_queued < m_toStream && isOpen() && waiting() < pumpAhead) {
        const qint64 length = std::min<qint64>(part.size(), m_toStream - m_queued);
        m_queued += m_socket->write(part.constData(), length);
    }
    m_streamed = std::max<qint64>(m_streamed, m_queued - m_socket->bytesToWrite());
}

RawServer::RawServer(QObject *parent)
    : QObject(parent)
{
}

RawServer::~RawServer() = default;

void RawServer::useTls(const QSslConfiguration &configuration)
{
    m_tls = true;
    m_tlsConfiguration = configuration;
    if (auto *server = qobject_cast<QSslServer *>(m_server.get()))
        server->setSslConfiguration(configuration);
}

bool RawServer::listen(quint16 port)
{
    if (m_tls) {
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(m_tlsConfiguration);
        m_server = std::move(server);
    } else {
        m_server = std::make_unique<QTcpServer>();
    }
    m_server->setListenBacklogSize(200);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &RawServer::accept);
    return m_server->listen(QHostAddress::LocalHost, port);
}

void RawServer::close()
{
    if (m_server)
        m_server->close();
}

quint16 RawServer::port() const
{
    return m_server ? m_server->serverPort() : 0;
}

QUrl RawServer::url(const QString &path, const QString &host) const
{
    return QUrl(QStringLiteral("%1://%2:%3%4")
                    .arg(m_tls ? QStringLiteral("https") : QStringLiteral("http"), host)
                    .arg(port())
                    .arg(path));
}

void RawServer::onRequest(Handler handler)
{
    m_handler = std::move(handler);
}

void RawServer::onConnection(std::function<void(RawConnection &)> handler)
{
    m_connectionHandler = std::move(handler);
}

void RawServer::setParsing(bool parsing)
{
    m_parsing = parsing;
}

bool RawServer::waitForRequests(qsizetype count, int timeoutMs)
{
    return QTest::qWaitFor([this, count] { return m_requests.size() >= count; }, timeoutMs);
}

QString RawServer::certificateFile(const QString &name)
{
    return QStringLiteral(SIGHTGLASS_CERTS_DIR "/") + name;
}

QSslConfiguration RawServer::tlsConfiguration(const QString &certificate)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(
        QSslCertificate::fromPath(certificateFile(certificate + QStringLiteral(".pem"))));
    QFile keyFile(certificateFile(certificate + QStringLiteral(".key")));
    if (keyFile.open(QIODevice::ReadOnly)) {
        const QByteArray pem = keyFile.readAll();
        const QSslKey key(pem, QSsl::Ec);
        configuration.setPrivateKey(key.isNull() ? QSslKey(pem, QSsl::Rsa) : key);
    }
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    return configuration;
}

void RawServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        auto *connection = new RawConnection(socket, int(m_connections.size()), this);
        m_connections.append(connection);
        connect(connection, &RawConnection::arrived, this,
                [this, connection] { parse(*connection); });
        if (m_connectionHandler)
            m_connectionHandler(*connection);
        if (socket->bytesAvailable() > 0)
            Q_EMIT socket->readyRead();
    }
}

void RawServer::parse(RawConnection &connection)
{
    while (m_parsing) {
        const qsizetype headEnd = connection.m_pending.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        RawRequest request;
        request.connection = connection.number();
        request.head = connection.m_pending.left(headEnd + 4);
        const qsizetype length = request.header("Content-Length").toLongLong();
        if (connection.m_pending.size() < headEnd + 4 + length)
            return;
        request.body = connection.m_pending.mid(headEnd + 4, length);
        connection.m_pending.remove(0, headEnd + 4 + length);
        m_requests.append(request);
        if (m_handler)
            m_handler(connection, request);
        Q_EMIT requested();
    }
}

} // namespace sightglass::test
