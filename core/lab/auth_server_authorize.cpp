// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The authorisation endpoint (OAuth 2.1, 4.1.1 and 4.1.2; RFC 7636, RFC 8707, RFC 9207).

#include "core/lab/auth_pages.h"
#include "core/lab/auth_secrets.h"
#include "core/lab/auth_server.h"
#include "core/lab/connection.h"
#include "core/lab/lab_world.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostPending = 200;

/// 43 to 128 unreserved characters (RFC 7636, 4.2).
bool isChallenge(const QString &text)
{
    static const QRegularExpression form(u"^[A-Za-z0-9._~-]{43,128}$"_s);
    return form.match(text).hasMatch();
}

bool isClientDocument(const QString &id)
{
    const QUrl url(id, QUrl::StrictMode);
    return url.isValid() && url.scheme() == "https"_L1 && !url.host().isEmpty()
        && url.path().size() > 1 && !url.hasFragment();
}

} // namespace

const LabClient *LabAuthServer::client(const QString &id)
{
    if (const LabClient *known = m_clients.find(id))
        return known;
    if (!m_world.settings().oauth.takesClientDocuments || !isClientDocument(id))
        return nullptr;
    // The lab fetches nothing from other computers, so it takes the document as read: a public
    // client whose redirects are on loopback.
    m_clients.add(publicClient(id, QUrl(id).host()));
    return m_clients.find(id);
}

LabRefusal LabAuthServer::checkResource(const LabForm &form, bool needed) const
{
    if (!form.has(u"resource")) {
        // 2025-03-26 does not know it.
        const bool older = m_world.settings().oauth.place != LabOAuth::Place::OtherOrigin;
        return needed && !older
            ? LabRefusal{"invalid_target",
                         u"resource is missing: MCP wants it in every request for authorisation "
                         "and for tokens."_s}
            : LabRefusal();
    }
    if (m_resources().contains(form.value(u"resource")))
        return {};
    return {"invalid_target",
            u"resource is none that this server gives tokens for; it is compared character by "
            "character with that of the metadata."_s};
}

LabRefusal LabAuthServer::chooseScopes(const QString &asked, QStringList *chosen) const
{
    const QStringList known = scopes();
    *chosen = asked.split(u' ', Qt::SkipEmptyParts);
    chosen->removeDuplicates();
    if (chosen->isEmpty())
        *chosen = firstScopes();
    const bool allKnown = std::all_of(chosen->begin(), chosen->end(),
                                      [&](const QString &scope) { return known.contains(scope); });
    return allKnown ? LabRefusal()
                    : LabRefusal{"invalid_scope", u"scope names one that is not known here."_s};
}

/// What can be told to the client by redirect.
LabRefusal LabAuthServer::checkRequest(const LabForm &form, const LabClient &client,
                                       LabGrant *grant) const
{
    if (!form.has(u"response_type"))
        return {"invalid_request", u"response_type is missing."_s};
    if (form.value(u"response_type") != "code"_L1)
        return {"unsupported_response_type", u"response_type has to be code."_s};
    if (!client.grantTypes.contains("authorization_code"_L1))
        return {"unauthorized_client", u"The client was not registered for this."_s};
    if (!form.has(u"code_challenge"))
        return {"invalid_request", u"code_challenge is missing: PKCE is demanded."_s};
    if (form.value(u"code_challenge_method") != "S256"_L1)
        return {"invalid_request", u"code_challenge_method has to be S256."_s};
    if (!isChallenge(form.value(u"code_challenge")))
        return {"invalid_request", u"code_challenge is no 43 to 128 unreserved characters."_s};
    if (const LabRefusal refusal = checkResource(form, true))
        return refusal;
    // RFC 9449, section 10: whoever names it binds the code to a key.
    if (m_world.settings().oauth.dpop)
        grant->thumbprint = form.value(u"dpop_jkt").toUtf8();
    grant->challenge = form.value(u"code_challenge");
    grant->resource = form.has(u"resource") ? form.value(u"resource") : m_resources().value(0);
    return chooseScopes(form.value(u"scope"), &grant->scopes);
}

void LabAuthServer::authorize(FaultPlay &play)
{
    LabReply *reply = play.reply;
    const QByteArray &target = reply->request().target;
    const qsizetype mark = target.indexOf('?');
    const LabForm form = LabForm::parse(mark < 0 ? QByteArray() : target.mid(mark + 1));
    if (!form.repeated().isEmpty()) {
        labSendErrorPage(reply, u"invalid_request: a parameter comes more than once."_s);
        return;
    }
    const LabClient *asking = client(form.value(u"client_id"));
    if (!asking) {
        labSendErrorPage(reply,
                         form.has(u"client_id")
                             ? u"invalid_client: no client with this client_id is known here."_s
                             : u"invalid_request: client_id is missing."_s);
        return;
    }
    const bool exact = m_world.faults().plays("AF-42");
    const QString redirect = form.value(u"redirect_uri");
    const bool isRegistered =
        std::any_of(asking->redirectUris.begin(), asking->redirectUris.end(),
                    [&](const QString &uri) { return labSameRedirect(uri, redirect, exact); });
    if (!isRegistered) {
        labSendErrorPage(
            reply,
            redirect.isEmpty()
                ? u"invalid_request: redirect_uri is missing."_s
                : u"invalid_request: redirect_uri is none that was registered: %1"_s.arg(redirect));
        return;
    }
    Pending pending;
    pending.state = form.value(u"state");
    pending.grant.clientId = asking->id;
    pending.grant.redirectUri = redirect;
    const LabRefusal refusal = checkRequest(form, *asking, &pending.grant);
    const bool asks = m_world.settings().oauth.asksConsent && form.value(u"prompt") != "none"_L1;
    if (refusal || !asks) {
        sendCallback(play, pending, refusal);
        return;
    }
    const QByteArray ticket = labRandomText();
    if (m_pendingOrder.size() >= mostPending)
        m_pending.remove(m_pendingOrder.takeFirst());
    m_pending.insert(labDigest(ticket), pending);
    m_pendingOrder.append(labDigest(ticket));
    labSendConsentPage(reply,
                       {ticket, asking->name.isEmpty() ? asking->id : asking->name,
                        QUrl(redirect).host(), pending.grant.resource, pending.grant.scopes});
}

/// The form of the consent page came back.
void LabAuthServer::decide(FaultPlay &play)
{
    const LabForm form = LabForm::parse(play.reply->request().body.left(4096));
    const QByteArray ticket = labDigest(form.value(u"ticket").toUtf8());
    const QString decision = form.value(u"decision");
    if (!m_pending.contains(ticket) || !form.repeated().isEmpty()
        || (decision != "allow"_L1 && decision != "deny"_L1)) {
        labSendErrorPage(play.reply,
                         u"This was decided before, or nobody asked. Begin anew in the client."_s);
        return;
    }
    const Pending pending = m_pending.take(ticket);
    m_pendingOrder.removeAll(ticket);
    sendCallback(play, pending,
                 decision == "allow"_L1
                     ? LabRefusal()
                     : LabRefusal{"access_denied", u"The person at the browser said no."_s});
}

void LabAuthServer::sendCallback(FaultPlay &play, const Pending &pending, const LabRefusal &refusal)
{
    LabForm answer;
    if (refusal) {
        answer.set(u"error"_s, QString::fromLatin1(refusal.error));
        answer.set(u"error_description"_s, refusal.sentence);
    } else {
        const qint64 expires =
            QDateTime::currentMSecsSinceEpoch() + 1000LL * m_world.settings().oauth.codeSeconds;
        answer.set(u"code"_s, QString::fromLatin1(m_grants.addCode(pending.grant, expires)));
    }
    if (!pending.state.isEmpty())
        answer.set(u"state"_s, pending.state);
    answer.set(u"iss"_s, issuer());
    labPlayHook(m_world.faults(), play, &Fault::callback, answer);
    const QByteArray where = pending.grant.redirectUri.toUtf8();
    play.reply->addHeader("Location", where + (where.contains('?') ? '&' : '?') + answer.text());
    play.reply->addHeader("Cache-Control", "no-store");
    // After a form the browser has to turn POST into GET.
    play.reply->send(play.http == "POST" ? 303 : 302, "text/plain; charset=utf-8",
                     "Back to the client.\n");
}

} // namespace sightglass
