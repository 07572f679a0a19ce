// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/asking_banner.h"

#include "ui/session_controller.h"
#include "ui/visible_text.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/link_button.h"

namespace sightglass {

AskingBanner::AskingBanner(SessionController *session, Banner *banner, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_banner(banner)
{
    connect(session, &SessionController::stateChanged, this, &AskingBanner::update);
    connect(session, &SessionController::traceChanged, this, &AskingBanner::update);
    connect(session, &SessionController::serverRequested, this, [this] {
        m_closed = false;
        update();
    });
    connect(banner, &Banner::dismissed, this, [this] {
        m_closed = true;
        m_sentence.clear();
    });
}

void AskingBanner::setOnRequests(bool on)
{
    m_onRequests = on;
    update();
}

void AskingBanner::update()
{
    const QList<ServerRequest> &asked = m_session->state().asked;
    QString sentence;
    if (!asked.isEmpty() && !m_closed && !m_onRequests && !m_session->isRecordingShown()) {
        const ServerRequest &first = asked.constFirst();
        const QString method = visibleText(QString::fromUtf8(first.method.left(80)));
        sentence = asked.size() > 1 ? tr("The server waits for %1 answers.").arg(asked.size())
            : first.forWhat.isEmpty()
            ? tr("The server waits for an answer to %1.").arg(method)
            : tr("The server waits for an answer to %1, and %2 for the server.")
                  .arg(method, visibleText(first.forWhat.left(80)));
    }
    if (sentence == m_sentence)
        return;
    m_sentence = sentence;
    if (sentence.isEmpty()) {
        m_banner->clear();
        return;
    }
    m_banner->clearLinks();
    m_banner->setMessage(Banner::Severity::Attention, sentence);
    connect(m_banner->addLink(tr("Answer")), &LinkButton::clicked, this,
            &AskingBanner::answerRequested);
}

} // namespace sightglass
