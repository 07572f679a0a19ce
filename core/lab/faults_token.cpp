// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Access tokens and refresh tokens in use.

#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/fault.h"

#include <QDateTime>
#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

void setLife(LabToken &token, qint64 seconds)
{
    token.expires = token.issued + 1000 * seconds;
}

void shortenLife(FaultPlay &play, LabToken &token)
{
    setLife(token, play.number);
}

void nameOtherAudience(FaultPlay &, LabToken &token)
{
    token.audience = u"https://other.example.com/mcp"_s;
}

/// The clock of the authorisation server is read off in three places: Date, and both times of a
/// token.
bool turnClockBack(FaultPlay &play)
{
    play.reply->setClockOffset(-play.number);
    return false;
}

void issueInThePast(FaultPlay &play, LabToken &token)
{
    token.issued -= 1000 * play.number;
    token.expires -= 1000 * play.number;
}

QByteArray refuseEveryToken(FaultPlay &)
{
    return "The access token is not valid";
}

/// A scope that is good for nothing here.
void changeScopeOnRefresh(FaultPlay &play, LabToken &token)
{
    setLife(token, play.number);
    if (token.refreshed && !token.scopeAsked)
        token.scopes = {u"profile"_s};
}

QByteArray refuseScopelessToken(FaultPlay &play)
{
    const bool useless =
        play.token && !play.token->scopes.contains(QLatin1String(LabAuthServer::readScope));
    return useless ? "The access token is not valid" : "";
}

bool loseRefresh(FaultPlay &play, LabDocument &document)
{
    if (document.kind() != LabDocument::Kind::RefreshedToken)
        return false;
    play.reply->drop();
    return true;
}

bool refuseRefresh(FaultPlay &play)
{
    const LabRequest &request = play.reply->request();
    if (request.path != "/token"
        || LabForm::parse(request.body.left(8192)).value(u"grant_type") != "refresh_token"_L1)
        return false;
    const LabRefusal refusal{"invalid_request", u"The refresh token is not valid."_s};
    play.reply->send(refusal.status, "application/json", refusal.document().text());
    return true;
}

void closeWhenTokenEnds(FaultPlay &play)
{
    if (!play.token || !play.stream)
        return;
    const qint64 left = play.token->expires - QDateTime::currentMSecsSinceEpoch();
    QTimer::singleShot(int(std::max<qint64>(left, 0)), play.stream, &LabStream::disconnectNow);
}

/// Streams that listen without a GET (2026-07-28).
void closeListenWhenTokenEnds(FaultPlay &play)
{
    if (play.rpc == "subscriptions/listen")
        closeWhenTokenEnds(play);
}

} // namespace

QList<Fault> tokenFaults()
{
    return {
        {.id = "AF-10",
         .title = "The token is for another resource",
         .description = "The authorisation server gives out tokens for another audience than the "
                        "resource that was asked for; the lab refuses them with 401.",
         .needsOAuth = true,
         .token = nameOtherAudience},
        {.id = "AF-11",
         .title = "The clocks disagree",
         .description = "The clock of the authorisation server is NUMBER seconds (7200) behind, so "
                        "that a token expired before it was given out. It shows in Date there.",
         .number = 7200,
         .needsOAuth = true,
         .atIssuer = turnClockBack,
         .token = issueInThePast},
        {.id = "AF-12",
         .title = "The same token again and again",
         .description =
             "A fault of clients: they answer 401 by repeating the request with the same token. "
             "The lab refuses every token, so that they would. Every request needs an "
             "Authorization, even where the lab has no token set.",
         .demandsToken = true,
         .doubt = refuseEveryToken},
        {.id = "AF-60",
         .title = "A fresh token is refused",
         .description = "Every token that was just given out is answered with 401 again.",
         .needsOAuth = true,
         .doubt = refuseEveryToken},
        {.id = "AF-61",
         .title = "A scope is missing",
         .description = "Every tools/call needs the scope lab:write, which nobody asks for at "
                        "first: 403 insufficient_scope.",
         .where = "tools/call",
         .needsOAuth = true,
         .demandedScope = LabAuthServer::writeScope},
        {.id = "AF-62",
         .title = "A refresh in place of a step up",
         .description =
             "A fault of clients: they answer 403 insufficient_scope with a refresh, which cannot "
             "widen the scope. The lab demands lab:write at every tools/call, as for AF-61.",
         .where = "tools/call",
         .needsOAuth = true,
         .demandedScope = LabAuthServer::writeScope},
        {.id = "AF-63",
         .title = "A refresh changes the scope",
         .description = "Access tokens live NUMBER seconds (10). A refresh that names no scope "
                        "gets a token of another one, which the lab then refuses with 401.",
         .number = 10,
         .needsOAuth = true,
         .doubt = refuseScopelessToken,
         .token = changeScopeOnRefresh},
        {.id = "AF-64",
         .title = "A refresh token is used twice",
         .description =
             "Access tokens live NUMBER seconds (10). The answer to a refresh is lost: the "
             "connection closes. Whoever sends the same refresh token again gets invalid_grant, "
             "for it was replaced.",
         .number = 10,
         .needsOAuth = true,
         .document = loseRefresh,
         .token = shortenLife},
        {.id = "AF-65",
         .title = "A refresh fails with the wrong code",
         .description = "Access tokens live NUMBER seconds (10), and every refresh is answered "
                        "with invalid_request, where invalid_grant is meant.",
         .number = 10,
         .needsOAuth = true,
         .atIssuer = refuseRefresh,
         .token = shortenLife},
        {.id = "AF-66",
         .title = "The token runs out while a stream is open",
         .description = "Access tokens live NUMBER seconds (10). Event streams that were opened "
                        "with one are closed with its end; to reconnect with it gives 401.",
         .number = 10,
         .needsOAuth = true,
         .opened = closeListenWhenTokenEnds,
         .listening = closeWhenTokenEnds,
         .token = shortenLife},
    };
}

} // namespace sightglass
