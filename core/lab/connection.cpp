// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"

#include <QDateTime>
#include <QLocale>
#include <QSslSocket>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QByteArray httpDate(qint64 offset)
{
    return QLocale::c()
        .toString(QDateTime::currentDateTimeUtc().addSecs(offset),
                  u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s)
        .toLatin1();
}

} // namespace

QByteArray labReasonPhrase(int status)
{
    static constexpr std::pair<int, const char *> phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {302, "Found"},
        {303, "See Other"},
        {307, "Temporary Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (const auto &[known, phrase] : phrases) {
        if (known == status)
            return phrase;
    }
    return "Status";
}

LabReply::LabReply(LabConnection *connection, LabRequest request)
    : QObject(connection)
    , m_connection(connection)
    , m_request(std::move(request))
{
    m_clock.start();
}

void LabReply::addHeader(const QByteArray &name, const QByteArray &value)
{
    m_headers.append(LabHeader{name, value});
}

QByteArray LabReply::head(int status, const QByteArray &contentType,
                          const QList<LabHeader> &more) const
{
    QByteArray text =
        "HTTP/1.1 " + QByteArray::number(status) + ' ' + labReasonPhrase(status) + "\r\n";
    const auto add = [&text](const QByteArray &name, const QByteArray &value) {
        text += name + ": " + value + "\r\n";
    };
    add("Date", httpDate(m_clockOffset));
    add("Server", "sightglass-lab/" SIGHTGLASS_VERSION);
    if (!contentType.isEmpty())
        add("Content-Type", contentType);
    for (const LabHeader &header : m_headers)
        add(header.name, header.value);
    for (const LabHeader &header : more)
        add(header.name, header.value);
    const bool keepAlive = m_request.keepsAlive() && m_framing != Framing::Raw;
    add("Connection", keepAlive ? "keep-alive" : "close");
    return text + "\r\n";
}

void LabReply::send(int status, const QByteArray &contentType, const QByteArray &body)
{
    if (m_finished)
        return;
    begin(status, contentType, Framing::Length, body.size());
    if (m_request.method != "HEAD")
        writeRaw(body);
    end();
}

void LabReply::begin(int status, const QByteArray &contentType, Framing framing, qint64 length)
{
    if (m_finished || isBegun())
        return;
    m_framing = framing == Framing::Chunked && m_request.minorVersion == 0 ? Framing::Raw : framing;
    m_status = status;
    QList<LabHeader> more;
    if (m_framing == Framing::Chunked)
        more.append(LabHeader{"Transfer-Encoding", "chunked"});
    if (m_framing == Framing::Length && status != 204)
        more.append(LabHeader{"Content-Length", QByteArray::number(length)});
    writeRaw(head(status, contentType, more));
    Q_EMIT begun();
}

void LabReply::write(QByteArrayView bytes)
{
    if (m_framing != Framing::Chunked) {
        writeRaw(bytes);
        return;
    }
    if (bytes.isEmpty())
        return; // an empty chunk would end the body
    QByteArray chunk;
    chunk.reserve(bytes.size() + 20);
    chunk += QByteArray::number(bytes.size(), 16) + "\r\n";
    chunk.append(bytes.data(), bytes.size());
    chunk += "\r\n";
    writeRaw(chunk);
}

void LabReply::writeRaw(QByteArrayView bytes)
{
    if (!m_finished && !bytes.isEmpty())
        m_connection->m_socket->write(bytes.data(), bytes.size());
}

void LabReply::end()
{
    if (m_finished)
        return;
    if (m_framing == Framing::Chunked)
        writeRaw("0\r\n\r\n");
    const bool keepAlive = m_request.keepsAlive() && m_framing != Framing::Raw;
    finish(true);
    m_connection->replyDone(keepAlive);
}

void LabReply::drop()
{
    if (m_finished)
        return;
    finish(false);
    m_connection->replyDone(false);
}

void LabReply::reset()
{
    if (m_finished)
        return;
    QTcpSocket *socket = m_connection->m_socket;
#ifdef Q_OS_UNIX
    // Qt has no option for it: with a linger time of zero, closing sends RST in place of FIN.
    const linger none{1, 0};
    setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &none, sizeof none);
#endif
    finish(false);
    socket->abort();
}

void LabReply::setSource(Source source)
{
    m_source = std::move(source);
    pull();
}

void LabReply::pull()
{
    if (m_pulling)
        return;
    m_pulling = true;
    while (m_source && !m_finished && m_connection->waiting() < LabConnection::highWater) {
        // Moved out while it runs: the source may set another one.
        Source source = std::exchange(m_source, {});
        const bool hasMore = source();
        if (hasMore && !m_source)
            m_source = std::move(source);
    }
    m_pulling = false;
}

void LabReply::finish(bool whole)
{
    if (m_finished)
        return;
    m_finished = true;
    Q_EMIT finished(whole);
    deleteLater();
}

LabConnection::LabConnection(QTcpSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(1024 * 1024);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket, &QTcpSocket::readyRead, this, &LabConnection::advance);
    const auto written = [this] {
        if (m_reply)
            m_reply->pull();
    };
    connect(m_socket, &QTcpSocket::bytesWritten, this, written);
    if (auto *tls = qobject_cast<QSslSocket *>(m_socket))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, written);
    connect(m_socket, &QTcpSocket::disconnected, this, &LabConnection::gone);
    // What came before the signals were connected
    QMetaObject::invokeMethod(this, &LabConnection::advance, Qt::QueuedConnection);
}

qint64 LabConnection::waiting() const
{
    const auto *tls = qobject_cast<const QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

void LabConnection::advance()
{
    if (m_closing) {
        m_socket->readAll();
        return;
    }
    while (!m_reply && !m_closing) {
        m_parser.feed(m_socket->readAll());
        switch (m_parser.next()) {
        case LabRequestParser::Step::NeedsMore:
            if (m_socket->bytesAvailable() == 0)
                return;
            break;
        case LabRequestParser::Step::ExpectsContinue:
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            break;
        case LabRequestParser::Step::Complete: {
            m_reply = new LabReply(this, m_parser.take());
            Q_EMIT requestArrived(m_reply);
            break;
        }
        case LabRequestParser::Step::Malformed: {
            const QByteArray body = m_parser.reason() + ".\n";
            m_socket->write("HTTP/1.1 " + QByteArray::number(m_parser.status()) + ' '
                            + labReasonPhrase(m_parser.status())
                            + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                            + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n"
                            + body);
            m_closing = true;
            m_socket->disconnectFromHost();
            Q_EMIT malformedRequest(m_parser.status(), m_parser.reason());
            return;
        }
        }
    }
}

void LabConnection::replyDone(bool keepAlive)
{
    m_reply = nullptr;
    if (keepAlive) {
        QMetaObject::invokeMethod(this, &LabConnection::advance, Qt::QueuedConnection);
        return;
    }
    m_closing = true;
    m_socket->disconnectFromHost();
}

void LabConnection::gone()
{
    m_closing = true;
    if (m_reply)
        m_reply->finish(false);
    deleteLater();
}

} // namespace sightglass
