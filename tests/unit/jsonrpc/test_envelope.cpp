// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/envelope.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

Q_DECLARE_METATYPE(sightglass::EnvelopeKind)

class TestEnvelope : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneAfterAnotherIsReadAsEachAlone_data();
    void oneAfterAnotherIsReadAsEachAlone();
    void kindFollowsFromTheMembers_data();
    void kindFollowsFromTheMembers();
    void problemsSayWhatAndWhere_data();
    void problemsSayWhatAndWhere();
    void idKeepsItsSpelling_data();
    void idKeepsItsSpelling();
    void viewsPointIntoTheText();
    void errorIsRead();
    void innerMembersAreNotTakenForTheMessages();
    void escapedNamesAreNames();
    void brokenTextKeepsItsId();
    void stringsOfAnyLengthAreSeenByteByByte();
    void namesOfMethodsAreTheirOwn_data();
    void namesOfMethodsAreTheirOwn();
    void deepNestingNeedsNoStack();
    void bodyIsAMessageOrABatch_data();
    void bodyIsAMessageOrABatch();
    void hugeBatchIsCutWithAnError();
};

void TestEnvelope::kindFollowsFromTheMembers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<EnvelopeKind>("kind");
    QTest::addColumn<QByteArray>("method");
    const auto row = [](const QByteArray &text, EnvelopeKind kind, const char *method = "") {
        QTest::addRow("%s", text.constData()) << text << kind << QByteArray(method);
    };
    row(R"({"jsonrpc":"2.0","id":1,"method":"ping"})", EnvelopeKind::Request, "ping");
    row(R"( {"params":{},"method":"tools/call","id":"a","jsonrpc":"2.0"} )", EnvelopeKind::Request,
        "tools/call");
    row(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", EnvelopeKind::Notification,
        "notifications/initialized");
    row(R"({"jsonrpc":"2.0","method":"a\/b\n","params":[1]})", EnvelopeKind::Notification, "a/b\n");
    row(R"({"jsonrpc":"2.0","id":1,"result":{}})", EnvelopeKind::Result);
    row(R"({"jsonrpc":"2.0","id":1,"result":null})", EnvelopeKind::Result);
    row(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"x"}})", EnvelopeKind::Error);
    row(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}})",
        EnvelopeKind::Error);
    row(R"({"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"x"}})",
        EnvelopeKind::Error);
    row(R"({"jsonrpc":"2.0","id":1,"result":1,"error":null})", EnvelopeKind::Result);
    row(R"({"jsonrpc":"2.0","id":1,"method":"ping","result":null,"error":null})",
        EnvelopeKind::Request, "ping");
    row(R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})", EnvelopeKind::Malformed, "ping");
    row(R"({"jsonrpc":"2.0","id":1})", EnvelopeKind::Malformed);
    row(R"({"id":1,"method":2})", EnvelopeKind::Malformed);
    row("{}", EnvelopeKind::Malformed);
    row("[]", EnvelopeKind::Malformed);
    row("1", EnvelopeKind::Malformed);
    row("", EnvelopeKind::Malformed);
    row("<html>", EnvelopeKind::Malformed);
}

void TestEnvelope::kindFollowsFromTheMembers()
{
    QFETCH(QByteArray, text);
    QFETCH(EnvelopeKind, kind);
    QFETCH(QByteArray, method);
    const Envelope envelope = scanEnvelope(text);
    QCOMPARE(envelope.kind, kind);
    QCOMPARE(envelope.method, method);
    if (kind == EnvelopeKind::Malformed)
        QVERIFY(!envelope.problems.isEmpty());
}

void TestEnvelope::problemsSayWhatAndWhere_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("problems");
    const auto row = [](const QByteArray &text, const QStringList &problems) {
        QTest::addRow("%s", text.constData()) << text << problems;
    };
    row(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{}})", {});
    row(R"({"jsonrpc":"2.0","id":1,"result":{},"extra":{"id":2,"error":3}})", {});
    row(R"({"jsonrpc":"\u0032.0","id":1,"result":{}})", {});
    row(R"({"id":1,"result":{}})", {u"0 The message has no \"jsonrpc\" member."_s});
    row(R"({"jsonrpc":2.0,"id":1,"result":{}})", {u"11 The member \"jsonrpc\" is not \"2.0\"."_s});
    row(R"({"jsonrpc":"2.0","id":1,"id":2,"result":{}})",
        {u"24 The member \"id\" stands here a second time. Most readers take the last one."_s});
    row(R"({"jsonrpc":"2.0","id":1.0,"result":{}})", {u"22 The id is a number, but no integer."_s});
    row(R"({"jsonrpc":"2.0","id":true,"method":"ping"})",
        {u"22 The id is neither a string nor a number."_s});
    row(R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
        {u"22 The id of a request must not be null."_s});
    row(R"({"jsonrpc":"2.0","id":1,"method":"notifications/progress"})",
        {u"22 A notification has no id."_s});
    row(R"({"jsonrpc":"2.0","method":"a","params":3})",
        {u"39 The params are neither an object nor an array."_s});
    row(R"({"jsonrpc":"2.0","method":7})", {u"26 The method is not a string."_s});
    row(R"({"jsonrpc":"2.0","result":7})",
        {u"0 The answer has no id, so no request can be told for it."_s});
    row(R"({"jsonrpc":"2.0","id":null,"result":7})",
        {u"22 The id of a result must not be null."_s});
    row(R"({"jsonrpc":"2.0","id":1,"error":"no"})", {u"32 The error is not an object."_s});
    row(R"({"jsonrpc":"2.0","id":1,"error":{"message":"x"}})", {u"32 The error has no code."_s});
    row(R"({"jsonrpc":"2.0","id":1,"error":{"code":"1"}})",
        {u"40 The error's code is not an integer."_s, u"32 The error has no message."_s});
    row(R"({"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":3}})",
        {u"40 The error's code is not an integer."_s,
         u"54 The error's message is not a string."_s});
    row(R"({"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"x"}})",
        {u"33 An answer with an error has no result."_s});
    row(R"({"jsonrpc":"2.0","id":1,"result":1,"error":null})",
        {u"43 An answer with a result has no error."_s});
    row(R"({"jsonrpc":"2.0","id":1,"method":"x","result":1})",
        {u"33 The message has a method and a result or error: it is neither a request nor an answer."_s});
    row(R"({"jsonrpc":"2.0","id":1,"error":null})", {u"32 The error is null."_s});
    row(R"({"jsonrpc":"2.0","id":1})",
        {u"0 The message has none of \"method\", \"result\" and \"error\"."_s});
    row(" 5", {u"1 A JSON-RPC message is an object, but this is none."_s});
    row("{\"a\":", {u"5 Expected a value, but the text ends here."_s});
}

void TestEnvelope::problemsSayWhatAndWhere()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, problems);
    QStringList got;
    const Envelope envelope = scanEnvelope(text);
    for (const JsonError &problem : envelope.problems)
        got.append(QString::number(problem.offset) + u' ' + problem.sentence);
    QCOMPARE(got, problems);
}

void TestEnvelope::idKeepsItsSpelling_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const char *id : {"1", "1.0", "1e0", "\"1\"", "\"\\u0031\"", "9007199254740993", "null",
                           "-0", "\"\"", "[1, 2]", "{\"a\": 1}"})
        QTest::addRow("%s", id) << QByteArray(id);
}

void TestEnvelope::idKeepsItsSpelling()
{
    QFETCH(QByteArray, id);
    const Envelope envelope =
        scanEnvelope("{\"jsonrpc\":\"2.0\",\"id\": " + id + " ,\"result\":0}");
    QCOMPARE(envelope.id.raw, id);
    QVERIFY(envelope.id.isPresent());
    QCOMPARE(envelope.id.isNull(), id == "null");
    QVERIFY(envelope.id != RpcId{"2"});
    QCOMPARE(qHash(envelope.id), qHash(RpcId{id}));
}

void TestEnvelope::viewsPointIntoTheText()
{
    const QByteArray text =
        R"({"jsonrpc":"2.0","id":1,"method":"x","params": { "b":1.50, "a":[] } })";
    const Envelope envelope = scanEnvelope(text);
    QCOMPARE(envelope.params, R"({ "b":1.50, "a":[] })");
    QCOMPARE(envelope.params.data(), text.constData() + text.indexOf("{ \"b\""));
    const Envelope result = scanEnvelope(R"({"jsonrpc":"2.0","id":1,"result":"x"})");
    QCOMPARE(result.result, "\"x\"");
    QVERIFY(result.params.isEmpty() && result.error.isEmpty());
}

void TestEnvelope::errorIsRead()
{
    const QByteArray text =
        R"({"jsonrpc":"2.0","id":1,"error":{"data":{"code":5},"message":"M\u00e9","code":-32602}})";
    const Envelope envelope = scanEnvelope(text);
    QCOMPARE(envelope.errorCode, -32602);
    QCOMPARE(envelope.errorMessage, u"M\u00e9"_s);
    QCOMPARE(envelope.error, R"({"data":{"code":5},"message":"M\u00e9","code":-32602})");
    QVERIFY(envelope.problems.isEmpty());
}

void TestEnvelope::innerMembersAreNotTakenForTheMessages()
{
    const Envelope envelope = scanEnvelope(
        R"({"x":{"id":5,"method":"no"},"jsonrpc":"2.0","params":{"id":6,"error":{"code":1}},"method":"yes"})");
    QCOMPARE(envelope.kind, EnvelopeKind::Notification);
    QCOMPARE(envelope.method, "yes");
    QVERIFY(envelope.problems.isEmpty());
}

void TestEnvelope::escapedNamesAreNames()
{
    const Envelope envelope = scanEnvelope(R"({"jsonrpc":"2.0","\u0069d":1,"m\u0065thod":"x"})");
    QCOMPARE(envelope.kind, EnvelopeKind::Request);
    QCOMPARE(envelope.id.raw, "1");
}

void TestEnvelope::brokenTextKeepsItsId()
{
    const Envelope envelope = scanEnvelope(R"({"jsonrpc":"2.0","id":"s-7","result":{"a":[1,)");
    QCOMPARE(envelope.kind, EnvelopeKind::Malformed);
    QCOMPARE(envelope.id.raw, "\"s-7\"");
    QCOMPARE(scanEnvelope(R"({"id":{"a":)").id.raw, QByteArray());
}

void TestEnvelope::stringsOfAnyLengthAreSeenByteByByte()
{
    const QByteArray head = R"({"jsonrpc":"2.0","method":"m","params":[")";
    for (int length = 1; length <= 40; ++length) {
        for (const QByteArray &tail :
             {QByteArray("\"]}"), QByteArray("\",\"0123456789abcdef\"]}")}) {
            for (int at = 0; at < length; ++at) {
                const auto scan = [&](const char *piece) {
                    QByteArray text(length, 'x');
                    text.replace(at, 1, piece);
                    return scanEnvelope(head + text + tail);
                };
                QVERIFY(scan("\\\"").problems.isEmpty());
                QVERIFY(scan("\xC3\xA9").problems.isEmpty());
                for (const char *bad : {"\x01", "\x1F", "\xFF", "\"", "\\x"}) {
                    const Envelope envelope = scan(bad);
                    QCOMPARE(envelope.kind, EnvelopeKind::Malformed);
                    QCOMPARE(envelope.problems.size(), 1);
                    // Behind a quote that comes too early, the next byte is the wrong one.
                    QCOMPARE(envelope.problems.at(0).offset, head.size() + at + (*bad == '"'));
                }
            }
        }
    }
}

void TestEnvelope::namesOfMethodsAreTheirOwn_data()
{
    QTest::addColumn<QByteArray>("method");
    for (const char *name : {"notifications/message", "notifications/Message",
                             "notifications/progress", "notifications/progresz",
                             "notifications/resources/updated", "notifications/messag", "x", ""})
        QTest::addRow("'%s'", name) << QByteArray(name);
}

void TestEnvelope::namesOfMethodsAreTheirOwn()
{
    QFETCH(QByteArray, method);
    QByteArray text = R"({"jsonrpc":"2.0","method":")" + method + "\"}";
    const Envelope envelope = scanEnvelope(text);
    text.fill('#');
    QCOMPARE(envelope.method, method);
}

void TestEnvelope::deepNestingNeedsNoStack()
{
    const int levels = 100'000;
    const QByteArray deep = QByteArray(levels, '[') + QByteArray(levels, ']');
    const Envelope envelope = scanEnvelope(R"({"jsonrpc":"2.0","id":1,"result":)" + deep + '}');
    QCOMPARE(envelope.kind, EnvelopeKind::Result);
    QCOMPARE(scanEnvelope(R"({"jsonrpc":"2.0","id":1,"result":)" + QByteArray(levels, '[')).kind,
             EnvelopeKind::Malformed);
    QCOMPARE(scanBody(deep).messages.size(), 1);
}

void TestEnvelope::bodyIsAMessageOrABatch_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("batch");
    QTest::addColumn<QByteArrayList>("texts");
    QTest::addColumn<qint64>("errorAt"); // -1: none
    const QByteArray ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    QTest::addRow("message") << ping << false << QByteArrayList{ping} << qint64(-1);
    QTest::addRow("batch") << " [" + ping + " , {\"a\":[1]},7, [] ] " << true
                           << QByteArrayList{ping, "{\"a\":[1]}", "7", "[]"} << qint64(-1);
    QTest::addRow("empty batch") << QByteArray(" [ ]") << true << QByteArrayList{} << qint64(1);
    QTest::addRow("broken batch") << '[' + ping + ",]" << true << QByteArrayList{}
                                  << qint64(ping.size() + 2);
    QTest::addRow("broken message")
        << QByteArray("{\"a\" 1}") << false << QByteArrayList{} << qint64(5);
    QTest::addRow("nothing") << QByteArray() << false << QByteArrayList{} << qint64(0);
    QTest::addRow("HTML") << QByteArray("<!doctype html>") << false << QByteArrayList{}
                          << qint64(0);
}

void TestEnvelope::bodyIsAMessageOrABatch()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, batch);
    QFETCH(QByteArrayList, texts);
    QFETCH(qint64, errorAt);
    const EnvelopeBatch body = scanBody(text);
    QCOMPARE(body.batch, batch);
    QByteArrayList got;
    for (const QByteArrayView message : body.texts)
        got.append(message.toByteArray());
    QCOMPARE(got, texts);
    QCOMPARE(body.messages.size(), texts.size());
    QCOMPARE(body.error ? body.error->offset : -1, errorAt);
}

void TestEnvelope::hugeBatchIsCutWithAnError()
{
    const QByteArray text = "[0" + QByteArray(",0").repeated(5'000'000) + ']';
    const EnvelopeBatch body = scanBody(text);
    QCOMPARE(body.messages.size(), MaxBatchMessages);
    QCOMPARE(body.texts.size(), MaxBatchMessages);
    QVERIFY(body.error);
    QCOMPARE(body.error->offset, 1 + 2 * MaxBatchMessages);
}

void TestEnvelope::oneAfterAnotherIsReadAsEachAlone_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    const QByteArray before = R"({"jsonrpc":"2.0","method":"notifications/message","params":)";
    const QByteArray first = before + R"({"level":"info","data":"x"}})";
    const auto row = [&](const char *name, const QByteArray &second) {
        QTest::newRow(name) << first << second;
    };
    row("the same", first);
    row("other params", before + R"({"level":"error","data":{"a":[1,2,{}]}}})");
    row("shorter params", before + "{}}");
    row("params in brackets", before + "[1,2]}");
    row("params that are none", before + "7}");
    row("no params", before + "}");
    row("nothing", before);
    row("empty", {});
    row("cut params", before + R"({"level":"in)");
    row("cut params that end alike", before + R"({"level":"in}})");
    row("open string", before + R"({"data":"}})");
    row("wrong JSON in params", before + R"({"data":nope}})");
    row("wrong UTF-8 in params", before + "{\"data\":\"\xff\"}}");
    row("white space behind params", before + "{} }");
    row("white space before params", before + " {}}");
    row("more behind", first + ' ');
    row("garbage behind", first + '}');
    row("two messages", first + first);
    row("an id as well", before + R"({},"id":1})");
    row("params twice", before + R"({},"params":{}})");
    row("another method",
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})");
    row("a request", R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{}})");
    row("an answer", R"({"jsonrpc":"2.0","id":1,"result":{}})");
    const QByteArray middle =
        R"({"params":{"a":1},"jsonrpc":"2.0","method":"notifications/message"})";
    QTest::newRow("params in front")
        << middle
        << QByteArray(R"({"params":{},"jsonrpc":"2.0","method":"notifications/message"})");
    QTest::newRow("params in front, another method behind")
        << middle
        << QByteArray(R"({"params":{},"jsonrpc":"2.0","method":"notifications/progress"})");
    QTest::newRow("params in front that hold what follows")
        << middle
        << QByteArray(R"({"params":{"x":{},"jsonrpc":"2.0","method":"notifications/message"})");
    QTest::newRow("params in front, cut")
        << middle
        << QByteArray(R"({"params":{"x":","jsonrpc":"2.0","method":"notifications/message"})");
    QTest::newRow("after one with a fault") << QByteArray(R"({"method":"a","params":{}})")
                                            << QByteArray(R"({"method":"a","params":[]})");
    QTest::newRow("after an answer")
        << QByteArray(R"({"jsonrpc":"2.0","id":1,"result":{}})") << first;
}

void TestEnvelope::oneAfterAnotherIsReadAsEachAlone()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    EnvelopeScanner scanner;
    for (const QByteArray &text : {first, second, first, second, second}) {
        const Envelope got = scanner.scan(text);
        const Envelope alone = scanEnvelope(text);
        QCOMPARE(got.kind, alone.kind);
        QCOMPARE(got.id, alone.id);
        QCOMPARE(got.method, alone.method);
        QCOMPARE(got.params, alone.params);
        // They are views of the text that was given.
        QVERIFY(got.params.data() == alone.params.data());
        QCOMPARE(got.result, alone.result);
        QCOMPARE(got.error, alone.error);
        QCOMPARE(got.errorCode, alone.errorCode);
        QCOMPARE(got.problems.size(), alone.problems.size());
        for (qsizetype i = 0; i < got.problems.size(); ++i) {
            QCOMPARE(got.problems.at(i).offset, alone.problems.at(i).offset);
            QCOMPARE(got.problems.at(i).sentence, alone.problems.at(i).sentence);
        }
    }
}

QTEST_GUILESS_MAIN(TestEnvelope)
#include "test_envelope.moc"
