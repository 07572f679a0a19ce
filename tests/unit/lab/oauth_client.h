// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab.h"
#include "raw_client.h"

#include <QTest>
#include <QUrlQuery>

#include <memory>

inline const QByteArray initialize = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\","
                                     "\"params\":{\"protocolVersion\":\"2025-11-25\"}}";
inline const QByteArray pingText = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
inline const QByteArray listText = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

/// Names and values of a form, in order; a name may come twice.
using FormParameters = QList<std::pair<QByteArray, QByteArray>>;

/// A client of OAuth that does as it is told, and shares no code with the lab.
class OAuthClient {
public:
    // RFC 7636, appendix B.
    static constexpr auto Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static constexpr auto Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    static constexpr auto Redirect = "http://127.0.0.1:49152/callback";

    explicit OAuthClient(const sightglass::Lab &lab)
        : server(lab.url())
        , issuer(lab.issuer())
    {
    }

    static QByteArray encoded(const FormParameters &parameters)
    {
        QByteArray text;
        for (const auto &[name, value] : parameters) {
            text += (text.isEmpty() ? "" : "&") + QUrl::toPercentEncoding(QString::fromUtf8(name))
                + '=' + QUrl::toPercentEncoding(QString::fromUtf8(value));
        }
        return text;
    }
    static RawAnswer get(const QUrl &url, const QByteArray &headers = {})
    {
        RawClient client(url);
        client.sendRequest("GET", {}, headers,
                           url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority));
        return client.answer();
    }
    QUrl at(const QByteArray &path) const
    {
        QUrl url = issuer;
        url.setPath(QString::fromLatin1(path));
        return url;
    }
    RawAnswer post(const QByteArray &path, const FormParameters &parameters,
                   const QByteArray &headers = {}) const
    {
        RawClient client(issuer);
        client.sendRequest("POST", encoded(parameters),
                           "Content-Type: application/x-www-form-urlencoded\r\n" + headers, path);
        return client.answer();
    }
    RawAnswer sendRegistration(const QByteArray &metadata) const
    {
        RawClient client(issuer);
        client.sendRequest("POST", metadata, {}, "/register");
        return client.answer();
    }
    /// Registers as a native application.
    RawAnswer enrol(const QByteArray &method = "none",
                    const QByteArray &grants = R"("authorization_code","refresh_token")")
    {
        const RawAnswer answer = sendRegistration(
            R"({"redirect_uris":["http://127.0.0.1:49152/callback"],"grant_types":[)" + grants
            + R"(],"token_endpoint_auth_method":")" + method
            + R"(","application_type":"native","client_name":"A test"})");
        id = answer.json().value(QLatin1String("client_id")).toString().toUtf8();
        secret = answer.json().value(QLatin1String("client_secret")).toString().toUtf8();
        return answer;
    }
    /// As a right client has them; `changes` replace, and those without a value take away.
    FormParameters changed(FormParameters parameters, const FormParameters &changes) const
    {
        for (const auto &change : changes) {
            const auto found =
                std::find_if(parameters.begin(), parameters.end(),
                             [&](const auto &known) { return known.first == change.first; });
            if (found == parameters.end())
                parameters.append(change);
            else if (change.second.isNull())
                parameters.erase(found);
            else
                found->second = change.second;
        }
        return parameters;
    }
    QByteArray resource() const { return server.toEncoded(); }
    FormParameters authorizeParameters(const FormParameters &changes = {}) const
    {
        return changed({{"response_type", "code"},
                        {"client_id", id},
                        {"redirect_uri", Redirect},
                        {"code_challenge", Challenge},
                        {"code_challenge_method", "S256"},
                        {"state", "s1"},
                        {"scope", "lab:read lab:call"},
                        {"resource", resource()}},
                       changes);
    }
    RawAnswer authorize(const FormParameters &changes = {}) const
    {
        RawClient client(issuer);
        client.sendRequest("GET", {}, {}, "/authorize?" + encoded(authorizeParameters(changes)));
        return client.answer();
    }
    static QUrlQuery callback(const RawAnswer &answer)
    {
        return QUrlQuery(QUrl::fromEncoded(answer.header("Location")));
    }
    static QByteArray item(const QUrlQuery &query, const char *name)
    {
        return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toUtf8();
    }
    QByteArray code(const FormParameters &changes = {}) const
    {
        return item(callback(authorize(changes)), "code");
    }
    FormParameters tokenParameters(const QByteArray &code, const FormParameters &changes = {}) const
    {
        return changed({{"grant_type", "authorization_code"},
                        {"code", code},
                        {"redirect_uri", Redirect},
                        {"code_verifier", Verifier},
                        {"client_id", id},
                        {"resource", resource()}},
                       changes);
    }
    RawAnswer redeem(const QByteArray &code, const FormParameters &changes = {}) const
    {
        return post("/token", tokenParameters(code, changes));
    }
    RawAnswer refresh(const QByteArray &token, const FormParameters &changes = {}) const
    {
        return post("/token",
                    changed({{"grant_type", "refresh_token"},
                             {"refresh_token", token},
                             {"client_id", id},
                             {"resource", resource()}},
                            changes));
    }
    /// All of it: the JSON of the token endpoint's answer.
    QJsonObject logIn(const QByteArray &scope = "lab:read lab:call")
    {
        enrol();
        return redeem(code({{"scope", scope}})).json();
    }
    static QByteArray text(const QJsonObject &json, const char *name)
    {
        return json.value(QLatin1String(name)).toString().toUtf8();
    }
    static QByteArray bearer(const QByteArray &token)
    {
        return "Authorization: Bearer " + token + "\r\n";
    }

    QUrl server;
    QUrl issuer;
    QByteArray id;
    QByteArray secret;
};

/// For a test that has a lab to log in to.
class WithOAuthLab {
protected:
    void open(const sightglass::LabSettings &settings)
    {
        lab = std::make_unique<sightglass::Lab>(settings);
        QString problem;
        QVERIFY2(lab->listen(&problem), qPrintable(problem));
    }
    void start(sightglass::LabOAuth oauth)
    {
        oauth.on = true;
        open(sightglass::LabSettings{.pingMs = 0, .oauth = oauth});
    }
    /// 400 says that the token was taken: a ping wants a session.
    int ping(const QByteArray &headers) const
    {
        RawClient client(lab->url());
        client.sendRequest("POST", pingText, headers);
        return client.answer().status;
    }

    std::unique_ptr<sightglass::Lab> lab;
};
