// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/session_line.h"

#include "core/diagnose/trace_findings.h"
#include "core/export/har_reader.h"
#include "core/filter/recording_update.h"
#include "core/filter/trace_part.h"
#include "core/mcp/recorded_lists.h"
#include "core/trace/trace_file.h"
#include "core/trace/whole_file.h"

#include <QFileInfo>
#include <QThread>

namespace sightglass {

/// A file that is read on a thread of its own.
struct SessionController::Opening {
    QString path;
    std::atomic<bool> dropped = false; ///< it is not wanted any more
    std::atomic<bool> begun = false; ///< `trace` may be looked at
    std::atomic<qint64> position = 0; ///< bytes of the file that were read
    std::atomic<qint64> all = 0;
    std::shared_ptr<TraceStore> trace;
    // When the thread has ended:
    std::optional<Expected<Recording>> recording;
    QList<Listing> lists;
    qint64 size = 0; ///< of the file
};

namespace {

/// What takes longer to read is shown while it is read.
constexpr int showUnreadMs = 300;
constexpr int lookMs = 100;
/// Notes that come one after another are kept at once.
constexpr int keepNotesMs = 1000;

/// About when a recording ended: what is added to it stands behind all else.
qint64 endOfRecording(const TraceReader &trace)
{
    qint64 at = trace.noteCount() > 0 ? trace.note(trace.noteCount() - 1).at : 0;
    if (const ExchangeId last = trace.exchangeCount(); last > 0) {
        const ExchangeTimes times = trace.summary(last).times;
        at = std::max({at, times.begun, times.head, times.lastByte, times.ended});
    }
    return at;
}

} // namespace

void SessionController::arrangeRecordings()
{
    m_keepNotes.setInterval(keepNotesMs);
    m_keepNotes.setSingleShot(true);
    connect(&m_keepNotes, &QTimer::timeout, this, &SessionController::keepNotes);
    m_openingLook.setInterval(lookMs);
    connect(&m_openingLook, &QTimer::timeout, this, &SessionController::lookAtOpening);
}

void SessionController::setTraceLimit(const TraceLimit &limit)
{
    m_traceLimit = limit;
    // The session's thread alone writes the trace.
    QMetaObject::invokeMethod(m_line->session,
                              [trace = m_line->trace.get(), limit] { trace->setLimit(limit); });
}

void SessionController::openRecording(const QString &path)
{
    endKeeping(); // it may be the same file
    endOpening();
    const auto opening = std::make_shared<Opening>();
    opening->path = path;
    m_opening = opening;
    m_openingSince.start();
    m_openingLook.start();
    Q_EMIT openingChanged(true);
    auto *reader = QThread::create([opening] {
        opening->recording = readAnyRecording(
            opening->path,
            [&](qint64 position, qint64 all) {
                opening->position.store(position, std::memory_order_relaxed);
                opening->all.store(all, std::memory_order_relaxed);
                return !opening->dropped.load(std::memory_order_relaxed);
            },
            [&](const std::shared_ptr<TraceStore> &trace) {
                opening->trace = trace;
                opening->begun.store(true, std::memory_order_release);
            });
        if (*opening->recording) {
            opening->size = QFileInfo(opening->path).size();
            opening->lists = sightglass::recordedLists(*(*opening->recording)->trace);
        }
    });
    reader->setObjectName(QStringLiteral("reader"));
    connect(reader, &QThread::finished, this, [this, reader, opening] {
        reader->wait();
        reader->deleteLater();
        if (opening == m_opening)
            showOpened();
    });
    reader->start();
}

void SessionController::lookAtOpening()
{
    const qint64 all = m_opening->all.load(std::memory_order_relaxed);
    if (all > 0)
        Q_EMIT openingProgress(m_opening->position.load(std::memory_order_relaxed), all);
    if (m_openingSince.elapsed() < showUnreadMs || !m_opening->begun.load(std::memory_order_acquire)
        || m_opening->trace == m_recording.trace)
        return;
    endKeeping(); // what was noted while this one was read
    // The one that is shown until now has to outlive the signal.
    const Shown before = std::exchange(m_recording,
                                       Shown{m_opening->trace,
                                             {},
                                             QFileInfo(m_opening->path).fileName(),
                                             QList<Listing>(),
                                             m_opening->path});
    Q_EMIT traceChanged();
}

void SessionController::showOpened()
{
    const std::shared_ptr<Opening> opening = std::exchange(m_opening, nullptr);
    m_openingLook.stop();
    Q_EMIT openingChanged(false);
    const Expected<Recording> &recording = *opening->recording;
    if (!recording) {
        Q_EMIT failed(recording.error());
        return;
    }
    endKeeping();
    const Shown before = std::exchange(
        m_recording,
        Shown{recording->trace,
              {},
              QFileInfo(opening->path).fileName(),
              opening->lists,
              opening->path,
              // What is damaged is not added to: there may be more in it than could be read.
              recording->warning.isEmpty() ? opening->path : QString(),
              opening->size,
              recording->trace->noteCount()});
    Q_EMIT traceChanged();
    if (!recording->warning.isEmpty())
        Q_EMIT recordingWarning(recording->warning);
}

void SessionController::endOpening()
{
    const std::shared_ptr<Opening> opening = std::exchange(m_opening, nullptr);
    if (!opening)
        return;
    opening->dropped.store(true);
    m_openingLook.stop();
    Q_EMIT openingChanged(false);
}

void SessionController::closeRecording()
{
    endOpening();
    if (!m_recording.trace)
        return;
    endKeeping();
    const Shown before = std::exchange(m_recording, {});
    Q_EMIT traceChanged();
}

void SessionController::noteRow(const QString &name, const QString &text, ExchangeId exchange)
{
    if (!m_recording.trace) {
        // The session's thread alone writes the live trace.
        QMetaObject::invokeMethod(m_line->session,
                                  [trace = m_line->trace.get(), name, text, exchange] {
                                      trace->note(name, text, exchange);
                                  });
        return;
    }
    if (m_opening && m_opening->begun.load(std::memory_order_acquire)
        && m_opening->trace == m_recording.trace) {
        // Who reads it writes that trace.
        Q_EMIT recordingWarning(tr("Bookmarks and notes can be set when the recording was read."));
        return;
    }
    const bool first = !m_keepNotes.isActive() && !m_keeping;
    // At the end of what was recorded, so that the notes stay in order.
    m_recording.trace->note(name, text, exchange, endOfRecording(*m_recording.trace));
    if (!m_recording.path.isEmpty())
        m_keepNotes.start();
    else if (first)
        Q_EMIT recordingWarning(tr("Bookmarks and notes on this trace stay until it is closed: it "
                                   "has no file that could keep them."));
}

void SessionController::savePart(const QString &path, const TraceFilter &filter)
{
    if (isSameFile(path, m_recording.source)) {
        Q_EMIT failed({FailureKind::File,
                       QStringLiteral("same-file"),
                       tr("%1 is the recording that is shown.").arg(path),
                       tr("Choose another name for the part."),
                       0,
                       {}});
        return;
    }
    const std::shared_ptr<const TraceStore> trace =
        m_recording.trace ? m_recording.trace : m_line->trace;
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    const auto saved = std::make_shared<Expected<qint64>>(qint64(0));
    const TraceState state =
        m_recording.trace && !m_opening ? TraceState::Over : TraceState::Growing;
    QThread *writer = QThread::create([=, redactor = this->redactor()] {
        // What the rules find now, not when they were last asked.
        const TraceFilter asking = filter.withFindings(ruleFindings(*redactor, state));
        *saved = saveTracePart(*trace, asking, path, *redactor, false, *stop);
    });
    writer->setObjectName(QStringLiteral("writer of a part"));
    m_parts.emplace_back(writer, stop);
    connect(writer, &QThread::finished, this, [this, writer, saved, path] {
        writer->wait();
        writer->deleteLater();
        std::erase_if(m_parts, [writer](const auto &part) { return part.first == writer; });
        if (*saved)
            Q_EMIT partSaved(**saved, path);
        else
            Q_EMIT failed(saved->error());
    });
    writer->start();
}

void SessionController::keepNotes()
{
    m_keepNotes.stop();
    if (m_recording.path.isEmpty() || !m_recording.trace)
        return;
    if (m_keeping) {
        m_keepNotes.start(); // once more, after the one that runs
        return;
    }
    using Kept = std::optional<Expected<qint64>>;
    auto kept = std::make_shared<Kept>();
    const qint64 count = m_recording.trace->noteCount();
    m_keeping = QThread::create([kept, path = m_recording.path, size = m_recording.size,
                                 trace = m_recording.trace, first = m_recording.keptNotes] {
        *kept = sightglass::keepNotes(path, size, *trace, first);
    });
    m_keeping->setObjectName(QStringLiteral("keeper of notes"));
    connect(m_keeping, &QThread::finished, this, [this, kept, number = ++m_keepings, count] {
        // endKeeping() came first: what is posted already comes in spite of disconnect().
        if (number == m_keepings && m_keeping)
            tookNotes(**kept, count);
    });
    m_kept = kept;
    m_keptCount = count;
    m_keeping->start();
}

void SessionController::tookNotes(const Expected<qint64> &kept, qint64 count)
{
    m_keeping->wait();
    m_keeping->deleteLater();
    m_keeping = nullptr;
    if (!kept) {
        Q_EMIT failed(kept.error());
        return;
    }
    m_recording.size = *kept;
    m_recording.keptNotes = count;
}

/// What waits is written before its recording is let go of.
void SessionController::endKeeping()
{
    const bool waits = m_keepNotes.isActive();
    m_keepNotes.stop();
    if (m_keeping) {
        // What its signal tells would come too late.
        ++m_keepings;
        m_keeping->wait();
        tookNotes(**m_kept, m_keptCount);
    }
    if (!waits || !m_recording.trace || m_recording.path.isEmpty())
        return;
    const Expected<qint64> kept = sightglass::keepNotes(m_recording.path, m_recording.size,
                                                        *m_recording.trace, m_recording.keptNotes);
    if (!kept) {
        Q_EMIT failed(kept.error());
        return;
    }
    m_recording.size = *kept;
    m_recording.keptNotes = m_recording.trace->noteCount();
}

} // namespace sightglass
