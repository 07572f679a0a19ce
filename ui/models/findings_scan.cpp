// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/findings_scan.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int kLeastPauseMs = 200;
constexpr int kPauseFactor = 10;

/// The exchanges of which `after` says something else.
QSet<ExchangeId> changedBetween(const ExchangeFindings &before, const ExchangeFindings &after)
{
    QSet<ExchangeId> changed;
    for (auto one = after.cbegin(); one != after.cend(); ++one) {
        const auto old = before.constFind(one.key());
        if (old == before.cend() || *old != *one)
            changed.insert(one.key());
    }
    for (auto old = before.cbegin(); old != before.cend(); ++old) {
        if (!after.contains(old.key()))
            changed.insert(old.key());
    }
    return changed;
}

} // namespace

FindingsScan::FindingsScan(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_again)
            run();
    });
    connect(&m_follower, &TraceFollower::grown, this, &FindingsScan::grown);
}

FindingsScan::~FindingsScan()
{
    stop();
}

void FindingsScan::stop()
{
    m_pause.stop();
    m_stop = true;
    m_pool.waitForDone();
    m_stop = false;
    ++m_generation;
    m_running = false;
    m_again = false;
}

void FindingsScan::setTrace(const TraceReader *trace, TraceState state)
{
    stop();
    m_state = state;
    // Whoever shows the same one still has what was told of it.
    if (!trace || trace != m_follower.trace())
        m_told.reset();
    m_follower.setTrace(trace);
}

void FindingsScan::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    stop();
    m_redactor = std::move(redactor);
    grown();
}

void FindingsScan::grown()
{
    m_again = true;
    if (!m_running && !m_pause.isActive())
        run();
}

void FindingsScan::run()
{
    const TraceReader *trace = m_follower.trace();
    if (!trace || !m_redactor)
        return;
    m_running = true;
    m_again = false;
    m_took.start();
    m_pool.start([this, trace, redactor = m_redactor, state = m_state, told = m_told,
                  generation = m_generation] {
        Result result;
        ExchangeFindings all;
        result.findings = findings(*trace, *redactor, &m_stop, state, &all);
        result.changed = changedBetween(told ? *told : ExchangeFindings(), all);
        result.byExchange = std::make_shared<const ExchangeFindings>(std::move(all));
        QMetaObject::invokeMethod(
            this, [this, generation, result] { done(generation, result); }, Qt::QueuedConnection);
    });
}

void FindingsScan::done(quint64 generation, const Result &result)
{
    if (generation != m_generation)
        return;
    m_running = false;
    // What came meanwhile, or comes soon, is looked at after a pause.
    m_pause.start(int(std::max<qint64>(kLeastPauseMs, kPauseFactor * m_took.elapsed())));
    m_told = result.byExchange;
    if (!result.changed.isEmpty())
        Q_EMIT concerned(*m_told, result.changed);
    Q_EMIT found(result.findings);
}

} // namespace sightglass
