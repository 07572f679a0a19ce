// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "bench_receivers.h"

#include "bench_sender.h"
#include "core/mcp/session.h"
#include "core/trace/freed_memory.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

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

int report(qint64 count, double seconds, const Usage &before)
{
    const Usage now = Usage::now();
    std::printf("%lld %.6f %ld %ld %.6f\n", static_cast<long long>(count), seconds,
                now.peakKilobytes, before.peakKilobytes,
                now.processorSeconds - before.processorSeconds);
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
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &poll, [&]() {
        if (trace.totalEvents() >= events) {
            result = report(trace.totalEvents(), double(timer.nsecsElapsed()) / 1e9, before);
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

} // namespace sightglass::bench
