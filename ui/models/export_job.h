// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/trace_export.h"
#include "core/filter/trace_filter.h"

#include <QMetaType>
#include <QObject>

#include <atomic>
#include <memory>

class QThread;

namespace sightglass {

/// What is to be exported, and where it goes.
struct ExportOrder {
    std::shared_ptr<const TraceReader> trace;
    ExportFormat format = ExportFormat::Har;
    std::optional<QList<ExchangeId>> exchanges = {}; ///< nothing: what the filter lets through
    TraceFilter filter = {};
    std::shared_ptr<const Redactor> redactor = {}; ///< null: with secrets
    QString path;
    QString source = {}; ///< the file that is read, which stays; empty: none
};

/// Exports to a file in a thread of its own, one at a time. The file is there when all of it is:
/// one that was there before stays until then.
class ExportJob : public QObject {
    Q_OBJECT
public:
    explicit ExportJob(QObject *parent = nullptr);
    /// Ends what runs, and waits for it: it stops within a slice of a body.
    ~ExportJob() override;

    void start(const ExportOrder &order);
    /// `failed` follows, with a failure of kind Cancelled.
    void cancel();
    bool isRunning() const { return m_thread != nullptr; }

Q_SIGNALS:
    void progressed(int percent);
    void finished(const sightglass::ExportOutcome &outcome);
    void failed(const sightglass::Failure &failure);

private:
    QThread *m_thread = nullptr;
    std::shared_ptr<std::atomic<bool>> m_stop;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::ExportOutcome)
