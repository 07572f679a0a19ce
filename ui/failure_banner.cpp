// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/failure_banner.h"

#include "core/diagnose/refusal.h"
#include "core/http/origin.h"
#include "ui/session_controller.h"
#include "ui/visible_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/link_button.h"

#include <utility>

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
        m_explained.reset();
        m_findings.clear();
        m_banner->clear();
        sessionChanged();
    });
    connect(session, &SessionController::failed, this, &FailureBanner::showFailure);
    connect(banner, &Banner::dismissed, this, [this] {
        m_explained.reset();
        if (m_isNotice)
            Q_EMIT noticeClosed();
        else
            m_closed = true;
    });
}

QByteArray FailureBanner::offeredFingerprint(const Failure &failure)
{
    return failure.certificateSha256;
}

bool FailureBanner::isWorthTelling(const Failure &failure)
{
    return failure.kind != FailureKind::Cancelled || failure.code == "access-denied"_L1
        || failure.code == "private-address"_L1;
}

void FailureBanner::sessionChanged()
{
    if (m_session->isRecordingShown())
        return;
    const std::optional<Failure> &failure = m_session->state().failure;
    if (failure == m_shown) {
        remarksChanged();
        return;
    }
    // The same again (a reconnect that is refused like the last) does not undo a close.
    const bool again = failure && m_shown && failure->code == m_shown->code
        && failure->kind == m_shown->kind && failure->finding == m_shown->finding;
    m_shown = failure;
    if (again && m_closed)
        return;
    m_closed = false;
    m_explained.reset();
    if (!failure || !isWorthTelling(*failure))
        m_banner->clear();
    else
        explain();
}

/// What the server did wrong though the work went on: told where nothing else is. Notices come as
/// failures of the session, and a session that was opened anew is well again.
void FailureBanner::remarksChanged()
{
    QList<Note> remarks = m_session->state().remarks;
    remarks.removeIf([](const Note &remark) { return remark.name != "deviation"_L1; });
    const qsizetype before = std::exchange(m_remarks, remarks.size());
    if (remarks.size() < before && m_isRemark) {
        m_isRemark = false;
        m_banner->clear();
    }
    if (remarks.size() <= before || (!m_banner->isHidden() && !m_isRemark))
        return;
    const Note &remark = remarks.constLast();
    showNotice(visibleText(remark.text), remark.exchange > 0 ? tr("Show") : QString(),
               [this, id = remark.exchange] { Q_EMIT showRequested(id); });
    m_isNotice = false;
    m_isRemark = true;
}

const Finding *FailureBanner::findingOf(const Failure &failure) const
{
    if (failure.kind == FailureKind::Cancelled || failure.kind == FailureKind::Usage)
        return nullptr;
    const Finding *found = nullptr;
    for (const Finding &one : m_findings) {
        if (!failure.finding.isEmpty() && one.id == failure.finding)
            return &one;
        if (!found && one.weight == Weight::Failure && failure.exchange > 0
            && one.exchanges.contains(failure.exchange))
            found = &one;
    }
    return found;
}

Failure FailureBanner::told() const
{
    Failure told = explained(*m_session->trace(), *m_shown);
    // Where the rules call it by the same name, its own words are as good.
    if (const Finding *finding = findingOf(told); finding && finding->id != told.finding) {
        told.finding = finding->id;
        told.sentence = finding->sentence;
        told.advice = finding->advice;
    }
    // It may quote the server, who may echo what it was sent.
    told.sentence = m_session->redactor()->text(told.sentence);
    told.advice = m_session->redactor()->text(told.advice);
    return told;
}

void FailureBanner::setFindings(const QList<Finding> &findings)
{
    m_findings = findings;
    // They come a moment later than the failure.
    if (m_shown && m_explained && !m_session->isRecordingShown() && told() != *m_explained)
        explain();
}

void FailureBanner::explain()
{
    const TraceReader *trace = m_session->trace();
    const Failure explanation = told();
    showFailure(explanation);
    m_explained = explanation;
    const Failure &failure = *m_shown;
    const std::optional<ResponseRecord> answer =
        failure.exchange > 0 && failure.exchange <= trace->exchangeCount()
        ? trace->response(failure.exchange)
        : std::nullopt;
    const std::optional<Failure> &logIn = m_session->oauth().failure;
    const bool ofLogIn =
        logIn && logIn->code == failure.code && logIn->exchange == failure.exchange;
    if (((failure.kind == FailureKind::Refused && answer && answer->status == 401) || ofLogIn)
        && m_session->target().credentials.isEmpty())
        connect(m_banner->addLink(tr("Give a token…")), &LinkButton::clicked, this,
                &FailureBanner::credentialsRequested);
    if (failure.kind == FailureKind::Refused || ofLogIn)
        connect(m_banner->addLink(tr("Why?")), &LinkButton::clicked, this,
                &FailureBanner::whyRequested);
    if (!explanation.finding.isEmpty())
        connect(m_banner->addLink(tr("Finding")), &LinkButton::clicked, this,
                [this, id = explanation.finding] { Q_EMIT findingRequested(id); });
    if (const QByteArray offered = offeredFingerprint(failure); !offered.isEmpty()) {
        // A redirect may have led to another server than the one that was asked.
        const ExchangeId id = failure.exchange;
        const QByteArray origin = id > 0 && id <= trace->exchangeCount()
            ? Origin::of(trace->request(id).url).toString()
            : QByteArray();
        connect(m_banner->addLink(tr("Accept this certificate")), &LinkButton::clicked, this,
                [this, offered, origin] { Q_EMIT acceptRequested(offered, origin); });
    }
    if (!m_session->state().acting.isEmpty())
        connect(m_banner->addLink(tr("Send it with credentials")), &LinkButton::clicked, this,
                &FailureBanner::withCredentialsRequested);
    else if (failure.kind != FailureKind::Usage)
        connect(m_banner->addLink(tr("Retry")), &LinkButton::clicked, this,
                &FailureBanner::retryRequested);
}

void FailureBanner::showFailure(const Failure &failure)
{
    m_isNotice = false;
    m_isRemark = false;
    m_explained.reset();
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

void FailureBanner::showNotice(const QString &sentence, const QString &link,
                               const std::function<void()> &follow)
{
    m_isNotice = true;
    m_isRemark = false;
    m_explained.reset();
    m_banner->clearLinks();
    m_banner->setMessage(Banner::Severity::Attention, sentence);
    if (!link.isEmpty())
        connect(m_banner->addLink(link), &LinkButton::clicked, this, follow);
}

} // namespace sightglass
