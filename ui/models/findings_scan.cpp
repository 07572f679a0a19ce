// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/findings_scan.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int kLeastPauseMs = 200;
constexpr int kPauseFactor = 10;

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
    m_pool.start([this, trace, redactor = m_redactor, state = m_state, generation = m_generation] {
        const QList<Finding> list = findings(*trace, *redactor, &m_stop, state);
        QMetaObject::invokeMethod(
            this, [this, generation, list] { done(generation, list); }, Qt::QueuedConnection);
    });
}

void FindingsScan::done(quint64 generation, const QList<Finding> &list)
{
    if (generation != m_generation)
        return;
    m_running = false;
    // What came meanwhile, or comes soon, is looked at after a pause.
    m_pause.start(int(std::max<qint64>(kLeastPauseMs, kPauseFactor * m_took.elapsed())));
    Q_EMIT found(list);
}

} // namespace sightglass
