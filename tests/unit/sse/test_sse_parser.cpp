// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sse/sse_parser.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QtTest>

using namespace sightglass;

namespace {

struct Seen {
    FrameKind kind = FrameKind::Event;
    QByteArray type;
    QByteArray data;
    QByteArray lastEventId;
    QByteArray line;
    Frame frame;

    bool operator==(const Seen &) const = default;
};

class Recorder final : public SseSink {
public:
    void onEvent(const SseEvent &event) override
    {
        inSlice.append(event.data.data() >= sliceBegin && event.data.data() < sliceEnd);
        seen.append({event.frame.kind,
                     event.type.toByteArray(),
                     event.data.toByteArray(),
                     event.lastEventId.toByteArray(),
                     {},
                     event.frame});
    }
    void onOther(const Frame &frame, QByteArrayView line) override
    {
        seen.append({frame.kind, {}, {}, {}, line.toByteArray(), frame});
    }
    void onRetry(qint64 milliseconds) override { retries.append(milliseconds); }

    QList<Seen> seen;
    QList<qint64> retries;
    QList<bool> inSlice;
    const char *sliceBegin = nullptr;
    const char *sliceEnd = nullptr;
};

struct Outcome {
    QList<Seen> seen;
    QList<qint64> retries;
    QByteArray lastEventId;
    std::optional<qint64> retry;

    bool operator==(const Outcome &) const = default;
};

/// Feeds `bytes` cut at `cuts` (ascending).
Outcome parse(const QByteArray &bytes, const QList<qsizetype> &cuts)
{
    SseParser parser;
    Recorder recorder;
    qsizetype from = 0;
    const auto feed = [&](qsizetype to) {
        // A copy of its own, so that a view kept beyond its call is found by the sanitizers.
        const QByteArray part(bytes.constData() + from, to - from);
        parser.feed(part, recorder);
        from = to;
    };
    for (const qsizetype cut : cuts)
        feed(cut);
    feed(bytes.size());
    parser.finish(recorder);
    return {recorder.seen, recorder.retries, parser.lastEventId(), parser.retry()};
}

QList<qsizetype> everyByte(qsizetype size)
{
    QList<qsizetype> cuts;
    for (qsizetype i = 1; i < size; ++i)
        cuts.append(i);
    return cuts;
}

QList<qsizetype> randomCuts(qsizetype size, QRandomGenerator &random)
{
    QList<qsizetype> cuts;
    const int count = random.bounded(8);
    for (int i = 0; i < count; ++i)
        cuts.append(random.bounded(int(size) + 1));
    std::sort(cuts.begin(), cuts.end());
    return cuts;
}

QJsonArray vectors()
{
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/unit/sse/sse_vectors.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).array();
}

} // namespace

class TestSseParser : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void vectorsGiveTheirEventsInAnySplit_data();
    void vectorsGiveTheirEventsInAnySplit();
    void everySplitGivesTheSame_data();
    void everySplitGivesTheSame();
    void framesHaveTheirRanges_data();
    void framesHaveTheirRanges();
    void dataPointsIntoTheSlice();
    void hugeEventInSmallPartsIsLinear();
    void manyDataLinesAreLinear();
    void idOfACutBlockDoesNotHold();
    void loneCrDispatchesAtOnce();
    void retryBeyondTheRangeStaysAtItsEnd();
    void fieldsAreReadAgainFromAFrame();
    void contentIsReadAgainFromAFrame();
};

void TestSseParser::vectorsGiveTheirEventsInAnySplit_data()
{
    QTest::addColumn<QJsonObject>("vector");
    const QJsonArray all = vectors();
    QCOMPARE(all.size(), 34);
    for (const QJsonValue &vector : all)
        QTest::addRow("%s", qPrintable(vector[u"name"].toString())) << vector.toObject();
}

void TestSseParser::vectorsGiveTheirEventsInAnySplit()
{
    QFETCH(QJsonObject, vector);
    const QByteArray input = QByteArray::fromBase64(vector[u"input"].toString().toLatin1());
    const QJsonObject expect = vector[u"expect"].toObject();

    const Outcome whole = parse(input, {});
    QList<Seen> events;
    for (const Seen &seen : whole.seen) {
        if (seen.kind == FrameKind::Event)
            events.append(seen);
    }
    const QJsonArray wanted = expect[u"events"].toArray();
    QCOMPARE(events.size(), wanted.size());
    for (qsizetype i = 0; i < events.size(); ++i) {
        QCOMPARE(QString::fromUtf8(events[i].type), wanted[i][u"type"].toString());
        QCOMPARE(QString::fromUtf8(events[i].data), wanted[i][u"data"].toString());
        QCOMPARE(QString::fromUtf8(events[i].lastEventId), wanted[i][u"lastEventId"].toString());
    }
    QCOMPARE(QString::fromUtf8(whole.lastEventId), expect[u"lastEventId"].toString());
    QCOMPARE(whole.retry.has_value(), !expect[u"retry"].isNull());
    if (whole.retry)
        QCOMPARE(double(*whole.retry), expect[u"retry"].toDouble());

    QVERIFY(parse(input, everyByte(input.size())) == whole);
    QRandomGenerator random(20260728);
    for (int round = 0; round < 50; ++round)
        QVERIFY(parse(input, randomCuts(input.size(), random)) == whole);
}

void TestSseParser::everySplitGivesTheSame_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addRow("lone CR") << QByteArray("data: a\rdata: b\r\rid: 1\rdata: c\r\r");
    QTest::addRow("CRLF") << QByteArray(
        ":hi\r\n\r\nid: 7\r\nevent: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n");
    QTest::addRow("CR then CRLF") << QByteArray("data: a\r\r\ndata: b\r\n\rdata: c\n\r\r\n\r\n");
    QTest::addRow("BOM") << QByteArray("\xEF\xBB\xBF"
                                       "data: a\n\n");
    QTest::addRow("half a BOM") << QByteArray("\xEF\xBB"
                                              "data: a\n\ndata: b\n\n");
    QTest::addRow("half a BOM alone") << QByteArray("\xEF");
    QTest::addRow("BOM and line end") << QByteArray("\xEF\xBB\xBF\r\n\r\ndata\r\n\r\n");
    QTest::addRow("comments between")
        << QByteArray("data: a\n:x\nfoo: y\nretry: 5\ndata: b\n\n:z\n");
    QTest::addRow("cut in a line") << QByteArray("data: a\n\nid: 5\r\ndata: b");
    QTest::addRow("cut before the blank line") << QByteArray("data: a\n\ndata: b\r\n");
    QTest::addRow("ends in CR") << QByteArray("data: a\r\n\r");
    QTest::addRow("no data") << QByteArray("id: 1\n\nevent: x\n\n\n\ndata: a\n\n");
    QTest::addRow("NUL") << QByteArray("data: a\0b\nid: \0\n\n\0\n\n", 20);
    QTest::addRow("only line ends") << QByteArray("\r\n\n\r\r\n\n\n\r");
}

void TestSseParser::everySplitGivesTheSame()
{
    QFETCH(QByteArray, input);
    const Outcome whole = parse(input, {});
    QVERIFY(parse(input, everyByte(input.size())) == whole);
    for (qsizetype a = 0; a <= input.size(); ++a) {
        for (qsizetype b = a; b <= input.size(); ++b)
            QVERIFY2(parse(input, {a, b}) == whole,
                     qPrintable(QStringLiteral("cut at %1 and %2").arg(a).arg(b)));
    }
}

void TestSseParser::framesHaveTheirRanges_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArrayList>("frames"); // kind start-end id@start+length line
    const auto row = [](const char *name, const QByteArray &input, const QByteArrayList &frames) {
        QTest::addRow("%s", name) << input << frames;
    };
    row("event with its blank line", "data: a\n\n", {"0 0-9 id -1+0 "});
    row("CRLF belongs to the range", "data: a\r\n\r\ndata: b\r\n\r\n",
        {"0 0-11 id -1+0 ", "0 11-22 id -1+0 "});
    row("lone CR", "data: a\r\rdata: b\r\r", {"0 0-9 id -1+0 ", "0 9-18 id -1+0 "});
    row("BOM stands outside",
        "\xEF\xBB\xBF"
        "data: a\n\n",
        {"0 3-12 id -1+0 "});
    row("blank lines stand outside", "\n\r\n\rdata: a\n\n", {"0 4-13 id -1+0 "});
    row("id of the block, then the same for the next", "id: ab\ndata: 1\n\ndata: 2\n\n",
        {"0 0-16 id 4+2 ", "0 16-25 id 4+2 "});
    row("comment inside of an event lies in its range", "data: a\n:x\ndata: b\n\n",
        {"1 8-10 id -1+0 :x", "0 0-20 id -1+0 "});
    row("comment at the start of a block belongs to it", ":x\ndata: a\n\n",
        {"1 0-2 id -1+0 :x", "0 0-12 id -1+0 "});
    row("comment alone", ":x\n\ndata: a\n\n", {"1 0-2 id -1+0 :x", "0 4-13 id -1+0 "});
    row("retry", "retry: 15\n\n", {"2 0-9 id -1+0 retry: 15"});
    row("retry that is no number", "retry: 1s\nretry\nretry: -1\n\n",
        {"3 0-9 id -1+0 retry: 1s", "3 10-15 id -1+0 retry", "3 16-25 id -1+0 retry: -1"});
    row("unknown field", "foo: b\n\n", {"3 0-6 id -1+0 foo: b"});
    row("id with NUL", QByteArray("id: a\0b\n\n", 9), {QByteArray("3 0-7 id -1+0 id: a\0b", 21)});
    row("block without data", "id: 3\n\n", {"3 0-7 id 4+1 "});
    row("empty id", "id\ndata: a\n\n", {"0 0-12 id 2+0 "});
    row("cut event", "data: a\n\ndata: b\n", {"0 0-9 id -1+0 ", "4 9-17 id -1+0 "});
    row("cut line", "id: 1\nda", {"4 0-8 id -1+0 "});
}

void TestSseParser::framesHaveTheirRanges()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArrayList, frames);
    QByteArrayList got;
    const Outcome whole = parse(input, {});
    for (const Seen &seen : whole.seen) {
        got.append(QStringLiteral("%1 %2-%3 id %4+%5 ")
                       .arg(int(seen.kind))
                       .arg(seen.frame.start)
                       .arg(seen.frame.end)
                       .arg(seen.frame.idStart)
                       .arg(seen.frame.idLength)
                       .toLatin1()
                   + seen.line);
    }
    QCOMPARE(got, frames);
    QVERIFY(parse(input, everyByte(input.size())) == whole);
}

void TestSseParser::dataPointsIntoTheSlice()
{
    const QByteArray input = "id: 1\nevent: x\ndata: one\n\ndata: a\ndata: b\n\ndata: two\n\n";
    SseParser parser;
    Recorder recorder;
    recorder.sliceBegin = input.constData();
    recorder.sliceEnd = input.constData() + input.size();
    parser.feed(input, recorder);
    QCOMPARE(recorder.inSlice, QList<bool>({true, false, true}));
}

void TestSseParser::hugeEventInSmallPartsIsLinear()
{
    // 100 MB in parts of 1000 bytes: with a cost that grows by the square this would copy 5 TB.
    SseParser parser;
    Recorder recorder;
    parser.feed("data: ", recorder);
    const QByteArray part(1000, 'x');
    for (int i = 0; i < 100'000; ++i)
        parser.feed(part, recorder);
    QCOMPARE(recorder.seen.size(), 0);
    parser.feed("\n\n", recorder);
    QCOMPARE(recorder.seen.size(), 1);
    QCOMPARE(recorder.seen[0].data.size(), 100'000'000);
    QCOMPARE(recorder.seen[0].frame.end, 100'000'008);
}

void TestSseParser::manyDataLinesAreLinear()
{
    SseParser parser;
    Recorder recorder;
    const QByteArray line("data: " + QByteArray(93, 'y') + "\n");
    for (int i = 0; i < 1'000'000; ++i)
        parser.feed(line, recorder);
    parser.feed("\n", recorder);
    QCOMPARE(recorder.seen.size(), 1);
    QCOMPARE(recorder.seen[0].data.size(), 93 * 1'000'000 + 999'999);
}

void TestSseParser::idOfACutBlockDoesNotHold()
{
    const Outcome cut = parse("id: 1\ndata: a\n\nid: 2\ndata: b\n", {});
    QCOMPARE(cut.lastEventId, "1");
    QCOMPARE(cut.seen.last().kind, FrameKind::Incomplete);
    QCOMPARE(cut.seen.last().frame.idStart, 4);
}

void TestSseParser::loneCrDispatchesAtOnce()
{
    SseParser parser;
    Recorder recorder;
    parser.feed("data: a\r", recorder);
    parser.feed("\r", recorder);
    QCOMPARE(recorder.seen.size(), 1);
    parser.feed("\n:x\r", recorder);
    QCOMPARE(recorder.seen.size(), 2);
    QCOMPARE(recorder.seen[1].line, ":x");
}

void TestSseParser::retryBeyondTheRangeStaysAtItsEnd()
{
    const Outcome outcome = parse("retry: 99999999999999999999999\n\nretry: 007\n", {});
    QCOMPARE(outcome.retries, QList<qint64>({std::numeric_limits<qint64>::max(), 7}));
}

void TestSseParser::fieldsAreReadAgainFromAFrame()
{
    const QList<SseField> fields = sseFields(":hi\r\nid: 7\rdata:  a\ndata\nfoo:x");
    QByteArrayList got;
    for (const SseField &field : fields) {
        got.append(field.name + '=' + field.value + ' ' + QByteArray::number(field.start) + '-'
                   + QByteArray::number(field.end));
    }
    QCOMPARE(
        got,
        QByteArrayList({"=hi 0-5", "id=7 5-11", "data= a 11-20", "data= 20-25", "foo=x 25-30"}));
}

void TestSseParser::contentIsReadAgainFromAFrame()
{
    const SseContent plain = sseContent("data: a\n:x\ndata: b\n\n");
    QCOMPARE(plain.type, "message");
    QCOMPARE(plain.data, "a\nb");
    const SseContent typed = sseContent("event: endpoint\r\ndata:/m\r\n\r\n");
    QCOMPARE(typed.type, "endpoint");
    QCOMPARE(typed.data, "/m");
}

QTEST_GUILESS_MAIN(TestSseParser)
#include "test_sse_parser.moc"
