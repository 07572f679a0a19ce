// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What servers say, without the secrets that they may repeat in it. What things are asked for by
// (names, URIs, ids, cursors) stays as it is, and so do results, which pages read: they are cleaned
// where they are shown.

#include "core/jsonrpc/json_text.h"
#include "ui/session_line.h"

namespace sightglass {

using namespace Qt::StringLiterals;

Failure SessionController::clean(Failure failure) const
{
    failure.sentence = m_redactor->text(failure.sentence);
    failure.advice = m_redactor->text(failure.advice);
    return failure;
}

SessionState SessionController::clean(SessionState state) const
{
    if (state.failure)
        state.failure = clean(*state.failure);
    if (state.stream.failure)
        state.stream.failure = clean(*state.stream.failure);
    for (Note &remark : state.remarks)
        remark.text = m_redactor->text(remark.text);
    for (QString *said :
         {&state.serverName, &state.serverTitle, &state.serverVersion, &state.instructions})
        *said = withoutSecrets(*said);
    for (ServerRequest &request : state.asked)
        request = clean(std::move(request));
    return state;
}

ServerRequest SessionController::clean(ServerRequest request) const
{
    // An address is opened as it is or not at all.
    const JsonText params = JsonText::parse(request.params);
    if (params.string(params.member(params.root(), u"mode")) != "url"_L1)
        request.params = m_redactor->jsonWithoutKnown(request.params);
    return request;
}

QByteArray SessionController::withoutSecretsIn(const QByteArray &json) const
{
    return m_redactor->jsonWithoutKnown(json);
}

QString SessionController::withoutSecrets(const QString &text) const
{
    if (!m_redactor->knowsSecrets())
        return text;
    return QString::fromUtf8(m_redactor->withoutKnown(text.toUtf8()));
}

OAuthState SessionController::clean(OAuthState state) const
{
    const auto cleanText = [this](QString *text) { *text = m_redactor->text(*text); };
    if (state.failure)
        state.failure = clean(*state.failure);
    if (state.question)
        cleanText(&state.question->sentence);
    for (OAuthStep &step : state.steps) {
        cleanText(&step.sentence);
        if (step.failure)
            step.failure = clean(*step.failure);
        for (QList<OAuthFact> *facts : {&step.input, &step.output}) {
            for (OAuthFact &fact : *facts) {
                if (!fact.secret)
                    cleanText(&fact.value);
            }
        }
        for (OAuthCheck &check : step.checks) {
            for (QString *text : {&check.sentence, &check.left, &check.right})
                cleanText(text);
        }
        for (OAuthAttempt &attempt : step.attempts)
            cleanText(&attempt.outcome);
    }
    return state;
}

} // namespace sightglass
