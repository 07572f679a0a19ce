// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_file_format.h"
#include "core/trace/trace_file_packer.h"

#include <QFile>

namespace sightglass {

using namespace Qt::StringLiterals;
using trace_file::Type;

namespace {

Failure cannotOpen(const QString &path, const QString &why, const QString &advice)
{
    return Failure{FailureKind::File,
                   u"cannot-open"_s,
                   u"%1 cannot be opened: %2."_s.arg(path, why),
                   advice,
                   0,
                   {}};
}

/// Puts records back into a store. False: the record makes no sense.
class Replayer {
public:
    explicit Replayer(TraceStore &store)
        : m_store(store)
    {
    }

    bool take(Type type, QDataStream &in)
    {
        switch (type) {
        case Type::Request:
            return request(in);
        case Type::Mark:
            return mark(in);
        case Type::Response:
            return response(in);
        case Type::Body:
            return body(in);
        case Type::Frame:
            return frame(in);
        case Type::Finish:
            return finish(in);
        case Type::Note:
            return note(in);
        case Type::RequestBody:
            return requestBody(in);
        }
        return true; // of a later version: skipped
    }

private:
    bool begun(ExchangeId id) const { return id >= 1 && id <= m_store.exchangeCount(); }
    /// Begun, and not finished: it may get more.
    bool known(ExchangeId id) const { return begun(id) && !m_store.summary(id).finished; }

    bool request(QDataStream &in)
    {
        qint64 id = 0;
        qint64 at = 0;
        RequestRecord request;
        QByteArray body;
        in >> id >> at;
        if (!trace_file::readRequest(in, request))
            return false;
        in >> body;
        if (in.status() != QDataStream::Ok || at < 0 || id != m_store.exchangeCount() + 1)
            return false;
        m_body += body;
        m_store.begin(request, m_body, at);
        m_body.clear();
        return true;
    }

    bool requestBody(QDataStream &in)
    {
        qint64 id = 0;
        QByteArray bytes;
        in >> id >> bytes;
        if (in.status() != QDataStream::Ok || id != m_store.exchangeCount() + 1)
            return false;
        m_body += bytes;
        return true;
    }

    bool mark(QDataStream &in)
    {
        qint64 id = 0;
        quint8 mark = 0;
        qint64 at = 0;
        in >> id >> mark >> at;
        if (in.status() != QDataStream::Ok || !known(id) || mark > quint8(Mark::Sent) || at < 0)
            return false;
        m_store.mark(id, Mark(mark), at);
        return true;
    }

    bool response(QDataStream &in)
    {
        qint64 id = 0;
        qint64 at = 0;
        ResponseRecord response;
        in >> id >> at;
        if (!trace_file::readResponse(in, response) || !known(id) || at < 0 || m_store.response(id))
            return false;
        m_store.respond(id, response, at);
        return true;
    }

    bool body(QDataStream &in)
    {
        qint64 id = 0;
        qint64 at = 0;
        QByteArray bytes;
        in >> id >> at >> bytes;
        if (in.status() != QDataStream::Ok || !known(id) || at < 0)
            return false;
        if (!bytes.isEmpty())
            m_store.append(id, bytes.constData(), bytes.size(), at);
        return true;
    }

    bool frame(QDataStream &in)
    {
        qint64 id = 0;
        quint8 kind = 0;
        Frame frame;
        in >> id >> kind >> frame.start >> frame.end >> frame.at >> frame.idStart >> frame.idLength;
        // Older recordings tell of an event that the end of its stream cut off after that end.
        if (in.status() != QDataStream::Ok || !begun(id) || kind > quint8(FrameKind::NoMessage)
            || frame.start < 0 || frame.end < frame.start || frame.at < 0 || frame.idLength < 0
            || frame.idStart < -1)
            return false;
        frame.kind = FrameKind(kind);
        m_store.frame(id, frame);
        return true;
    }

    bool finish(QDataStream &in)
    {
        qint64 id = 0;
        qint64 at = 0;
        quint8 failed = 0;
        in >> id >> at >> failed;
        if (in.status() != QDataStream::Ok || !known(id) || at < 0)
            return false;
        std::optional<Failure> failure;
        if (failed && !trace_file::readFailure(in, failure.emplace()))
            return false;
        m_store.finish(id, failure, at);
        return true;
    }

    bool note(QDataStream &in)
    {
        qint64 at = 0;
        qint64 exchange = 0;
        in >> at;
        const QString name = trace_file::readText(in);
        const QString text = trace_file::readText(in);
        in >> exchange;
        const QString finding = in.atEnd() ? QString() : trace_file::readText(in);
        quint8 failed = 0;
        if (!in.atEnd())
            in >> failed;
        if (in.status() != QDataStream::Ok || at < 0)
            return false;
        Failure failure;
        if (!failed) {
            m_store.note(name, text, exchange, at, finding);
        } else if (trace_file::readFailure(in, failure)) {
            m_store.noteFailure(failure, at);
        } else {
            return false;
        }
        return true;
    }

    TraceStore &m_store;
    QByteArray m_body; ///< parts of the body of the request that comes next
};

} // namespace

struct TraceFileReader::Private {
    explicit Private(const QString &path)
        : file(path)
    {
    }

    QFile file;
    std::shared_ptr<TraceStore> trace;
    std::optional<Replayer> replayer;
    quint16 version = trace_file::Version;
    TraceFileUnpacker unpacker;
    QByteArray records; ///< what was read of them, and not taken yet
    qint64 taken = 0; ///< bytes of them in the file (version 1)
    QString warning;
    bool atEnd = false;

    void end(const QString &why)
    {
        atEnd = true;
        // The head's may be there.
        warning += warning.isEmpty() ? why : u' ' + why;
    }
    void endDamaged(qint64 at)
    {
        end(u"The file is damaged at byte %1 of %2: what was before it is here."_s.arg(at).arg(
            file.size()));
    }
    /// A frame can be checked as a whole alone: it is somewhere in it.
    void endDamaged(qint64 from, qint64 to)
    {
        end(u"The file is damaged between byte %1 and byte %2 of %3: what was before them is here."_s
                .arg(from)
                .arg(to)
                .arg(file.size()));
    }
    void endCut(qint64 at)
    {
        end(u"The file ends within a record, at byte %1 of %2: what was before it is here."_s
                .arg(at)
                .arg(file.size()));
    }
    /// Where in the file stands what is not taken yet, as near as it can be told.
    qint64 place() const
    {
        return trace_file::HeadSize
            + (version == trace_file::UnpackedVersion ? taken : unpacker.whole());
    }
    /// `before` is the place of what came last.
    void takeRecords(qint64 before);
    void endOfFile();
};

/// All that are whole.
void TraceFileReader::Private::takeRecords(qint64 before)
{
    const bool hasChecksum = version == trace_file::UnpackedVersion;
    const int headSize = trace_file::RecordHeadSize + (hasChecksum ? trace_file::ChecksumSize : 0);
    qsizetype at = 0;
    while (records.size() - at >= headSize) {
        quint8 type = 0;
        quint32 length = 0;
        quint16 checksum = 0;
        QDataStream in(QByteArray::fromRawData(records.constData() + at, headSize));
        in >> type >> length;
        if (hasChecksum)
            in >> checksum;
        if (length > trace_file::MostPayload)
            return endDamaged(hasChecksum ? place() : before);
        if (records.size() - at - headSize < qsizetype(length))
            break;
        const QByteArray payload =
            QByteArray::fromRawData(records.constData() + at + headSize, length);
        QDataStream payloadIn(payload);
        payloadIn.setVersion(QDataStream::Qt_6_0);
        if ((hasChecksum && qChecksum(payload) != checksum)
            || !replayer->take(Type(type), payloadIn))
            return endDamaged(hasChecksum ? place() : before);
        at += headSize + length;
        taken += headSize + length;
    }
    records.remove(0, at);
}

void TraceFileReader::Private::endOfFile()
{
    const bool open = !unpacker.rest().isEmpty() || place() < file.size();
    if (version == trace_file::UnpackedVersion) {
        if (records.isEmpty())
            atEnd = true;
        else
            endCut(place());
        return;
    }
    const qint64 at = place();
    records += unpacker.rest();
    takeRecords(at);
    if (atEnd)
        return;
    if (!records.isEmpty() || (open && !unpacker.isFlushed()))
        endCut(file.size());
    else if (open)
        end(u"The recording was not ended, or is still being written: what was there at byte %1 is "
            "here."_s.arg(file.size()));
    else
        atEnd = true;
}

TraceFileReader::TraceFileReader(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

TraceFileReader::~TraceFileReader() = default;

Expected<std::unique_ptr<TraceFileReader>> TraceFileReader::open(const QString &path)
{
    if (const QString other = trace_file::notAFile(path); !other.isEmpty())
        return cannotOpen(path, other, u"Give the file of a recording."_s);
    auto d = std::make_unique<Private>(path);
    if (!d->file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return cannotOpen(path, d->file.errorString(), u"Check the path."_s);
    const QByteArray head = d->file.read(trace_file::HeadSize);
    if (head.isEmpty())
        return cannotOpen(path, u"it is empty"_s, u"There is nothing in it to read."_s);
    if (!head.startsWith(trace_file::Magic)) {
        return cannotOpen(path, u"it is no recording of Sightglass"_s,
                          u"Recordings are made with --trace, or with Record to file."_s);
    }
    if (head.size() < trace_file::HeadSize)
        return cannotOpen(path, u"it ends within its first bytes"_s,
                          u"There is nothing in it to read."_s);
    const trace_file::Head said = trace_file::readHead(head);
    d->version = said.version;
    if (d->version < trace_file::UnpackedVersion)
        return cannotOpen(path, u"its first bytes are damaged"_s,
                          u"There is nothing in it that can be relied on."_s);
    if (d->version > trace_file::Version) {
        return cannotOpen(path, u"it has version %1 of the format"_s.arg(d->version),
                          u"A newer Sightglass wrote it: open it with that one."_s);
    }
    if (!said.isSound)
        d->warning =
            u"The first %1 bytes of the file are damaged: when it was recorded, and whether "
            "it is without secrets, can't be relied on."_s.arg(trace_file::HeadSize);
    d->trace = std::make_shared<TraceStore>(TraceClock(), said.began);
    d->trace->setRedacted(said.redacted);
    d->replayer.emplace(*d->trace);
    return std::unique_ptr<TraceFileReader>(new TraceFileReader(std::move(d)));
}

bool TraceFileReader::read()
{
    constexpr qint64 Part = 1 << 20;
    if (d->atEnd)
        return false;
    const QByteArray bytes =
        d->file.read(d->version == trace_file::UnpackedVersion ? Part : Part / 8);
    if (bytes.isEmpty()) {
        d->endOfFile();
        return false;
    }
    const qint64 before = d->place();
    if (d->version == trace_file::UnpackedVersion)
        d->records += bytes;
    const bool whole =
        d->version == trace_file::UnpackedVersion || d->unpacker.feed(bytes, d->records);
    d->takeRecords(before);
    if (!whole && !d->atEnd)
        d->endDamaged(d->place(), trace_file::HeadSize + d->unpacker.damagedBefore());
    return !d->atEnd;
}

std::shared_ptr<TraceStore> TraceFileReader::trace() const
{
    return d->trace;
}

qint64 TraceFileReader::position() const
{
    return d->file.pos();
}

qint64 TraceFileReader::size() const
{
    return d->file.size();
}

QString TraceFileReader::warning() const
{
    return d->warning;
}

Expected<Recording> readTraceFile(const QString &path)
{
    Expected<std::unique_ptr<TraceFileReader>> reader = TraceFileReader::open(path);
    if (!reader)
        return reader.error();
    while ((*reader)->read()) { }
    return Recording{(*reader)->trace(), (*reader)->warning()};
}

} // namespace sightglass
