// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/recorded_oauth.h"

#include <optional>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QList<OAuthStep> noSteps()
{
    QList<OAuthStep> steps(OAuthStepCount);
    for (int i = 0; i < OAuthStepCount; ++i)
        steps[i].kind = OAuthStepKind(i);
    return steps;
}

/// Which step a note tells of: "Token: an access token was issued."
std::optional<OAuthStepKind> kindOf(const QString &text, QString *sentence)
{
    for (int i = 0; i < OAuthStepCount; ++i) {
        const QString head = oauthStepTitle(OAuthStepKind(i)) + u": "_s;
        if (text.startsWith(head)) {
            *sentence = text.mid(head.size());
            return OAuthStepKind(i);
        }
    }
    return {};
}

/// Which step asked it.
std::optional<OAuthStepKind> kindOf(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &request = trace.request(id);
    switch (request.kind) {
    case ExchangeKind::Discovery:
        if (request.what == "keys"_L1)
            return {}; // asked for by hand, to look at tokens
        return request.url.path().contains("oauth-protected-resource"_L1)
            ? OAuthStepKind::ResourceMetadata
            : OAuthStepKind::ServerMetadata;
    case ExchangeKind::Registration:
        return OAuthStepKind::Client;
    case ExchangeKind::Token:
        if (!trace.requestBody(id).contains("grant_type="))
            return {}; // a revocation
        return trace.requestBody(id).contains("grant_type=refresh_token") ? OAuthStepKind::Refresh
                                                                          : OAuthStepKind::Token;
    default:
        return {};
    }
}

qint64 wallClock(const TraceReader &trace, qint64 at)
{
    return trace.began().toMSecsSinceEpoch() + at / 1'000'000;
}

} // namespace

QList<OAuthStep> recordedOAuth(const TraceReader &trace)
{
    QList<OAuthStep> steps = noSteps();
    bool any = false;
    qint64 began = 0; // of the newest flow, trace time
    for (qint64 i = 0; i < trace.noteCount(); ++i) {
        const Note note = trace.note(i);
        if (note.name == "failure"_L1 && note.failure) {
            // Told behind the note of the step that it ended.
            for (OAuthStep &step : steps) {
                if (step.state == OAuthStep::State::Done
                    && step.sentence == note.failure->sentence) {
                    step.state = OAuthStep::State::Failed;
                    step.failure = note.failure;
                }
            }
            continue;
        }
        if (note.name != "oauth"_L1)
            continue;
        any = true;
        QString sentence;
        if (const std::optional<OAuthStepKind> kind = kindOf(note.text, &sentence)) {
            if (*kind == OAuthStepKind::Challenge) {
                steps = noSteps();
                began = note.at;
            }
            OAuthStep &step = steps[int(*kind)];
            step = {};
            step.kind = *kind;
            step.state = OAuthStep::State::Done;
            step.sentence = sentence;
            step.ended = wallClock(trace, note.at);
            if (note.exchange > 0)
                step.attempts.append({note.exchange, {}, {}});
            continue;
        }
        // A check that did not pass, of the step that ended before.
        OAuthStep *latest = nullptr;
        for (OAuthStep &step : steps) {
            if (step.ended > 0 && (!latest || step.ended >= latest->ended))
                latest = &step;
        }
        if (latest)
            latest->checks.append({OAuthCheck::Result::Deviates, note.text, {}, note.finding});
    }
    if (!any)
        return {};
    for (OAuthStep &step : steps) {
        if (step.kind != OAuthStepKind::Challenge && step.kind != OAuthStepKind::Use
            && step.kind != OAuthStepKind::StepUp)
            step.attempts.clear(); // told by the exchanges, below
        for (OAuthAttempt &attempt : step.attempts) {
            if (attempt.exchange <= trace.exchangeCount()) {
                attempt.url = trace.request(attempt.exchange).url;
                attempt.outcome = QString::number(trace.summary(attempt.exchange).status);
            } else {
                attempt.exchange = 0;
            }
        }
    }
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const std::optional<OAuthStepKind> kind = kindOf(trace, id);
        const ExchangeSummary summary = trace.summary(id);
        if (!kind || summary.times.begun < began)
            continue;
        OAuthStep &step = steps[int(*kind)];
        if (step.began == 0)
            step.began = wallClock(trace, summary.times.begun);
        step.attempts.append(
            {id, trace.request(id).url,
             summary.status > 0 ? QString::number(summary.status) : u"no answer"_s});
    }
    return steps;
}

} // namespace sightglass
