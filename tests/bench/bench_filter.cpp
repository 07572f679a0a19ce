// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// How fast a trace is filtered: 1 million events of 200 B on one stream, and as many exchanges,
// each filter in searchTrace() with as many threads as there are processors, up to 2. The yardstick
// is a plain scan of the same bytes, measured in the same round: memchr for a byte that is not
// there, and memmem for a word that is not there, over one block, in one thread. A ratio of 2 is
// twice its time.
//
// How to run it:
//   cmake --preset release -DSIGHTGLASS_TESTS=ON
//   cmake --build --preset release --target bench_filter
//   build/release/tests/bench_filter
//
// options: --rounds N (5)   --rows N (1000000)   --smoke (a quick try: few rows, one round)
//
// Printed are the median of the rounds, smallest and largest in brackets; "first" is the time from
// the start to the first part that is handed over, whether it holds a row or not, "first row" to
// the first row that matches.
#include "core/filter/trace_search.h"

#include <QElapsedTimer>
#include <QStringList>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <thread>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

struct Spread {
    double median = 0;
    double low = 0;
    double high = 0;
};

Spread spread(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return {values.at(values.size() / 2), values.constFirst(), values.constLast()};
}

QByteArray eventBytes(qint64 number)
{
    QByteArray event = "id: " + QByteArray::number(number)
        + "\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
          "{\"progressToken\":\"t"
        + QByteArray::number(number % 100) + "\",\"progress\":" + QByteArray::number(number)
        + ",\"total\":1000000,\"message\":\"";
    event += QByteArray(std::max<qsizetype>(0, 195 - event.size()), 'm');
    return event + "\"}}\n\n";
}

void fillEvents(TraceStore &trace, qint64 rows, QByteArray &all)
{
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.what = u"event stream"_s;
    const ExchangeId id = trace.begin(request, {}, 0);
    trace.respond(id, {200, {}, {}, {}}, 0);
    QByteArray block;
    qint64 at = 0;
    for (qint64 i = 0; i < rows; ++i) {
        const QByteArray event = eventBytes(i);
        block += event;
        if (block.size() > 60'000 || i + 1 == rows) {
            trace.append(id, block.constData(), block.size(), i);
            all += block;
            block.clear();
        }
        Frame frame{FrameKind::Event, at, at + event.size(), i * 1000, at + 4, 0};
        frame.idLength = qint32(event.indexOf('\n') - 4);
        trace.frame(id, frame);
        at += event.size();
    }
}

void fillExchanges(TraceStore &trace, qint64 rows, QByteArray &all)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.what = u"tools/call add"_s;
    request.headers = {{"Authorization", "Bearer x", HeaderSource::Credential, true},
                       {"Accept", "application/json, text/event-stream"}};
    for (qint64 i = 0; i < rows; ++i) {
        const QByteArray number = QByteArray::number(i);
        const QByteArray body = "{\"id\":" + number
            + ",\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"arguments\":{\"a\":"
            + number + "}}}";
        const QByteArray answer = "{\"id\":" + number
            + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"the sum is " + number
            + "\"}]}}";
        const ExchangeId id = trace.begin(request, body, i * 1000);
        trace.respond(id, {i % 1000 ? 200 : 401, {}, {}, {}}, i * 1000);
        trace.append(id, answer.constData(), answer.size(), i * 1000);
        trace.finish(id, {}, i * 1000 + (i % 500) * 2'000'000);
        all += body;
        all += answer;
    }
}

/// Nothing that the compiler could leave out.
volatile qint64 sink = 0;

double milliseconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

void measure(const TraceReader &trace, const QByteArray &all, TraceSearch::Rows rows,
             const QStringList &filters, int rounds)
{
    QList<double> memchrTimes;
    QList<double> memmemTimes;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        sink = sink + (std::memchr(all.constData(), '\1', size_t(all.size())) != nullptr);
        memchrTimes.append(milliseconds(timer));
        timer.restart();
        sink = sink + (::memmem(all.constData(), size_t(all.size()), "never there", 11) != nullptr);
        memmemTimes.append(milliseconds(timer));
    }
    const Spread memchrs = spread(memchrTimes);
    const Spread memmems = spread(memmemTimes);
    std::printf("  plain scan of %.0f MB: memchr %.1f ms, memmem %.1f ms\n",
                double(all.size()) / 1e6, memchrs.median, memmems.median);
    std::printf("  %-44s %9s %22s %9s %9s %8s %8s\n", "filter", "found", "all, ms", "first", "row",
                "/memchr", "/memmem");
    const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1U, 2U));
    for (const QString &text : filters) {
        QList<double> whole;
        QList<double> first;
        QList<double> firstRow;
        qint64 found = 0;
        for (int round = 0; round < rounds; ++round) {
            // Parsed anew: what it knows of a trace is part of what it costs.
            const TraceFilter filter = TraceFilter::parse(text);
            const std::atomic<bool> stop = false;
            double partAt = -1;
            double rowAt = -1;
            found = 0;
            QElapsedTimer timer;
            timer.start();
            searchTrace(trace, filter, {rows, 0, 1, trace.exchangeCount(), threads}, stop,
                        [&](const FoundRows &part) {
                            partAt = partAt < 0 ? milliseconds(timer) : partAt;
                            if (!part.rows.isEmpty() && rowAt < 0)
                                rowAt = milliseconds(timer);
                            found += part.rows.size();
                        });
            whole.append(milliseconds(timer));
            first.append(partAt);
            firstRow.append(rowAt);
        }
        const Spread all3 = spread(whole);
        const double row = spread(firstRow).median;
        std::printf("  %-44s %9lld %7.0f (%5.0f to %5.0f) %9.2f %9s %8.1f %8.1f\n",
                    qPrintable(text), static_cast<long long>(found), all3.median, all3.low,
                    all3.high, spread(first).median,
                    row < 0 ? "-" : qPrintable(QString::number(row, 'f', 2)),
                    all3.median / memchrs.median, all3.median / memmems.median);
    }
}

} // namespace

int main(int argc, char **argv)
{
    qint64 rows = 1'000'000;
    int rounds = 5;
    for (int i = 1; i < argc; ++i) {
        const QByteArray option = argv[i];
        if (option == "--smoke") {
            rows = 5'000;
            rounds = 1;
        } else if (option == "--rows" && i + 1 < argc) {
            rows = std::max<qint64>(1, QByteArray(argv[++i]).toLongLong());
        } else if (option == "--rounds" && i + 1 < argc) {
            rounds = std::max(1, QByteArray(argv[++i]).toInt());
        } else {
            std::fprintf(stderr, "bench_filter [--rounds N] [--rows N] [--smoke]\n");
            return 2;
        }
    }
    {
        TraceStore trace;
        QByteArray all;
        fillEvents(trace, rows, all);
        std::printf("%lld events of one stream\n", static_cast<long long>(rows));
        measure(trace, all, TraceSearch::Rows::Events,
                {u"event.kind:comment"_s, u"kind:stream"_s, u"at>900us"_s, u"event.id:77777"_s,
                 u"\"never there\""_s, u"progress"_s, u"event.data:\"never there\""_s,
                 u"event.type:ping"_s, u"body/params/progress>999990"_s,
                 u"rpc.method:notifications/progress"_s,
                 u"body/params/progressToken=\"t7\" and not event.id:7"_s, u"/t7.{3}progress/"_s,
                 u"is:error"_s},
                rounds);
    }
    {
        TraceStore trace;
        QByteArray all;
        fillExchanges(trace, rows, all);
        std::printf("%lld exchanges\n", static_cast<long long>(rows));
        measure(trace, all, TraceSearch::Rows::Exchanges,
                {u"status:401"_s, u"ms>500 size>100"_s, u"tool:add status:4xx"_s,
                 u"header.authorization"_s, u"\"never there\""_s, u"is:error"_s,
                 u"body/params/name=\"add\" id<10"_s, u"body/params/arguments/a=999999"_s,
                 u"missing:authorization"_s, u"clock:14:03..14:05"_s},
                rounds);
    }
    return 0;
}
