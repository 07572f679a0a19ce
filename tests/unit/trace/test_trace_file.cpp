// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file.h"
#include "core/trace/trace_text.h"

#include <QTemporaryDir>
#include <QTest>

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
    response.reason = "OK";
    response.http = "HTTP/1.1";
    response.headers = {{"Set-Cookie", "sid=" + Secret, HeaderSource::Server, false}};
    trace.respond(id, response);
    const QByteArray body = "data: {\"echo\":\"" + Secret + "\"}\n\n";
    const qsizetype at = qMin(cut, body.size());
    trace.append(id, body.constData(), at);
    trace.append(id, body.constData() + at, body.size() - at);
    Frame frame;
    frame.end = body.size();
    trace.frame(id, frame);
    trace.finish(id);

    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.cause = id;
    const ExchangeId failed = trace.begin(request, {});
    trace.finish(failed,
                 Failure{FailureKind::Unreachable,
                         u"reset"_s,
                         u"The token "_s + QString::fromLatin1(Secret) + u" was dropped."_s,
                         {},
                         failed,
                         u"AF-99"_s});
    trace.note(u"notice"_s, u"about "_s + QString::fromLatin1(Secret), failed);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestTraceFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_was_recorded_is_read_back();
    void no_secret_is_in_a_redacted_file_however_it_was_split();
    void a_cut_file_opens_up_to_the_cut();
    void a_damaged_file_never_crashes();
    void other_files_are_not_overwritten();
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
        trace.addSink(writer->get());
        tell(trace, cut);
        trace.removeSink(writer->get());
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
    QCOMPARE(trace.frame(1, 0).end, original.frame(1, 0).end);
    QCOMPARE(trace.failure(2), original.failure(2));
    QCOMPARE(trace.noteCount(), 1);
    QVERIFY(trace.summary(1).finished);
}

void TestTraceFile::no_secret_is_in_a_redacted_file_however_it_was_split()
{
    for (qsizetype cut = 0; cut < 48; ++cut) {
        const QByteArray bytes = record(false, cut);
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

void TestTraceFile::a_cut_file_opens_up_to_the_cut()
{
    const QByteArray whole = record(false);
    const QString path = m_folder.filePath(u"cut.sgtrace"_s);
    ExchangeId before = 0;
    for (qsizetype size = 27; size < whole.size(); ++size) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(whole.first(size));
        file.close();
        const Expected<Recording> recording = readTraceFile(path);
        QVERIFY(recording);
        QVERIFY(recording->trace->exchangeCount() >= before);
        before = recording->trace->exchangeCount();
    }
    QCOMPARE(before, 2);
}

void TestTraceFile::a_damaged_file_never_crashes()
{
    const QByteArray whole = record(false);
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

void TestTraceFile::what_is_no_recording_is_refused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("the magic alone") << QByteArray("sightglass-trace");
    QTest::newRow("a later version")
        << QByteArray("sightglass-trace\xff\xff\0\0\0\0\0\0\0\0\0", 27);
}

void TestTraceFile::what_is_no_recording_is_refused()
{
    QFETCH(QByteArray, bytes);
    const QString path = m_folder.filePath(u"odd"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(bytes);
    file.close();
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, FailureKind::File);
}

QTEST_APPLESS_MAIN(TestTraceFile)
#include "test_trace_file.moc"
