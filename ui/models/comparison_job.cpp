// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/comparison_job.h"

#include "core/export/har_reader.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>

namespace sightglass {

ComparisonJob::ComparisonJob(QObject *parent)
    : QObject(parent)
{
    constexpr int lookMs = 100;
    m_look.setInterval(lookMs);
    connect(&m_look, &QTimer::timeout, this, [this] {
        if (m_state)
            Q_EMIT progressed(m_state->reading, m_state->percent);
    });
}

ComparisonJob::~ComparisonJob()
{
    cancel();
}

void ComparisonJob::cancel()
{
    m_look.stop();
    if (m_state)
        m_state->stop = true; // it has its own hold of the traces
    m_state.reset();
}

void ComparisonJob::start(const ComparedSide &recording, const ComparedSide &shown,
                          const QString &path)
{
    cancel();
    m_state = std::make_shared<State>();
    m_look.start();
    QThreadPool::globalInstance()->start([job = QPointer<ComparisonJob>(this), state = m_state,
                                          side = recording, shown, path]() mutable {
        const auto progress = [&state](qint64 of, qint64 all) {
            state->percent = int(of * 100 / std::max<qint64>(1, all));
            return !state->stop;
        };
        // Only the GUI's thread looks whether anybody still waits for it.
        const auto tell = [&job, &state](const auto &what) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [job, state, what] {
                    if (!job || job->m_state != state)
                        return;
                    job->cancel();
                    what(job.data());
                },
                Qt::QueuedConnection);
        };
        QString remark;
        if (!side.trace) {
            Expected<Recording> read = readAnyRecording(path, progress);
            if (!read) {
                tell([failure = read.error()](ComparisonJob *to) { Q_EMIT to->failed(failure); });
                return;
            }
            remark = read->warning;
            side.isWhole = read->warning.isEmpty();
            side.trace = std::move(read->trace);
        }
        // One for both, so that equal secrets look the same, and none of one is told by the other.
        Redactor both = shown.redactor ? *shown.redactor : Redactor(QByteArray());
        learnSecretsOf(*shown.trace, &both);
        learnSecretsOf(*side.trace, &both);
        side.redactor = std::make_shared<const Redactor>(both);
        state->reading = false;
        const auto stateOf = [](const ComparedSide &each) {
            return each.live ? TraceState::Growing : TraceState::Over;
        };
        const RecordingComparison comparison =
            compareRecordings({side.trace.get(), &both, stateOf(side), side.isWhole},
                              {shown.trace.get(), &both, stateOf(shown), shown.isWhole}, progress);
        tell([side, comparison, remark](ComparisonJob *to) {
            Q_EMIT to->done(side, comparison, remark);
        });
    });
}

} // namespace sightglass
