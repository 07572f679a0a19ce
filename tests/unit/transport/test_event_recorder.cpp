// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/transport/event_recorder.h"

#include <QtTest>

using namespace sightglass;

class TestEventRecorder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void framesAreTheBytesHoweverTheyCame_data();
    void framesAreTheBytesHoweverTheyCame();
    void aFrameStandsInTheTraceBeforeItsDataIsHandedOn();
    void anEventWithoutDataIsRecordedAndNotHandedOn();
    void aHugeEventIsOneFrame();
};

namespace {

/// Feeds a body as the gate does: into the trace first.
void feed(TraceStore &trace, EventRecorder &recorder, ExchangeId id, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        qint64 capacity = 0;
        char *place = trace.reserve(&capacity);
        const qint64 length = qMin<qint64>(capacity, bytes.size());
        memcpy(place, bytes.data(), size_t(length));
        trace.commit(id, length);
        recorder.feed(QByteArrayView(place, length), id);
        bytes = bytes.sliced(length);
    }
}

} // namespace

void TestEventRecorder::framesAreTheBytesHoweverTheyCame_data()
{
    QTest::addColumn<qint64>("slice");
    // A block of the trace holds 4 MiB: events lie over its end with each of these.
    for (const qint64 slice : {1'000LL, 4'097LL, 65'536LL, 1'048'576LL, 100'000'000LL})
        QTest::addRow("%lld bytes at once", slice) << slice;
}

void TestEventRecorder::framesAreTheBytesHoweverTheyCame()
{
    QFETCH(qint64, slice);
    constexpr int count = 60'000;
    QByteArray body;
    QList<qint64> ends;
    const auto data = [](int i) {
        return QByteArray::number(i) + QByteArray(i % 300, char('a' + i % 26));
    };
    for (int i = 0; i < count; ++i) {
        body += (i % 7 ? "data: " : "event: message\ndata:") + data(i) + "\n\n";
        ends.append(body.size());
    }
    TraceStore trace;
    int seen = 0;
    bool same = true;
    EventRecorder recorder(&trace, [&](QByteArrayView got, ExchangeId) {
        same = same && got == data(seen);
        ++seen;
    });
    const ExchangeId id = trace.begin({}, {});
    for (qint64 at = 0; at < body.size(); at += slice)
        feed(trace, recorder, id,
             QByteArrayView(body).sliced(at, qMin<qint64>(slice, body.size() - at)));
    recorder.finish();
    QVERIFY(same);
    QCOMPARE(seen, count);
    QCOMPARE(trace.summary(id).frames, count);
    QCOMPARE(trace.totalEvents(), count);
    for (int i = 0; i < count; ++i) {
        const Frame frame = trace.frame(id, i);
        QCOMPARE(frame.kind, FrameKind::Event);
        QCOMPARE(frame.start, i ? ends.at(i - 1) : 0);
        QCOMPARE(frame.end, ends.at(i));
    }
    QCOMPARE(trace.responseBody(id), body);
}

void TestEventRecorder::aFrameStandsInTheTraceBeforeItsDataIsHandedOn()
{
    TraceStore trace;
    const ExchangeId id = trace.begin({}, {});
    QList<qint64> standing;
    EventRecorder recorder(&trace, [&](QByteArrayView, ExchangeId exchange) {
        standing.append(trace.summary(exchange).events);
    });
    feed(trace, recorder, id, "data: a\n\ndata: b\n\n: c\ndata: d\n\n");
    QCOMPARE(standing, QList<qint64>({1, 2, 3}));
}

void TestEventRecorder::anEventWithoutDataIsRecordedAndNotHandedOn()
{
    TraceStore trace;
    const ExchangeId id = trace.begin({}, {});
    int handed = 0;
    EventRecorder recorder(&trace, [&](QByteArrayView, ExchangeId) { ++handed; });
    feed(trace, recorder, id, "data\n\ndata:\n\nid: 7\n\ndata: \n\n");
    recorder.finish();
    QCOMPARE(handed, 0);
    QCOMPARE(trace.summary(id).events, 3);
    QCOMPARE(trace.summary(id).frames, 4);
    QCOMPARE(trace.frame(id, 2).kind, FrameKind::Ignored);
    QCOMPARE(recorder.lastEventId(), "7");
}

void TestEventRecorder::aHugeEventIsOneFrame()
{
    TraceStore trace;
    const ExchangeId id = trace.begin({}, {});
    const QByteArray huge(20'000'000, 'x');
    QByteArray got;
    EventRecorder recorder(&trace,
                           [&](QByteArrayView data, ExchangeId) { got = data.toByteArray(); });
    feed(trace, recorder, id, "data: " + huge + "\n\ndata: after");
    QVERIFY(got == huge);
    recorder.finish();
    QCOMPARE(trace.summary(id).events, 1);
    QCOMPARE(trace.frame(id, 0).end, 6 + huge.size() + 2);
    QCOMPARE(trace.frame(id, 1).kind, FrameKind::Incomplete);
    QVERIFY(trace.responseBody(id, 6, huge.size()) == huge);
}

QTEST_APPLESS_MAIN(TestEventRecorder)
#include "test_event_recorder.moc"
