// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// What of the controller sends spans to a collector.
#include "core/export/otlp_live.h"
#include "ui/session_line.h"

#include <QEventLoop>

namespace sightglass {

void SessionController::setSpans(const std::optional<OtlpTarget> &target)
{
    if (target == m_spansTarget)
        return;
    retireSpans();
    m_spansTarget = target;
    followSpans();
}

void SessionController::followSpans()
{
    if (!m_spansTarget)
        return;
    m_spans = std::make_unique<OtlpLive>(m_line->trace, *m_spansTarget, *m_redactor);
    connect(m_spans.get(), &OtlpLive::changed, this, &SessionController::spansChanged);
}

void SessionController::retireSpans()
{
    if (!m_spans)
        return;
    // It keeps its trace, and goes when the last ones are out or lost.
    OtlpLive *old = m_spans.release();
    old->setParent(this);
    old->disconnect(this);
    connect(old, &OtlpLive::ended, old, &QObject::deleteLater);
    old->finish();
}

void SessionController::endSpans()
{
    if (!m_spans)
        return;
    constexpr int MostMs = 1000;
    QEventLoop loop;
    connect(m_spans.get(), &OtlpLive::ended, &loop, &QEventLoop::quit);
    QTimer::singleShot(MostMs, &loop, &QEventLoop::quit);
    m_spans->disconnect(this);
    m_spans->finish();
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    m_spans.reset();
}

} // namespace sightglass
