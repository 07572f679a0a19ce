// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What is kept of a log-in, in runs that come after it.

#include "tests/support/fake_keychain.h"
#include "tests/support/oauth_wire.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

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
    void tokens_whose_time_is_over_are_renewed_once_by_all_together();
    void renewed_tokens_are_taken_though_a_person_wants_newer_ones();
    void what_nobody_gives_back_is_not_waited_for_when_cancelled();
    void the_first_request_carries_the_token_data();
    void the_first_request_carries_the_token();
    void no_keychain_is_opened_for_a_server_without_a_log_in();
    void what_is_over_is_renewed_before_the_first_request_data();
    void what_is_over_is_renewed_before_the_first_request();
    void all_log_ins_of_a_server_are_revoked();
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

/// Each refresh token is good once, and at a second use the whole log-in ends (OAuth 2.1, 4.3.1).
void KeptLogIns::tokens_whose_time_is_over_are_renewed_once_by_all_together()
{
    Kept kept;
    const QTemporaryDir folder;
    TokenKeeper keeper(&kept.store, folder.path());
    OAuthWire wire;
    wire.tokenMembers["refresh_token"] = "\"r1\"";
    wire.probe.session().setKeeper(&keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());
    int renewals = 0;
    bool alive = true;
    wire.asPages["/token"] = [&](RawConnection &to, const RawRequest &request) {
        const QUrlQuery form(QString::fromUtf8(request.body));
        alive = alive && form.queryItemValue(u"refresh_token"_s) == u"r%1"_s.arg(++renewals);
        if (!alive) {
            OAuthWire::answering(400, R"({"error":"invalid_grant"})")(to, request);
            return;
        }
        OAuthWire::Members answer = wire.tokenMembers;
        answer["access_token"] = "\"renewed\"";
        answer["refresh_token"] = "\"r" + QByteArray::number(renewals + 1) + '"';
        OAuthWire::answering(200, OAuthWire::json(answer))(to, request);
    };
    wire.token = "renewed";
    // Programs of their own share a keychain and a folder.
    struct Program {
        Program(CredentialStore *store, const QString &folder)
            : keeper(store, folder)
        {
            probe.session().setKeeper(&keeper);
        }
        TokenKeeper keeper;
        SessionProbe probe;
    };
    std::vector<std::unique_ptr<Program>> programs;
    for (int i = 0; i < 4; ++i) {
        programs.push_back(std::make_unique<Program>(&kept.store, folder.path()));
        programs.back()->probe.session().connectTo(silent(wire.target));
    }
    for (const auto &program : programs) {
        QTRY_VERIFY(program->probe.state().phase == SessionPhase::Ready
                    || program->probe.state().phase == SessionPhase::Failed);
        QVERIFY2(program->probe.state().phase == SessionPhase::Ready,
                 SessionProbe::explain(program->probe.state().failure));
    }
    QVERIFY(alive);
    QCOMPARE(renewals, 1);
    for (const auto &program : programs)
        program->probe.disconnectFrom();
}

void KeptLogIns::renewed_tokens_are_taken_though_a_person_wants_newer_ones()
{
    Kept kept;
    OAuthWire wire;
    wire.tokenMembers["refresh_token"] = "\"first\"";
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    QVERIFY(kept.isDone());
    TokenSet newer = wire.probe.session().tokens();
    newer.accessToken = "newer-token";
    newer.refreshToken = "second";
    kept.keeper.keep(wire.target.url, newer);
    QVERIFY(kept.isDone());
    wire.tokenMembers["access_token"] = "\"newest\"";
    wire.probe.session().refreshTokens();
    QTRY_COMPARE(wire.probe.session().tokens().accessToken, QByteArray("newest"));
    // With the refresh token that is not used up.
    QVERIFY(OAuthWire::got(wire.as, "/token").constLast().body.contains("second"));
    wire.probe.disconnectFrom();
}

void KeptLogIns::what_nobody_gives_back_is_not_waited_for_when_cancelled()
{
    Kept kept;
    const QTemporaryDir folder;
    TokenKeeper keeper(&kept.store, folder.path());
    LoginFolder other(folder.path());
    OAuthWire wire;
    wire.tokenMembers["refresh_token"] = "\"first\"";
    wire.probe.session().setKeeper(&keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    bool had = false;
    other.lock(canonicalResource(wire.target.url), this, [&had](bool got) { had = got; });
    QTRY_VERIFY(had);
    wire.token = "renewed";
    std::optional<CallResult> result;
    connect(&wire.probe.session(), &Session::callFinished, this,
            [&result](Ticket, const CallResult &got) { result = got; });
    wire.probe.session().request("tools/list", "{}");
    QTRY_COMPARE(wire.probe.trace().summary(wire.probe.trace().exchangeCount()).status, 401);
    QTest::qWait(50);
    QVERIFY(!result);
    wire.probe.session().cancelOAuth();
    QTRY_VERIFY(result);
    QVERIFY(result->failure);
    QVERIFY(OAuthWire::got(wire.as, "/token").size() == 1);
    // And what comes then is renewed.
    other.unlock(canonicalResource(wire.target.url));
    wire.tokenMembers["access_token"] = "\"renewed\"";
    const CallResult next = wire.probe.request(RpcCall{"tools/list", "{}"});
    QVERIFY2(!next.failure, SessionProbe::explain(next.failure));
    wire.probe.disconnectFrom();
}

void KeptLogIns::the_first_request_carries_the_token_data()
{
    QTest::addColumn<bool>("open"); // answers those without a token too
    QTest::newRow("wants a token") << false;
    QTest::newRow("answers anybody") << true;
}

void KeptLogIns::the_first_request_carries_the_token()
{
    QFETCH(bool, open);
    Kept kept;
    OAuthWire wire;
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());
    wire.answersAnybody = open;
    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    QVERIFY(later.connectTo(silent(wire.target)));
    later.disconnectFrom();
    for (ExchangeId id = 1; id <= later.trace().exchangeCount(); ++id) {
        QCOMPARE(later.sent(id, "Authorization"), QByteArray("Bearer good-token"));
        QCOMPARE(later.trace().summary(id).status == 401, false);
    }
}

void KeptLogIns::no_keychain_is_opened_for_a_server_without_a_log_in()
{
    Vault vault;
    CredentialStore store(std::make_unique<FakeKeychain>(vault));
    TokenKeeper keeper(&store);
    OAuthWire wire;
    wire.answersAnybody = true;
    wire.probe.session().setKeeper(&keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QCOMPARE(vault.asked, QStringList());
}

void KeptLogIns::what_is_over_is_renewed_before_the_first_request_data()
{
    QTest::addColumn<bool>("works");
    QTest::newRow("renewed") << true;
    QTest::newRow("refused") << false;
}

void KeptLogIns::what_is_over_is_renewed_before_the_first_request()
{
    QFETCH(bool, works);
    Kept kept;
    OAuthWire wire;
    wire.tokenMembers["refresh_token"] = "\"again\"";
    wire.tokenMembers["expires_in"] = "3600";
    wire.probe.session().setKeeper(&kept.keeper);
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(kept.isDone());
    TokenSet over = wire.probe.session().tokens();
    over.received -= 7200;
    kept.keeper.keep(wire.target.url, over);
    QVERIFY(kept.isDone());
    const qsizetype before = OAuthWire::got(wire.as, "/token").size();
    wire.token = "renewed";
    wire.tokenMembers["access_token"] = "\"renewed\"";
    wire.tokenMembers["expires_in"] = "3600";
    if (!works)
        wire.asPages["/token"] = refusing("invalid_grant", 400);
    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    QCOMPARE(later.connectTo(silent(wire.target)), works);
    // Once is enough to know that it is good for nothing.
    QCOMPARE(OAuthWire::got(wire.as, "/token").size(), before + 1);
    int refused = 0;
    for (ExchangeId id = 1; id <= later.trace().exchangeCount(); ++id)
        refused += later.trace().summary(id).status == 401 ? 1 : 0;
    QCOMPARE(refused, works ? 0 : 1);
    if (works)
        later.disconnectFrom();
    else
        QCOMPARE(later.state().failure->finding, u"AF-11"_s);
}

void KeptLogIns::all_log_ins_of_a_server_are_revoked()
{
    Kept kept;
    OAuthWire wire;
    wire.serverMembers["revocation_endpoint"] = '"' + wire.issuer() + "/revoke\"";
    wire.asPages["/revoke"] = OAuthWire::answering(200, "{}");
    wire.probe.session().setKeeper(&kept.keeper);
    for (const QString &client : {u"one"_s, u"two"_s, u"three"_s}) {
        wire.tokenMembers["refresh_token"] = "\"refresh-" + client.toUtf8() + '"';
        SessionProbe probe;
        probe.session().setKeeper(&kept.keeper);
        connect(&probe.session(), &Session::browserWanted, &wire.browser, &QuickBrowser::open);
        ServerTarget target = wire.target;
        target.oauth.clientId = client;
        QVERIFY(probe.connectTo(target));
        probe.disconnectFrom();
        QVERIFY(kept.isDone());
    }
    SessionProbe later;
    later.session().setKeeper(&kept.keeper);
    QSignalSpy loggedOut(&later.session(), &Session::loggedOut);
    later.session().logOut(silent(wire.target));
    QTRY_COMPARE(loggedOut.size(), 1);
    QVERIFY(!loggedOut.at(0).at(0).value<std::optional<Failure>>());
    QStringList revoked;
    for (const RawRequest &request : OAuthWire::got(wire.as, "/revoke")) {
        const QUrlQuery form(QString::fromUtf8(request.body));
        revoked.append(form.queryItemValue(u"token"_s) + u" of "_s
                       + form.queryItemValue(u"client_id"_s));
    }
    revoked.sort();
    QCOMPARE(revoked,
             (QStringList{u"refresh-one of one"_s, u"refresh-three of three"_s,
                          u"refresh-two of two"_s}));
    std::optional<KeptLogin> left;
    kept.keeper.load(wire.target.url, this, [&left](const KeptLogin &login) { left = login; });
    QTRY_VERIFY(left);
    QVERIFY(left->tokens.isEmpty());
    QVERIFY(left->clients.isEmpty());
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
