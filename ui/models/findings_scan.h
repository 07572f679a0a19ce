// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"
#include "ui/trace_follower.h"

#include <QElapsedTimer>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <memory>

namespace sightglass {

/// Has the rules run over a trace whenever it has grown, in a thread of its own: the GUI waits for
/// no rule. The rules look at all of it each time; so that this stays cheap beside the traffic, the
/// next run waits for ten times as long as the last one took.
class FindingsScan final : public QObject {
    Q_OBJECT
public:
    explicit FindingsScan(QObject *parent = nullptr);
    /// Waits for the run to end, which is soon.
    ~FindingsScan() override;

    /// The trace to look at; null: none. Not owned: give another (or null) before it goes away. A
    /// run that goes on is given up, and waited for.
    /// `state`: whether it may grow.
    void setTrace(const TraceReader *trace, TraceState state = TraceState::Growing);
    const TraceReader *trace() const { return m_follower.trace(); }
    /// Texts are cleaned by it; it looks anew.
    void setRedactor(std::shared_ptr<const Redactor> redactor);

Q_SIGNALS:
    /// What is wrong in the trace as it was some moments ago; also where it is the same as before.
    void found(const QList<sightglass::Finding> &findings);
    /// Which exchanges they concern; `changed` are those of which something else is said than
    /// before. Goes before `found`, where there is something new.
    void concerned(const sightglass::ExchangeFindings &all,
                   const QSet<sightglass::ExchangeId> &changed);

private:
    /// What one run gives.
    struct Result {
        QList<Finding> findings;
        std::shared_ptr<const ExchangeFindings> byExchange;
        QSet<ExchangeId> changed;
    };
    void grown();
    void run();
    void stop();
    void done(quint64 generation, const Result &result);

    TraceFollower m_follower;
    TraceState m_state = TraceState::Growing;
    std::shared_ptr<const Redactor> m_redactor;
    QThreadPool m_pool; ///< of one thread
    std::atomic<bool> m_stop = false;
    quint64 m_generation = 0; ///< what an older run found is of another trace
    std::shared_ptr<const ExchangeFindings> m_told; ///< null: nothing yet
    bool m_running = false;
    bool m_again = false; ///< the trace grew since the run began
    QElapsedTimer m_took;
    QTimer m_pause; ///< after a run
};

} // namespace sightglass
