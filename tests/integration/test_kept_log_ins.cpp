// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What is kept of a log-in, in runs that come after it.

#include "tests/support/oauth_wire.h"

#include <QSignalSpy>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

class KeptLogIns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nobody_comes_with_the_tokens_of_another_client();
    void a_client_that_was_forgotten_is_registered_anew();
    void a_secret_is_shown_again_when_tokens_are_renewed();
    void what_another_program_renewed_is_taken();
    void a_log_out_that_could_not_ask_says_so_data();
    void a_log_out_that_could_not_ask_says_so();
    void the_challenge_is_asked_for_before_one_logs_in();
};

namespace {

/// Several runs of the program share what is kept.
struct Kept {
    CredentialStore store{nullptr};
    TokenKeeper keeper{&store};

    bool isDone()
    {
        return QTest::qWaitFor([this] { return !store.isBusy(); });
    }
};

OAuthWire::Page refusing(const QByteArray &error, int status)
{
    return OAuthWire::answering(status, "{\"error\":\"" + error + "\"}");
}

ServerTarget silent(ServerTarget target)
{
    target.oauth.mode = OAuthSettings::Mode::Silent;
    return target;
}

} // namespace

void KeptLogIns::nobody_comes_with_the_tokens_of_another_client()
{
    Kept kept;
    OAuthWire wire;
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());

    SessionProbe same;
    same.session().setKeeper(&kept.keeper);
    QVERIFY(same.connectTo(silent(wire.target)));
    same.disconnectFrom();
    SessionProbe other;
    other.session().setKeeper(&kept.keeper);
    ServerTarget target = silent(wire.target);
    target.oauth.clientId = u"somebody-else"_s;
    QVERIFY(!other.connectTo(target));
    QCOMPARE(other.state().failure->kind, FailureKind::Refused);
    for (const ExchangeId id : other.exchanges(ExchangeKind::Post))
        QVERIFY(other.sent(id, "Authorization").isEmpty());
}

void KeptLogIns::a_client_that_was_forgotten_is_registered_anew()
{
    Kept kept;
    OAuthWire wire;
    wire.probe.session().setKeeper(&kept.keeper);
    const OAuthWire::Page issues = wire.asPages.value("/token");
    wire.asPages["/token"] = refusing("invalid_client", 401);
    QVERIFY(!wire.probe.connectTo(wire.target));
    QVERIFY(kept.isDone());
    QCOMPARE(OAuthWire::got(wire.as, "/register").size(), 1);
    wire.asPages["/token"] = issues;
    // Also in another run, which knows only what is kept.
    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    connect(&later.session(), &Session::browserWanted, &wire.browser, &QuickBrowser::open);
    const bool connected = later.connectTo(wire.target);
    QVERIFY2(connected, SessionProbe::explain(later.state().failure));
    QCOMPARE(OAuthWire::got(wire.as, "/register").size(), 2);
    later.disconnectFrom();
}

void KeptLogIns::a_secret_is_shown_again_when_tokens_are_renewed()
{
    Kept kept;
    OAuthWire wire;
    wire.serverMembers["token_endpoint_auth_methods_supported"] = "[\"client_secret_basic\"]";
    wire.tokenMembers["refresh_token"] = "\"again\"";
    wire.target.oauth.clientId = u"mine"_s;
    wire.target.oauth.clientSecret = u"marked-secret"_s;
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());
    const QByteArray basic = "Basic " + QByteArray("mine:marked-secret").toBase64();
    QCOMPARE(OAuthWire::got(wire.as, "/token").constLast().header("Authorization"), basic);

    // The token is good no longer; nobody gives the secret once more.
    wire.token = "newer-token";
    wire.tokenMembers["access_token"] = "\"newer-token\"";
    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    ServerTarget target = silent(wire.target);
    target.oauth.clientSecret.clear();
    const bool connected = later.connectTo(target);
    QVERIFY2(connected, SessionProbe::explain(later.state().failure));
    const RawRequest renewal = OAuthWire::got(wire.as, "/token").constLast();
    QVERIFY(renewal.body.contains("grant_type=refresh_token"));
    QCOMPARE(renewal.header("Authorization"), basic);
    later.disconnectFrom();
}

void KeptLogIns::what_another_program_renewed_is_taken()
{
    Kept kept;
    OAuthWire wire;
    wire.tokenMembers["refresh_token"] = "\"first\"";
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    QVERIFY(kept.isDone());
    // Another one was quicker: it has new tokens, and the refresh token is used up.
    TokenSet newer = wire.probe.session().tokens();
    newer.accessToken = "newer-token";
    newer.refreshToken = "second";
    newer.received += 1;
    kept.keeper.keep(wire.target.url, newer);
    QVERIFY(kept.isDone());
    wire.token = "newer-token";
    wire.asPages["/token"] = refusing("invalid_grant", 400);
    const CallResult result = wire.probe.request(RpcCall{"tools/list", "{}"});
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(wire.probe.session().tokens().accessToken, QByteArray("newer-token"));
    QCOMPARE(wire.asked.size(), 1);
    wire.probe.disconnectFrom();
}

void KeptLogIns::a_log_out_that_could_not_ask_says_so_data()
{
    QTest::addColumn<QByteArray>("path"); // that fails; empty: none
    QTest::addColumn<bool>("revoked");
    QTest::newRow("all is well") << QByteArray() << true;
    QTest::newRow("no metadata any more") << QByteArray(OAuthWire::ServerPath) << false;
    QTest::newRow("refuses") << QByteArray("/revoke") << false;
}

void KeptLogIns::a_log_out_that_could_not_ask_says_so()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, revoked);
    Kept kept;
    OAuthWire wire;
    wire.serverMembers["revocation_endpoint"] = '"' + wire.issuer() + "/revoke\"";
    wire.asPages["/revoke"] = OAuthWire::answering(200, "{}");
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());
    if (!path.isEmpty())
        wire.asPages[path] = OAuthWire::answering(500, {});

    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    QSignalSpy loggedOut(&later.session(), &Session::loggedOut);
    later.session().logOut(silent(wire.target));
    QTRY_COMPARE(loggedOut.size(), 1);
    const auto failure = loggedOut.at(0).at(0).value<std::optional<Failure>>();
    QCOMPARE(!failure.has_value(), revoked);
    if (failure)
        QVERIFY(!failure->sentence.isEmpty() && !failure->advice.isEmpty());
    QCOMPARE(OAuthWire::got(wire.as, "/revoke").size(), path == OAuthWire::ServerPath ? 0 : 1);
    // In any case nothing of it is kept.
    QVERIFY(kept.isDone());
    std::optional<KeptLogin> left;
    kept.keeper.load(wire.target.url, this, [&left](const KeptLogin &login) { left = login; });
    QTRY_VERIFY(left);
    QVERIFY(left->tokens.isEmpty());
    QVERIFY(left->clients.isEmpty());
}

void KeptLogIns::the_challenge_is_asked_for_before_one_logs_in()
{
    OAuthWire wire;
    // Only the challenge says where the metadata is, and which scope is wanted.
    wire.mcpPages["/elsewhere"] = OAuthWire::answering(200, OAuthWire::json(wire.resourceMembers));
    wire.mcpPages[OAuthWire::ResourcePath] = OAuthWire::answering(404, {});
    wire.mcpPages[OAuthWire::ResourceRootPath] = OAuthWire::answering(404, {});
    const QByteArray place = wire.mcp.url(u"/elsewhere"_s).toEncoded();
    wire.mcpPages["/mcp"] = [place](RawConnection &to, const RawRequest &) {
        to.answer(401, {},
                  "WWW-Authenticate: Bearer resource_metadata=\"" + place
                      + "\", scope=\"special\"\r\n");
    };
    wire.probe.session().logIn(wire.target);
    QTRY_COMPARE(wire.asked.size(), 1);
    QVERIFY(wire.asked.constFirst().query().contains("scope=special"_L1));
    QTRY_COMPARE(wire.state().phase, OAuthState::Phase::Authorized);
    QCOMPARE(wire.step(OAuthStepKind::Challenge).state, OAuthStep::State::Done);
    // The refusal is recorded whole.
    QVERIFY(wire.probe.trace().summary(1).finished);
    QVERIFY(!wire.probe.trace().failure(1));
}

QTEST_GUILESS_MAIN(KeptLogIns)
#include "test_kept_log_ins.moc"
