// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/byte_out.h"
#include "core/export/json_out.h"
#include "core/export/trace_export.h"
#include "tests/support/export_trace.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray Salt = "salt-of-the-test";

/// Takes so many bytes, and remembers the largest write.
class SmallDisk final : public QIODevice {
public:
    explicit SmallDisk(qint64 room)
        : m_room(room)
    {
        open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    }
    qint64 largest = 0;
    qint64 taken = 0;

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *, qint64 size) override
    {
        if (taken + size > m_room) {
            setErrorString(u"the disk is full"_s);
            return -1;
        }
        taken += size;
        largest = std::max(largest, size);
        return size;
    }

private:
    qint64 m_room;
};

/// A trace that let go of the first bytes of all bodies.
class ShortTrace final : public TraceReader {
public:
    ShortTrace(const TraceReader &trace, qint64 gone)
        : m_trace(trace)
        , m_gone(gone)
    {
    }
    QDateTime began() const override { return m_trace.began(); }
    bool redacted() const override { return m_trace.redacted(); }
    quint64 revision() const override { return m_trace.revision(); }
    ExchangeId exchangeCount() const override { return m_trace.exchangeCount(); }
    qint64 totalBytes() const override { return m_trace.totalBytes(); }
    qint64 totalEvents() const override { return m_trace.totalEvents(); }
    ExchangeSummary summary(ExchangeId id) const override { return m_trace.summary(id); }
    RequestRecord request(ExchangeId id) const override { return m_trace.request(id); }
    QByteArray requestBody(ExchangeId id) const override { return m_trace.requestBody(id); }
    std::optional<ResponseRecord> response(ExchangeId id) const override
    {
        return m_trace.response(id);
    }
    QByteArray responseBody(ExchangeId id, qint64 start, qint64 length) const override
    {
        return start < m_gone ? QByteArray() : m_trace.responseBody(id, start, length);
    }
    qint64 chunkCount(ExchangeId id) const override { return m_trace.chunkCount(id); }
    BodyChunk chunk(ExchangeId id, qint64 index) const override { return m_trace.chunk(id, index); }
    Frame frame(ExchangeId id, qint64 index) const override { return m_trace.frame(id, index); }
    std::optional<Failure> failure(ExchangeId id) const override { return m_trace.failure(id); }
    qint64 noteCount() const override { return m_trace.noteCount(); }
    Note note(qint64 index) const override { return m_trace.note(index); }

private:
    const TraceReader &m_trace;
    qint64 m_gone;
};

QByteArray exported(const TraceReader &trace, ExportFormat format, const Redactor *redactor,
                    std::optional<QList<ExchangeId>> exchanges = {})
{
    return exportedText(trace, {.format = format, .exchanges = exchanges, .redactor = redactor});
}

QList<QJsonObject> lines(const QByteArray &text)
{
    QList<QJsonObject> list;
    for (const QByteArray &line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        QJsonParseError error;
        list.append(QJsonDocument::fromJson(line, &error).object());
        if (error.error != QJsonParseError::NoError)
            return {};
    }
    return list;
}

} // namespace

class TestFormats : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void names_are_found_again();
    void no_secret_is_in_any_data();
    void no_secret_is_in_any();
    void true_values_are_there_where_they_are_wanted();
    void a_report_is_never_with_secrets();
    void json_lines_have_the_documented_members();
    void json_lines_tell_each_frame();
    void text_has_heads_and_bodies();
    void text_marks_what_is_not_seen();
    void curl_leaves_out_programs_and_says_so();
    void markdown_tells_what_a_reader_needs();
    void markdown_formats_nothing_that_a_server_says();
    void markdown_is_short_enough_for_an_issue();
    void a_full_disk_is_a_failure_data();
    void a_full_disk_is_a_failure();
    void can_be_cancelled();
    void large_bodies_are_never_held_whole();
    void what_was_let_go_of_is_told();
    void strings_in_parts_are_as_whole_ones();
    void base64_in_parts_is_as_whole();
};

void TestFormats::names_are_found_again()
{
    QCOMPARE(exportFormats().size(), 6U);
    for (const ExportFormatName &name : exportFormats()) {
        QCOMPARE(exportFormatFromName(QString(name.name)), name.format);
        QCOMPARE(exportFormatName(name.format).name, name.name);
    }
    QVERIFY(!exportFormatFromName(u"pcap"));
}

void TestFormats::no_secret_is_in_any_data()
{
    QTest::addColumn<ExportFormat>("format");
    for (const ExportFormatName &name : exportFormats())
        QTest::newRow(name.name.data()) << name.format;
}

void TestFormats::no_secret_is_in_any()
{
    QFETCH(ExportFormat, format);
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    const QByteArray text = exported(*trace, format, &redactor);
    QVERIFY(text.size() > 500);
    for (const QByteArray &secret : exportSecrets())
        QVERIFY2(!text.contains(secret), secret);
}

void TestFormats::true_values_are_there_where_they_are_wanted()
{
    const auto trace = exportSample();
    for (const ExportFormat format :
         {ExportFormat::Curl, ExportFormat::Text, ExportFormat::JsonLines})
        QVERIFY(exported(*trace, format, nullptr).contains(ExportToken));
}

void TestFormats::a_report_is_never_with_secrets()
{
    const auto trace = exportSample();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const auto outcome = exportTrace(*trace, {.format = ExportFormat::Markdown}, buffer);
    QVERIFY(!outcome.has_value());
    QCOMPARE(outcome.error().kind, FailureKind::Usage);
    QVERIFY(buffer.data().isEmpty());
}

void TestFormats::json_lines_have_the_documented_members()
{
    const auto trace = exportSample();
    const QList<QJsonObject> list = lines(exported(*trace, ExportFormat::JsonLines, nullptr));
    QCOMPARE(list.constFirst().keys(),
             QStringList({u"began"_s, u"creator"_s, u"exchanges"_s, u"redacted"_s, u"type"_s,
                          u"version"_s}));
    QStringList types;
    for (const QJsonObject &line : list)
        types.append(line.value("type"_L1).toString());
    QCOMPARE(
        types,
        QStringList({u"trace"_s, u"exchange"_s, u"exchange"_s, u"exchange"_s, u"event"_s,
                     u"event"_s, u"event"_s, u"exchange"_s, u"exchange"_s, u"event"_s, u"event"_s,
                     u"exchange"_s, u"exchange"_s, u"note"_s, u"note"_s, u"remarks"_s}));
    const QJsonObject first = list.at(1);
    QCOMPARE(first.keys(),
             QStringList({u"cause"_s, u"events"_s, u"failure"_s, u"id"_s, u"kind"_s, u"ms"_s,
                          u"request"_s, u"response"_s, u"started"_s, u"type"_s, u"what"_s}));
    QCOMPARE(
        first.value("request"_L1).toObject().keys(),
        QStringList({u"body"_s, u"headers"_s, u"method"_s, u"target"_s, u"url"_s, u"withheld"_s}));
    QCOMPARE(
        first.value("response"_L1).toObject().keys(),
        QStringList({u"body"_s, u"bytes"_s, u"headers"_s, u"http"_s, u"reason"_s, u"status"_s}));
    QCOMPARE(first.value("ms"_L1).toObject().value("connected"_L1).toDouble(), 4.0);
    QCOMPARE(list.at(2).value("failure"_L1).toObject().value("finding"_L1).toString(), u"AF-01"_s);
    QVERIFY(list.at(7).value("response"_L1).toObject().contains("bodyBase64"_L1));
    QVERIFY(list.at(12).value("response"_L1).isNull());
}

void TestFormats::json_lines_tell_each_frame()
{
    const auto trace = exportSample();
    const QList<QJsonObject> list =
        lines(exported(*trace, ExportFormat::JsonLines, nullptr, QList<ExchangeId>{3}));
    QCOMPARE(list.at(1).value("response"_L1).toObject().value("body"_L1), QJsonValue());
    QCOMPARE(list.at(2).value("kind"_L1).toString(), u"comment"_s);
    QCOMPARE(list.at(2).value("text"_L1).toString(), u": hello"_s);
    const QJsonObject event = list.at(3);
    QCOMPARE(event.value("event"_L1).toString(), u"message"_s);
    QCOMPARE(event.value("id"_L1).toString(), u"7"_s);
    QCOMPARE(event.value("at"_L1).toDouble(), 12.0);
    QVERIFY(event.value("data"_L1).toString().startsWith(u"{\"jsonrpc\""_s));
}

void TestFormats::text_has_heads_and_bodies()
{
    const auto trace = exportSample();
    const QByteArray text = exported(*trace, ExportFormat::Text, nullptr);
    QVERIFY(text.contains("=== exchange 1: initialize, 2026-11-24T01:02:03.014Z, 13 ms ===\n"
                          "> POST /mcp HTTP/1.1\n> Host: 127.0.0.1:4780\n"));
    QVERIFY(text.contains("\"params\":{}}\n< HTTP/1.1 200 OK\n"));
    QVERIFY(text.contains("# Authorization was withheld: acting like AF-01\n"));
    QVERIFY(text.contains("! The event stream was refused (GET, 401).\n"));
    QVERIFY(text.contains("# a body of 7 B, no text\n"));
}

void TestFormats::text_marks_what_is_not_seen()
{
    TraceStore trace;
    RequestRecord request;
    request.what = u"a\x1b[31m"_s;
    const ExchangeId id = trace.begin(request, {});
    trace.respond(id, {200, {}, "HTTP/1.1", {}});
    trace.append(id, "b\x1b[0m\n\xc3", 7);
    trace.append(id, "\xbc", 1);
    trace.finish(id);
    const QByteArray text = exported(trace, ExportFormat::Text, nullptr);
    QVERIFY(!text.contains('\x1b'));
    QVERIFY(text.contains("<U+001b>"));
    QVERIFY(text.contains("\xc3\xbc"));
}

void TestFormats::curl_leaves_out_programs_and_says_so()
{
    const auto trace = exportSample();
    const QByteArray text = exported(*trace, ExportFormat::Curl, nullptr);
    QCOMPARE(text.count("\n  -H 'Host"), 0);
    QCOMPARE(text.count("curl --http1.1"), 5);
    QVERIFY(text.contains("# exchange 3: tools/call add\n"));
    QVERIFY(text.contains("# 2 messages to a program are left out"));
    const Redactor redactor = redactorFor(*trace, Salt);
    QVERIFY(exported(*trace, ExportFormat::Curl, &redactor).contains("$AUTHORIZATION"));
}

void TestFormats::markdown_tells_what_a_reader_needs()
{
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    const QByteArray text = exported(*trace, ExportFormat::Markdown, &redactor);
    for (const char *part :
         {"| Sightglass | ", "| MCP revision | `2025-11-25` |", "## What was tried",
          "## What was found", "### AF-01: ", "**What to do:**", "## Exchanges",
          "| 3 | 40 ms | `POST` | `tools/call add` |", "## Which request carried what",
          "`Authorization`",
          "<details><summary>exchange 2: <code>event stream</code>, <code>401</code></summary>",
          "## What was sent and received\n\nThose that a finding above names come first",
          "## What is not in it", "Authorization (4)"})
        QVERIFY2(text.contains(part), part);
    QCOMPARE(text.count("<details>"), text.count("</details>"));
    QCOMPARE(text.count("<details>"), 7);
}

void TestFormats::markdown_formats_nothing_that_a_server_says()
{
    TraceStore trace;
    RequestRecord request;
    request.method = "POST";
    request.what = u"tools/call `x|y` <img src=x> @everybody"_s;
    request.url = QUrl(u"http://a.example/"_s);
    const ExchangeId id = trace.begin(request, "```\n</details>\n````\n");
    trace.respond(id, {500, "<b>", "HTTP/1.1", {{"X-A", "```", HeaderSource::Server, false}}});
    trace.finish(id,
                 Failure{FailureKind::Protocol,
                         u"x"_s,
                         u"It said [click](http://x) @all #1 <script>|*a*"_s,
                         {},
                         id,
                         {}});
    const Redactor redactor(Salt);
    const QByteArray text = exported(trace, ExportFormat::Markdown, &redactor);
    QVERIFY(text.contains("`` tools/call `x\\|y` <img src=x> @everybody ``")
            || text.contains("``tools/call `x\\|y` <img src=x> @everybody``"));
    QVERIFY(text.contains("`````text\n"));
    QVERIFY(!text.contains("<summary>exchange 1: <code>tools/call `x|y` <img"));
    QVERIFY(text.contains("&lt;img src=x&gt;"));
}

void TestFormats::markdown_is_short_enough_for_an_issue()
{
    TraceStore trace;
    for (int i = 0; i < 3000; ++i) {
        RequestRecord request;
        request.method = "POST";
        request.what = u"ping"_s;
        request.url = QUrl(u"http://a.example/"_s);
        const ExchangeId id = trace.begin(request, QByteArray(9000, 'x'));
        trace.respond(id, {200, "OK", "HTTP/1.1", {}});
        trace.finish(id);
    }
    const Redactor redactor(Salt);
    const QByteArray text = exported(trace, ExportFormat::Markdown, &redactor);
    QVERIFY2(text.size() < 65'000, QByteArray::number(text.size()));
    QVERIFY(text.contains("Of 3000 exchanges the first"));
    QVERIFY(text.contains("are cut after 4.0 kB"));
    QVERIFY(text.contains("exchanges sent and received is left out"));
}

void TestFormats::a_full_disk_is_a_failure_data()
{
    no_secret_is_in_any_data();
}

void TestFormats::a_full_disk_is_a_failure()
{
    QFETCH(ExportFormat, format);
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    SmallDisk disk(100);
    const auto outcome = exportTrace(*trace, {.format = format, .redactor = &redactor}, disk);
    QVERIFY(!outcome.has_value());
    QCOMPARE(outcome.error().kind, FailureKind::File);
    QVERIFY(outcome.error().sentence.contains(u"the disk is full"_s));
}

void TestFormats::can_be_cancelled()
{
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    for (const ExportFormatName &name : exportFormats()) {
        SmallDisk disk(1'000'000);
        qint64 last = 0;
        const auto outcome = exportTrace(*trace,
                                         {.format = name.format,
                                          .redactor = &redactor,
                                          .progress =
                                              [&](qint64 done, qint64 all) {
                                                  last = done;
                                                  return done <= all / 2;
                                              }},
                                         disk);
        QVERIFY2(!outcome.has_value(), name.name.data());
        QCOMPARE(outcome.error().kind, FailureKind::Cancelled);
        QVERIFY(last > 0);
    }
}

void TestFormats::large_bodies_are_never_held_whole()
{
    TraceStore trace;
    RequestRecord request;
    request.method = "GET";
    request.url = QUrl(u"http://a.example/"_s);
    const ExchangeId id = trace.begin(request, {});
    trace.respond(id, {200, "OK", "HTTP/1.1", {}});
    const QByteArray part = QByteArray(999'999, 'x') + '\n';
    for (int i = 0; i < 32; ++i)
        trace.append(id, part.constData(), part.size());
    trace.finish(id);
    const Redactor redactor(Salt);
    for (const ExportFormat format :
         {ExportFormat::Har, ExportFormat::Text, ExportFormat::JsonLines}) {
        SmallDisk disk(40'000'000);
        QVERIFY(exportTrace(trace, {.format = format, .redactor = &redactor}, disk).has_value());
        QVERIFY(disk.taken > 32'000'000);
        QVERIFY2(disk.largest < 4'000'000, QByteArray::number(disk.largest));
    }
}

void TestFormats::what_was_let_go_of_is_told()
{
    TraceStore whole;
    RequestRecord request;
    request.method = "GET";
    request.url = QUrl(u"http://a.example/"_s);
    const ExchangeId id = whole.begin(request, {});
    whole.respond(id, {200, "OK", "HTTP/1.1", {}});
    whole.append(id, "0123456789", 10);
    whole.finish(id);
    const Redactor redactor(Salt);
    for (const ExportFormatName &name : exportFormats()) {
        if (name.format == ExportFormat::Otlp || name.format == ExportFormat::Curl)
            continue; // have no bodies
        const QByteArray text = exported(ShortTrace(whole, 7), name.format, &redactor);
        QVERIFY2(text.contains("789") && !text.contains("6789"), name.name.data());
        QVERIFY2(text.contains("The beginning of a body is missing"), name.name.data());
        const QByteArray none = exported(ShortTrace(whole, 10), name.format, &redactor);
        QVERIFY2(!none.contains("789"), name.name.data());
    }
}

void TestFormats::strings_in_parts_are_as_whole_ones()
{
    const QByteArray bytes(
        "a\"\\\b\n\r\t\x01\x1f\x7f \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80 \xff \xc3 "
        "\xed\xa0\x80 \xe2\x82");
    const auto written = [](const QByteArrayList &parts) {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        ByteOut out(buffer);
        JsonOut json(out);
        json.beginText();
        for (const QByteArray &part : parts)
            json.textPart(part);
        json.endText();
        out.flush();
        return buffer.data();
    };
    const QByteArray whole = written({bytes});
    const QJsonArray read = QJsonDocument::fromJson('[' + whole + ']').array();
    QCOMPARE(read.size(), 1);
    QCOMPARE(read.at(0).toString(), QString::fromUtf8(bytes));
    for (qsizetype i = 0; i <= bytes.size(); ++i) {
        for (qsizetype k = i; k <= bytes.size(); ++k)
            QCOMPARE(written({bytes.first(i), bytes.sliced(i, k - i), bytes.sliced(k)}), whole);
    }
}

void TestFormats::base64_in_parts_is_as_whole()
{
    const QByteArray bytes("\0\1\2\3\xff\xfe\xfd", 7);
    for (qsizetype size = 0; size <= bytes.size(); ++size) {
        for (qsizetype i = 0; i <= size; ++i) {
            QBuffer buffer;
            buffer.open(QIODevice::WriteOnly);
            ByteOut out(buffer);
            JsonOut json(out);
            json.beginBase64();
            json.base64Part(bytes.first(i));
            json.base64Part(bytes.sliced(i, size - i));
            json.endBase64();
            out.flush();
            QCOMPARE(buffer.data(), '"' + bytes.first(size).toBase64() + '"');
        }
    }
}

QTEST_GUILESS_MAIN(TestFormats)
#include "test_formats.moc"
