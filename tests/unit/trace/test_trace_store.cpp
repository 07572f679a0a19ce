// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"

#include <QCoreApplication>
#include <QTest>
#include <QTimeZone>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

RequestRecord post(const QString &what)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(QStringLiteral("http://127.0.0.1:4780/mcp"));
    request.what = what;
    request.headers = {{"Host", "127.0.0.1:4780", HeaderSource::Library}};
    return request;
}

/// An exchange that is answered with an event stream.
ExchangeId stream(TraceStore &store, const QString &what = {}, const QByteArray &body = {})
{
    const ExchangeId id = store.begin(post(what), body);
    store.respond(id,
                  {200,
                   "OK",
                   "HTTP/1.1",
                   {{"content-type", "Text/Event-Stream; charset=utf-8", HeaderSource::Server}}});
    return id;
}

/// Writes down in one line each what it was told.
class Listener final : public TraceSink {
public:
    QStringList lines;
    QByteArray bytes;

    void onRequest(ExchangeId id, qint64 at, const RequestRecord &request,
                   const QByteArray &body) override
    {
        lines << QStringLiteral("request %1 @%2 %3 %4")
                     .arg(id)
                     .arg(at)
                     .arg(request.what, QString::fromLatin1(body));
    }
    void onMark(ExchangeId id, Mark mark, qint64 at) override
    {
        lines << QStringLiteral("mark %1 %2 @%3").arg(id).arg(int(mark)).arg(at);
    }
    void onResponse(ExchangeId id, qint64 at, const ResponseRecord &response) override
    {
        lines << QStringLiteral("response %1 @%2 %3").arg(id).arg(at).arg(response.status);
    }
    void onBody(ExchangeId id, const BodyChunk &chunk, const char *data) override
    {
        lines << QStringLiteral("body %1 @%2 %3+%4")
                     .arg(id)
                     .arg(chunk.at)
                     .arg(chunk.offset)
                     .arg(chunk.length);
        bytes += QByteArray(data, chunk.length);
    }
    void onFrame(ExchangeId id, const Frame &frame) override
    {
        lines << QStringLiteral("frame %1 @%2 %3-%4")
                     .arg(id)
                     .arg(frame.at)
                     .arg(frame.start)
                     .arg(frame.end);
    }
    void onFinish(ExchangeId id, qint64 at, const std::optional<Failure> &failure) override
    {
        lines << QStringLiteral("finish %1 @%2 %3")
                     .arg(id)
                     .arg(at)
                     .arg(failure ? failure->code : QString());
    }
    void onNote(const Note &note) override
    {
        lines << QStringLiteral("note @%1 %2").arg(note.at).arg(note.name);
    }
};

/// In the files that this process has open, of which most have no name.
bool standsInFiles(const QByteArray &marked)
{
    for (int handle = 3; handle < 256; ++handle) {
        QByteArray bytes(1 << 20, Qt::Uninitialized);
        const ssize_t length = ::pread(handle, bytes.data(), size_t(bytes.size()), 0);
        if (length > 0 && QByteArrayView(bytes).first(length).contains(marked))
            return true;
    }
    return false;
}

} // namespace

class TestTraceStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theOldestIsLetGoOf_data();
    void theOldestIsLetGoOf();
    void whatIsNotThereAnyMoreIsNotTold();
    void whereFilesMayNotBeLongBodiesStandInMemory();
    void tokensStandOnNoDisk();
    void bodiesStandOnTheDisk();
    void anAnswerThatIsStillComingIsKept_data();
    void anAnswerThatIsStillComingIsKept();
    void oldAnswersAreLetGoOfForNewOnes();
    void recordingStopsAtTheLimit_data();
    void recordingStopsAtTheLimit();
    void readersSeeBytesOrNothingWhileTheyAreLetGo();
    void longListsFindTheirElements();
    void namesAndValuesAreInverse();
    void recordsAreReadBackAsWritten();
    void ageOfTheTraceIsMonotonic();
    void bodyBytesStayWhereTheyWereCommitted();
    void anyRangeOfABodyCanBeRead();
    void aPieceLargerThanABlockIsOnePiece();
    void aLongBodyStandsInManyBlocksAsItCame();
    void framesKeepAllTheirFields();
    void manyFramesAreFoundByIndex();
    void whatIsNotThereIsEmpty();
    void whatWasPublishedDoesNotChange();
    void aRequestBodyIsCopied();
    void everyRecordRaisesTheRevision();
    void sinksAreToldEachRecord();
    void aLateSinkIsToldAllInOrderOfTime();
    void readersSeeWholeRecordsWhileOneWrites();
};

void TestTraceStore::namesAndValuesAreInverse()
{
    for (int i = 0; i <= int(ExchangeKind::Other); ++i) {
        const QByteArray name = exchangeKindName(ExchangeKind(i));
        QVERIFY(!name.isEmpty());
        QCOMPARE(exchangeKindFromName(name), std::optional(ExchangeKind(i)));
    }
    for (int i = 0; i <= int(HeaderSource::Server); ++i) {
        const QByteArray name = headerSourceName(HeaderSource(i));
        QVERIFY(!name.isEmpty());
        QCOMPARE(headerSourceFromName(name), std::optional(HeaderSource(i)));
    }
    QCOMPARE(exchangeKindName(ExchangeKind::Reconnect), QByteArray("reconnect"));
    QCOMPARE(frameKindName(FrameKind::Incomplete), QByteArray("incomplete"));
    QVERIFY(exchangeKindName(ExchangeKind(200)).isEmpty());
    QVERIFY(!exchangeKindFromName("Post"));
    QVERIFY(!headerSourceFromName(""));
}

void TestTraceStore::recordsAreReadBackAsWritten()
{
    const QDateTime began(QDate(2026, 11, 24), QTime(1, 2, 3, 4), QTimeZone::utc());
    TraceStore store({}, began);
    QCOMPARE(store.began(), began);
    QCOMPARE(store.exchangeCount(), 0);

    const RequestRecord request = post(QStringLiteral("tools/list"));
    const ExchangeId id = store.begin(request, "{}", 100);
    QCOMPARE(id, 1);
    QVERIFY(store.request(id) == request);
    QCOMPARE(store.requestBody(id), QByteArray("{}"));
    QVERIFY(!store.response(id));

    store.mark(id, Mark::Connecting, 110);
    store.mark(id, Mark::Sent, 120);
    const ResponseRecord response = {200, "OK", "HTTP/1.1", {{"A", "b", HeaderSource::Server}}};
    store.respond(id, response, 130);
    store.append(id, "hello", 5, 140);
    store.append(id, " world", 6, 150);
    const Failure failure = {FailureKind::Unreachable, QStringLiteral("reset"), {}, {}, id, {}};
    store.finish(id, failure, 160);
    store.note(QStringLiteral("connect"), QStringLiteral("Connecting."), id, 170);

    QVERIFY(store.response(id));
    QVERIFY(*store.response(id) == response);
    QCOMPARE(store.chunkCount(id), 2);
    QVERIFY(store.chunk(id, 1) == (BodyChunk{150, 5, 6}));
    QCOMPARE(store.responseBody(id), QByteArray("hello world"));
    QVERIFY(store.failure(id) == std::optional(failure));
    QCOMPARE(store.noteCount(), 1);
    QVERIFY(store.note(0)
            == (Note{170, QStringLiteral("connect"), QStringLiteral("Connecting."), id}));

    const ExchangeSummary summary = store.summary(id);
    QCOMPARE(summary.id, id);
    QVERIFY(summary.times == (ExchangeTimes{100, 110, -1, 120, 130, 150, 160}));
    QCOMPARE(summary.status, 200);
    QVERIFY(summary.finished);
    QVERIFY(summary.failed);
    QCOMPARE(summary.requestBytes, 2);
    QCOMPARE(summary.responseBytes, 11);
    QCOMPARE(store.totalBytes(), 11);
}

void TestTraceStore::ageOfTheTraceIsMonotonic()
{
    TraceStore store;
    qint64 before = store.now();
    QVERIFY(before >= 0);
    for (int i = 0; i < 1000; ++i) {
        const qint64 now = store.now();
        QVERIFY(now >= before);
        before = now;
    }
    const ExchangeId id = store.begin(post({}), {});
    QVERIFY(store.summary(id).times.begun >= before);

    qint64 time = 7;
    TraceStore fixed([&time] { return time; });
    QCOMPARE(fixed.summary(fixed.begin(post({}), {})).times.begun, 7);
}

void TestTraceStore::bodyBytesStayWhereTheyWereCommitted()
{
    TraceStore store;
    const ExchangeId a = store.begin(post({}), {});
    const ExchangeId b = store.begin(post({}), {});
    std::vector<std::pair<const char *, char>> places;
    QByteArray ofA, ofB;
    for (int i = 0; i < 400; ++i) {
        qint64 capacity = 0;
        char *place = store.reserve(&capacity);
        QVERIFY(capacity >= 64 * 1024);
        const char letter = char('a' + i % 26);
        const qint64 length = 1 + (i * 7919) % 30000;
        memset(place, letter, size_t(length));
        QByteArrayView kept;
        store.commit(i % 3 ? a : b, length, -1, &kept);
        QCOMPARE(kept.size(), length);
        (i % 3 ? ofA : ofB) += QByteArray(length, letter);
        places.emplace_back(kept.data() + length - 1, letter);
    }
    for (const auto &[place, letter] : places)
        QCOMPARE(*place, letter);
    QCOMPARE(store.responseBody(a), ofA);
    QCOMPARE(store.responseBody(b), ofB);

    // A reservation is for one commit.
    QVERIFY(store.commit(a, 10) == BodyChunk());
    QCOMPARE(store.summary(a).responseBytes, ofA.size());
    qint64 capacity = 0;
    store.reserve(&capacity);
    QCOMPARE(store.commit(a, capacity + 1000).length, capacity);
}

void TestTraceStore::theOldestIsLetGoOf_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("on disk") << UnnamedFile::systemFolder();
    QTest::newRow("in memory") << QString();
    QTest::newRow("no such folder") << QStringLiteral("/dev/null/nowhere");
}

void TestTraceStore::theOldestIsLetGoOf()
{
    QFETCH(QString, folder);
    TraceStore store({}, QDateTime::currentDateTimeUtc(), folder);
    constexpr qint64 Piece = 500'000;
    store.setLimit({8 * Piece, TraceLimit::Beyond::LetGo});
    const ExchangeId first = stream(store, QStringLiteral("first"), "body");
    const ExchangeId second = stream(store);
    for (int i = 0; i < 40; ++i) {
        const QByteArray bytes(Piece, char('a' + i % 26));
        store.append(first, bytes.constData(), bytes.size());
        store.append(second, "s", 1);
        const ExchangeSummary summary = store.summary(first);
        QCOMPARE(summary.responseBytes, (i + 1) * Piece);
        QVERIFY(summary.responseBytes - summary.letGo <= 8 * Piece);
        QCOMPARE(summary.letGo % Piece, 0);
        // What is there is as it came, to the last byte.
        QCOMPARE(store.responseBody(first, i * Piece, 3), bytes.left(3));
        const qint64 oldest = summary.letGo / Piece;
        QCOMPARE(store.responseBody(first, summary.letGo, 3),
                 QByteArray(3, char('a' + oldest % 26)));
        QVERIFY(i < 8 || summary.letGo > 0);
        if (summary.letGo > 0)
            QVERIFY(store.responseBody(first, summary.letGo - 1, 5).isEmpty());
    }
    QVERIFY(!store.isStopped());
    QVERIFY(store.summary(second).letGo > 0);
    QCOMPARE(store.responseBody(second, 39), QByteArray("s"));
    // What is said of the exchange stays.
    QCOMPARE(store.request(first).what, QStringLiteral("first"));
    QCOMPARE(store.requestBody(first), QByteArray("body"));
    int told = 0;
    for (qint64 i = 0; i < store.noteCount(); ++i)
        told += store.note(i).name == QLatin1String("let go") ? 1 : 0;
    QVERIFY2(told > 3 && told < 40, QByteArray::number(told));
}

/// A recording that begins late holds what is still there, and its events stand where their bytes
/// do.
void TestTraceStore::whatIsNotThereAnyMoreIsNotTold()
{
    TraceStore store;
    store.setLimit({3'000'000, TraceLimit::Beyond::LetGo});
    const ExchangeId id = stream(store);
    QByteArray all;
    for (int i = 0; i < 100; ++i) {
        const QByteArray piece =
            "data: " + QByteArray::number(i) + QByteArray(100'000, 'x') + "\n\n";
        Frame frame;
        frame.start = all.size();
        store.append(id, piece.constData(), piece.size());
        all += piece;
        frame.end = all.size();
        store.frame(id, frame);
    }
    const qint64 gone = store.summary(id).letGo;
    QVERIFY(gone > 0);
    class Sink final : public TraceSink {
    public:
        QByteArray body;
        QList<Frame> frames;
        void onRequest(ExchangeId, qint64, const RequestRecord &, const QByteArray &) override { }
        void onMark(ExchangeId, Mark, qint64) override { }
        void onResponse(ExchangeId, qint64, const ResponseRecord &) override { }
        void onBody(ExchangeId, const BodyChunk &chunk, const char *bytes) override
        {
            if (chunk.offset == body.size())
                body.append(bytes, chunk.length);
        }
        void onFrame(ExchangeId, const Frame &frame) override { frames.append(frame); }
        void onFinish(ExchangeId, qint64, const std::optional<Failure> &) override { }
        void onNote(const Note &) override { }
    } late;
    store.addSink(&late);
    store.removeSink(&late);
    QVERIFY(late.body == all.sliced(gone));
    QVERIFY(!late.frames.isEmpty());
    QVERIFY(late.frames.size() < 100);
    qint64 at = 0;
    for (const Frame &frame : std::as_const(late.frames)) {
        QCOMPARE(frame.start, at);
        QVERIFY(late.body.mid(frame.start, 6) == "data: ");
        at = frame.end;
    }
    QCOMPARE(at, late.body.size());
}

void TestTraceStore::whereFilesMayNotBeLongBodiesStandInMemory()
{
    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = before;
    small.rlim_cur = 1 << 20;
    auto *const handler = std::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    {
        TraceStore store;
        const ExchangeId id = stream(store);
        const QByteArray part(500'000, 'x');
        for (int i = 0; i < 8; ++i)
            store.append(id, part.constData(), part.size());
        QCOMPARE(store.responseBody(id), QByteArray(4'000'000, 'x'));
        QVERIFY(!store.isStopped());
    }
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
}

/// What a token endpoint answers is read as any other, and not to be found in a file of the
/// program.
void TestTraceStore::tokensStandOnNoDisk()
{
    TraceStore store;
    const QByteArray marked =
        "marked-token-" + QByteArray::number(QCoreApplication::applicationPid());
    const auto inFiles = [&marked] { return standsInFiles(marked); };
    RequestRecord request = post({});
    for (const ExchangeKind kind : {ExchangeKind::Token, ExchangeKind::Registration}) {
        request.kind = kind;
        const ExchangeId id = store.begin(request, {});
        store.append(id, marked.constData(), marked.size());
        store.append(id, marked.constData(), marked.size());
        QCOMPARE(store.responseBody(id), marked + marked);
        QCOMPARE(store.summary(id).letGo, 0);
    }
    QVERIFY(!inFiles());
    // Nor in heads, notes and failures, wherever it stands there.
    request = post({});
    request.headers = {{"Authorization", "Bearer " + marked, HeaderSource::Credential, true},
                       {"X-Mine", marked, HeaderSource::User, true}};
    ExchangeId id = store.begin(request, {});
    QCOMPARE(store.request(id), request);
    request = post({});
    request.url = QUrl(u"http://127.0.0.1:1/mcp?access_token="_s + QString::fromLatin1(marked));
    request.target = "/mcp?access_token=" + marked;
    id = store.begin(request, {});
    QCOMPARE(store.request(id), request);
    ResponseRecord response;
    response.status = 200;
    response.headers = {{"Set-Cookie", "sid=" + marked, HeaderSource::Server, false}};
    store.respond(id, response);
    QCOMPARE(*store.response(id), response);
    Failure failure;
    failure.sentence = u"{\"access_token\":\""_s + QString::fromLatin1(marked) + u"\"}"_s;
    store.noteFailure(failure);
    store.finish(id, failure);
    QCOMPARE(store.failure(id), failure);
    QCOMPARE(store.note(store.noteCount() - 1).failure, failure);
    QVERIFY(!inFiles());
    // It is looked for where it would be.
    request = post({});
    request.headers = {{"X-Trace", marked, HeaderSource::User, false}};
    const ExchangeId seen = store.begin(request, {});
    QCOMPARE(store.request(seen), request);
    QVERIFY(inFiles());
}

void TestTraceStore::bodiesStandOnTheDisk()
{
    TraceStore store;
    const QByteArray marked =
        "marked-body-" + QByteArray::number(QCoreApplication::applicationPid());
    const ExchangeId other = store.begin(post({}), {});
    store.append(other, marked.constData(), marked.size());
    QVERIFY(standsInFiles(marked));
}

void TestTraceStore::anAnswerThatIsStillComingIsKept_data()
{
    QTest::addColumn<TraceLimit::Beyond>("beyond");
    QTest::newRow("let go") << TraceLimit::Beyond::LetGo;
    QTest::newRow("stop") << TraceLimit::Beyond::Stop;
}

void TestTraceStore::anAnswerThatIsStillComingIsKept()
{
    QFETCH(TraceLimit::Beyond, beyond);
    TraceStore store;
    store.setLimit({2'000'000, beyond});
    const ExchangeId answer = store.begin(post({}), {});
    const ExchangeId events = stream(store);
    const QByteArray part(100'000, 'a');
    for (int i = 0; i < 30; ++i) {
        store.append(events, part.constData(), part.size());
        store.append(answer, "b", 1);
    }
    QCOMPARE(store.responseBody(answer), QByteArray(30, 'b'));
    // Once it has ended it is like all others.
    store.finish(answer);
    for (int i = 0; i < 100; ++i)
        store.append(events, part.constData(), part.size());
    QCOMPARE(store.summary(answer).letGo > 0, beyond == TraceLimit::Beyond::LetGo);
    QCOMPARE(store.isStopped(), beyond == TraceLimit::Beyond::Stop);
}

void TestTraceStore::oldAnswersAreLetGoOfForNewOnes()
{
    TraceStore store;
    store.setLimit({4'000'000, TraceLimit::Beyond::LetGo});
    const QByteArray body(500'000, 'a');
    for (int i = 0; i < 40; ++i) {
        const ExchangeId id = store.begin(post({}), {});
        store.append(id, body.constData(), body.size());
        store.finish(id);
        QCOMPARE(store.responseBody(id), body);
    }
    qint64 kept = 0;
    for (ExchangeId id = 1; id <= 40; ++id)
        kept += store.summary(id).responseBytes - store.summary(id).letGo;
    QVERIFY2(kept <= 4'000'000, QByteArray::number(kept));
}

void TestTraceStore::recordingStopsAtTheLimit_data()
{
    theOldestIsLetGoOf_data();
}

void TestTraceStore::recordingStopsAtTheLimit()
{
    QFETCH(QString, folder);
    TraceStore store({}, QDateTime::currentDateTimeUtc(), folder);
    store.setLimit({1000, TraceLimit::Beyond::Stop});
    const ExchangeId id = stream(store);
    const auto append = [&](char letter) {
        qint64 capacity = 0;
        char *room = store.reserve(&capacity);
        memset(room, letter, 400);
        QByteArrayView kept;
        store.commit(id, 400, -1, &kept);
        // Whoever reads along gets them all the same.
        return kept == QByteArray(400, letter);
    };
    const auto frame = [&](qint64 start) {
        Frame at;
        at.start = start;
        at.end = start + 400;
        store.frame(id, at);
    };
    QVERIFY(append('a'));
    frame(0);
    QVERIFY(append('b'));
    QVERIFY(!store.isStopped());
    QVERIFY(append('c'));
    frame(800);
    QVERIFY(append('d'));
    QVERIFY(store.isStopped());
    QCOMPARE(store.summary(id).responseBytes, 1600);
    QCOMPARE(store.summary(id).frames, 1);
    QCOMPARE(store.responseBody(id), QByteArray(400, 'a') + QByteArray(400, 'b'));
    QVERIFY(store.responseBody(id, 900, 10).isEmpty());
    QCOMPARE(store.noteCount(), 1);
    QCOMPARE(store.note(0).name, QStringLiteral("stopped"));
    // With more room it goes on, behind a gap.
    store.setLimit({10'000, TraceLimit::Beyond::Stop});
    QVERIFY(append('e'));
    frame(1600);
    QCOMPARE(store.responseBody(id, 1600, 2), QByteArray("ee"));
    QCOMPARE(store.responseBody(id, 790, 100), QByteArray(10, 'b'));
    QCOMPARE(store.summary(id).frames, 2);
}

void TestTraceStore::readersSeeBytesOrNothingWhileTheyAreLetGo()
{
    TraceStore store;
    constexpr qint64 Piece = 200'000;
    store.setLimit({8 << 20, TraceLimit::Beyond::LetGo});
    const ExchangeId id = stream(store);
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::atomic<int> looked = 0;
    std::thread reader([&] {
        while (!done || looked == 0) {
            const ExchangeSummary now = store.summary(id);
            if (now.responseBytes == 0)
                continue;
            const QByteArray bytes = store.responseBody(id, now.letGo, Piece);
            const char expected = char('a' + now.letGo / Piece % 26);
            if (!bytes.isEmpty() && bytes != QByteArray(bytes.size(), expected))
                ++wrong;
            ++looked;
        }
    });
    for (int i = 0; i < 600; ++i) {
        const QByteArray bytes(Piece, char('a' + i % 26));
        store.append(id, bytes.constData(), bytes.size());
    }
    done = true;
    reader.join();
    QCOMPARE(wrong, 0);
    QVERIFY(looked > 0);
}

void TestTraceStore::longListsFindTheirElements()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    constexpr qint64 Count = 3'000'000; // more than the growing segments hold
    for (qint64 i = 0; i < Count; ++i) {
        Frame frame;
        frame.start = i * 7;
        frame.end = i * 7 + 7;
        store.frame(id, frame);
    }
    QCOMPARE(store.summary(id).frames, Count);
    for (qint64 i = 0; i < Count; i += i < 100 ? 1 : 997)
        QCOMPARE(store.frame(id, i).start, i * 7);
    QCOMPARE(store.frame(id, Count - 1).start, (Count - 1) * 7);
}

void TestTraceStore::anyRangeOfABodyCanBeRead()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    QByteArray whole;
    for (int i = 0; i < 60; ++i) {
        const QByteArray part = QByteArray::number(i * 37) + ',';
        store.append(id, part.constData(), part.size());
        whole += part;
    }
    for (int start = -1; start <= whole.size() + 1; ++start) {
        for (int length : {-1, 0, 1, 5, 100, int(whole.size()), 100000}) {
            const int from = qMax(0, start);
            QCOMPARE(store.responseBody(id, start, length),
                     from >= whole.size() ? QByteArray() : whole.mid(from, length));
        }
    }
}

void TestTraceStore::aPieceLargerThanABlockIsOnePiece()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    const QByteArray large(5'000'000, 'x');
    const BodyChunk chunk = store.append(id, large.constData(), large.size());
    QCOMPARE(chunk.length, large.size());
    store.append(id, "y", 1);
    QCOMPARE(store.chunkCount(id), 2);
    QCOMPARE(store.responseBody(id, large.size() - 1), QByteArray("xy"));
}

void TestTraceStore::aLongBodyStandsInManyBlocksAsItCame()
{
    const auto piece = [](int i) {
        // Now and then one that is larger than a block.
        const qsizetype length = i % 40 == 39 ? 4'300'000 : 1 + (i * 7919) % 300'000;
        return QByteArray(length, char('a' + i % 26));
    };
    constexpr int pieces = 200;
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    QList<qint64> starts;
    for (int i = 0; i < pieces; ++i) {
        const QByteArray bytes = piece(i);
        starts.append(store.summary(id).responseBytes);
        if (i % 2) {
            store.append(id, bytes.constData(), bytes.size());
            continue;
        }
        for (qint64 at = 0; at < bytes.size();) {
            qint64 capacity = 0;
            char *place = store.reserve(&capacity);
            const qint64 part = qMin<qint64>(capacity, bytes.size() - at);
            memcpy(place, bytes.constData() + at, size_t(part));
            at += store.commit(id, part).length;
        }
    }
    for (int i = 0; i < pieces; ++i) {
        const QByteArray bytes = piece(i);
        if (store.responseBody(id, starts.at(i), bytes.size()) != bytes)
            QFAIL(qPrintable(QStringLiteral("piece %1 is not as it came").arg(i)));
    }
}

void TestTraceStore::framesKeepAllTheirFields()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    const QList<Frame> frames = {
        {FrameKind::Event, 0, 10, 1, -1, 0},
        {FrameKind::Comment, 10, 12, 2, 4, 3},
        {FrameKind::Incomplete, 12, 200'000'000'012, 3, 0, 0},
        {FrameKind::Event, 200'000'000'012, 200'000'000'013, 4, 199'999'999'999, 0x7fffffff},
    };
    for (const Frame &frame : frames)
        store.frame(id, frame);
    store.frame(id, Frame{FrameKind::Event, 10, 5, 0, -1, 0}); // impossible: left out
    const ExchangeSummary summary = store.summary(id);
    QCOMPARE(summary.frames, frames.size());
    QCOMPARE(summary.events, 2);
    QCOMPARE(summary.lastEvent, 4);
    QCOMPARE(store.totalEvents(), 2);
    for (int i = 0; i < frames.size(); ++i)
        QVERIFY(store.frame(id, i) == frames.at(i));
}

void TestTraceStore::manyFramesAreFoundByIndex()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {});
    constexpr qint64 count = 300'000;
    for (qint64 i = 0; i < count; ++i)
        store.frame(id, {FrameKind::Event, i * 3, i * 3 + 3, i, -1, 0});
    QCOMPARE(store.summary(id).frames, count);
    for (qint64 i = 0; i < count; ++i) {
        if (store.frame(id, i).start != i * 3)
            QFAIL("a frame is not where it was put");
    }
}

void TestTraceStore::whatIsNotThereIsEmpty()
{
    TraceStore store;
    const ExchangeId there = store.begin(post({}), "x");
    for (ExchangeId id : {ExchangeId(0), ExchangeId(-1), there + 1, ExchangeId(1) << 60}) {
        QVERIFY(store.summary(id).id == 0);
        QVERIFY(store.request(id) == RequestRecord());
        QVERIFY(store.requestBody(id).isEmpty());
        QVERIFY(!store.response(id));
        QVERIFY(store.responseBody(id).isEmpty());
        QCOMPARE(store.chunkCount(id), 0);
        QVERIFY(store.chunk(id, 0) == BodyChunk());
        QVERIFY(store.frame(id, 0) == Frame());
        QVERIFY(!store.failure(id));
        store.mark(id, Mark::Sent);
        store.respond(id, {});
        QVERIFY(store.append(id, "x", 1) == BodyChunk());
        store.frame(id, Frame());
        store.finish(id);
    }
    QVERIFY(store.chunk(there, -1) == BodyChunk());
    QVERIFY(store.frame(there, 0) == Frame());
    QVERIFY(store.note(0) == Note());
    QVERIFY(store.note(-1) == Note());
    QVERIFY(store.append(there, nullptr, 5) == BodyChunk());
    QVERIFY(store.append(there, "x", -5) == BodyChunk());
    QCOMPARE(store.totalBytes(), 0);
}

void TestTraceStore::whatWasPublishedDoesNotChange()
{
    TraceStore store;
    const ExchangeId id = store.begin(post({}), {}, 1);
    store.mark(id, Mark::Sent, 2);
    store.mark(id, Mark::Sent, 3);
    store.respond(id, {200, "OK", "HTTP/1.1", {}}, 4);
    const std::optional<ResponseRecord> first = store.response(id);
    store.respond(id, {500, "No", "HTTP/1.1", {}}, 5);
    store.finish(id, {}, 6);
    store.finish(id, Failure(), 7);
    QCOMPARE(store.response(id), first);
    QCOMPARE(store.summary(id).status, 200);
    QVERIFY(store.summary(id).times == (ExchangeTimes{1, -1, -1, 2, 4, -1, 6}));
    QVERIFY(!store.failure(id));
    QVERIFY(!store.summary(id).failed);
}

void TestTraceStore::aRequestBodyIsCopied()
{
    char bytes[] = "abc";
    TraceStore store;
    const ExchangeId id = store.begin(post({}), QByteArray::fromRawData(bytes, 3));
    bytes[0] = 'X';
    QCOMPARE(store.requestBody(id), QByteArray("abc"));
}

void TestTraceStore::everyRecordRaisesTheRevision()
{
    TraceStore store;
    quint64 before = store.revision();
    const auto grew = [&] { return std::exchange(before, store.revision()) < store.revision(); };
    const ExchangeId id = store.begin(post({}), {});
    QVERIFY(grew());
    store.mark(id, Mark::Sent);
    QVERIFY(grew());
    store.respond(id, {});
    QVERIFY(grew());
    store.append(id, "x", 1);
    QVERIFY(grew());
    store.frame(id, {FrameKind::Event, 0, 1, 0, -1, 0});
    QVERIFY(grew());
    store.finish(id);
    QVERIFY(grew());
    store.note({}, {});
    QVERIFY(grew());
    QVERIFY(!grew());
}

void TestTraceStore::sinksAreToldEachRecord()
{
    TraceStore store;
    Listener listener;
    store.addSink(&listener);
    store.addSink(&listener);
    const ExchangeId id = store.begin(post(QStringLiteral("ping")), "b", 1);
    store.mark(id, Mark::Sent, 2);
    store.respond(id, {200, {}, {}, {}}, 3);
    store.append(id, "data: 1\n\n", 9, 4);
    store.frame(id, {FrameKind::Event, 0, 9, 4, -1, 0});
    store.note(QStringLiteral("retry"), {}, id, 5);
    Failure failure;
    failure.code = QStringLiteral("reset");
    store.finish(id, failure, 6);
    store.removeSink(&listener);
    store.begin(post({}), {});
    QCOMPARE(listener.lines,
             QStringList({QStringLiteral("request 1 @1 ping b"), QStringLiteral("mark 1 2 @2"),
                          QStringLiteral("response 1 @3 200"), QStringLiteral("body 1 @4 0+9"),
                          QStringLiteral("frame 1 @4 0-9"), QStringLiteral("note @5 retry"),
                          QStringLiteral("finish 1 @6 reset")}));
    QCOMPARE(listener.bytes, QByteArray("data: 1\n\n"));
}

void TestTraceStore::aLateSinkIsToldAllInOrderOfTime()
{
    Listener live;
    Listener late;
    TraceStore store;
    store.addSink(&live);
    qint64 t = 0;
    store.note(QStringLiteral("connect"), {}, 0, t++);
    const ExchangeId a = store.begin(post(QStringLiteral("a")), {}, t++);
    store.mark(a, Mark::Connecting, t++);
    store.mark(a, Mark::Sent, t++);
    store.respond(a, {200, {}, {}, {}}, t++);
    const ExchangeId b = store.begin(post(QStringLiteral("b")), {}, t++);
    for (int i = 0; i < 5; ++i) {
        store.append(a, "data: a\n\ndata: b\n\n", 18, t);
        store.frame(a, {FrameKind::Event, i * 18, i * 18 + 9, t, -1, 0});
        store.frame(a, {FrameKind::Event, i * 18 + 9, i * 18 + 18, t, -1, 0});
        ++t;
        if (i == 2)
            store.respond(b, {401, {}, {}, {}}, t++);
        if (i == 3) {
            store.finish(b, {}, t++);
            store.note(QStringLiteral("n"), {}, b, t++);
        }
    }
    const ExchangeId c = store.begin(post(QStringLiteral("c")), {}, t++);
    store.finish(c, Failure(), t++);
    store.addSink(&late);
    QCOMPARE(late.lines, live.lines);
    QCOMPARE(late.bytes, live.bytes);

    // And from then on like any other.
    store.finish(a, {}, t++);
    QCOMPARE(late.lines, live.lines);
}

void TestTraceStore::readersSeeWholeRecordsWhileOneWrites()
{
    // Each event is "data: N\n\n" of a fixed width, so that a reader can check what it sees.
    constexpr int exchanges = 60;
    constexpr int eventsEach = 1500;
    constexpr int width = 16;
    TraceStore store;
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;

    const auto read = [&] {
        bool last = false;
        quint64 revision = 0;
        ExchangeId count = 0;
        while (!last) {
            last = done.load(std::memory_order_acquire);
            const quint64 now = store.revision();
            wrong += now < revision;
            revision = now;
            wrong += store.exchangeCount() < count;
            count = store.exchangeCount();
            for (ExchangeId id = qMax(ExchangeId(1), count - 2); id <= count; ++id) {
                const ExchangeSummary summary = store.summary(id);
                wrong += summary.id != id;
                wrong += store.request(id).method != "POST";
                wrong += store.requestBody(id) != "body";
                wrong += summary.events > summary.frames;
                if (summary.finished) {
                    wrong += summary.frames != eventsEach;
                    wrong += !store.failure(id);
                }
                if (const std::optional<ResponseRecord> response = store.response(id))
                    wrong += response->status != 200;
                if (summary.frames > 0) {
                    const qint64 index = summary.frames - 1;
                    const Frame frame = store.frame(id, index);
                    const QByteArray bytes =
                        store.responseBody(id, frame.start, frame.end - frame.start);
                    wrong += bytes.size() != width;
                    wrong += bytes.mid(6, 8).toLongLong() != index;
                }
                const qint64 chunks = store.chunkCount(id);
                if (chunks > 0) {
                    const BodyChunk chunk = store.chunk(id, chunks - 1);
                    wrong += store.summary(id).responseBytes + width < chunk.offset + chunk.length;
                }
            }
            const qint64 notes = store.noteCount();
            if (notes > 0)
                wrong += store.note(notes - 1).exchange != notes;
        }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back(read);

    const RequestRecord request = post(QStringLiteral("tools/call"));
    for (int e = 0; e < exchanges; ++e) {
        const ExchangeId id = store.begin(request, "body");
        store.mark(id, Mark::Sent);
        store.respond(id, {200, "OK", "HTTP/1.1", {}});
        for (int i = 0; i < eventsEach; ++i) {
            qint64 capacity = 0;
            char *place = store.reserve(&capacity);
            memcpy(place, "data: ", 6);
            memset(place + 6, '0', 8);
            const QByteArray number = QByteArray::number(i);
            memcpy(place + 14 - number.size(), number.constData(), size_t(number.size()));
            memcpy(place + 14, "\n\n", 2);
            const BodyChunk chunk = store.commit(id, width);
            store.frame(id,
                        {FrameKind::Event, chunk.offset, chunk.offset + width, chunk.at, -1, 0});
        }
        store.finish(id, Failure());
        store.note(QStringLiteral("n"), {}, id);
    }
    done.store(true, std::memory_order_release);
    for (std::thread &reader : readers)
        reader.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(store.totalEvents(), exchanges * eventsEach);
}

QTEST_GUILESS_MAIN(TestTraceStore)
#include "test_trace_store.moc"
