// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file_format.h"

#include <QFileInfo>
#include <QTimeZone>
#include <QtEndian>

namespace sightglass::trace_file {

using namespace Qt::StringLiterals;

QString notAFile(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists() || info.isFile())
        return {};
    return info.isDir() ? u"it is a folder"_s : u"it is a pipe or a device, and no file"_s;
}

namespace {

constexpr int BeginningAt = HeadSize - 8;
constexpr int BeginningBits = 48; ///< that a checksum leaves

} // namespace

QByteArray head(const QDateTime &began, bool redacted)
{
    const qint64 ms = began.toMSecsSinceEpoch();
    const bool hasChecksum = (ms >> BeginningBits) == 0;
    QByteArray head(Magic, MagicSize);
    QByteArray rest;
    QDataStream out(&rest, QIODevice::WriteOnly);
    out << Version << quint8((redacted ? RedactedFlag : 0) | (hasChecksum ? ChecksumFlag : 0))
        << ms;
    head += rest;
    if (hasChecksum)
        qToBigEndian(qChecksum(head), head.data() + BeginningAt);
    return head;
}

Head readHead(QByteArrayView bytes)
{
    // From year 1 to 9999: what no clock says was not written so.
    constexpr qint64 First = -62'135'596'800'000;
    constexpr qint64 Last = 253'402'300'799'999;
    QByteArray head = bytes.first(HeadSize).toByteArray();
    Head read;
    read.version = qFromBigEndian<quint16>(head.constData() + MagicSize);
    const quint8 flags = quint8(head.at(MagicSize + 2));
    read.isSound = (flags & ~(RedactedFlag | ChecksumFlag)) == 0;
    if (flags & ChecksumFlag) {
        const auto said = qFromBigEndian<quint16>(head.constData() + BeginningAt);
        qToBigEndian(quint16(0), head.data() + BeginningAt);
        read.isSound = read.isSound && said == qChecksum(head);
    }
    qint64 ms = qFromBigEndian<qint64>(head.constData() + BeginningAt);
    if (ms < First || ms > Last) {
        read.isSound = false;
        ms = 0;
    }
    read.began = QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::utc());
    read.redacted = read.isSound && (flags & RedactedFlag);
    return read;
}

void writeText(QDataStream &out, const QString &text)
{
    out << text.toUtf8();
}

QString readText(QDataStream &in)
{
    QByteArray utf8;
    in >> utf8;
    return QString::fromUtf8(utf8);
}

namespace {

void writeHeaders(QDataStream &out, const QList<Header> &headers)
{
    out << quint32(headers.size());
    for (const Header &header : headers)
        out << header.name << header.value << quint8(header.source) << header.secret;
}

bool readHeaders(QDataStream &in, QList<Header> &headers)
{
    quint32 count = 0;
    in >> count;
    for (quint32 i = 0; i < count && in.status() == QDataStream::Ok; ++i) {
        Header header;
        quint8 source = 0;
        in >> header.name >> header.value >> source >> header.secret;
        if (source > quint8(HeaderSource::Server))
            return false;
        header.source = HeaderSource(source);
        headers.append(header);
    }
    return in.status() == QDataStream::Ok;
}

} // namespace

void writeRequest(QDataStream &out, const RequestRecord &request)
{
    out << quint8(request.kind) << qint64(request.cause) << request.method
        << request.url.toEncoded() << request.target;
    writeHeaders(out, request.headers);
    out << quint32(request.withheld.size());
    for (const Withheld &withheld : request.withheld) {
        out << withheld.name;
        writeText(out, withheld.why);
    }
    writeText(out, request.what);
    writeText(out, request.acting);
}

bool readRequest(QDataStream &in, RequestRecord &request)
{
    quint8 kind = 0;
    qint64 cause = 0;
    QByteArray url;
    in >> kind >> cause >> request.method >> url >> request.target;
    if (kind > quint8(ExchangeKind::Input) || cause < 0 || !readHeaders(in, request.headers))
        return false;
    request.kind = ExchangeKind(kind);
    request.cause = cause;
    request.url = QUrl::fromEncoded(url);
    quint32 count = 0;
    in >> count;
    for (quint32 i = 0; i < count && in.status() == QDataStream::Ok; ++i) {
        Withheld withheld;
        in >> withheld.name;
        withheld.why = readText(in);
        request.withheld.append(withheld);
    }
    request.what = readText(in);
    request.acting = readText(in);
    return in.status() == QDataStream::Ok;
}

void writeResponse(QDataStream &out, const ResponseRecord &response)
{
    out << qint32(response.status) << response.reason << response.http;
    writeHeaders(out, response.headers);
}

bool readResponse(QDataStream &in, ResponseRecord &response)
{
    qint32 status = 0;
    in >> status >> response.reason >> response.http;
    response.status = status;
    return readHeaders(in, response.headers);
}

void writeFailure(QDataStream &out, const Failure &failure)
{
    out << quint8(failure.kind);
    for (const QString &text : {failure.code, failure.sentence, failure.advice, failure.finding})
        writeText(out, text);
    out << qint64(failure.exchange);
}

bool readFailure(QDataStream &in, Failure &failure)
{
    quint8 kind = 0;
    in >> kind;
    if (kind > quint8(FailureKind::File))
        return false;
    failure.kind = FailureKind(kind);
    for (QString *text : {&failure.code, &failure.sentence, &failure.advice, &failure.finding})
        *text = readText(in);
    qint64 exchange = 0;
    in >> exchange;
    failure.exchange = exchange;
    return in.status() == QDataStream::Ok && exchange >= 0;
}

} // namespace sightglass::trace_file
