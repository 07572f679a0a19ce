// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_part.h"

#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// 1 a POST, 2 what it caused, 3 a stream of four frames with a comment within an event, 4 one that
/// failed.
void fill(TraceStore &trace)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.what = u"initialize"_s;
    request.headers = {{"Accept", "*/*"}};
    const ExchangeId first = trace.begin(request, "{\"id\":1}", 100);
    trace.mark(first, Mark::Connecting, 110);
    trace.mark(first, Mark::Sent, 120);
    trace.respond(first, {307, "Temporary Redirect", "HTTP/1.1", {}}, 130);
    trace.append(first, "gone", 4, 140);
    trace.append(first, " there", 6, 145);
    trace.finish(first, {}, 150);
    request.cause = first;
    request.what = u"initialize again"_s;
    const ExchangeId second = trace.begin(request, "{\"id\":1}", 160);
    trace.respond(second, {200, {}, {}, {}}, 170);
    trace.finish(second, {}, 180);
    request.cause = 0;
    request.kind = ExchangeKind::Stream;
    request.what = u"event stream"_s;
    const ExchangeId stream = trace.begin(request, {}, 200);
    trace.respond(stream, {200, {}, {}, {}}, 210);
    const QByteArray bytes = "id: a\ndata: 1\n\n"
                             "data: 2\n:hi\n\n"
                             "id: b\ndata: 3\n\n"
                             "data: 4\n\n";
    trace.append(stream, bytes.constData(), bytes.size(), 220);
    trace.frame(stream, {FrameKind::Event, 0, 15, 221, 4, 1});
    trace.frame(stream, {FrameKind::Comment, 23, 26, 222, -1, 0});
    trace.frame(stream, {FrameKind::Event, 15, 28, 223, 4, 1});
    trace.frame(stream, {FrameKind::Event, 28, 43, 224, 32, 1});
    trace.frame(stream, {FrameKind::Event, 43, 52, 225, 32, 1});
    request.kind = ExchangeKind::Post;
    const ExchangeId failed = trace.begin(request, {}, 300);
    Failure failure;
    failure.kind = FailureKind::Unreachable;
    failure.exchange = failed;
    failure.sentence = u"It is gone."_s;
    trace.finish(failed, failure, 310);
    trace.noteFailure(failure, 311);
    trace.note(u"connect"_s, u"somewhere"_s, 0, 1);
    trace.note(u"deviation"_s, u"odd"_s, first, 151, u"AF-07"_s);
    trace.note(QLatin1StringView(BookmarkNote), bookmarkText({stream, 3}, true), stream, 400);
    trace.note(QLatin1StringView(RemarkNote), remarkText({stream, 0}, u"not here"_s), stream, 400);
    trace.note(QLatin1StringView(RemarkNote), remarkText({stream, -1}, u"all"_s), stream, 400);
}

} // namespace

class TestTracePart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void exchanges_come_whole();
    void of_events_their_bytes_alone_come();
    void a_part_can_be_saved_and_read();
    void what_was_let_go_of_is_not_there();
    void nothing_is_a_part_too();
};

void TestTracePart::exchanges_come_whole()
{
    TraceStore trace;
    fill(trace);
    const auto part = tracePart(trace, {{2, -1}, {3, -1}, {4, -1}});
    QCOMPARE(part->exchangeCount(), 3);
    QCOMPARE(part->began(), trace.began());
    QVERIFY(!part->redacted());
    // The cause of the first is not there.
    QCOMPARE(part->request(1).cause, 0);
    QCOMPARE(part->request(1).what, u"initialize again"_s);
    ExchangeSummary there = part->summary(2);
    there.id = 3;
    QCOMPARE(there.times, trace.summary(3).times);
    QCOMPARE(there.frames, trace.summary(3).frames);
    QCOMPARE(part->responseBody(2), trace.responseBody(3));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(part->frame(2, i), trace.frame(3, i));
    QVERIFY(!there.finished);
    QCOMPARE(part->failure(3)->exchange, 3);
    QCOMPARE(part->failure(3)->sentence, u"It is gone."_s);
    QStringList notes;
    for (qint64 i = 0; i < part->noteCount(); ++i)
        notes << u"%1 %2 %3"_s.arg(part->note(i).exchange)
                     .arg(part->note(i).name, part->note(i).text);
    QCOMPARE(notes,
             (QStringList{u"1 part exchange 2 of the recording"_s,
                          u"2 part exchange 3 of the recording"_s,
                          u"3 part exchange 4 of the recording"_s, u"3 failure It is gone."_s,
                          u"0 connect somewhere"_s, u"2 bookmark event 3: set"_s,
                          u"2 remark event 0: not here"_s, u"2 remark all"_s}));

    const auto both = tracePart(trace, {{1, -1}, {2, -1}});
    QCOMPARE(both->request(2).cause, 1);
    QCOMPARE(both->chunkCount(1), 2);
    QCOMPARE(both->chunk(1, 1), trace.chunk(1, 1));
    QCOMPARE(both->summary(1).times, trace.summary(1).times);
}

void TestTracePart::of_events_their_bytes_alone_come()
{
    TraceStore trace;
    fill(trace);
    const auto part = tracePart(trace, {{3, 1}, {3, 2}, {3, 3}, {3, 4}});
    QCOMPARE(part->exchangeCount(), 1);
    QCOMPARE(part->responseBody(1), trace.responseBody(3).mid(15));
    const auto bytes = [&](const TraceReader &of, qint64 index) {
        const Frame frame = of.frame(1, index);
        return of.responseBody(1, frame.start, frame.end - frame.start);
    };
    QCOMPARE(part->summary(1).frames, 4);
    QCOMPARE(bytes(*part, 0), QByteArray(":hi"));
    QCOMPARE(bytes(*part, 1), QByteArray("data: 2\n:hi\n\n"));
    QCOMPARE(bytes(*part, 2), QByteArray("id: b\ndata: 3\n\n"));
    QCOMPARE(part->frame(1, 1).at, 223);
    // Its id came with an event that is not there.
    QCOMPARE(part->frame(1, 1).idStart, -1);
    QCOMPARE(part->responseBody(1, part->frame(1, 3).idStart, 1), QByteArray("b"));
    RowNotes notes;
    notes.update(*part);
    QCOMPARE(notes.rows(), (QList<TraceRow>{{1, -1}, {1, 2}}));
    QVERIFY(notes.isMarked({1, 2}));

    const auto two = tracePart(trace, {{3, 0}, {3, 4}});
    QCOMPARE(two->responseBody(1), QByteArray("id: a\ndata: 1\n\ndata: 4\n\n"));
    QCOMPARE(bytes(*two, 1), QByteArray("data: 4\n\n"));
    QCOMPARE(two->frame(1, 0).idStart, 4);
    QCOMPARE(two->chunk(1, 1).at, 225);
}

void TestTracePart::a_part_can_be_saved_and_read()
{
    TraceStore trace;
    fill(trace);
    trace.setRedacted(true);
    const auto part = tracePart(trace, {{1, -1}, {3, 2}, {3, 4}, {4, -1}});
    QVERIFY(part->redacted());
    QTemporaryDir folder;
    const QString path = folder.filePath(u"part.sgtrace"_s);
    {
        auto writer = TraceFileWriter::create(path, part->began(), Redactor("salt"), false);
        QVERIFY(writer.has_value());
        replayTrace(*part, **writer);
        QVERIFY(!(*writer)->failure());
    }
    const Expected<Recording> back = readTraceFile(path);
    QVERIFY(back.has_value());
    QCOMPARE(back->warning, QString());
    QVERIFY(back->trace->redacted());
    QCOMPARE(back->trace->exchangeCount(), 3);
    QCOMPARE(back->trace->responseBody(2), QByteArray("data: 2\n:hi\n\ndata: 4\n\n"));
    QCOMPARE(back->trace->frame(2, 1), part->frame(2, 1));
    QCOMPARE(back->trace->failure(3)->sentence, u"It is gone."_s);
    QCOMPARE(back->trace->noteCount(), part->noteCount());
}

void TestTracePart::what_was_let_go_of_is_not_there()
{
    TraceStore trace;
    trace.setLimit({4'000'000, TraceLimit::Beyond::LetGo});
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    const ExchangeId id = trace.begin(request, {}, 0);
    ResponseRecord response;
    response.status = 200;
    response.headers = {{"Content-Type", "text/event-stream", HeaderSource::Server, false}};
    trace.respond(id, response, 0);
    qint64 at = 0;
    for (int i = 0; i < 1000; ++i) {
        const QByteArray bytes =
            "data: " + QByteArray::number(i) + ' ' + QByteArray(20'000, 'x') + "\n\n";
        trace.append(id, bytes.constData(), bytes.size(), i);
        trace.frame(id, {FrameKind::Event, at, at + bytes.size(), i, -1, 0});
        at += bytes.size();
    }
    const qint64 gone = trace.summary(id).letGo;
    QVERIFY(gone > 0 && gone < at);
    trace.note(QLatin1StringView(BookmarkNote), bookmarkText({id, 999}, true), id, 2000);
    trace.note(QLatin1StringView(BookmarkNote), bookmarkText({id, 1}, true), id, 2000);
    const auto part = tracePart(trace, {{id, -1}});
    QCOMPARE(part->responseBody(1), trace.responseBody(id, gone));
    const qint64 frames = part->summary(1).frames;
    QVERIFY(frames > 0 && frames < 1000);
    const Frame last = part->frame(1, frames - 1);
    QVERIFY(part->responseBody(1, last.start, last.end - last.start).startsWith("data: 999 "));
    const Frame first = part->frame(1, 0);
    QVERIFY(part->responseBody(1, first.start, 10)
                .startsWith("data: " + QByteArray::number(1000 - frames) + ' '));
    RowNotes notes;
    notes.update(*part);
    QCOMPARE(notes.rows(), (QList<TraceRow>{{1, frames - 1}}));
    const auto some = tracePart(trace, {{id, 1}, {id, 998}, {id, 999}});
    QCOMPARE(some->summary(1).frames, 2);
}

void TestTracePart::nothing_is_a_part_too()
{
    TraceStore trace;
    fill(trace);
    QCOMPARE(tracePart(trace, {})->exchangeCount(), 0);
    QCOMPARE(tracePart(trace, {{0, -1}, {99, -1}})->exchangeCount(), 0);
    const auto part = tracePart(trace, {{3, 99}});
    QCOMPARE(part->exchangeCount(), 1);
    QCOMPARE(part->summary(1).responseBytes, 0);
}

QTEST_APPLESS_MAIN(TestTracePart)
#include "test_trace_part.moc"
