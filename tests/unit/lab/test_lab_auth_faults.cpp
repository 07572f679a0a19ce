// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "oauth_client.h"
#include "wire.h"

#include <QProcess>
#include <QTest>

#include <functional>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

QUrl on(const QUrl &server, const QString &path)
{
    return server.resolved(QUrl(path));
}

RawAnswer ask(const QUrl &url, const QByteArray &body, const QByteArray &headers = {},
              const QByteArray &path = "/mcp")
{
    RawClient client(url);
    client.sendRequest("POST", body, headers, path);
    return client.answer();
}

QByteArray challengeOf(const Lab &lab)
{
    return ask(lab.url(), pingText).header("WWW-Authenticate");
}

QJsonObject resourceMetadata(const Lab &lab)
{
    return OAuthClient::get(on(lab.url(), u"/.well-known/oauth-protected-resource/mcp"_s)).json();
}

QJsonObject issuerMetadata(const Lab &lab)
{
    return OAuthClient::get(on(lab.issuer(), u"/.well-known/oauth-authorization-server"_s)).json();
}

/// The token of a client that logged in, as a header; empty: it got none.
QByteArray tokenOf(const Lab &lab)
{
    OAuthClient client(lab);
    const QByteArray token = OAuthClient::text(client.logIn(), "access_token");
    return token.isEmpty() ? QByteArray() : OAuthClient::bearer(token);
}

QByteArray item(const RawAnswer &answer, const char *name)
{
    return OAuthClient::item(OAuthClient::callback(answer), name);
}

/// The answer to an authorisation request of a client that was just registered.
RawAnswer authorized(const Lab &lab)
{
    OAuthClient client(lab);
    client.enrol();
    return client.authorize();
}

RawAnswer redeemed(const Lab &lab)
{
    OAuthClient client(lab);
    client.enrol();
    return client.redeem(client.code());
}

bool isPage(const RawAnswer &answer, int status = 200)
{
    return answer.status == status && answer.header("Content-Type").startsWith("text/html");
}

QByteArray gunzipped(const QByteArray &bytes)
{
    QProcess gzip;
    gzip.start(u"gzip"_s, {u"-dc"_s});
    gzip.write(bytes);
    gzip.closeWriteChannel();
    gzip.waitForFinished();
    return gzip.exitCode() == 0 ? gzip.readAllStandardOutput() : QByteArray();
}

/// A client that takes the metadata as it is gets a token by it, and comes in.
bool letsIn(const Lab &lab)
{
    OAuthClient client(lab);
    client.enrol();
    const QByteArray resource = textAt(resourceMetadata(lab), "resource").toUtf8();
    const QByteArray token = OAuthClient::text(
        client.redeem(client.code({{"resource", resource}}), {{"resource", resource}}).json(),
        "access_token");
    return ask(lab.url(), initialize, OAuthClient::bearer(token)).status == 200;
}

using Sign = std::function<bool(const Lab &)>;

} // namespace

/// Faults of the authorisation server, of tokens, and of what looks like them.
class TestLabAuthFaults : public QObject, private WithOAuthLab {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { lab.reset(); }

    /// Each shows on the wire when it plays, and not in a lab that is healthy.
    void each_fault_shows_when_it_plays_and_only_then_data()
    {
        QTest::addColumn<QString>("play");
        QTest::addColumn<Sign>("shows");
        const auto row = [](const char *play, const Sign &shows) {
            QTest::newRow(play) << QString::fromLatin1(play) << shows;
        };
        row("AF-08", [](const Lab &played) {
            const QByteArray token = tokenOf(played);
            const RawAnswer first = ask(played.url(), initialize, token);
            const QUrl other(QString::fromLatin1(first.header("Location")));
            return first.status == 307 && other.port() != played.url().port()
                && ask(other, initialize).status == 401
                && ask(other, initialize, token).status == 200;
        });
        row("AF-12", [](const Lab &played) {
            const QByteArray token = tokenOf(played);
            return ask(played.url(), initialize, token).status == 401
                && ask(played.url(), initialize, token).status == 401;
        });
        row("AF-10", [](const Lab &played) {
            const QByteArray challenge =
                ask(played.url(), initialize, tokenOf(played)).header("WWW-Authenticate");
            return challenge.contains("another resource");
        });
        row("AF-11", [](const Lab &played) {
            const RawAnswer token = redeemed(played);
            const auto date = [](const RawAnswer &answer) {
                return QLocale::c().toDateTime(QString::fromLatin1(answer.header("Date")),
                                               u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
            };
            const QByteArray bearer =
                OAuthClient::bearer(OAuthClient::text(token.json(), "access_token"));
            const RawAnswer refused = ask(played.url(), initialize, bearer);
            return refused.status == 401 && refused.header("WWW-Authenticate").contains("expired")
                && date(token).secsTo(date(refused)) > 7000;
        });
        row("AF-21", [](const Lab &played) {
            return challengeOf(played) == "Negotiate"
                && resourceMetadata(played).contains("authorization_servers"_L1);
        });
        row("AF-22", [](const Lab &played) {
            return textAt(resourceMetadata(played), "resource") == played.url().toString() + u'/'
                && letsIn(played);
        });
        row("AF-23", [](const Lab &played) {
            return QUrl(textAt(resourceMetadata(played), "resource")).path().isEmpty()
                && letsIn(played);
        });
        row("AF-23:1", [](const Lab &played) {
            return QUrl(textAt(resourceMetadata(played), "resource")).path() == "/other/mcp"_L1
                && letsIn(played);
        });
        row("AF-24", [](const Lab &played) {
            const QUrl second =
                on(played.url(), u"/.well-known/oauth-protected-resource/mcp/main"_s);
            const QString resource = textAt(resourceMetadata(played), "resource");
            return resource == on(played.url(), u"/mcp/main"_s).toString()
                && textAt(OAuthClient::get(second).json(), "resource") == resource
                && ask(played.url(), pingText, {}, "/mcp/main").status == 401 && letsIn(played);
        });
        row("AF-25", [](const Lab &played) {
            return challengeOf(played).contains("resource_metadata=\"/.well-known/");
        });
        row("AF-25:1", [](const Lab &played) {
            return challengeOf(played).contains("resource_metadata=\"http://mcp-backend.internal");
        });
        row("AF-26", [](const Lab &played) {
            const QJsonValue servers = resourceMetadata(played).value("authorization_servers"_L1);
            return servers.isArray() && servers.toArray().isEmpty();
        });
        row("AF-26:1", [](const Lab &played) {
            const QJsonObject metadata = resourceMetadata(played);
            return metadata.contains("resource"_L1)
                && !metadata.contains("authorization_servers"_L1);
        });
        row("AF-27", [](const Lab &played) {
            return isPage(OAuthClient::get(
                       on(played.url(), u"/.well-known/oauth-protected-resource/mcp"_s)))
                && isPage(OAuthClient::get(
                    on(played.url(), u"/.well-known/oauth-protected-resource"_s)))
                && ask(played.url(), pingText).status == 401;
        });
        row("AF-27:1", [](const Lab &played) {
            return isPage(OAuthClient::get(
                       on(played.issuer(), u"/.well-known/oauth-authorization-server"_s)))
                && isPage(OAuthClient::get(
                    on(played.issuer(), u"/.well-known/openid-configuration"_s)))
                && !resourceMetadata(played).isEmpty();
        });
        row("AF-28", [](const Lab &played) {
            const QString issuer = textAt(resourceMetadata(played), "authorization_servers/0");
            const QString path = QUrl(issuer).path();
            int found = 0;
            for (const QString &place : {u"/.well-known/oauth-authorization-server"_s + path,
                                         u"/.well-known/openid-configuration"_s + path,
                                         path + u"/.well-known/openid-configuration"_s})
                found += OAuthClient::get(on(played.issuer(), place)).status == 200;
            const QUrl odd =
                on(played.issuer(), path + u"/.well-known/oauth-authorization-server"_s);
            return !path.isEmpty() && found == 0
                && textAt(OAuthClient::get(odd).json(), "issuer") == issuer;
        });
        row("AF-29", [](const Lab &played) {
            return textAt(issuerMetadata(played), "issuer") == played.issuer().toString() + u'/';
        });
        row("AF-30", [](const Lab &played) {
            const QJsonObject metadata = issuerMetadata(played);
            return metadata.contains("issuer"_L1)
                && !metadata.contains("code_challenge_methods_supported"_L1);
        });
        row("AF-30:1", [](const Lab &played) {
            return textAt(issuerMetadata(played), "code_challenge_methods_supported/0")
                == "plain"_L1;
        });
        row("AF-31", [](const Lab &played) {
            return isPage(ask(played.url(), pingText), 403)
                && isPage(OAuthClient::get(
                              on(played.url(), u"/.well-known/oauth-protected-resource/mcp"_s)),
                          403);
        });
        row("AF-40", [](const Lab &played) {
            const QJsonObject metadata = issuerMetadata(played);
            OAuthClient known(played);
            known.id = "practice-client";
            return metadata.contains("token_endpoint"_L1)
                && !metadata.contains("registration_endpoint"_L1)
                && !metadata.contains("client_id_metadata_document_supported"_L1)
                && known.enrol().status == 404 && (known.id = "practice-client", true)
                && known.redeem(known.code()).status == 200;
        });
        row("AF-41", [](const Lab &played) {
            const RawAnswer answer = OAuthClient(played).enrol();
            return answer.status == 400
                && textAt(answer.json(), "error") == "invalid_redirect_uri"_L1;
        });
        row("AF-42", [](const Lab &played) {
            OAuthClient client(played);
            return textAt(client.enrol().json(), "redirect_uris/0")
                == "http://127.0.0.1/callback"_L1
                && isPage(client.authorize(), 400);
        });
        row("AF-43", [](const Lab &played) {
            const RawAnswer answer = redeemed(played);
            return answer.status == 401 && textAt(answer.json(), "error") == "invalid_client"_L1;
        });
        row("AF-46", [](const Lab &played) {
            const RawAnswer answer = authorized(played);
            return !item(answer, "state").isEmpty() && item(answer, "state") != "s1";
        });
        row("AF-46:1", [](const Lab &played) {
            const RawAnswer answer = authorized(played);
            return !item(answer, "code").isEmpty() && item(answer, "state").isEmpty();
        });
        row("AF-47", [](const Lab &played) {
            const RawAnswer answer = authorized(played);
            return !item(answer, "code").isEmpty() && item(answer, "iss").isEmpty();
        });
        row("AF-47:1", [](const Lab &played) {
            const QByteArray issuer = item(authorized(played), "iss");
            return !issuer.isEmpty() && issuer != played.issuer().toEncoded();
        });
        row("AF-48", [](const Lab &played) {
            const RawAnswer answer = authorized(played);
            return isPage(answer) && answer.header("Location").isEmpty();
        });
        row("AF-49", [](const Lab &played) { return isPage(redeemed(played)); });
        row("AF-49:1", [](const Lab &played) { return redeemed(played).status == 500; });
        row("AF-60", [](const Lab &played) {
            const QByteArray token = tokenOf(played);
            return !token.isEmpty() && ask(played.url(), initialize, token).status == 401;
        });
        for (const char *id : {"AF-61", "AF-62"}) {
            row(id, [](const Lab &played) {
                OAuthClient client(played);
                const QJsonObject token = client.logIn();
                const RawSession session(
                    played.url(), "2025-11-25",
                    OAuthClient::bearer(OAuthClient::text(token, "access_token")));
                const RawAnswer refused = session.call("echo", "{\"message\":\"x\"}");
                const QByteArray wider = OAuthClient::text(
                    client.redeem(client.code({{"scope", "lab:read lab:call lab:write"}})).json(),
                    "access_token");
                const RawSession stepped(played.url(), "2025-11-25", OAuthClient::bearer(wider));
                return session.post(pingText).status == 200 && refused.status == 403
                    && refused.header("WWW-Authenticate").contains("scope=\"lab:call lab:write\"")
                    && stepped.call("echo", "{\"message\":\"x\"}").status == 200;
            });
        }
        row("AF-63", [](const Lab &played) {
            OAuthClient client(played);
            const QJsonObject first = client.logIn();
            const QByteArray refresh = OAuthClient::text(first, "refresh_token");
            const QJsonObject same =
                client.refresh(refresh, {{"scope", "lab:read lab:call"}}).json();
            const QJsonObject other =
                client.refresh(OAuthClient::text(same, "refresh_token")).json();
            const auto comesIn = [&](const QJsonObject &token) {
                return ask(played.url(), initialize,
                           OAuthClient::bearer(OAuthClient::text(token, "access_token")))
                           .status
                    == 200;
            };
            return first.value("expires_in"_L1).toInt() == 10 && comesIn(same)
                && textAt(other, "scope") != textAt(first, "scope") && !comesIn(other);
        });
        row("AF-64", [](const Lab &played) {
            OAuthClient client(played);
            const QJsonObject token = client.logIn();
            const QByteArray refresh = OAuthClient::text(token, "refresh_token");
            return token.value("expires_in"_L1).toInt() == 10 && client.refresh(refresh).status == 0
                && textAt(client.refresh(refresh).json(), "error") == "invalid_grant"_L1;
        });
        row("AF-65", [](const Lab &played) {
            OAuthClient client(played);
            const QJsonObject token = client.logIn();
            const QByteArray refresh = OAuthClient::text(token, "refresh_token");
            return token.value("expires_in"_L1).toInt() == 10
                && textAt(client.refresh(refresh).json(), "error") == "invalid_request"_L1;
        });
        row("AF-66:1", [](const Lab &played) {
            OAuthClient client(played);
            const QJsonObject token = client.logIn();
            if (token.value("expires_in"_L1).toInt() != 1)
                return false; // its streams: see below
            const RawSession session(played.url(), "2025-11-25",
                                     OAuthClient::bearer(OAuthClient::text(token, "access_token")));
            RawClient stream(played.url());
            stream.sendRequest("GET", {}, session.headers());
            const RawAnswer ended = stream.answer();
            RawClient again(played.url());
            again.sendRequest("GET", {}, session.headers());
            const RawAnswer back =
                again.answer([](const RawAnswer &answer) { return answer.status != 0; });
            return ended.status == 200 && ended.whole && back.status == 401
                && back.header("WWW-Authenticate").contains("expired");
        });
        row("AF-82:2", [](const Lab &played) {
            const RawSession session(played.url(), "2025-11-25", tokenOf(played));
            return session.post(pingText).status == 200 && session.post(pingText).status == 400
                && session.post(pingText).status == 400;
        });
        row("AF-83", [](const Lab &played) {
            const RawSession session(played.url(), "2025-11-25", tokenOf(played));
            // Its notification was the first.
            QList<int> seen;
            for (int i = 0; i < 4; ++i)
                seen.append(session.post(pingText).status);
            return seen == QList<int>{404, 200, 404, 200};
        });
        row("AF-84", [](const Lab &played) {
            const QByteArray token = tokenOf(played);
            QList<int> seen;
            for (int i = 0; i < 4; ++i)
                seen.append(ask(played.url(), initialize, token).status);
            return seen == QList<int>{200, 401, 200, 401};
        });
        row("AF-86", [](const Lab &played) {
            const RawSession session(played.url(), "2025-11-25", tokenOf(played));
            const RawAnswer answer = session.post(pingText);
            return session.initialized.status == 200 && answer.status == 400
                && answer.body.contains("MCP-Protocol-Version");
        });
        row("AF-87", [](const Lab &played) {
            const RawAnswer answer = ask(played.url(), initialize);
            return answer.status == 403 && answer.body.contains("Host")
                && answer.body.contains("127.0.0.1");
        });
        row("AF-89", [](const Lab &played) {
            const RawSession session(played.url(), "2025-11-25", tokenOf(played));
            const RawAnswer answer = session.call("echo", "{\"message\":\"hello\"}");
            const QByteArray events = gunzipped(answer.body);
            return answer.header("Content-Encoding") == "gzip" && answer.whole
                && events.contains("event: message") && events.contains("\"hello\"");
        });
        row("AF-90:1", [](const Lab &played) {
            const RawSession session(played.url(), "2025-11-25", tokenOf(played));
            RawClient stream(played.url());
            stream.sendRequest("GET", {}, session.headers());
            const RawAnswer begun =
                stream.answer([](const RawAnswer &answer) { return answer.status != 0; });
            // Takes longer than that stream may last.
            session.call("long-running", "{\"steps\":1,\"seconds\":0.2}");
            return begun.status == 200
                && stream.answer([](const RawAnswer &) { return true; }).whole;
        });
        row("AF-95", [](const Lab &played) {
            const RawAnswer answer = ask(played.url(), initialize);
            return answer.status == 407 && answer.header("Proxy-Authenticate").startsWith("Basic");
        });
    }
    void each_fault_shows_when_it_plays_and_only_then()
    {
        QFETCH(QString, play);
        QFETCH(Sign, shows);
        open({.play = {play}, .pingMs = 0, .oauth = {.on = true}});
        QVERIFY(shows(*lab));
        open({.pingMs = 0, .oauth = {.on = true}});
        QVERIFY(!shows(*lab));
    }

    void those_that_need_it_bring_their_authorisation_server()
    {
        for (const char *id : {"AF-22", "AF-32", "AF-44", "AF-45", "AF-66"}) {
            open({.play = {QString::fromLatin1(id)}, .bearer = "by hand", .pingMs = 0});
            QVERIFY2(!lab->issuer().isEmpty(), id);
            QCOMPARE(ask(lab->url(), initialize, "Authorization: Bearer by hand\r\n").status, 401);
        }
        for (const char *id : {"AF-08", "AF-12", "AF-31", "AF-82", "AF-84", "AF-95"}) {
            open({.play = {QString::fromLatin1(id)}, .pingMs = 0});
            QVERIFY2(lab->issuer().isEmpty(), id);
        }
        // Also while it runs, and back.
        open({.pingMs = 0});
        QCOMPARE(ask(lab->url(), initialize).status, 200);
        lab->setPlay({u"AF-26"_s});
        QVERIFY(!lab->issuer().isEmpty());
        QCOMPARE(ask(lab->url(), initialize).status, 401);
        QVERIFY(!tokenOf(*lab).isEmpty());
        lab->setPlay({});
        QVERIFY(lab->issuer().isEmpty());
        QCOMPARE(ask(lab->url(), initialize).status, 200);
    }
    void streams_of_a_healthy_lab_outlive_their_tokens()
    {
        open({.pingMs = 0, .oauth = {.on = true, .tokenSeconds = 1}});
        const RawSession session(lab->url(), "2025-11-25", tokenOf(*lab));
        RawClient stream(lab->url());
        stream.sendRequest("GET", {}, session.headers());
        QTRY_COMPARE_WITH_TIMEOUT(session.post(pingText).status, 401, 20000);
        QCOMPARE(stream.socket.state(), QAbstractSocket::ConnectedState);
        const RawAnswer soFar = stream.answer([](const RawAnswer &) { return true; });
        QVERIFY(soFar.status == 200 && !soFar.whole);
    }
    void af84_refuses_in_turns_without_tokens_of_its_own()
    {
        open({.play = {u"AF-84:3"_s}, .pingMs = 0});
        QCOMPARE(ask(lab->url(), initialize).status, 401); // no turn: nothing was sent
        const QByteArray any = "Authorization: Bearer x\r\n";
        for (const int status : {200, 200, 401, 200})
            QCOMPARE(ask(lab->url(), initialize, any).status, status);
    }
    void what_clients_do_wrong_is_refused_by_every_lab_data()
    {
        QTest::addColumn<QString>("play");
        QTest::addColumn<QByteArray>("resource"); // in place of the right one, behind the origin
        QTest::newRow("AF-44") << u"AF-44"_s << QByteArray();
        QTest::newRow("AF-45") << u"AF-45"_s << QByteArray("/mcp/");
    }
    void what_clients_do_wrong_is_refused_by_every_lab()
    {
        QFETCH(QString, play);
        QFETCH(QByteArray, resource);
        for (const QStringList &playing : {QStringList(play), QStringList()}) {
            open({.play = playing, .pingMs = 0, .oauth = {.on = true}});
            OAuthClient client(*lab);
            client.enrol();
            const QByteArray sent = resource.isEmpty()
                ? QByteArray()
                : on(lab->url(), QString::fromLatin1(resource)).toEncoded();
            QCOMPARE(item(client.authorize({{"resource", sent}}), "error"),
                     QByteArray("invalid_target"));
            QCOMPARE(textAt(client.redeem(client.code(), {{"resource", sent}}).json(), "error"),
                     u"invalid_target"_s);
        }
    }
    /// Each id of the catalogue that a client's traffic can show.
    void the_catalogue_is_played_in_full()
    {
        QStringList missing;
        for (const auto &[first, last] :
             {std::pair(1, 12), {20, 32}, {40, 49}, {60, 67}, {80, 99}}) {
            for (int number = first; number <= last; ++number) {
                const QString id = u"AF-%1"_s.arg(number, 2, 10, QLatin1Char('0'));
                if (!labPlayProblem(id).isEmpty())
                    missing.append(id);
            }
        }
        QCOMPARE(missing, QStringList());
    }
    /// Where there is no GET, a stream of subscriptions/listen ends with its token.
    void af66_ends_the_streams_of_the_newest_revision()
    {
        open({.play = {u"AF-66:1"_s}, .pingMs = 0});
        const QByteArray body =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{"
            "\"notifications\":{\"toolsListChanged\":true},\"_meta\":{"
            "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
        RawClient client(lab->url());
        client.sendRequest("POST", body,
                           tokenOf(*lab)
                               + "MCP-Protocol-Version: 2026-07-28\r\n"
                                 "Mcp-Method: subscriptions/listen\r\n");
        const RawAnswer answer = client.answer();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.whole);
        QVERIFY2(answer.body.contains("subscriptions/acknowledged"), answer.body);
    }
};

QTEST_GUILESS_MAIN(TestLabAuthFaults)
#include "test_lab_auth_faults.moc"
