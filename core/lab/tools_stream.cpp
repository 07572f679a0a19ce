// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

#include "core/lab/rpc_text.h"

#include <QElapsedTimer>
#include <QTimer>

#include <array>
#include <memory>

namespace sightglass {

namespace {

constexpr std::array<const char *, 8> steps{
    "Opening the valve",
    "Filling the pipe",
    "Waiting for the bubbles to rise",
    "Reading the level",
    "Comparing it with yesterday",
    "Writing it into the book",
    "Cleaning the glass",
    "Closing the valve",
};

void longRunning(LabCall &call)
{
    const int count = int(call.integer(u"steps", 5, 1, 1000));
    const double seconds = std::clamp(call.number(u"seconds", 5), 0.0, 3600.0);
    auto *timer = new QTimer(&call);
    timer->setInterval(int(seconds * 1000 / count));
    QObject::connect(&call, &LabCall::ended, timer, &QTimer::stop);
    QObject::connect(timer, &QTimer::timeout, &call, [&call, count, seconds, done = 0]() mutable {
        ++done;
        call.progress(done, count,
                      QStringLiteral("%1 (step %2 of %3)")
                          .arg(QLatin1String(steps[std::size_t(done - 1) % steps.size()]))
                          .arg(done)
                          .arg(count));
        if (done == count)
            call.sayText(QStringLiteral("Done: %1 steps in %2 s.").arg(count).arg(seconds));
    });
    call.progress(0, count, QStringLiteral("Getting ready"));
    timer->start();
}

/// Notifications as fast as the connection takes them, made on the way, so that a billion of them
/// cost no memory.
void manyEvents(LabCall &call)
{
    const qint64 count = call.integer(u"count", 1000, 1, 1'000'000'000);
    const qsizetype size = qsizetype(call.integer(u"size", 100, 0, 1'000'000));
    if (!call.wantsLog("info")) {
        call.sayText(QStringLiteral("No event was sent: the request sets no log level, or one "
                                    "above info."));
        return;
    }
    struct State {
        qint64 sent = 0;
        QElapsedTimer clock;
    };
    auto state = std::make_shared<State>();
    state->clock.start();
    const QByteArray filler(size, 'x');
    const bool possible = call.outlet()->setSource([call = QPointer<LabCall>(&call), state, count,
                                                    filler](const LabOutlet::Send &send) {
        if (!call || call->isFinished())
            return false;
        if (state->sent == count) {
            call->sayText(QStringLiteral("%1 events of %2 bytes each were sent in %3 ms.")
                              .arg(count)
                              .arg(filler.size())
                              .arg(state->clock.elapsed()));
            return false;
        }
        constexpr qsizetype portion = 64 * 1024;
        for (qsizetype bytes = 0; state->sent < count && bytes < portion;) {
            ++state->sent;
            const QByteArray message =
                R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","logger":"many-events","data":{"number":)"
                + QByteArray::number(state->sent) + R"(,"filler":")" + filler + R"("}}})";
            bytes += message.size();
            send(message);
        }
        return true;
    });
    if (!possible)
        call.sayText(QStringLiteral("No event could be sent without an event stream."));
}

void bigResult(LabCall &call)
{
    const qint64 size = call.integer(u"megabytes", 1, 1, 64);
    QString text;
    text.reserve(size * 1'000'000);
    for (qint64 line = 1; text.size() < size * 1'000'000; ++line)
        text += QStringLiteral("%1 The quick brown fox jumps over the lazy dog.\n").arg(line, 8);
    text.truncate(size * 1'000'000);
    call.sayText(text);
}

void slow(LabCall &call)
{
    const int ms = int(call.integer(u"ms", 2000, 0, 3'600'000));
    QTimer::singleShot(ms, &call, [&call, ms] {
        call.sayText(QStringLiteral("This answer took its time: %1 ms.").arg(ms));
    });
}

constexpr auto longDefinition = R"json({
  "name": "long-running",
  "title": "Long-running task with progress",
  "description": "Works in steps and tells its progress, step by step. It can be cancelled.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "steps": { "type": "integer", "description": "How many steps", "minimum": 1, "maximum": 1000, "default": 5 },
      "seconds": { "type": "number", "description": "How long it takes in all", "minimum": 0, "maximum": 3600, "default": 5 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto eventsDefinition = R"json({
  "name": "many-events",
  "title": "Many events",
  "description": "Sends log messages on the call's event stream, as many and as fast as the connection takes them.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "count": { "type": "integer", "description": "How many events", "minimum": 1, "maximum": 1000000000, "default": 1000 },
      "size": { "type": "integer", "description": "Bytes of filling in each", "minimum": 0, "maximum": 1000000, "default": 100 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto bigDefinition = R"json({
  "name": "big-result",
  "title": "Big result",
  "description": "Answers with a text of many megabytes.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "megabytes": { "type": "integer", "description": "How long the text is, in millions of bytes", "minimum": 1, "maximum": 64, "default": 1 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto slowDefinition = R"json({
  "name": "slow",
  "title": "Slow answer",
  "description": "Says nothing for a while, then answers. No progress is told.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "ms": { "type": "integer", "description": "How long it waits, in milliseconds", "minimum": 0, "maximum": 3600000, "default": 2000 }
    }
  },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": true }
})json";

} // namespace

QList<LabTool> labStreamTools()
{
    return {
        {"long-running", longDefinition, true, longRunning},
        {"many-events", eventsDefinition, true, manyEvents},
        {"big-result", bigDefinition, false, bigResult},
        {"slow", slowDefinition, false, slow},
    };
}

} // namespace sightglass
