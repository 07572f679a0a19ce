// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/completion_asker.h"

#include "ui/session_controller.h"

namespace sightglass {

using namespace std::chrono_literals;

namespace {

constexpr auto afterTheLastKey = 150ms;
constexpr qint64 methodNotFound = -32601;

} // namespace

CompletionAsker::CompletionAsker(SessionController *session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    m_wait.setSingleShot(true);
    m_wait.setInterval(afterTheLastKey);
    connect(&m_wait, &QTimer::timeout, this, &CompletionAsker::send);
    connect(m_session, &SessionController::stateChanged, this, [this](const SessionState &state) {
        if (state.phase == SessionPhase::Connecting)
            m_refused = false;
        if (state.phase != SessionPhase::Ready) {
            m_ticket = 0; // it ends with its connection
            stop();
        }
    });
    connect(m_session, &SessionController::callFinished, this,
            [this](Ticket ticket, const CallResult &result) {
                if (ticket != m_ticket || m_ticket == 0)
                    return;
                m_ticket = 0;
                Completion completion;
                if (result.errorCode == methodNotFound)
                    m_refused = true;
                else if (result.failure)
                    completion.problem = result.failure->sentence;
                else
                    completion = readCompletion(result.result);
                Q_EMIT answered(m_question, completion, result.exchange);
            });
}

quint64 CompletionAsker::ask(const CompletionFor &wanted)
{
    cancel();
    ++m_question;
    if (m_refused || m_session->state().phase != SessionPhase::Ready)
        return m_question;
    m_next = wanted;
    m_wait.start();
    return m_question;
}

void CompletionAsker::stop()
{
    cancel();
    m_wait.stop();
    m_next.reset();
}

void CompletionAsker::cancel()
{
    if (m_ticket != 0)
        m_session->cancel(m_ticket);
    m_ticket = 0;
}

void CompletionAsker::send()
{
    if (!m_next || m_refused || m_session->state().phase != SessionPhase::Ready)
        return;
    m_ticket = m_session->request(completeCall(*m_next));
    m_next.reset();
}

} // namespace sightglass
