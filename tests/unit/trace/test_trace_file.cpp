// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_file_format.h"
#include "core/trace/trace_text.h"
#include "tests/support/recording_bytes.h"

#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>
#include <QtEndian>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Secret = "s3cr3t-t0ken-0123456789";

/// Two exchanges: a call whose answer echoes the secret, and one that failed.
void tell(TraceStore &trace, qsizetype cut)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:1/mcp?access_token="_s + QString::fromLatin1(Secret));
    request.target = "/mcp?access_token=" + Secret;
    request.what = u"tools/call echo"_s;
    request.headers = {{"Host", "127.0.0.1:1", HeaderSource::Library, false},
                       {"Authorization", "Bearer " + Secret, HeaderSource::Credential, true}};
    request.withheld = {{"Cookie", u"acting like AF-05"_s}};
    const ExchangeId id = trace.begin(request, "{\"client_secret\":\"" + Secret + "\"}");
    trace.mark(id, Mark::Sent);
    ResponseRecord response;
    response.status = 200;
    response.reason = "OK for " + Secret;
    response.http = "HTTP/1.1";
    response.headers = {{"Set-Cookie", "sid=" + Secret, HeaderSource::Server, false},
                        {"X-" + Secret, "yes", HeaderSource::Server, false}};
    trace.respond(id, response);
    const QByteArray body = "data: {\"echo\":\"" + Secret + "\"}\n\n";
    const qsizetype at = qMin(cut, body.size());
    trace.append(id, body.constData(), at);
    trace.append(id, body.constData() + at, body.size() - at);
    Frame frame;
    frame.end = body.size();
    trace.frame(id, frame);
    trace.finish(id);
    // Older recordings have what the end of a stream cut off behind that end.
    Frame rest;
    rest.kind = FrameKind::Incomplete;
    rest.start = rest.end = body.size();
    trace.frame(id, rest);

    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.cause = id;
    trace.noteFailure(Failure{
        FailureKind::Protocol, u"not-json"_s, u"It said "_s + QString::fromLatin1(Secret) + u"."_s,
        u"Do not use "_s + QString::fromLatin1(Secret) + u" there."_s, id, u"AF-96"_s});
    const ExchangeId failed = trace.begin(request, {});
    trace.finish(failed,
                 Failure{FailureKind::Unreachable,
                         u"reset"_s,
                         u"The token "_s + QString::fromLatin1(Secret) + u" was dropped."_s,
                         {},
                         failed,
                         u"AF-99"_s});
    trace.note(u"notice"_s, u"about "_s + QString::fromLatin1(Secret), failed, -1, u"AF-97"_s);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The head of a recording as version 1 has it, without a checksum.
QByteArray olderHead(const QByteArray &recording)
{
    QByteArray head = recording.first(trace_file::HeadSize);
    constexpr int Flags = trace_file::MagicSize + 2;
    head[trace_file::MagicSize + 1] = 1;
    head[Flags] = char(head.at(Flags) & ~trace_file::ChecksumFlag);
    head[Flags + 1] = head[Flags + 2] = 0;
    return head;
}

/// Sees to it that each record is in the file before the next one is told.
class Flushing final : public TraceSink {
public:
    explicit Flushing(TraceFileWriter *writer)
        : m_writer(writer)
    {
    }
    void onRequest(ExchangeId id, qint64 at, const RequestRecord &request,
                   const QByteArray &body) override
    {
        m_writer->onRequest(id, at, request, body);
        m_writer->flush();
    }
    void onMark(ExchangeId id, Mark mark, qint64 at) override
    {
        m_writer->onMark(id, mark, at);
        m_writer->flush();
    }
    void onResponse(ExchangeId id, qint64 at, const ResponseRecord &response) override
    {
        m_writer->onResponse(id, at, response);
        m_writer->flush();
    }
    void onBody(ExchangeId id, const BodyChunk &chunk, const char *bytes) override
    {
        m_writer->onBody(id, chunk, bytes);
        m_writer->flush();
    }
    void onFrame(ExchangeId id, const Frame &frame) override
    {
        m_writer->onFrame(id, frame);
        m_writer->flush();
    }
    void onFinish(ExchangeId id, qint64 at, const std::optional<Failure> &failure) override
    {
        m_writer->onFinish(id, at, failure);
        m_writer->flush();
    }
    void onNote(const Note &note) override
    {
        m_writer->onNote(note);
        m_writer->flush();
    }

private:
    TraceFileWriter *m_writer;
};

/// As the first version of the format has it, from records of this one.
QByteArray ofVersion1(const QByteArray &file)
{
    QByteArray plain = plainRecording(file);
    QByteArray old = olderHead(plain);
    for (qsizetype at = trace_file::HeadSize; at < plain.size();) {
        const auto length = qFromBigEndian<quint32>(plain.constData() + at + 1);
        const QByteArray payload = plain.mid(at + trace_file::RecordHeadSize, length);
        QDataStream out(&old, QIODevice::WriteOnly | QIODevice::Append);
        out.writeRawData(plain.constData() + at, trace_file::RecordHeadSize);
        out << qChecksum(payload);
        out.writeRawData(payload.constData(), int(payload.size()));
        at += trace_file::RecordHeadSize + length;
    }
    return old;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class TestTraceFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_was_recorded_is_read_back();
    void no_secret_is_in_a_redacted_file_however_it_was_split();
    void other_programs_can_read_it();
    void a_cut_file_opens_up_to_the_cut();
    void a_cut_older_file_opens_up_to_the_cut();
    void a_long_recording_is_read_part_by_part();
    void a_frame_that_is_longer_than_ours_is_damaged();
    void a_full_disk_ends_the_recording_and_nothing_else();
    void a_damaged_file_never_crashes_data();
    void a_damaged_file_never_crashes();
    void damage_in_the_head_is_told();
    void a_beginning_of_any_year_is_kept();
    void damage_is_told_where_it_is();
    void a_request_body_of_any_size_is_read_back_data();
    void a_request_body_of_any_size_is_read_back();
    void a_cut_in_a_long_request_body_loses_that_request_alone();
    void what_no_record_can_hold_ends_the_recording_before_it();
    void other_files_are_not_overwritten();
    void a_recording_that_is_being_written_is_left_alone();
    void what_is_no_file_is_not_opened_data();
    void what_is_no_file_is_not_opened();
    void notes_of_the_oldest_files_have_no_finding();
    void what_is_no_recording_is_refused_data();
    void what_is_no_recording_is_refused();

private:
    QByteArray record(bool withSecrets, qsizetype cut = 5);

    QTemporaryDir m_folder;
};

QByteArray TestTraceFile::record(bool withSecrets, qsizetype cut)
{
    const QString path = m_folder.filePath(u"a.sgtrace"_s);
    QFile::remove(path);
    TraceStore trace;
    {
        auto writer =
            TraceFileWriter::create(path, trace.began(), Redactor("0123456789abcdef"), withSecrets);
        if (!writer)
            return {};
        Flushing flushing(writer->get());
        trace.addSink(&flushing);
        tell(trace, cut);
        trace.removeSink(&flushing);
        (*writer)->close();
        if ((*writer)->failure())
            return {};
    }
    return contents(path);
}

void TestTraceFile::what_was_recorded_is_read_back()
{
    QVERIFY(!record(true).isEmpty());
    const Expected<Recording> recording = readTraceFile(m_folder.filePath(u"a.sgtrace"_s));
    QVERIFY(recording);
    QVERIFY2(recording->warning.isEmpty(), qPrintable(recording->warning));
    const TraceStore &trace = *recording->trace;
    TraceStore original;
    tell(original, 5);
    QVERIFY(!trace.redacted());
    QCOMPARE(trace.exchangeCount(), 2);
    QCOMPARE(trace.request(1), original.request(1));
    QCOMPARE(trace.request(2), original.request(2));
    QCOMPARE(*trace.response(1), *original.response(1));
    QCOMPARE(trace.requestBody(1), original.requestBody(1));
    QCOMPARE(trace.responseBody(1), original.responseBody(1));
    QCOMPARE(trace.chunkCount(1), 2);
    QCOMPARE(trace.summary(1).frames, 2);
    QCOMPARE(trace.frame(1, 0).end, original.frame(1, 0).end);
    QCOMPARE(trace.frame(1, 1).kind, FrameKind::Incomplete);
    QCOMPARE(trace.failure(2), original.failure(2));
    QCOMPARE(trace.noteCount(), 2);
    QCOMPARE(trace.note(0).failure, original.note(0).failure);
    QCOMPARE(judgedFailure(trace, 1), original.note(0).failure);
    QCOMPARE(judgedFailure(trace, 2), trace.failure(2));
    QCOMPARE(trace.note(1).name, u"notice"_s);
    QCOMPARE(trace.note(1).exchange, 2);
    QCOMPARE(trace.note(1).finding, u"AF-97"_s);
    QVERIFY(trace.summary(1).finished);
}

void TestTraceFile::no_secret_is_in_a_redacted_file_however_it_was_split()
{
    for (qsizetype cut = 0; cut < 48; ++cut) {
        const QByteArray bytes = plainRecording(record(false, cut));
        QVERIFY(!bytes.isEmpty());
        QVERIFY2(!bytes.contains(Secret), QByteArray::number(cut).constData());
        // Nor a half of it.
        QVERIFY2(!bytes.contains(Secret.first(12)) && !bytes.contains(Secret.last(12)),
                 QByteArray::number(cut).constData());
        const Expected<Recording> recording = readTraceFile(m_folder.filePath(u"a.sgtrace"_s));
        QVERIFY(recording && recording->trace->redacted());
        TraceStore original;
        tell(original, cut);
        QCOMPARE(recording->trace->responseBody(1).size(), original.responseBody(1).size());
        QVERIFY(recording->trace->request(1).headers.at(1).value.startsWith("Bearer ~"));
    }
}

void TestTraceFile::other_programs_can_read_it()
{
    const QByteArray whole = record(false);
    const QString packed = m_folder.filePath(u"records.zst"_s);
    write(packed, whole.sliced(trace_file::HeadSize));
    QProcess zstd;
    zstd.start(u"zstd"_s, {u"-dc"_s, packed});
    QVERIFY2(zstd.waitForFinished(), "zstd is missing");
    QCOMPARE(zstd.exitCode(), 0);
    QCOMPARE(whole.first(trace_file::HeadSize) + zstd.readAllStandardOutput(),
             plainRecording(whole));
}

void TestTraceFile::a_cut_file_opens_up_to_the_cut()
{
    const QByteArray whole = record(false);
    const qsizetype records = plainRecording(whole).size();
    TraceStore original;
    tell(original, 5);

    const QString path = m_folder.filePath(u"cut.sgtrace"_s);
    ExchangeId exchanges = 0;
    qint64 bytes = 0;
    int unended = 0;
    for (qsizetype size = 0; size <= whole.size(); ++size) {
        write(path, whole.first(size));
        const Expected<Recording> recording = readTraceFile(path);
        QCOMPARE(recording.has_value(), size >= trace_file::HeadSize);
        if (!recording) {
            QCOMPARE(recording.error().kind, FailureKind::File);
            continue;
        }
        // One that was not ended says so, and where; behind a whole record it is not cut.
        QCOMPARE(recording->warning.isEmpty(),
                 size == whole.size() || size == trace_file::HeadSize);
        if (!recording->warning.isEmpty())
            QVERIFY(recording->warning.contains(QString::number(size)));
        unended += recording->warning.contains(u"was not ended"_s) ? 1 : 0;
        const TraceStore &trace = *recording->trace;
        QVERIFY(trace.exchangeCount() >= exchanges);
        exchanges = trace.exchangeCount();
        if (exchanges == 0)
            continue;
        QVERIFY(trace.summary(1).responseBytes >= bytes);
        bytes = trace.summary(1).responseBytes;
        // All of it can be shown.
        for (ExchangeId id = 1; id <= exchanges; ++id)
            QVERIFY(exchangeToJson(trace, id, nullptr).endsWith('}'));
    }
    QVERIFY(records > 0);
    // After each record it was flushed.
    QVERIFY2(unended > 10, QByteArray::number(unended));
    QCOMPARE(exchanges, 2);
    QCOMPARE(bytes, original.summary(1).responseBytes);
}

void TestTraceFile::a_long_recording_is_read_part_by_part()
{
    const QString path = m_folder.filePath(u"long.sgtrace"_s);
    constexpr ExchangeId Count = 20'000;
    {
        auto writer = TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(),
                                              Redactor("0123456789abcdef"), true);
        QVERIFY(writer);
        RequestRecord request;
        request.kind = ExchangeKind::Post;
        for (ExchangeId id = 1; id <= Count; ++id) {
            (*writer)->onRequest(id, id * 10, request, QByteArray::number(id));
            (*writer)->onResponse(id, id * 10 + 1, {200, "OK", "HTTP/1.1", {}});
            const QByteArray body(300, char('a' + id % 26));
            (*writer)->onBody(id, {id * 10 + 2, 0, body.size()}, body.constData());
            (*writer)->onFinish(id, id * 10 + 3, {});
        }
    }
    // Of 8 MB.
    QVERIFY2(QFileInfo(path).size() < 2'000'000, QByteArray::number(QFileInfo(path).size()));
    auto reader = TraceFileReader::open(path);
    QVERIFY(reader);
    const std::shared_ptr<TraceStore> trace = (*reader)->trace();
    QVERIFY((*reader)->read());
    const ExchangeId first = trace->exchangeCount();
    QVERIFY2(first > 0 && first < Count, QByteArray::number(first));
    QCOMPARE(trace->requestBody(first / 2), QByteArray::number(first / 2));
    QVERIFY((*reader)->position() > 0 && (*reader)->position() < (*reader)->size());
    while ((*reader)->read()) { }
    QCOMPARE((*reader)->position(), (*reader)->size());
    QVERIFY((*reader)->warning().isEmpty());
    QCOMPARE(trace->exchangeCount(), Count);
    for (ExchangeId id = 1; id <= Count; ++id) {
        if (trace->requestBody(id) != QByteArray::number(id) || !trace->summary(id).finished
            || trace->responseBody(id) != QByteArray(300, char('a' + id % 26)))
            QFAIL(QByteArray::number(id));
    }
}

/// A small file may claim to hold any number of bytes.
void TestTraceFile::a_frame_that_is_longer_than_ours_is_damaged()
{
    const QByteArray whole = record(true);
    const QString path = m_folder.filePath(u"bomb.sgtrace"_s);
    const QByteArray bomb = packedFrame(QByteArray(600'000'000, '\0'));
    QVERIFY(bomb.size() < 1'000'000);
    write(path, whole + bomb + bomb);
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording);
    QVERIFY2(recording->warning.startsWith(
                 u"The file is damaged between byte %1 and "_s.arg(whole.size())),
             qPrintable(recording->warning));
    QCOMPARE(recording->trace->exchangeCount(), 2);
}

void TestTraceFile::a_cut_older_file_opens_up_to_the_cut()
{
    const QByteArray whole = ofVersion1(record(false));
    QSet<qsizetype> ends{trace_file::HeadSize};
    for (qsizetype at = trace_file::HeadSize; at < whole.size();) {
        at += trace_file::RecordHeadSize + trace_file::ChecksumSize
            + qFromBigEndian<quint32>(whole.constData() + at + 1);
        ends.insert(at);
    }
    QVERIFY(ends.size() > 10 && ends.contains(whole.size()));
    TraceStore original;
    tell(original, 5);

    const QString path = m_folder.filePath(u"cut.sgtrace"_s);
    ExchangeId exchanges = 0;
    qint64 bytes = 0;
    for (qsizetype size = 0; size <= whole.size(); ++size) {
        write(path, whole.first(size));
        const Expected<Recording> recording = readTraceFile(path);
        QCOMPARE(recording.has_value(), size >= trace_file::HeadSize);
        if (!recording) {
            QCOMPARE(recording.error().kind, FailureKind::File);
            continue;
        }
        // It is told just where a record is not whole, and where that is.
        QCOMPARE(recording->warning.isEmpty(), ends.contains(size));
        if (!recording->warning.isEmpty())
            QVERIFY(recording->warning.contains(u"of %1"_s.arg(size)));
        const TraceStore &trace = *recording->trace;
        QVERIFY(trace.exchangeCount() >= exchanges);
        exchanges = trace.exchangeCount();
        if (exchanges == 0)
            continue;
        QVERIFY(trace.summary(1).responseBytes >= bytes);
        bytes = trace.summary(1).responseBytes;
        // All of it can be shown.
        for (ExchangeId id = 1; id <= exchanges; ++id)
            QVERIFY(exchangeToJson(trace, id, nullptr).endsWith('}'));
    }
    QCOMPARE(exchanges, 2);
    QCOMPARE(bytes, original.summary(1).responseBytes);
}

/// The system's limit for files does what a full disk does.
void TestTraceFile::a_full_disk_ends_the_recording_and_nothing_else()
{
    const qsizetype wholeSize = record(false).size();
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit free{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &free), 0);
    ExchangeId most = 0;
    for (qsizetype room = trace_file::HeadSize; room < wholeSize; room += 37) {
        const QString path = m_folder.filePath(u"full.sgtrace"_s);
        QFile::remove(path);
        TraceStore trace;
        auto writer =
            TraceFileWriter::create(path, trace.began(), Redactor("salt-salt-salt-1"), false);
        QVERIFY(writer);
        Flushing flushing(writer->get());
        trace.addSink(&flushing);
        rlimit small = free;
        small.rlim_cur = rlim_t(room);
        setrlimit(RLIMIT_FSIZE, &small);
        tell(trace, 5);
        (*writer)->close();
        setrlimit(RLIMIT_FSIZE, &free);
        trace.removeSink(&flushing);

        const std::optional<Failure> failure = (*writer)->failure();
        if (!failure && room > wholeSize / 2) {
            // What waits goes into one frame, so the same records may take up less the next time.
            QVERIFY(QFileInfo(path).size() <= room);
            most = readTraceFile(path)->trace->exchangeCount();
            break;
        }
        QVERIFY(failure);
        QCOMPARE(failure->kind, FailureKind::File);
        QVERIFY2(failure->sentence.startsWith(u"Recording to "_s + path + u" stopped: "_s),
                 qPrintable(failure->sentence));
        // The session's own trace has everything; the file, all records that fitted.
        QCOMPARE(trace.exchangeCount(), 2);
        QCOMPARE(trace.noteCount(), 2);
        const Expected<Recording> recording = readTraceFile(path);
        QVERIFY(recording);
        // It ends where a record was flushed.
        QVERIFY2(recording->warning.isEmpty() || recording->warning.contains(u"was not ended"_s),
                 qPrintable(recording->warning));
        most = qMax(most, recording->trace->exchangeCount());
    }
    QCOMPARE(most, 2);
    std::signal(SIGXFSZ, before);
}

void TestTraceFile::a_damaged_file_never_crashes_data()
{
    QTest::addColumn<bool>("older");
    QTest::newRow("of this version") << false;
    QTest::newRow("of version 1") << true;
}

void TestTraceFile::a_damaged_file_never_crashes()
{
    QFETCH(bool, older);
    const QByteArray whole = older ? ofVersion1(record(false)) : record(false);
    const QString path = m_folder.filePath(u"damaged.sgtrace"_s);
    int warned = 0;
    for (qsizetype at = 0; at < whole.size(); ++at) {
        QByteArray bytes = whole;
        bytes[at] = char(bytes[at] ^ 0xff);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
        file.close();
        const Expected<Recording> recording = readTraceFile(path);
        if (!recording)
            continue;
        warned += recording->warning.isEmpty() ? 0 : 1;
        // Everything that came out can be shown.
        for (ExchangeId id = 1; id <= recording->trace->exchangeCount(); ++id)
            QVERIFY(!exchangeToJson(*recording->trace, id, nullptr).isEmpty());
    }
    QVERIFY(warned > whole.size() / 2);
}

void TestTraceFile::damage_in_the_head_is_told()
{
    const QByteArray whole = record(false);
    const QString path = m_folder.filePath(u"head.sgtrace"_s);
    write(path, whole);
    QCOMPARE(readTraceFile(path)->warning, QString());
    for (int bit = trace_file::MagicSize * 8; bit < trace_file::HeadSize * 8; ++bit) {
        QByteArray bytes = whole;
        bytes[bit / 8] = char(bytes.at(bit / 8) ^ (1 << (bit % 8)));
        write(path, bytes);
        const Expected<Recording> recording = readTraceFile(path);
        if (!recording)
            continue; // another version, and told
        QVERIFY2(recording->warning.contains(u"The first 27 bytes of the file are damaged"_s)
                     || recording->warning.contains(u"The file is damaged at"_s),
                 qPrintable(QString::number(bit) + u": "_s + recording->warning));
        // Where that is not known, secrets are looked for.
        QVERIFY(!recording->trace->redacted());
    }
}

void TestTraceFile::a_beginning_of_any_year_is_kept()
{
    for (const int year : {1, 1969, 1970, 2026, 6500, 9999}) {
        const QDateTime began(QDate(year, 1, 2), QTime(3, 4, 5, 6), QTimeZone::utc());
        for (const bool redacted : {false, true}) {
            const trace_file::Head head = trace_file::readHead(trace_file::head(began, redacted));
            QVERIFY(head.isSound);
            QCOMPARE(head.began, began);
            QCOMPARE(head.redacted, redacted);
            QCOMPARE(head.version, trace_file::Version);
        }
    }
}

void TestTraceFile::damage_is_told_where_it_is()
{
    const QByteArray first = record(false);
    const QString path = m_folder.filePath(u"spot.sgtrace"_s);
    write(path, first);
    const Expected<Recording> whole = readTraceFile(path);
    QVERIFY(whole);
    const auto toldAlike = [](const TraceReader &one, const TraceReader &other) {
        bool alike = one.exchangeCount() == other.exchangeCount();
        for (ExchangeId id = 1; alike && id <= one.exchangeCount(); ++id)
            alike = exchangeToJson(one, id, nullptr) == exchangeToJson(other, id, nullptr);
        return alike;
    };
    static const QRegularExpression words(
        u"^The file is damaged between byte (\\d+) and byte (\\d+) of %1"_s.arg(first.size()));
    int told = 0;
    // Behind the head of the frame: where that says that there is no checksum, the rest is wrong.
    for (qsizetype at = trace_file::HeadSize + 6; at < first.size(); ++at) {
        QByteArray bytes = first;
        bytes[at] = char(bytes.at(at) ^ 4);
        write(path, bytes);
        const Expected<Recording> recording = readTraceFile(path);
        QVERIFY(recording);
        if (recording->warning.isEmpty()) {
            // Not all bits of a frame say something.
            QVERIFY(toldAlike(*recording->trace, *whole->trace));
            continue;
        }
        const QRegularExpressionMatch match = words.match(recording->warning);
        if (!match.hasMatch())
            continue;
        ++told;
        QVERIFY(match.captured(1).toLongLong() <= at);
        QVERIFY(match.captured(2).toLongLong() > at);
    }
    QVERIFY(told > 20);
}

void TestTraceFile::a_request_body_of_any_size_is_read_back_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<bool>("withSecrets");
    constexpr qint64 part = trace_file::BodyPart;
    for (const bool secrets : {true, false}) {
        for (const qint64 size : {qint64(0), qint64(1), part - 1, part, part + 1, 3 * part}) {
            QTest::addRow("%lld bytes, %s", size, secrets ? "with secrets" : "redacted")
                << size << secrets;
        }
    }
    QTest::newRow("more than one record may have") << qint64(trace_file::MostPayload) + 1 << true;
}

void TestTraceFile::a_request_body_of_any_size_is_read_back()
{
    QFETCH(qint64, size);
    QFETCH(bool, withSecrets);
    const QString path = m_folder.filePath(u"long.sgtrace"_s);
    const auto bodyOf = [](qint64 bytes) {
        QByteArray body(bytes, 'x');
        for (qint64 i = 0; i < bytes; i += 1000)
            body[i] = char('a' + i / 1000 % 26);
        return body;
    };
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.what = u"tools/call upload"_s;
    {
        auto writer = TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(),
                                              Redactor("0123456789abcdef"), withSecrets);
        QVERIFY(writer);
        (*writer)->onRequest(1, 10, request, "before");
        (*writer)->onRequest(2, 20, request, bodyOf(size));
        (*writer)->onRequest(3, 30, request, "after");
        (*writer)->close();
        QVERIFY(!(*writer)->failure());
    }
    const Expected<Recording> recording = readTraceFile(path);
    QFile::remove(path);
    QVERIFY(recording);
    QVERIFY2(recording->warning.isEmpty(), qPrintable(recording->warning));
    const TraceStore &trace = *recording->trace;
    QCOMPARE(trace.exchangeCount(), 3);
    QCOMPARE(trace.requestBody(1), QByteArray("before"));
    QVERIFY(trace.requestBody(2) == bodyOf(size));
    QCOMPARE(trace.request(2), request);
    QCOMPARE(trace.summary(2).times.begun, 20);
    QCOMPARE(trace.requestBody(3), QByteArray("after"));
}

void TestTraceFile::a_cut_in_a_long_request_body_loses_that_request_alone()
{
    const QString path = m_folder.filePath(u"long.sgtrace"_s);
    {
        auto writer = TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(),
                                              Redactor("0123456789abcdef"), true);
        QVERIFY(writer);
        (*writer)->onRequest(1, 10, RequestRecord(), "before");
        (*writer)->onRequest(2, 20, RequestRecord(), QByteArray(3 * trace_file::BodyPart, 'x'));
        (*writer)->close();
    }
    const QByteArray plain = ofVersion1(contents(path));
    write(path, plain.chopped(trace_file::BodyPart / 2));
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording);
    QVERIFY(!recording->warning.isEmpty());
    QCOMPARE(recording->trace->exchangeCount(), 1);
    QCOMPARE(recording->trace->requestBody(1), QByteArray("before"));
}

void TestTraceFile::what_no_record_can_hold_ends_the_recording_before_it()
{
    const QString path = m_folder.filePath(u"long.sgtrace"_s);
    QString why;
    {
        auto writer = TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(),
                                              Redactor("0123456789abcdef"), true);
        QVERIFY(writer);
        (*writer)->onRequest(1, 10, RequestRecord(), "before");
        ResponseRecord response;
        response.status = 200;
        response.headers = {
            {"X-Long", QByteArray(trace_file::MostPayload, 'x'), HeaderSource::Server, false}};
        (*writer)->onResponse(1, 20, response);
        (*writer)->onNote({30, u"notice"_s, u"after"_s});
        (*writer)->close();
        QVERIFY((*writer)->failure());
        why = (*writer)->failure()->sentence;
    }
    QVERIFY2(why.contains(u"longer than a recording may have"_s), qPrintable(why));
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording);
    QVERIFY2(recording->warning.isEmpty(), qPrintable(recording->warning));
    QCOMPARE(recording->trace->requestBody(1), QByteArray("before"));
    QVERIFY(!recording->trace->response(1));
    QCOMPARE(recording->trace->noteCount(), 0);
}

void TestTraceFile::a_recording_that_is_being_written_is_left_alone()
{
    const QString path = m_folder.filePath(u"held.trace"_s);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    auto first = TraceFileWriter::create(path, now, Redactor("salt"), false);
    QVERIFY(first && !(*first)->hasReplaced());
    const qint64 size = QFileInfo(path).size();
    QVERIFY(size > 0);
    const auto second = TraceFileWriter::create(path, now, Redactor("salt"), false);
    QVERIFY(!second);
    QVERIFY2(second.error().sentence.contains(u"another recording"_s),
             qPrintable(second.error().sentence));
    QCOMPARE(QFileInfo(path).size(), size);
    (*first)->close();
    const auto third = TraceFileWriter::create(path, now, Redactor("salt"), false);
    QVERIFY(third && (*third)->hasReplaced());
}

void TestTraceFile::other_files_are_not_overwritten()
{
    const QString path = m_folder.filePath(u"letter.txt"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Dear reader");
    file.close();
    const auto writer =
        TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(), Redactor("salt"), false);
    QVERIFY(!writer);
    QCOMPARE(writer.error().kind, FailureKind::File);
    QCOMPARE(contents(path), QByteArray("Dear reader"));
    QVERIFY(!TraceFileWriter::create(m_folder.filePath(u"no/such/folder/a"_s),
                                     QDateTime::currentDateTimeUtc(), Redactor("salt"), false));
}

void TestTraceFile::what_is_no_file_is_not_opened_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("says");
    const QString pipe = m_folder.filePath(u"pipe"_s);
    ::mkfifo(QFile::encodeName(pipe).constData(), 0600);
    const QString link = m_folder.filePath(u"link"_s);
    QFile::link(pipe, link);
    QTest::newRow("pipe") << pipe << u"it is a pipe or a device, and no file."_s;
    QTest::newRow("link to a pipe") << link << u"it is a pipe or a device, and no file."_s;
    QTest::newRow("device") << u"/dev/full"_s << u"it is a pipe or a device, and no file."_s;
    QTest::newRow("folder") << m_folder.path() << u"it is a folder."_s;
}

/// A pipe that nobody writes to would never be opened.
void TestTraceFile::what_is_no_file_is_not_opened()
{
    QFETCH(QString, path);
    QFETCH(QString, says);
    const QFile::Permissions permissions = QFile::permissions(path);
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, FailureKind::File);
    QCOMPARE(recording.error().sentence, path + u" cannot be opened: "_s + says);
    const auto writer =
        TraceFileWriter::create(path, QDateTime::currentDateTimeUtc(), Redactor("salt"), false);
    QVERIFY(!writer);
    QCOMPARE(writer.error().sentence, path + u" cannot be recorded to: "_s + says);
    QCOMPARE(QFile::permissions(path), permissions);
}

void TestTraceFile::notes_of_the_oldest_files_have_no_finding()
{
    QByteArray payload;
    {
        QDataStream out(&payload, QIODevice::WriteOnly);
        out << qint64(5) << QByteArray("notice") << QByteArray("text") << qint64(0);
    }
    QByteArray bytes = olderHead(record(false));
    QByteArray head;
    QDataStream out(&head, QIODevice::WriteOnly);
    out << quint8(trace_file::Type::Note) << quint32(payload.size()) << quint16(qChecksum(payload));
    const QString path = m_folder.filePath(u"old.sgtrace"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes + head + payload);
    file.close();
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording && recording->warning.isEmpty());
    QCOMPARE(recording->trace->noteCount(), 1);
    QVERIFY(recording->trace->note(0) == (Note{5, u"notice"_s, u"text"_s, 0, {}}));
}

void TestTraceFile::what_is_no_recording_is_refused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const QByteArray times(9, '\0');
    QTest::newRow("empty") << QByteArray() << u"it is empty."_s;
    QTest::newRow("text") << QByteArray("hello") << u"it is no recording of Sightglass."_s;
    QTest::newRow("JSON") << QByteArray("{\"log\":{\"version\":\"1.2\"}}")
                          << u"it is no recording of Sightglass."_s;
    QTest::newRow("binary") << QByteArray(4096, '\0') << u"it is no recording of Sightglass."_s;
    QTest::newRow("a part of the magic")
        << QByteArray("sightglass-tr") << u"it is no recording of Sightglass."_s;
    QTest::newRow("the magic alone")
        << QByteArray("sightglass-trace") << u"it ends within its first bytes."_s;
    QTest::newRow("a later version") << QByteArray("sightglass-trace\xff\xff", 18) + times
                                     << u"it has version 65535 of the format."_s;
    QTest::newRow("the next version")
        << QByteArray("sightglass-trace\0\3", 18) + times << u"it has version 3 of the format."_s;
    QTest::newRow("version 0") << QByteArray("sightglass-trace\0\0", 18) + times
                               << u"its first bytes are damaged."_s;
}

void TestTraceFile::what_is_no_recording_is_refused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const QString path = m_folder.filePath(u"odd"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(bytes);
    file.close();
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, FailureKind::File);
    QCOMPARE(recording.error().sentence, path + u" cannot be opened: "_s + says);
    QVERIFY(recording.error().advice.endsWith(u'.'));
    // There is no such file: also a sentence.
    const Expected<Recording> none = readTraceFile(m_folder.filePath(u"none"_s));
    QVERIFY(!none && none.error().sentence.endsWith(u'.'));
}

QTEST_APPLESS_MAIN(TestTraceFile)
#include "test_trace_file.moc"
