// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_reader.h"
#include "core/schema/schema_validator.h"
#include "tests/support/export_trace.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray Salt = "salt-of-the-test";

QByteArray har(const TraceReader &trace, const Redactor *redactor,
               std::optional<QList<ExchangeId>> exchanges = {})
{
    return exportedText(
        trace, {.format = ExportFormat::Har, .exchanges = exchanges, .redactor = redactor});
}

QJsonObject log(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object().value("log"_L1).toObject();
}

QJsonObject entry(const QByteArray &text, int index)
{
    return log(text).value("entries"_L1).toArray().at(index).toObject();
}

QStringList problems(const QByteArray &text)
{
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/data/har-1.2.schema.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {file.errorString()};
    const auto schema = SchemaValidator::compile(file.readAll());
    if (!schema)
        return {schema.error().sentence};
    QStringList lines = schema->unchecked();
    for (const SchemaProblem &problem : schema->validate(text))
        lines.append(problemLine(problem));
    return lines;
}

} // namespace

class TestHarWriter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void is_valid_by_the_schema_data();
    void is_valid_by_the_schema();
    void the_schema_refuses_what_is_no_har();
    void an_entry_has_what_har_asks_for();
    void times_are_those_of_the_marks();
    void an_event_stream_is_text_with_its_frames();
    void bytes_that_are_no_text_are_base64();
    void no_secret_is_in_it();
    void what_was_left_out_is_said();
    void only_what_is_chosen_is_in_it();
    void comes_back_as_it_was_data();
    void comes_back_as_it_was();
};

void TestHarWriter::is_valid_by_the_schema_data()
{
    QTest::addColumn<bool>("redacts");
    QTest::newRow("without secrets") << true;
    QTest::newRow("with secrets") << false;
}

void TestHarWriter::is_valid_by_the_schema()
{
    QFETCH(bool, redacts);
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    QCOMPARE(problems(har(*trace, redacts ? &redactor : nullptr)), QStringList());
    QCOMPARE(problems(har(TraceStore(), &redactor)), QStringList());
}

void TestHarWriter::the_schema_refuses_what_is_no_har()
{
    const auto trace = exportSample();
    QByteArray text = har(*trace, nullptr);
    QVERIFY(!problems(QByteArray(text).replace("\"cache\"", "\"hoard\"")).isEmpty());
    QVERIFY(!problems(QByteArray(text).replace("\"1.2\"", "\"1.3\"")).isEmpty());
    QVERIFY(!problems(QByteArray(text).replace("\"send\":", "\"send\":-")).isEmpty());
}

void TestHarWriter::an_entry_has_what_har_asks_for()
{
    const auto trace = exportSample();
    const QByteArray text = har(*trace, nullptr);
    QCOMPARE(log(text).value("creator"_L1).toObject().value("name"_L1).toString(), u"Sightglass"_s);
    QCOMPARE(log(text).value("entries"_L1).toArray().size(), 7);
    const QJsonObject first = entry(text, 0);
    QCOMPARE(first.value("startedDateTime"_L1).toString(), u"2026-11-24T01:02:03.014Z"_s);
    const QJsonObject request = first.value("request"_L1).toObject();
    QCOMPARE(request.value("method"_L1).toString(), u"POST"_s);
    QCOMPARE(request.value("httpVersion"_L1).toString(), u"HTTP/1.1"_s);
    QCOMPARE(request.value("headers"_L1).toArray().at(1).toObject().value("value"_L1).toString(),
             u"Bearer "_s + QString::fromLatin1(ExportToken));
    QCOMPARE(request.value("cookies"_L1).toArray().at(1).toObject().value("name"_L1).toString(),
             u"b"_s);
    QCOMPARE(request.value("queryString"_L1).toArray().size(), 2);
    QCOMPARE(request.value("postData"_L1).toObject().value("mimeType"_L1).toString(),
             u"application/json"_s);
    const QJsonObject response = first.value("response"_L1).toObject();
    QCOMPARE(response.value("status"_L1).toInt(), 200);
    const QJsonObject cookie = response.value("cookies"_L1).toArray().at(0).toObject();
    QCOMPARE(cookie.value("path"_L1).toString(), u"/"_s);
    QVERIFY(cookie.value("httpOnly"_L1).toBool());
    const QString body = response.value("content"_L1).toObject().value("text"_L1).toString();
    QCOMPARE(body.toUtf8(), trace->responseBody(1));
    // Without an answer.
    QCOMPARE(entry(text, 6).value("response"_L1).toObject().value("status"_L1).toInt(-1), 0);
    QVERIFY(entry(text, 1).value("comment"_L1).toString().contains("refused"_L1));
    const QJsonObject own = entry(text, 1).value("_sightglass"_L1).toObject();
    QCOMPARE(own.value("withheld"_L1).toArray().at(0).toObject().value("why"_L1).toString(),
             u"acting like AF-01"_s);
    QCOMPARE(entry(text, 4).value("request"_L1).toObject().value("url"_L1).toString(),
             u"stdio://program/node%20server.js%20--level%20x"_s);
}

void TestHarWriter::times_are_those_of_the_marks()
{
    const auto trace = exportSample();
    const QByteArray text = har(*trace, nullptr);
    const auto number = [&](int index, const char *name) {
        return entry(text, index)
            .value("timings"_L1)
            .toObject()
            .value(QLatin1StringView(name))
            .toDouble(-77);
    };
    QCOMPARE(number(0, "blocked"), 1.0);
    QCOMPARE(number(0, "connect"), 3.0);
    QCOMPARE(number(0, "send"), 1.0);
    QCOMPARE(number(0, "wait"), 5.0);
    QCOMPARE(number(0, "receive"), 3.0);
    QCOMPARE(entry(text, 0).value("time"_L1).toDouble(), 13.0);
    // On a connection that was there already.
    QCOMPARE(number(2, "connect"), -1.0);
    QCOMPARE(number(2, "blocked"), -1.0);
    QCOMPARE(entry(text, 2).value("time"_L1).toDouble(), 20.0);
}

void TestHarWriter::an_event_stream_is_text_with_its_frames()
{
    const auto trace = exportSample();
    const QJsonObject third = entry(har(*trace, nullptr), 2);
    QCOMPARE(third.value("response"_L1)
                 .toObject()
                 .value("content"_L1)
                 .toObject()
                 .value("text"_L1)
                 .toString()
                 .toUtf8(),
             ExportStream);
    const QJsonArray frames = third.value("_sightglass"_L1).toObject().value("frames"_L1).toArray();
    QCOMPARE(frames.size(), 3);
    QCOMPARE(frames.at(0).toObject().value("kind"_L1).toString(), u"comment"_s);
    QCOMPARE(frames.at(1).toObject().value("at"_L1).toInteger(), 52 * ExportMs);
}

void TestHarWriter::bytes_that_are_no_text_are_base64()
{
    const auto trace = exportSample();
    const QJsonObject fourth = entry(har(*trace, nullptr), 3);
    const QJsonObject content =
        fourth.value("response"_L1).toObject().value("content"_L1).toObject();
    QCOMPARE(content.value("encoding"_L1).toString(), u"base64"_s);
    QCOMPARE(QByteArray::fromBase64(content.value("text"_L1).toString().toLatin1()),
             trace->responseBody(4));
    const QJsonObject post = fourth.value("request"_L1).toObject().value("postData"_L1).toObject();
    QCOMPARE(post.value("_encoding"_L1).toString(), u"base64"_s);
}

void TestHarWriter::no_secret_is_in_it()
{
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    const QByteArray with = har(*trace, nullptr);
    const QByteArray without = har(*trace, &redactor);
    for (const QByteArray &secret : exportSecrets()) {
        QVERIFY2(with.contains(secret), secret);
        QVERIFY2(!without.contains(secret), secret);
    }
    QVERIFY(without.contains(redactor.fingerprint(ExportToken)));
}

void TestHarWriter::what_was_left_out_is_said()
{
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    QString comment = log(har(*trace, &redactor)).value("comment"_L1).toString();
    QVERIFY2(comment.contains(u"Authorization (4)"_s), qPrintable(comment));
    QVERIFY2(comment.contains(u"in a URL"_s), qPrintable(comment));
    QVERIFY2(comment.contains(u"not over"_s), qPrintable(comment));
    comment = log(har(*trace, nullptr)).value("comment"_L1).toString();
    QVERIFY2(comment.contains(u"Secrets are in it"_s), qPrintable(comment));
}

void TestHarWriter::only_what_is_chosen_is_in_it()
{
    const auto trace = exportSample();
    const QByteArray text = har(*trace, nullptr, QList<ExchangeId>{3, 1, 99, 3, -1});
    QCOMPARE(log(text).value("entries"_L1).toArray().size(), 2);
    QCOMPARE(entry(text, 0).value("_sightglass"_L1).toObject().value("id"_L1).toInt(), 3);
    // Of notes those of the exchanges.
    const QJsonArray notes =
        log(text).value("_sightglass"_L1).toObject().value("notes"_L1).toArray();
    QCOMPARE(notes.size(), 1);
    QCOMPARE(notes.at(0).toObject().value("name"_L1).toString(), u"revision"_s);
    QCOMPARE(problems(text), QStringList());
}

void TestHarWriter::comes_back_as_it_was_data()
{
    is_valid_by_the_schema_data();
}

void TestHarWriter::comes_back_as_it_was()
{
    QFETCH(bool, redacts);
    const auto trace = exportSample();
    const Redactor redactor = redactorFor(*trace, Salt);
    const QByteArray text = har(*trace, redacts ? &redactor : nullptr);
    const Expected<Recording> read = readHar(text, u"x.har"_s);
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().sentence));
    QCOMPARE(read->warning, QString());
    const TraceStore &back = *read->trace;
    QCOMPARE(back.began(), trace->began());
    QCOMPARE(back.redacted(), redacts);
    QCOMPARE(back.exchangeCount(), trace->exchangeCount());
    for (ExchangeId id = 1; id <= trace->exchangeCount(); ++id) {
        const RequestRecord &was = trace->request(id);
        const RequestRecord &is = back.request(id);
        QCOMPARE(is.kind, was.kind);
        QCOMPARE(is.what, was.what);
        QCOMPARE(is.method, was.method);
        QCOMPARE(is.cause, was.cause);
        QCOMPARE(is.withheld, was.withheld);
        QCOMPARE(is.headers.size(), was.headers.size());
        for (qsizetype i = 0; i < was.headers.size(); ++i) {
            QCOMPARE(is.headers.at(i).name, was.headers.at(i).name);
            QCOMPARE(is.headers.at(i).source, was.headers.at(i).source);
        }
        QCOMPARE(back.summary(id).times, trace->summary(id).times);
        QCOMPARE(back.summary(id).finished, trace->summary(id).finished);
        QCOMPARE(back.summary(id).events, trace->summary(id).events);
        QCOMPARE(back.summary(id).responseBytes, trace->summary(id).responseBytes);
        QCOMPARE(back.failure(id), trace->failure(id));
        QCOMPARE(back.response(id).has_value(), trace->response(id).has_value());
        for (qint64 i = 0; i < trace->summary(id).frames; ++i) {
            QCOMPARE(back.frame(id, i).kind, trace->frame(id, i).kind);
            QCOMPARE(back.frame(id, i).start, trace->frame(id, i).start);
            QCOMPARE(back.frame(id, i).at, trace->frame(id, i).at);
        }
        if (!redacts) {
            QCOMPARE(is.url, was.url);
            QCOMPARE(back.requestBody(id), trace->requestBody(id));
            QCOMPARE(back.responseBody(id), trace->responseBody(id));
        }
    }
    QCOMPARE(back.noteCount(), trace->noteCount());
    QCOMPARE(back.note(0).text, trace->note(0).text);
}

QTEST_GUILESS_MAIN(TestHarWriter)
#include "test_har_writer.moc"
