// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/export_job.h"

#include "core/diagnose/trace_findings.h"
#include "core/export/export_file.h"

#include <QThread>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Expected<ExportOutcome> exportTo(const ExportOrder &order, const ExportProgress &progress)
{
    // Before a long recording is gone through.
    if (const auto refused = refusedExportFile(order.path, order.source))
        return *refused;
    ExportWish wish;
    wish.format = order.format;
    wish.exchanges = order.exchanges;
    wish.progress = progress;
    if (!order.exchanges && !order.filter.isEmpty()) {
        // Of the rules' texts nothing is written here.
        const TraceFilter filter = order.filter.withFindings(
            ruleFindings(order.redactor ? *order.redactor : Redactor(QByteArray())));
        QList<ExchangeId> &chosen = wish.exchanges.emplace();
        const ExchangeId count = order.trace->exchangeCount();
        for (ExchangeId id = 1; id <= count && progress(0, 1); ++id) {
            if (filter.matches(*order.trace, id))
                chosen.append(id);
        }
    }
    std::optional<Redactor> redactor;
    if (order.redactor) {
        // What the recording carried is known as well.
        redactor = *order.redactor;
        learnSecretsOf(*order.trace, &*redactor);
        wish.redactor = &*redactor;
    }
    return exportToFile(*order.trace, wish, order.path, order.source);
}

} // namespace

ExportJob::ExportJob(QObject *parent)
    : QObject(parent)
{
    qRegisterMetaType<ExportOutcome>();
}

ExportJob::~ExportJob()
{
    if (!m_thread)
        return;
    m_stop->store(true);
    m_thread->wait();
    delete m_thread;
}

void ExportJob::start(const ExportOrder &order)
{
    if (m_thread)
        return;
    m_stop = std::make_shared<std::atomic<bool>>(false);
    auto result = std::make_shared<std::optional<Expected<ExportOutcome>>>();
    m_thread = QThread::create([this, order, result, stop = m_stop] {
        int told = -1;
        *result = exportTo(order, [this, stop, &told](qint64 done, qint64 all) {
            const int percent = int(done * 100 / std::max<qint64>(1, all));
            if (percent != told) {
                told = percent;
                Q_EMIT progressed(percent); // queued where it is heard
            }
            return !stop->load();
        });
    });
    m_thread->setObjectName(QStringLiteral("export"));
    connect(m_thread, &QThread::finished, this, [this, result] {
        m_thread->wait();
        m_thread->deleteLater();
        m_thread = nullptr;
        const Expected<ExportOutcome> &outcome = **result;
        if (outcome)
            Q_EMIT finished(*outcome);
        else
            Q_EMIT failed(outcome.error());
    });
    m_thread->start(QThread::LowPriority);
}

void ExportJob::cancel()
{
    if (m_stop)
        m_stop->store(true);
}

} // namespace sightglass
