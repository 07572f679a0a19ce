// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"

#include "core/filter/row_notes.h"

#include <QRandomGenerator>
#include <QTest>
#include <QTimeZone>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Ms = 1'000'000;
constexpr qint64 Second = 1000 * Ms;

struct Given {
    ExchangeKind kind = ExchangeKind::Post;
    QByteArray method = "POST";
    QString what = {};
    QByteArray body = {};
    int status = 200;
    QByteArray type = "application/json";
    QByteArray answer = {};
    qint64 begun = 0;
    qint64 took = Ms; ///< -1: open
};

ExchangeId add(TraceStore &trace, const Given &given)
{
    RequestRecord request;
    request.kind = given.kind;
    request.method = given.method;
    request.what = given.what;
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.headers = {{"Authorization", "Bearer hidden", HeaderSource::Credential, true},
                       {"Accept", "application/json"},
                       {"Mcp-Session-Id", "41c0"}};
    if (given.kind == ExchangeKind::Stream)
        request.headers.removeFirst();
    const ExchangeId id = trace.begin(request, given.body, given.begun);
    if (given.status > 0) {
        ResponseRecord response;
        response.status = given.status;
        response.headers = {{"Content-Type", given.type, HeaderSource::Server, false},
                            {"Set-Cookie", "secret=1", HeaderSource::Server, false}};
        trace.respond(id, response, given.begun);
        trace.append(id, given.answer.constData(), given.answer.size(), given.begun);
    }
    if (given.took >= 0)
        trace.finish(id, {}, given.begun + given.took);
    return id;
}

void frame(TraceStore &trace, ExchangeId id, FrameKind kind, const QByteArray &bytes, qint64 at,
           const QByteArray &eventId = {})
{
    const qint64 start = trace.summary(id).responseBytes;
    trace.append(id, bytes.constData(), bytes.size(), at);
    Frame is;
    is.kind = kind;
    is.start = start;
    is.end = start + bytes.size();
    is.at = at;
    if (!eventId.isEmpty()) {
        is.idStart = start + bytes.indexOf(eventId);
        is.idLength = qint32(eventId.size());
    }
    trace.frame(id, is);
}

/// 1 initialize, 2 tools/call add at 10 s that took 0.7 s, 3 tools/call sub with an error, 4 a
/// stream at 15 s with six frames, 5 a batch, 6 a request without an answer, 7 a program's output.
void fill(TraceStore &trace)
{
    add(trace,
        {.what = u"initialize"_s,
         .body = "{\"id\":1,\"method\":\"initialize\",\"params\":{\"v\":\"2025\"}}",
         .answer = "{\"id\":1,\"result\":{\"tools\":[{\"name\":\"add\"},{\"name\":\"sub\"}],"
                   "\"n\":5,\"big\":12345678901234567890}}"});
    add(trace,
        {.what = u"tools/call add"_s,
         .body = "{\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"add\","
                 "\"arguments\":{\"a\":3,\"b\":\"4\",\"c d\":null}}}",
         .answer = "{\"id\":2,\"result\":{\"content\":[{\"text\":\"se\\u0076en\"}],"
                   "\"isError\":false}}",
         .begun = 10 * Second,
         .took = 700 * Ms});
    add(trace,
        {.what = u"tools/call sub"_s,
         .body = "{\"id\":\"x3\",\"method\":\"tools/call\",\"params\":{\"name\":\"sub\"}}",
         .answer = "{\"id\":\"x3\",\"error\":{\"code\":-32602,\"message\":\"No\"}}",
         .begun = 12 * Second});
    const ExchangeId stream = add(trace,
                                  {.kind = ExchangeKind::Stream,
                                   .method = "GET",
                                   .what = u"event stream"_s,
                                   .type = "text/event-stream",
                                   .begun = 15 * Second,
                                   .took = -1});
    frame(trace, stream, FrameKind::Comment, ": hello", 15 * Second);
    frame(trace, stream, FrameKind::Event,
          "id: e1\nevent: message\ndata: {\"method\":\"notifications/progress\",\"params\":"
          "{\"progress\":5}}\n\n",
          16 * Second, "e1");
    frame(trace, stream, FrameKind::Event, "event: ping\ndata: {}\n\n", 17 * Second);
    frame(trace, stream, FrameKind::Event,
          "data: {\"id\":9,\r\ndata: \"error\":{\"code\":-1,\"message\":\"Lost\"}}\r\n\r\n",
          26 * Second);
    frame(trace, stream, FrameKind::Retry, "retry: 500", 26 * Second);
    frame(trace, stream, FrameKind::Event, "event: end\ndata\n\n", 27 * Second);
    add(trace,
        {.what = u"batch"_s,
         .body = "[{\"id\":5,\"method\":\"ping\"},{\"id\":6,\"method\":\"tools/list\"}]",
         .status = 202,
         .begun = 30 * Second});
    add(trace, {.what = u"ping"_s, .status = 0, .begun = 40 * Second, .took = 3 * Second});
    const ExchangeId program = add(trace,
                                   {.kind = ExchangeKind::Process,
                                    .method = "",
                                    .what = u"./server --x"_s,
                                    .status = 0,
                                    .begun = 50 * Second,
                                    .took = -1});
    frame(trace, program, FrameKind::Line, "{\"method\":\"notifications/message\"}\n", 51 * Second);
    frame(trace, program, FrameKind::NoMessage, "starting up\n", 52 * Second);
}

QByteArray exchanges(const TraceReader &trace, const TraceFilter &filter)
{
    QByteArrayList ids;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (filter.matches(trace, id))
            ids += QByteArray::number(id);
    }
    return ids.join(' ');
}

/// "4.1": frame 1 of exchange 4.
QByteArray events(const TraceReader &trace, const TraceFilter &filter)
{
    QByteArrayList found;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        QList<qint64> frames;
        filter.findEvents(trace, id, 0, trace.summary(id).frames, frames);
        for (const qint64 index : std::as_const(frames)) {
            found += QByteArray::number(id) + '.' + QByteArray::number(index);
            if (!filter.matchesEvent(trace, id, index))
                found += "alone not";
        }
    }
    return found.join(' ');
}

constexpr auto All = "4.0 4.1 4.2 4.3 4.4 4.5 7.0 7.1";
constexpr auto OfFour = "4.0 4.1 4.2 4.3 4.4 4.5";

} // namespace

class TestFilterRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void each_filter_finds_its_rows_data();
    void each_filter_finds_its_rows();
    void bookmarks_and_notes_are_found();
    void what_holds_of_an_event_follows_its_exchange();
    void numbers_are_compared_as_they_are_written_data();
    void numbers_are_compared_as_they_are_written();
    void a_finding_that_a_note_told_is_found();
    void findings_are_asked_for_where_the_filter_does();
    void a_stop_ends_a_long_look();
    void random_filters_neither_crash_nor_hang();

private:
    std::unique_ptr<TraceStore> m_trace;
};

void TestFilterRows::initTestCase()
{
    qputenv("TZ", "UTC");
    m_trace = std::make_unique<TraceStore>(
        TraceClock(), QDateTime(QDate(2026, 11, 27), QTime(14, 2, 50), QTimeZone::utc()));
    fill(*m_trace);
}

void TestFilterRows::each_filter_finds_its_rows_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("found");
    QTest::addColumn<QByteArray>("foundEvents");
    const auto row = [](const char *text, const char *found, const char *foundEvents) {
        QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(found)
                            << QByteArray(foundEvents);
    };
    row("", "1 2 3 4 5 6 7", All);
    // Of the exchange: for all its events or for none.
    row("kind:stream", "4", OfFour);
    row("id:7", "7", "7.0 7.1");
    row("id:4..6", "4 5 6", OfFour);
    row("id!=4", "1 2 3 5 6 7", "7.0 7.1");
    row("status:200", "1 2 3 4", OfFour);
    row("status>200", "5", "");
    row("status<300", "1 2 3 4 5", OfFour);
    row("status!=200", "5 6 7", "7.0 7.1");
    row("status:none", "6 7", "7.0 7.1");
    row("-status:2xx", "6 7", "7.0 7.1");
    row("what:stream", "4", OfFour);
    row("what:/^tools.(call|list)/", "2 3", "");
    row("what=ping", "6", "");
    row("what=Ping", "", "");
    row("what:Ping", "6", "");
    row("tool:add", "2", "");
    row("tool:/^(add|sub)$/", "2 3", "");
    row("tool=ADD", "", "");
    row("tool:/ADD/i", "2", "");
    row("tool!=add", "1 3 4 5 6 7", All);
    row("url:/mcp", "1 2 3 4 5 6 7", All);
    row("ms>500", "2 6", "");
    row("time>2s", "6", "");
    row("time>=700ms time<1s", "2", "");
    row("ms>0 -ms>500", "1 3 5", "");
    row("request.size>80", "2", "");
    row("events>2", "4", OfFour);
    row("events:1", "7", "7.0 7.1");
    row("is:open", "4 7", All);
    row("error:-32602", "3", "");
    row("error<-100", "3", "");
    row("header.authorization", "1 2 3 5 6 7", "7.0 7.1");
    row("not header.authorization", "4", OfFour);
    row("status:200 and kind:stream and not header.authorization", "4", OfFour);
    row("header.mcp-session-id:41", "1 2 3 4 5 6 7", All);
    row("header.mcp-session-id=41", "", "");
    row("header.mcp-session-id=41c0", "1 2 3 4 5 6 7", All);
    row("header.mcp-session-id:/^4.c0$/", "1 2 3 4 5 6 7", All);
    row("header.nothing", "", "");
    row("response.header.content-type:event-stream", "4", OfFour);
    row("response.header.content-type!=application/json", "4 6 7", All);
    row("response.header.set-cookie", "1 2 3 4 5", OfFour);
    // JSON.
    row("body/params/name=\"add\"", "2", "");
    row("body/params/name=add", "2", "");
    row("body/params/name:AD", "2", "");
    row("body/params/name=AD", "", "");
    row("body/params/name", "2 3", "");
    row("body/params/name:/^s/", "3", "");
    row("body/params/arguments/a=3", "2", "");
    row("body/params/arguments/a=3.0", "2", "");
    row("body/params/arguments/a=\"3\"", "", "");
    row("body/params/arguments/a>2", "2", "");
    row("body/params/arguments/a>3", "", "");
    row("body/params/arguments/a:1..5", "2", "");
    row("body/params/arguments/b=4", "2", "");
    row("body/params/arguments/b=\"4\"", "2", "");
    row("body/params/arguments/b>3", "", "");
    row("body/params/arguments/\"c d\"=null", "2", "");
    row("body/params/arguments/*=null", "2", "");
    row("body/result/tools/*/name=\"sub\"", "1", "");
    row("body/result/tools/1/name=\"sub\"", "1", "");
    row("body/result/tools/2", "", "");
    row("body/result/content/0/text=\"seven\"", "2", "");
    row("body/result/isError=false", "2", "");
    row("body/result/isError!=false", "1 3 4 5 6 7", All);
    row("body/result/big>1", "1", "");
    row("body/id=1", "1", "");
    row("body/id=\"x3\"", "3", "");
    row("body/id=9", "4", "4.3");
    row("body/method=\"tools/list\"", "5", "");
    row("request.body/id=6", "5", "");
    row("request.body/error", "", "");
    row("response.body/error/code=-32602", "3", "");
    row("response.body/error/code<0", "3 4", "4.3");
    row("response.body/params", "4", "4.1");
    row("request.body:arguments", "2", "");
    row("response.body:seven", "", "");
    row("response.body:se\\u0076en", "2", "");
    row("body:progress", "4", "4.1");
    row("rpc.method:ping", "5", "");
    row("rpc.method:notifications/progress", "4", "4.1");
    row("rpc.method:/^notifications/", "4 7", "4.1 7.0");
    row("rpc.id:9", "4", "4.3");
    row("rpc.id:\"x3\"", "3", "");
    // Events.
    row("event.type:ping", "4", "4.2");
    row("event.type:message", "4 7", "4.1 4.3 7.0");
    row("event.type", "4", "4.1 4.2 4.5");
    row("-event.type:ping", "1 2 3 5 6 7", "4.0 4.1 4.3 4.4 4.5 7.0 7.1");
    row("event.type!=ping", "1 2 3 5 6 7", "4.0 4.1 4.3 4.4 4.5 7.0 7.1");
    row("event.id", "4", "4.1");
    row("event.id:e1", "4", "4.1");
    row("event.id=E1", "", "");
    row("event.kind:comment", "4", "4.0");
    row("event.kind:event", "4", "4.1 4.2 4.3 4.5");
    row("event.kind:no-message", "7", "7.1");
    row("event.data", "4 7", "4.1 4.2 4.3 7.0");
    row("event.data:lost", "4", "4.3");
    row("event.data=\"{}\"", "4", "4.2");
    row("event.data:\"hello\"", "", "");
    row("event.data/params/progress>4", "4", "4.1");
    row("event.data/params/progress=5", "4", "4.1");
    row("event.data/error/message=\"Lost\"", "4", "4.3");
    row("event.data/method", "4 7", "4.1 7.0");
    row("event.size>60", "4", "4.1 4.3");
    row("gap>5s", "4", "4.3");
    row("gap:1s", "4 7", "4.1 4.2 4.5 7.0 7.1");
    row("error:-1", "", "4.3");
    row("is:error", "3", "4.3");
    row("is:stream", "4 7", All);
    // Of both.
    row("hello", "4", "4.0");
    row("\"event: ping\"", "4", "4.2");
    row("starting", "7", "7.1");
    row("initialize", "1", "");
    row("/st.rt/", "7", "7.1");
    row("size>60", "1 2 4", "4.1 4.3");
    row("at:10s..20s", "2 3 4", "4.0 4.1 4.2");
    row("at>40s", "7", "7.0 7.1");
    row("clock:14:03", "2 3 4 5 6 7", All);
    row("clock:14:02", "1", "");
    row("clock:14:03:00..14:03:07", "2 3 4", "4.0 4.1 4.2");
    row("clock:14:03..14:05", "2 3 4 5 6 7", All);
    row("clock:23:00..14:02", "1", "");
    row("clock<14:03", "1", "");
    row("clock>=2026-11-27T14:03:40Z", "7", "7.0 7.1");
    row("clock:2026-11-27", "1 2 3 4 5 6 7", All);
    // Joined.
    row("kind:stream event.type:ping", "4", "4.2");
    row("kind:post event.type:ping", "", "");
    row("tool:add or event.type:ping", "2 4", "4.2");
    row("(tool:add or kind:stream) -event.type:ping", "2", "4.0 4.1 4.3 4.4 4.5");
    row("not (event.kind:event or event.kind:line)", "1 2 3 5 6", "4.0 4.4 7.1");
    row("ms>500 size>10 or error:-32602", "2 3", "");
}

void TestFilterRows::each_filter_finds_its_rows()
{
    QFETCH(QString, text);
    QList<FilterProblem> problems;
    const TraceFilter filter = TraceFilter::parse(text, &problems);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.value(0).sentence));
    QTEST(exchanges(*m_trace, filter), "found");
    QTEST(events(*m_trace, filter), "foundEvents");
    if (text.isEmpty())
        return;
    // The opposite finds the others.
    const TraceFilter opposite = TraceFilter::parse(u"not ("_s + text + u')');
    QByteArrayList others{"1", "2", "3", "4", "5", "6", "7"};
    QFETCH(QByteArray, found);
    for (const QByteArray &id : found.split(' '))
        others.removeAll(id);
    QCOMPARE(exchanges(*m_trace, opposite), others.join(' '));
    QByteArrayList otherEvents = QByteArray(All).split(' ');
    QFETCH(QByteArray, foundEvents);
    for (const QByteArray &event : foundEvents.split(' '))
        otherEvents.removeAll(event);
    QCOMPARE(events(*m_trace, opposite), otherEvents.join(' '));
}

void TestFilterRows::bookmarks_and_notes_are_found()
{
    TraceStore trace;
    fill(trace);
    const TraceFilter marked = TraceFilter::parse(u"is:marked"_s);
    const TraceFilter noted = TraceFilter::parse(u"note:LOOK"_s);
    QCOMPARE(exchanges(trace, marked), QByteArray());
    const auto note = [&](const char *name, const TraceRow &row, const QString &text) {
        trace.note(QString::fromLatin1(name), text, row.exchange);
    };
    note(BookmarkNote, {2, -1}, bookmarkText({2, -1}, true));
    note(BookmarkNote, {4, 3}, bookmarkText({4, 3}, true));
    note(RemarkNote, {3, -1}, remarkText({3, -1}, u"look: here"_s));
    note(RemarkNote, {4, 1}, remarkText({4, 1}, u"event 7: look"_s));
    note(RemarkNote, {5, -1}, remarkText({5, -1}, u"event 7: look too"_s));
    QCOMPARE(exchanges(trace, marked), QByteArray("2 4"));
    QCOMPARE(events(trace, marked), QByteArray("4.3"));
    QCOMPARE(exchanges(trace, noted), QByteArray("3 4 5"));
    QCOMPARE(events(trace, noted), QByteArray("4.1"));
    RowNotes notes;
    notes.update(trace);
    QCOMPARE(notes.remark({4, 1}), u"event 7: look"_s);
    QCOMPARE(notes.remark({5, -1}), u"event 7: look too"_s);
    QCOMPARE(notes.rows(), (QList<TraceRow>{{2, -1}, {3, -1}, {4, 1}, {4, 3}, {5, -1}}));
    // Taken back by a later note.
    note(BookmarkNote, {2, -1}, bookmarkText({2, -1}, false));
    note(BookmarkNote, {4, 3}, bookmarkText({4, 3}, false));
    note(RemarkNote, {3, -1}, remarkText({3, -1}, {}));
    QCOMPARE(exchanges(trace, marked), QByteArray());
    QCOMPARE(events(trace, marked), QByteArray());
    QCOMPARE(exchanges(trace, noted), QByteArray("4 5"));
    notes.update(trace);
    QCOMPARE(notes.rows(), (QList<TraceRow>{{4, 1}, {5, -1}}));
    // Notes of ours that somebody spoilt.
    note(BookmarkNote, {2, -1}, u"event x: set"_s);
    note(BookmarkNote, {2, -1}, u"event -3: set"_s);
    note(BookmarkNote, {0, -1}, u"set"_s);
    note(RemarkNote, {2, -1}, u"event 5"_s);
    notes.update(trace);
    QCOMPARE(notes.rows().size(), 2);
}

void TestFilterRows::what_holds_of_an_event_follows_its_exchange()
{
    TraceStore trace;
    fill(trace);
    const TraceFilter open = TraceFilter::parse(u"is:open event.kind:comment"_s);
    QVERIFY(open.matchesEvent(trace, 4, 0));
    trace.finish(4, {}, 60 * Second);
    QVERIFY(!open.matchesEvent(trace, 4, 0));
    QVERIFY(!open.matchesEvent(trace, 4, 99));
    QVERIFY(!open.matchesEvent(trace, 4, -1));
    QVERIFY(!open.matchesEvent(trace, 0, 0));
    QVERIFY(!TraceFilter().matchesEvent(trace, 99, 0));
    QVERIFY(!TraceFilter().matchesEvent(trace, 4, 6));
}

void TestFilterRows::numbers_are_compared_as_they_are_written_data()
{
    QTest::addColumn<QByteArray>("number"); // as the body has it
    QTest::addColumn<QString>("filter"); // behind the pointer
    QTest::addColumn<bool>("holds");
    const auto row = [](const char *number, const char *filter, bool holds) {
        QTest::addRow("%s%s", number, filter)
            << QByteArray(number) << QString::fromLatin1(filter) << holds;
    };
    // 2^53 + 1 and what a double makes of it.
    row("9007199254740993", "=9007199254740992", false);
    row("9007199254740993", ":9007199254740992", false);
    row("9007199254740993", "=9007199254740993", true);
    row("9007199254740993", "!=9007199254740992", true);
    row("9007199254740993", ">9007199254740992", true);
    row("9007199254740992", ">9007199254740992", false);
    row("9007199254740992", ">=9007199254740992", true);
    row("9007199254740992", "<9007199254740993", true);
    row("9007199254740993", "<=9007199254740992", false);
    row("9007199254740993", ":9007199254740992..9007199254740993", true);
    row("9007199254740993", ":9007199254740991..9007199254740992", false);
    row("9007199254740993", ":9007199254740994..", false);
    row("-9007199254740993", "<-9007199254740992", true);
    row("0.1", "=0.10000000000000000001", false);
    row("0.10000000000000000001", ">0.1", true);
    // The same number, however it is spelt.
    row("1.0", "=1", true);
    row("1", "=1.00", true);
    row("1e2", "=100", true);
    row("100", "=1E+2", true);
    row("-0", "=0", true);
    row("0.1", "=1e-1", true);
    row("9007199254740993.0", "=9007199254740993", true);
    // Beyond what a double can hold.
    row("1e400", "=1e400", true);
    row("1e400", "=1e401", false);
    row("1e400", "=10e399", true);
    row("1e400", ">1e399", true);
    row("-1e400", "<0", true);
    row("5", ">1e400", false);
    row("5", "<1e400", true);
    row("-5", "<-1e400", false);
    row("-5", ">-1e400", true);
    row("1e-300", "<1e-400", false);
    row("-1e-300", "<-1e-400", true);
    row("-1e-400", "<0", true);
    row("1e-400", ">0", true);
    row("0", "<1e-400", true);
    row("1e99999999999999999999", ">1", true);
    // What is none is text.
    row("\"1.0\"", "=1", false);
    row("\"1.0\"", "=1.0", true);
    row("12abc", "=12", false);
    row("true", ">0", false);
}

void TestFilterRows::numbers_are_compared_as_they_are_written()
{
    QFETCH(QByteArray, number);
    QFETCH(QString, filter);
    QFETCH(bool, holds);
    TraceStore trace;
    add(trace, {.body = "{\"id\":" + number + ",\"params\":{\"z\":[" + number + "]}}"});
    for (const QString &key : {u"request.body/params/z/0"_s, u"rpc.id"_s}) {
        QList<FilterProblem> problems;
        const TraceFilter parsed = TraceFilter::parse(key + filter, &problems);
        QVERIFY(problems.isEmpty());
        QVERIFY2(parsed.matches(trace, 1) == holds, qPrintable(key));
    }
}

void TestFilterRows::a_finding_that_a_note_told_is_found()
{
    TraceStore trace;
    fill(trace);
    trace.note(u"deviation"_s, u"text"_s, 3, -1, u"AF-07"_s);
    Failure failure;
    failure.exchange = 2;
    failure.finding = u"AF-01"_s;
    trace.noteFailure(failure);
    QCOMPARE(exchanges(trace, TraceFilter::parse(u"finding:af-07"_s)), QByteArray("3"));
    QCOMPARE(exchanges(trace, TraceFilter::parse(u"finding:AF-01"_s)), QByteArray("2"));
    QCOMPARE(exchanges(trace, TraceFilter::parse(u"finding:/^AF/"_s)), QByteArray("2 3"));
}

void TestFilterRows::findings_are_asked_for_where_the_filter_does()
{
    TraceStore trace;
    fill(trace);
    trace.note(u"deviation"_s, u"text"_s, 3, -1, u"AF-07"_s);
    QList<ExchangeId> asked;
    const FindingsLookup lookup = [&](const TraceReader &of, ExchangeId id,
                                      const std::atomic<bool> *) {
        asked.append(&of == &trace ? id : -1);
        return id == 2 ? QStringList{u"AF-07"_s, u"AF-01"_s} : QStringList();
    };
    const auto found = [&](const QString &text) {
        return exchanges(trace, TraceFilter::parse(text).withFindings(lookup));
    };
    QCOMPARE(found(u"finding:AF-01"_s), QByteArray("2"));
    QVERIFY(!asked.isEmpty() && !asked.contains(-1));
    QCOMPARE(found(u"finding:AF-07"_s), QByteArray("2 3"));
    QCOMPARE(found(u"id:1..3 -finding:AF-01"_s), QByteArray("1 3"));
    QCOMPARE(found(u"id:1..3 finding!=AF-07"_s), QByteArray("1"));
    asked.clear();
    QCOMPARE(found(u"status:599 finding:AF-01"_s), QByteArray());
    QCOMPARE(found(u"tool:add"_s), QByteArray("2"));
    QCOMPARE(asked, QList<ExchangeId>());
    QVERIFY(
        TraceFilter::parse(u"tool:add or not (status:1xx or finding:AF-01)"_s).asksForFindings());
    QVERIFY(!TraceFilter::parse(u"tool:add or \"finding:AF-01\""_s).asksForFindings());
    QVERIFY(!TraceFilter().withFindings(lookup).asksForFindings());
    QCOMPARE(TraceFilter::parse(u"finding:AF-01"_s).withFindings(lookup).text(),
             u"finding:AF-01"_s);
    // Also of an event: what holds of its exchange.
    QVERIFY(!TraceFilter::parse(u"finding:AF-01"_s).withFindings(lookup).matchesEvent(trace, 4, 0));
    QVERIFY(TraceFilter::parse(u"-finding:AF-01"_s).withFindings(lookup).matchesEvent(trace, 4, 0));
}

void TestFilterRows::a_stop_ends_a_long_look()
{
    const std::atomic<bool> stop = true;
    const TraceFilter filter = TraceFilter::parse(u"event.type:ping"_s);
    QVERIFY(!filter.matches(*m_trace, 4, &stop));
    QList<qint64> found;
    filter.findEvents(*m_trace, 4, 0, 6, found, &stop);
    QVERIFY(found.isEmpty());
}

void TestFilterRows::random_filters_neither_crash_nor_hang()
{
    QRandomGenerator random(20261127);
    QStringList pieces{u"("_s,
                       u")"_s,
                       u" "_s,
                       u" "_s,
                       u" and "_s,
                       u" or "_s,
                       u"not "_s,
                       u"-"_s,
                       u"!"_s,
                       u"\""_s,
                       u"\\"_s,
                       u"/"_s,
                       u"/i"_s,
                       u":"_s,
                       u"="_s,
                       u"!="_s,
                       u"<"_s,
                       u">="_s,
                       u".."_s,
                       u"4xx"_s,
                       u"500"_s,
                       u"1MB"_s,
                       u"2s"_s,
                       u"14:03"_s,
                       u"add"_s,
                       u"any"_s,
                       u"body/a/"_s,
                       u"*"_s,
                       u"[a"_s,
                       u"(x+)+"_s,
                       u"null"_s,
                       u"&&"_s,
                       u"||"_s,
                       u"header."_s,
                       QString(QChar(0)),
                       QString(QChar(0xd800)),
                       u"\u00e9"_s,
                       u"\u0664"_s,
                       u"%1"_s};
    for (const FilterKey &key : filterKeys())
        pieces << key.name << key.name + u':' << key.example;
    for (int i = 0; i < 10'000; ++i) {
        QString text;
        for (int n = random.bounded(12); n > 0; --n)
            text += random.bounded(8) ? pieces.at(random.bounded(int(pieces.size())))
                                      : QString(QChar(ushort(random.bounded(0x10000))));
        QList<FilterProblem> problems;
        const TraceFilter filter = TraceFilter::parse(text, &problems);
        qsizetype before = 0;
        for (const FilterProblem &problem : std::as_const(problems)) {
            QVERIFY(problem.start >= before && problem.length > 0);
            QVERIFY(problem.start + problem.length <= text.size());
            QVERIFY2(problem.sentence.endsWith(u'.'), qPrintable(problem.sentence));
            before = problem.start;
        }
        QCOMPARE(filter.text(), text);
        const QByteArray found = exchanges(*m_trace, filter);
        events(*m_trace, filter);
        QVERIFY(!filter.isEmpty() || found == "1 2 3 4 5 6 7");
    }
    // A long one costs in proportion.
    QString wide;
    for (int i = 0; i < 20'000; ++i)
        wide += u"status:401 or tool:\"a b\" "_s;
    const TraceFilter filter = TraceFilter::parse(wide);
    QCOMPARE(exchanges(*m_trace, filter), QByteArray());
}

QTEST_APPLESS_MAIN(TestFilterRows)
#include "test_filter_rows.moc"
