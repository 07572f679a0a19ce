// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/failure_banner.h"

#include "core/diagnose/refusal.h"
#include "ui/session_controller.h"
#include "ui/visible_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/link_button.h"

#include <QRegularExpression>

namespace sightglass {

using namespace Qt::StringLiterals;

FailureBanner::FailureBanner(SessionController *session, Banner *banner, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_banner(banner)
{
    connect(session, &SessionController::stateChanged, this, &FailureBanner::sessionChanged);
    connect(session, &SessionController::traceChanged, this, [this] {
        m_shown.reset();
        m_banner->clear();
        sessionChanged();
    });
    connect(session, &SessionController::failed, this, &FailureBanner::showFailure);
    connect(banner, &Banner::dismissed, this, [this] { m_closed = true; });
}

QByteArray FailureBanner::offeredFingerprint(const Failure &failure)
{
    if (failure.finding != "AF-94"_L1)
        return {};
    static const QRegularExpression digits(
        u"(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{64}"_s);
    const QRegularExpressionMatch match = digits.match(failure.advice);
    return match.hasMatch() ? QByteArray::fromHex(match.captured().remove(u':').toLatin1())
                            : QByteArray();
}

void FailureBanner::sessionChanged()
{
    if (m_session->isRecordingShown())
        return;
    const std::optional<Failure> &failure = m_session->state().failure;
    if (failure == m_shown)
        return;
    // The same again (a reconnect that is refused like the last) does not undo a close.
    const bool again = failure && m_shown && failure->code == m_shown->code
        && failure->kind == m_shown->kind && failure->finding == m_shown->finding;
    m_shown = failure;
    if (again && m_closed)
        return;
    m_closed = false;
    if (!failure || failure->kind == FailureKind::Cancelled)
        m_banner->clear();
    else
        explain();
}

void FailureBanner::explain()
{
    const TraceReader *trace = m_session->trace();
    showFailure(explained(*trace, *m_shown));
    const Failure &failure = *m_shown;
    if (failure.kind == FailureKind::Refused)
        connect(m_banner->addLink(tr("Why?")), &LinkButton::clicked, this,
                &FailureBanner::whyRequested);
    if (const QByteArray offered = offeredFingerprint(failure); !offered.isEmpty())
        connect(m_banner->addLink(tr("Accept this certificate")), &LinkButton::clicked, this,
                [this, offered] { Q_EMIT acceptRequested(offered); });
    if (!m_session->state().acting.isEmpty())
        connect(m_banner->addLink(tr("Send it with credentials")), &LinkButton::clicked, this,
                &FailureBanner::withCredentialsRequested);
    else if (failure.kind != FailureKind::Usage)
        connect(m_banner->addLink(tr("Retry")), &LinkButton::clicked, this,
                &FailureBanner::retryRequested);
}

void FailureBanner::showFailure(const Failure &failure)
{
    m_banner->clearLinks();
    QString sentence = visibleText(failure.sentence);
    if (!failure.finding.isEmpty() && !failure.advice.contains(failure.finding)
        && !sentence.contains(failure.finding))
        sentence += u" ("_s + failure.finding + u')';
    m_banner->setMessage(Banner::Severity::Failure, sentence, visibleText(failure.advice));
    if (failure.exchange > 0)
        connect(m_banner->addLink(tr("Show")), &LinkButton::clicked, this,
                [this, id = failure.exchange] { Q_EMIT showRequested(id); });
}

void FailureBanner::showNotice(const QString &sentence, const QString &link)
{
    m_banner->clearLinks();
    m_banner->setMessage(Banner::Severity::Attention, sentence);
    if (!link.isEmpty())
        connect(m_banner->addLink(link), &LinkButton::clicked, this, &FailureBanner::linkFollowed);
}

} // namespace sightglass
