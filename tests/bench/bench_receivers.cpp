// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "bench_receivers.h"

#include "bench_sender.h"
#include "core/mcp/session.h"
#include "core/trace/freed_memory.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_file_format.h"
#include "core/trace/trace_file_packer.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

#include <algorithm>
#include <cstdio>

#include <sys/resource.h>

namespace sightglass::bench {

namespace {

/// What this process has used so far.
struct Usage {
    long peakKilobytes = 0;
    double processorSeconds = 0;

    static Usage now()
    {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        const auto seconds = [](const timeval &time) {
            return double(time.tv_sec) + double(time.tv_usec) / 1e6;
        };
        return {usage.ru_maxrss, seconds(usage.ru_utime) + seconds(usage.ru_stime)};
    }
};

/// Resident memory of the program's own, which is no page of a file.
long ownKilobytes()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("RssAnon:"))
            return line.mid(8).simplified().split(' ').value(0).toLong();
    }
    return 0;
}

int report(qint64 count, double seconds, const Usage &before, long peakOwnKilobytes = 0)
{
    const Usage now = Usage::now();
    std::printf("%lld %.6f %ld %ld %.6f %ld\n", static_cast<long long>(count), seconds,
                now.peakKilobytes, before.peakKilobytes,
                now.processorSeconds - before.processorSeconds,
                std::max(peakOwnKilobytes, ownKilobytes()));
    std::fflush(stdout);
    return 0;
}

int refuse(const QString &sentence)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return 1;
}

ServerTarget target(const QUrl &url)
{
    ServerTarget server;
    server.url = url;
    server.network.proxy = NetworkSettings::Proxy::None;
    return server;
}

} // namespace

int receiveBare(const QUrl &url, qint64 events)
{
    QNetworkAccessManager manager;
    const Usage before = Usage::now();
    QElapsedTimer timer;
    timer.start();
    QNetworkRequest request(url);
    request.setRawHeader("Accept", "text/event-stream");
    request.setRawHeader("Accept-Encoding", "identity");
    QNetworkReply *reply = manager.get(request);
    // Set earlier it is lost; without it the reply buffers without bound.
    QObject::connect(reply, &QNetworkReply::metaDataChanged, reply,
                     [reply]() { reply->setReadBufferSize(1 << 20); });
    qint64 bytes = 0;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    const auto drain = [&]() {
        while (reply->bytesAvailable() > 0)
            bytes += qMax<qint64>(0, reply->read(buffer.data(), buffer.size()));
    };
    QObject::connect(reply, &QIODevice::readyRead, reply, drain);
    QObject::connect(reply, &QNetworkReply::finished, qApp, &QCoreApplication::quit);
    QCoreApplication::exec();
    drain();
    if (bytes != events * EventBytes)
        return refuse(
            QStringLiteral("Bare: %1 bytes instead of %2.").arg(bytes).arg(events * EventBytes));
    return report(events, double(timer.nsecsElapsed()) / 1e9, before);
}

int receiveOurs(const QUrl &url, qint64 events)
{
    keepFreedMemory(); // as our programs do
    TraceStore trace;
    Session session(&trace);
    const Usage before = Usage::now();
    QElapsedTimer timer;
    timer.start();
    int result = 1;
    long peakOwn = 0;
    qint64 lookedMs = 0;
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &poll, [&]() {
        if (timer.elapsed() >= lookedMs + 100) {
            lookedMs = timer.elapsed();
            peakOwn = std::max(peakOwn, ownKilobytes());
        }
        if (trace.totalEvents() >= events) {
            result =
                report(trace.totalEvents(), double(timer.nsecsElapsed()) / 1e9, before, peakOwn);
            poll.stop();
            QCoreApplication::quit();
        }
    });
    QObject::connect(&session, &Session::stateChanged, &poll, [&](const SessionState &state) {
        if (state.phase == SessionPhase::Failed) {
            refuse(state.failure ? state.failure->sentence : QStringLiteral("Not connected."));
            QCoreApplication::quit();
        }
    });
    poll.start(1);
    session.connectTo(target(url));
    QCoreApplication::exec();
    return result;
}

int callOurs(const QUrl &url, qint64 calls)
{
    keepFreedMemory(); // as our programs do
    TraceStore trace;
    Session session(&trace);
    const Usage before = Usage::now();
    QElapsedTimer timer;
    qint64 done = 0;
    int result = 1;
    bool begun = false;
    QObject::connect(&session, &Session::stateChanged, &session, [&](const SessionState &state) {
        if (state.phase == SessionPhase::Failed) {
            refuse(state.failure ? state.failure->sentence : QStringLiteral("Not connected."));
            QCoreApplication::quit();
        } else if (state.phase == SessionPhase::Ready && !begun) {
            begun = true;
            timer.start();
            session.request("ping", {});
        }
    });
    QObject::connect(&session, &Session::callFinished, &session, [&]() {
        if (++done < calls) {
            session.request("ping", {});
            return;
        }
        result = report(done, double(timer.nsecsElapsed()) / 1e9, before);
        QCoreApplication::quit();
    });
    session.connectTo(target(url));
    QCoreApplication::exec();
    return result;
}

int recordFile(const QString &path, qint64 events)
{
    TraceStore trace;
    auto writer = TraceFileWriter::create(path, trace.began(), Redactor(QByteArray(16, '0')), true);
    if (!writer)
        return refuse(writer.error().sentence);
    const Usage before = Usage::now();
    QElapsedTimer timer;
    timer.start();
    trace.addSink(writer->get());
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    request.method = "GET";
    request.url = QUrl(QStringLiteral("http://127.0.0.1:1/mcp"));
    request.target = "/mcp";
    request.what = QStringLiteral("event stream");
    const ExchangeId id = trace.begin(request, {});
    trace.respond(id, {200, "OK", "HTTP/1.1", {{"Content-Type", "text/event-stream"}}});
    // As they come from the wire: some hundreds in one read.
    constexpr qint64 InOneRead = 320;
    for (qint64 done = 0; done < events;) {
        QByteArray bytes;
        const qint64 first = done;
        for (; done < std::min(events, first + InOneRead); ++done)
            bytes += eventText(done);
        trace.append(id, bytes.constData(), bytes.size());
        for (qint64 i = first; i < done; ++i)
            trace.frame(id, {FrameKind::Event, i * EventBytes, (i + 1) * EventBytes, trace.now()});
    }
    trace.finish(id);
    trace.removeSink(writer->get());
    (*writer)->close();
    return report(events, double(timer.nsecsElapsed()) / 1e9, before);
}

int openFile(const QString &path)
{
    keepFreedMemory();
    const Usage before = Usage::now();
    QElapsedTimer timer;
    timer.start();
    const auto reader = TraceFileReader::open(path);
    if (!reader)
        return refuse(reader.error().sentence);
    const TraceReader &trace = *(*reader)->trace();
    double first = 0;
    while ((*reader)->read()) {
        if (first == 0 && trace.totalEvents() > 0)
            first = double(timer.nsecsElapsed()) / 1e9;
    }
    std::printf("%.6f ", first);
    return report(trace.totalEvents(), double(timer.nsecsElapsed()) / 1e9, before);
}

int unpackFile(const QString &path)
{
    const Usage before = Usage::now();
    QElapsedTimer timer;
    timer.start();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(file.errorString());
    file.skip(trace_file::HeadSize);
    TraceFileUnpacker unpacker;
    qint64 bytes = 0;
    QByteArray contents;
    for (QByteArray part = file.read(1 << 17); !part.isEmpty(); part = file.read(1 << 17)) {
        if (!unpacker.feed(part, contents))
            return refuse(QStringLiteral("The recording is damaged."));
        bytes += contents.size();
        contents.clear();
    }
    return report(bytes, double(timer.nsecsElapsed()) / 1e9, before);
}

} // namespace sightglass::bench
