// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/oauth_report.h"

#include "core/auth/oauth/token_view.h"
#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"

#include <QDateTime>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

QString resultWord(OAuthCheck::Result result)
{
    switch (result) {
    case OAuthCheck::Result::Passed:
        return u"ok"_s;
    case OAuthCheck::Result::Deviates:
        return u"deviates"_s;
    case OAuthCheck::Result::Failed:
        break;
    }
    return u"failed"_s;
}

QByteArray stateWord(OAuthStep::State state)
{
    switch (state) {
    case OAuthStep::State::Waiting:
        return "waiting";
    case OAuthStep::State::Running:
        return "running";
    case OAuthStep::State::Done:
        return "done";
    case OAuthStep::State::Skipped:
        return "skipped";
    case OAuthStep::State::Failed:
        break;
    }
    return "failed";
}

void writeFacts(JsonWriter &json, const TokenFacts &tokens)
{
    json.key(u"server").value(QStringView(tokens.resource));
    json.key(u"issuer").value(QStringView(tokens.issuer));
    json.key(u"client_id").value(QStringView(tokens.clientId));
    json.key(u"token_type").value(QStringView(tokens.type));
    json.key(u"scope").value(QStringView(tokens.scope));
    json.key(u"requested_scope").value(QStringView(tokens.requestedScope));
    json.key(u"expires");
    if (tokens.expires)
        json.value(*tokens.expires);
    else
        json.null();
    json.key(u"refreshable").value(tokens.refreshable);
}

TokenFacts factsOf(const TokenSet &tokens)
{
    TokenFacts facts;
    facts.type = QString::fromUtf8(tokens.type);
    facts.scope = tokens.scope;
    facts.requestedScope = tokens.requestedScope;
    facts.resource = tokens.resource;
    facts.issuer = tokens.issuer;
    facts.clientId = tokens.clientId;
    facts.received = tokens.received;
    facts.expires = tokens.expires();
    facts.refreshable = !tokens.refreshToken.isEmpty();
    return facts;
}

TokenView viewOf(const TokenSet &tokens, qint64 now)
{
    TokenContext context;
    context.now = now;
    context.resource = tokens.resource;
    context.issuer = tokens.issuer;
    context.clientId = tokens.clientId;
    if (!tokens.dpopKey.isNull())
        context.keyThumbprint = tokens.dpopKey.thumbprint();
    return viewToken(tokens.accessToken, context);
}

} // namespace

void printTokenFacts(Output &output, const TokenFacts &tokens)
{
    const auto line = [&output](const QString &name, const QString &value) {
        if (!value.isEmpty())
            output.line(name.leftJustified(10) + lineForTerminal(value));
    };
    line(u"server"_s, tokens.resource);
    line(u"issuer"_s, tokens.issuer);
    line(u"client"_s, tokens.clientId);
    line(u"type"_s, tokens.type);
    line(u"scope"_s, tokens.scope);
    if (tokens.requestedScope != tokens.scope)
        line(u"asked for"_s, tokens.requestedScope);
    line(u"expires"_s,
         tokens.expires ? timeInWords(*tokens.expires, QDateTime::currentSecsSinceEpoch())
                        : u"not told"_s);
    line(u"refresh"_s, tokens.refreshable ? u"there is a refresh token"_s : u"no refresh token"_s);
}

QByteArray tokenFactsJson(const TokenFacts &tokens)
{
    JsonWriter json;
    json.beginObject();
    writeFacts(json, tokens);
    return json.endObject().text();
}

void printToken(Output &output, const TokenSet &tokens, qint64 now, const Redactor &redactor)
{
    output.line(u"token     "_s
                + QString::fromLatin1(
                    redactor.headerValue({"Authorization", tokens.type + ' ' + tokens.accessToken,
                                          HeaderSource::Credential, true})));
    printTokenFacts(output, factsOf(tokens));
    const TokenView view = viewOf(tokens, now);
    output.line({});
    output.line(lineForTerminal(view.sentence));
    for (const ClaimView &claim : view.claims) {
        QString text = u"  %1: %2"_s.arg(claim.name, claim.value);
        if (!claim.meaning.isEmpty())
            text += u" (%1)"_s.arg(claim.meaning);
        output.line(claim.wrong ? output.alarming(lineForTerminal(text)) : lineForTerminal(text));
    }
    for (const QString &sentence :
         {view.audience.sentence, view.issuer.sentence, view.key.sentence}) {
        if (!sentence.isEmpty())
            output.line(lineForTerminal(sentence));
    }
    output.note(u"The token itself is printed with --show-secrets alone."_s);
}

QByteArray tokenJson(const TokenSet &tokens, qint64 now, const Redactor &redactor, bool withSecrets)
{
    JsonWriter json;
    json.beginObject();
    json.key(u"token").value(
        QStringView(withSecrets ? QString::fromUtf8(tokens.accessToken)
                                : QString::fromLatin1(redactor.fingerprint(tokens.accessToken))));
    writeFacts(json, factsOf(tokens));
    json.key(u"claims").beginArray();
    for (const ClaimView &claim : viewOf(tokens, now).claims) {
        json.beginObject();
        json.key(u"name").value(QStringView(claim.name));
        json.key(u"value").value(QStringView(claim.value));
        json.key(u"meaning").value(QStringView(claim.meaning));
        json.endObject();
    }
    return json.endArray().endObject().text();
}

void printSteps(Output &output, const OAuthState &state)
{
    for (const OAuthStep &step : state.steps) {
        if (step.state == OAuthStep::State::Waiting && step.sentence.isEmpty())
            continue;
        output.line(output.bold(oauthStepTitle(step.kind))
                    + (step.state == OAuthStep::State::Failed
                           ? u" "_s + output.alarming(u"failed"_s)
                           : QString()));
        output.line(u"  "_s + lineForTerminal(step.sentence));
        for (const OAuthAttempt &attempt : step.attempts) {
            QString line =
                u"  %1: %2"_s.arg(attempt.url.toString(QUrl::RemoveUserInfo), attempt.outcome);
            if (attempt.exchange > 0)
                line += u" [exchange %1]"_s.arg(attempt.exchange);
            output.line(lineForTerminal(line));
        }
        for (const OAuthCheck &check : step.checks) {
            QString line =
                u"  %1: %2 (%3)"_s.arg(resultWord(check.result), check.sentence, check.rule);
            if (!check.finding.isEmpty())
                line += u" [%1]"_s.arg(check.finding);
            output.line(check.result == OAuthCheck::Result::Passed
                            ? lineForTerminal(line)
                            : output.alarming(lineForTerminal(line)));
            if (check.result != OAuthCheck::Result::Passed && !check.leftName.isEmpty()) {
                output.line(lineForTerminal(u"      %1: “%2”"_s.arg(check.leftName, check.left)));
                output.line(lineForTerminal(u"      %1: “%2”"_s.arg(check.rightName, check.right)));
            }
        }
        for (const OAuthFact &fact : step.output) {
            if (!fact.secret && !fact.value.isEmpty())
                output.line(
                    output.muted(lineForTerminal(u"  %1: %2"_s.arg(fact.name, fact.value))));
        }
    }
}

QByteArray stepsJson(const OAuthState &state)
{
    JsonWriter json;
    json.beginObject();
    json.key(u"server").value(QStringView(state.server.toString(QUrl::RemoveUserInfo)));
    json.key(u"steps").beginArray();
    for (const OAuthStep &step : state.steps) {
        json.beginObject();
        json.key(u"name").value(oauthStepName(step.kind).constData());
        json.key(u"state").value(stateWord(step.state).constData());
        json.key(u"sentence").value(QStringView(step.sentence));
        json.key(u"attempts").beginArray();
        for (const OAuthAttempt &attempt : step.attempts) {
            json.beginObject();
            json.key(u"exchange").value(attempt.exchange);
            json.key(u"url").value(QStringView(attempt.url.toString(QUrl::RemoveUserInfo)));
            json.key(u"outcome").value(QStringView(attempt.outcome));
            json.endObject();
        }
        json.endArray();
        json.key(u"checks").beginArray();
        for (const OAuthCheck &check : step.checks) {
            json.beginObject();
            json.key(u"result").value(QStringView(resultWord(check.result)));
            json.key(u"sentence").value(QStringView(check.sentence));
            json.key(u"rule").value(QStringView(check.rule));
            if (!check.leftName.isEmpty()) {
                json.key(QStringView(check.leftName)).value(QStringView(check.left));
                json.key(QStringView(check.rightName)).value(QStringView(check.right));
            }
            if (!check.finding.isEmpty())
                json.key(u"finding").value(QStringView(check.finding));
            json.endObject();
        }
        json.endArray();
        json.key(u"output").beginObject();
        for (const OAuthFact &fact : step.output) {
            if (!fact.secret)
                json.key(QStringView(fact.name)).value(QStringView(fact.value));
        }
        json.endObject();
        json.endObject();
    }
    return json.endArray().endObject().text();
}

} // namespace sightglass::cli
