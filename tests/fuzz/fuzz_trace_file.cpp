// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_file_format.h"
#include "core/trace/trace_file_packer.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/fuzz/walk_trace.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QtEndian>

namespace sightglass::fuzz {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype HeadSize = trace_file::HeadSize;
/// Of version 1, which most seeds are of.
constexpr qsizetype RecordHeadSize = trace_file::RecordHeadSize + trace_file::ChecksumSize;

/// The path of a file of this process's own, in memory where the system has such a place.
QString ownFile(const char *name)
{
    const QString folder = QDir(u"/dev/shm"_s).exists() ? u"/dev/shm"_s : QDir::tempPath();
    return u"%1/sightglass-fuzz-%2-%3"_s.arg(
        folder, QString::number(QCoreApplication::applicationPid()), QLatin1StringView(name));
}

class OwnFile {
public:
    explicit OwnFile(const char *name)
        : m_path(ownFile(name))
    {
        QFile::remove(m_path);
    }
    ~OwnFile() { QFile::remove(m_path); }
    OwnFile(const OwnFile &) = delete;
    OwnFile &operator=(const OwnFile &) = delete;

    const QString &path() const { return m_path; }
    void write(const QByteArray &bytes) const
    {
        QFile file(m_path);
        require(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size(),
                "a file can be written");
    }

private:
    QString m_path;
};

/// The same bytes with a checksum that is right in every record: chance finds none.
QByteArray withChecksums(QByteArray bytes)
{
    for (qsizetype at = HeadSize; at + RecordHeadSize <= bytes.size();) {
        const qsizetype length = qFromBigEndian<quint32>(bytes.constData() + at + 1);
        const qsizetype rest = bytes.size() - at - RecordHeadSize;
        if (length > rest)
            break;
        const QByteArrayView payload(bytes.constData() + at + RecordHeadSize, length);
        qToBigEndian(qChecksum(payload), bytes.data() + at + 5);
        at += RecordHeadSize + length;
    }
    return bytes;
}

/// The same records as a file of today: in frames whose checksums are right, a record going over
/// from one to the next.
QByteArray asPacked(const QByteArray &bytes)
{
    QByteArray records;
    for (qsizetype at = HeadSize; at < bytes.size();) {
        if (bytes.size() - at < RecordHeadSize) {
            records += bytes.sliced(at);
            break;
        }
        const qsizetype length = qFromBigEndian<quint32>(bytes.constData() + at + 1);
        records += bytes.sliced(at, trace_file::RecordHeadSize);
        at += RecordHeadSize;
        records += bytes.mid(at, length);
        at += std::min(length, bytes.size() - at);
    }
    QByteArray file = bytes.first(HeadSize);
    qToBigEndian(trace_file::Version, file.data() + trace_file::MagicSize);
    // Where the frames part comes out of the records themselves.
    const qsizetype cut = records.isEmpty() ? 0 : quint8(records.back()) % records.size();
    return file + packedFrame(records.first(cut)) + packedFrame(records.sliced(cut));
}

void checkFile(const QByteArray &bytes)
{
    const OwnFile file("in");
    file.write(bytes);
    const Expected<Recording> read = readTraceFile(file.path());
    if (!read) {
        require(!read.error().sentence.isEmpty() && read.error().kind == FailureKind::File,
                "it is said why a file cannot be read");
        return;
    }
    const TraceStore &trace = *read->trace;
    const QByteArray text = walkTrace(trace);

    // What was read can be written, and is then the same.
    const OwnFile copy("out");
    auto writer = TraceFileWriter::create(copy.path(), trace.began(), Redactor("0123456789abcdef"),
                                          !trace.redacted());
    require(writer.has_value(), "a recording can be made of what was read");
    read->trace->addSink(writer->get());
    (*writer)->close();
    read->trace->removeSink(writer->get());
    require(!(*writer)->failure(), "all of it can be written");
    const Expected<Recording> again = readTraceFile(copy.path());
    require(again.has_value() && again->warning.isEmpty(), "what was written is whole");
    if (!trace.redacted())
        require(traceText(*again->trace) == text, "and says the same");
    else
        traceText(*again->trace);
}

} // namespace

/// Any file is read as far as it is whole; what was read can be asked, handed on, and written
/// again. The file is tried as it is, with its records' checksums made right, and with its records
/// in frames of today's version.
void fuzzTraceFile(QByteArrayView input)
{
    const QByteArray bytes = input.toByteArray();
    checkFile(bytes);
    const QByteArray right = withChecksums(bytes);
    if (right != bytes)
        checkFile(right);
    if (bytes.size() > HeadSize)
        checkFile(asPacked(bytes));
}

} // namespace sightglass::fuzz
