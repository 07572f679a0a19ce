// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/compare/recording_comparison.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>

namespace sightglass {

/// One of the two sides of a comparison: what it is, and what replaces its secrets.
struct ComparedSide {
    std::shared_ptr<const TraceReader> trace;
    std::shared_ptr<const Redactor> redactor;
    QString name; ///< for people: "this trace", "today.sgtrace"
    bool live = false; ///< it may grow
    bool isWhole = true; ///< see ComparedTrace
};

/// Reads a recording and holds it against a trace, on a thread of the pool.
class ComparisonJob final : public QObject {
    Q_OBJECT
public:
    explicit ComparisonJob(QObject *parent = nullptr);
    ~ComparisonJob() override;

    /// The recording is the first of the two. It is read from the file, unless it was before. What
    /// was under way is dropped.
    void start(const ComparedSide &recording, const ComparedSide &shown, const QString &path);
    void cancel();
    bool isRunning() const { return m_state != nullptr; }

Q_SIGNALS:
    /// "Reading", "Comparing": 0 to 100 of it.
    void progressed(bool reading, int percent);
    /// The recording has its trace now; `remark` tells what of the file could not be read.
    void done(const sightglass::ComparedSide &recording,
              const sightglass::RecordingComparison &comparison, const QString &remark);
    void failed(const sightglass::Failure &failure);

private:
    struct State {
        std::atomic<bool> stop = false;
        std::atomic<bool> reading = true;
        std::atomic<int> percent = 0;
    };

    std::shared_ptr<State> m_state; ///< of what runs
    QTimer m_look;
};

} // namespace sightglass
