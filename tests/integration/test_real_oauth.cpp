// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Authorising where nothing is ours: the authorisation server is the package oidc-provider, with
// its own pages for logging in and for consent, or the official SDK's own, and the MCP server is on
// that SDK.

#include "tests/support/child_process.h"
#include "tests/support/quick_browser.h"
#include "tests/support/session_probe.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

/// A session, and a person who logs in as Ada.
struct RealLogin {
    explicit RealLogin(const QUrl &url)
    {
        target.url = url;
        target.network.proxy = NetworkSettings::Proxy::None;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        browser.typed = {{u"login"_s, u"ada"_s}, {u"password"_s, u"any will do"_s}};
        QObject::connect(&probe.session(), &Session::browserWanted, &browser, &QuickBrowser::open);
    }
    QByteArray why() { return SessionProbe::explain(probe.state().failure); }
    OAuthState state() { return probe.session().oauthState(); }
    OAuthStep step(OAuthStepKind kind) { return state().steps.at(int(kind)); }
    QList<ExchangeId> tokenRequests(const QString &what) const
    {
        QList<ExchangeId> ids;
        for (const ExchangeId id : probe.exchanges(ExchangeKind::Token)) {
            if (probe.trace().request(id).what == what)
                ids.append(id);
        }
        return ids;
    }

    SessionProbe probe;
    QuickBrowser browser;
    ServerTarget target;
};

} // namespace

class RealOAuth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void whoever_logs_in_and_consents_is_let_in();
    void every_check_of_a_healthy_server_is_passed();
    void a_refresh_token_is_rotated();
    void what_runs_out_while_a_stream_is_open_is_renewed();
    void a_tool_that_needs_more_asks_once_more();
    void who_cancels_on_the_page_can_log_in_later();
    void a_resource_that_nobody_knows_is_refused();
    void logging_out_revokes();

private:
    /// "jwt" and "opaque" are oidc-provider with such tokens, "sdk" is the SDK's own.
    static QString kind()
    {
        QFETCH_GLOBAL(QString, kind);
        return kind;
    }
    static bool isSdk() { return kind() == "sdk"_L1; }
    static QString subject() { return isSdk() ? u"somebody"_s : u"ada"_s; }
    static QStringList command(const QString &kind)
    {
        return kind == "sdk"_L1 ? QStringList{npmPath(u"sdk-auth-server.mjs"_s)}
                                : QStringList{npmPath(u"oidc-server.mjs"_s), kind};
    }
    QUrl url() const { return m_urls.value(kind()); }

    std::map<QString, ChildProcess> m_servers;
    QHash<QString, QUrl> m_urls;
};

void RealOAuth::initTestCase_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("oidc-provider, JWTs") << u"jwt"_s;
    QTest::newRow("oidc-provider, opaque tokens") << u"opaque"_s;
    QTest::newRow("the SDK's router") << u"sdk"_s;
}

void RealOAuth::initTestCase()
{
    QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
    for (const QString &each : {u"jwt"_s, u"opaque"_s, u"sdk"_s}) {
        ChildProcess &server = m_servers[each];
        QVERIFY(server.start(pinnedNode(), command(each)));
        m_urls[each] = server.waitForUrl();
        QVERIFY2(m_urls[each].isValid(), server.output().constData());
    }
}

void RealOAuth::whoever_logs_in_and_consents_is_let_in()
{
    RealLogin login(url());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    QCOMPARE(login.browser.opened().size(), 1);
    QCOMPARE(login.browser.lastStatus(), 200);
    QCOMPARE(login.probe.tools().tools.size(), 2);
    QTRY_COMPARE(login.probe.state().stream.phase, StreamState::Phase::Open);
    QCOMPARE(SessionProbe::text(login.probe.call(u"who"_s)), subject());
    const OAuthState state = login.state();
    QCOMPARE(state.phase, OAuthState::Phase::Authorized);
    QVERIFY(state.tokens->refreshable);
    QVERIFY2(scopeHolds(state.tokens->scope, u"mcp:read"_s), qPrintable(state.tokens->scope));
    QVERIFY(!scopeHolds(state.tokens->scope, u"mcp:write"_s));
    QCOMPARE(state.tokens->resource, url().toString());
    QCOMPARE(login.probe.session().tokens().accessToken.count('.'), kind() == "jwt"_L1 ? 2 : 0);
    login.probe.disconnectFrom();
    QCOMPARE(login.probe.findings(), QStringList());
}

void RealOAuth::every_check_of_a_healthy_server_is_passed()
{
    RealLogin login(url());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    login.probe.disconnectFrom();
    for (const OAuthStep &step : login.state().steps) {
        QVERIFY2(step.state != OAuthStep::State::Failed, qPrintable(step.sentence));
        for (const OAuthCheck &check : step.checks)
            QVERIFY2(check.result == OAuthCheck::Result::Passed, qPrintable(check.sentence));
    }
}

void RealOAuth::a_refresh_token_is_rotated()
{
    RealLogin login(url());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    const TokenSet before = login.probe.session().tokens();
    login.probe.session().refreshTokens();
    QTRY_VERIFY(login.probe.session().tokens().accessToken != before.accessToken);
    const TokenSet after = login.probe.session().tokens();
    QVERIFY(after.refreshToken != before.refreshToken);
    QCOMPARE(scopeWords(after.scope), scopeWords(before.scope));
    const CallResult result = login.probe.call(u"who"_s);
    QCOMPARE(SessionProbe::text(result), subject());
    QVERIFY(login.probe.sent(result.exchange, "Authorization").endsWith(after.accessToken));
    QCOMPARE(login.browser.opened().size(), 1);
    login.probe.disconnectFrom();
    QCOMPARE(login.probe.findings(), QStringList());
}

void RealOAuth::what_runs_out_while_a_stream_is_open_is_renewed()
{
    ChildProcess server;
    QVERIFY(server.start(pinnedNode(), command(kind()) << u"2"_s));
    RealLogin login(server.waitForUrl());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    QTRY_COMPARE(login.probe.state().stream.phase, StreamState::Phase::Open);
    QTRY_VERIFY_WITH_TIMEOUT(login.tokenRequests(u"token refresh"_s).size() >= 2, 20'000);
    QCOMPARE(SessionProbe::text(login.probe.call(u"who"_s)), subject());
    QCOMPARE(login.browser.opened().size(), 1);
    login.probe.disconnectFrom();
}

void RealOAuth::a_tool_that_needs_more_asks_once_more()
{
    RealLogin login(url());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    const CallResult result = login.probe.call(u"write"_s);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(SessionProbe::text(result), u"written"_s);
    QCOMPARE(login.browser.opened().size(), 2);
    const QString scope = login.state().tokens->scope;
    QVERIFY2(scopeHolds(scope, u"mcp:read mcp:write"_s), qPrintable(scope));
    QCOMPARE(login.step(OAuthStepKind::StepUp).state, OAuthStep::State::Done);
    login.probe.disconnectFrom();
}

void RealOAuth::who_cancels_on_the_page_can_log_in_later()
{
    if (isSdk())
        return; // it has no page on which one could cancel
    RealLogin login(url());
    login.browser.decision = u"deny"_s;
    QVERIFY(!login.probe.connectTo(login.target));
    QCOMPARE(login.probe.state().failure->code, u"access-denied"_s);
    QCOMPARE(login.step(OAuthStepKind::Callback).state, OAuthStep::State::Failed);
    login.browser.decision = u"allow"_s;
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    QCOMPARE(login.probe.exchanges(ExchangeKind::Registration).size(), 1);
    login.probe.disconnectFrom();
}

void RealOAuth::a_resource_that_nobody_knows_is_refused()
{
    RealLogin login(url());
    login.target.oauth.resource = u"https://other.example/mcp"_s;
    QVERIFY(!login.probe.connectTo(login.target));
    const std::optional<Failure> failure = login.state().failure;
    QVERIFY(failure);
    QVERIFY2(failure->sentence.contains("invalid_target"_L1), qPrintable(failure->sentence));
    QVERIFY(!failure->advice.isEmpty());
    // And from there on with the right one.
    OAuthSettings right = login.target.oauth;
    right.resource.reset();
    login.probe.session().runOAuthAgain(OAuthStepKind::Authorization, false, right);
    QTRY_COMPARE_WITH_TIMEOUT(login.state().phase, OAuthState::Phase::Authorized, 20'000);
}

void RealOAuth::logging_out_revokes()
{
    RealLogin login(url());
    QVERIFY2(login.probe.connectTo(login.target), login.why());
    const TokenSet tokens = login.probe.session().tokens();
    login.probe.disconnectFrom();
    QSignalSpy loggedOut(&login.probe.session(), &Session::loggedOut);
    login.probe.session().logOut(login.target);
    QTRY_COMPARE(loggedOut.size(), 1);
    QVERIFY(!loggedOut.at(0).at(0).value<std::optional<Failure>>());
    QVERIFY(login.probe.session().tokens().isEmpty());
    QCOMPARE(login.tokenRequests(u"token revocation"_s).size(), 1);
    // With the refresh token goes what was issued for it; a JWT alone is good until it expires,
    // since nobody asks whether it still is.
    SessionProbe later;
    ServerTarget byHand = login.target;
    byHand.oauth = {};
    byHand.credentials.bearer = tokens.accessToken;
    QCOMPARE(later.connectTo(byHand), kind() == "jwt"_L1);
    if (kind() == "jwt"_L1)
        later.disconnectFrom();
    else
        QCOMPARE(later.state().failure->code, u"unauthorized"_s);
}

QTEST_GUILESS_MAIN(RealOAuth)
#include "test_real_oauth.moc"
