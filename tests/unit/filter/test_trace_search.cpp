// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_search.h"

#include <QTest>

#include <thread>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr int Exchanges = 40'000;
constexpr int Frames = 60'000;

/// Every seventh exchange is refused; number 10 and 20 have streams, whose every fifth event is
/// a "tick".
void fill(TraceStore &trace)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    for (int i = 1; i <= Exchanges; ++i) {
        const ExchangeId id = trace.begin(request, "{}", i);
        ResponseRecord response;
        response.status = i % 7 ? 200 : 401;
        trace.respond(id, response, i);
        if (i == 10 || i == 20) {
            qint64 at = 0;
            for (int f = 0; f < Frames; ++f) {
                const QByteArray bytes =
                    f % 5 ? "data: {\"n\":1}\n\n" : "event: tick\ndata: {\"n\":1}\n\n";
                trace.append(id, bytes.constData(), bytes.size(), i);
                trace.frame(id, {FrameKind::Event, at, at + bytes.size(), i, -1, 0});
                at += bytes.size();
            }
        }
        trace.finish(id, {}, i);
    }
}

} // namespace

class TestTraceSearch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { fill(m_trace); }
    void all_is_found_in_order_data();
    void all_is_found_in_order();
    void the_first_parts_are_small();
    void a_stop_ends_it();
    void a_trace_that_grows_can_be_searched();
    void an_empty_range_has_nothing();

private:
    TraceStore m_trace;
};

void TestTraceSearch::all_is_found_in_order_data()
{
    QTest::addColumn<int>("threads");
    for (int threads : {1, 2, 5})
        QTest::addRow("%d threads", threads) << threads;
}

void TestTraceSearch::all_is_found_in_order()
{
    QFETCH(int, threads);
    const std::atomic<bool> stop = false;
    const auto search = [&](const QString &filter, TraceSearch what) {
        what.threads = threads;
        QList<TraceRow> found;
        qint64 lookedAt = 0;
        const auto take = [&](const FoundRows &rows) {
            QVERIFY(rows.lookedAt > lookedAt);
            lookedAt = rows.lookedAt;
            found += rows.rows;
        };
        if (!searchTrace(m_trace, TraceFilter::parse(filter), what, stop, take))
            found.clear();
        found.append({lookedAt, -2});
        return found;
    };
    QList<TraceRow> wanted;
    for (ExchangeId id = 7; id <= Exchanges; id += 7)
        wanted.append({id, -1});
    wanted.append({Exchanges, -2});
    QCOMPARE(search(u"status:401"_s, {TraceSearch::Rows::Exchanges, 0, 1, Exchanges, 0}), wanted);

    wanted.clear();
    for (const ExchangeId id : {10, 20}) {
        for (qint64 frame = 0; frame < Frames; frame += 5)
            wanted.append({id, frame});
    }
    wanted.append({2 * Frames, -2});
    QCOMPARE(search(u"event.type:tick"_s, {TraceSearch::Rows::Events, 0, 1, Exchanges, 0}), wanted);

    wanted = {{10, 1000}, {10, 1005}, {11, -2}};
    QCOMPARE(search(u"event.type:tick"_s, {TraceSearch::Rows::EventsOfOne, 10, 999, 1009, 0}),
             wanted);
    wanted = {{20, 59'995}, {9, -2}};
    QCOMPARE(search(u"event.type:tick"_s, {TraceSearch::Rows::EventsOfOne, 20, 59'991, 99'999, 0}),
             wanted);
}

void TestTraceSearch::the_first_parts_are_small()
{
    const std::atomic<bool> stop = false;
    qint64 first = 0;
    searchTrace(m_trace, TraceFilter::parse(u"is:failed"_s),
                {TraceSearch::Rows::Exchanges, 0, 1, Exchanges, 2}, stop,
                [&](const FoundRows &rows) { first = first ? first : rows.lookedAt; });
    QVERIFY(first > 0 && first <= 256);
}

void TestTraceSearch::a_stop_ends_it()
{
    std::atomic<bool> stop = false;
    qint64 lookedAt = 0;
    const bool whole = searchTrace(m_trace, TraceFilter::parse(u"event.data/n=1"_s),
                                   {TraceSearch::Rows::Events, 0, 1, Exchanges, 2}, stop,
                                   [&](const FoundRows &rows) {
                                       lookedAt = rows.lookedAt;
                                       stop = true;
                                   });
    QVERIFY(!whole);
    // Nothing is told after the stop.
    QVERIFY(lookedAt > 0 && lookedAt <= 256);
}

void TestTraceSearch::a_trace_that_grows_can_be_searched()
{
    TraceStore trace;
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    const ExchangeId id = trace.begin(request, {}, 0);
    std::atomic<bool> done = false;
    std::thread reader([&] {
        const std::atomic<bool> stop = false;
        for (bool last = false; !last;) {
            last = done.load();
            qint64 count = 0;
            qint64 lookedAt = 0;
            searchTrace(trace, TraceFilter::parse(u"event.data:x"_s),
                        {TraceSearch::Rows::Events, 0, 1, trace.exchangeCount(), 2}, stop,
                        [&](const FoundRows &rows) {
                            count += rows.rows.size();
                            lookedAt = rows.lookedAt;
                        });
            QCOMPARE(count, lookedAt);
        }
    });
    for (int i = 0; i < 20'000; ++i) {
        const QByteArray bytes = "data: x\n\n";
        trace.append(id, bytes.constData(), bytes.size(), i);
        trace.frame(id, {FrameKind::Event, i * 9, i * 9 + 9, i, -1, 0});
        if (i % 100 == 0)
            trace.begin(request, {}, i);
    }
    done = true;
    reader.join();
}

void TestTraceSearch::an_empty_range_has_nothing()
{
    const std::atomic<bool> stop = false;
    TraceStore empty;
    int parts = 0;
    const auto take = [&](const FoundRows &) { ++parts; };
    using Rows = TraceSearch::Rows;
    QVERIFY(searchTrace(empty, {}, {Rows::Exchanges, 0, 1, 100, 2}, stop, take));
    QVERIFY(searchTrace(empty, {}, {Rows::Events, 0, 1, 100, 2}, stop, take));
    QVERIFY(searchTrace(empty, {}, {Rows::EventsOfOne, 3, 0, 100, 2}, stop, take));
    QVERIFY(searchTrace(m_trace, {}, {Rows::EventsOfOne, 1, 0, 100, 2}, stop, take));
    QVERIFY(searchTrace(m_trace, {}, {Rows::Exchanges, 0, 50, 40, 2}, stop, take));
    QCOMPARE(parts, 0);
}

QTEST_APPLESS_MAIN(TestTraceSearch)
#include "test_trace_search.moc"
