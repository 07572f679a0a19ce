// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/token_keeper.h"
#include "tests/support/log_in.h"

#include <QTcpServer>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// What is done; false where it did not go as it is meant to.
using Drive = bool (*)(LogIn &);

struct Case {
    LabSettings lab = {};
    Drive drive = nullptr;
    QString id = {}; ///< empty: nothing is to be found
    QString side = {};
};

LabSettings playing(const QString &play = {}, int tokenSeconds = 3600)
{
    LabSettings settings;
    settings.oauth.on = true;
    settings.oauth.tokenSeconds = tokenSeconds;
    settings.retryMs = 50;
    if (!play.isEmpty())
        settings.play = {play};
    return settings;
}

QByteArray wordsOf(const QList<Finding> &findings)
{
    QStringList lines;
    for (const Finding &one : findings) {
        lines.append(one.id + u" ("_s + sideName(one.side) + u") "_s + one.sentence + u" | "_s
                     + one.advice);
        for (const Evidence &evidence : one.evidence)
            lines.append(u"    "_s + evidenceWords(evidence));
    }
    return lines.isEmpty() ? "nothing was found"_ba : lines.join(u'\n').toUtf8();
}

bool isRefused(LogIn &run)
{
    return !run.connect();
}

bool getsIn(LogIn &run)
{
    return run.connect() && !run.probe.tools().failure;
}

/// With a token that another run got, so that it is not renewed.
bool connectsByHand(LogIn &run)
{
    LogIn other(LabSettings{});
    other.target.url = run.lab.url();
    if (!other.connect())
        return false;
    run.target.credentials.bearer = other.session().tokens().accessToken;
    run.isSecret(run.target.credentials.bearer);
    other.probe.disconnectFrom();
    return run.connect();
}

/// With the log-in that another run left behind, and with nobody to ask.
bool isRefusedWithKept(LogIn &run)
{
    CredentialStore store(nullptr);
    TokenKeeper keeper(&store);
    LogIn before(LabSettings{});
    before.target.url = run.lab.url();
    before.session().setKeeper(&keeper);
    run.session().setKeeper(&keeper);
    run.target.oauth.mode = OAuthSettings::Mode::Silent;
    const bool refused = !before.connect();
    run.isSecret(before.session().tokens().accessToken);
    return refused && run.probe.waitFor([&] { return !store.isBusy(); }) && isRefused(run)
        && run.asked == 0;
}

} // namespace
Q_DECLARE_METATYPE(Case)

/// What a client's own traffic shows of a log-in: each failure is found when it is played, alone,
/// in the trace and in its redacted recording; and what is healthy has no finding.
class TestFoundInLogIns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_id_is_found_alone_data();
    void each_id_is_found_alone();
    void what_is_healthy_has_no_finding_data();
    void what_is_healthy_has_no_finding();
};

void TestFoundInLogIns::each_id_is_found_alone_data()
{
    QTest::addColumn<Case>("c");
    QTest::addColumn<QString>("revision");
    const auto row = [](const char *name, const Case &c) {
        for (const QString &revision : {u"2025-11-25"_s, u"2026-07-28"_s}) {
            // Its streams are those of GET, which the newer one has not.
            if (c.id == "AF-90"_L1 && revision == "2026-07-28"_L1)
                continue;
            QTest::addRow("%s, in %s", name, qPrintable(revision)) << c << revision;
        }
    };

    row("AF-10", {playing(u"AF-10"_s), isRefused, u"AF-10"_s, u"authorization server"_s});
    row("AF-11", {playing(u"AF-11"_s), isRefused, u"AF-11"_s, u"authorization server"_s});
    row("AF-10, of a log-in that was kept",
        {playing(u"AF-10"_s), isRefusedWithKept, u"AF-10"_s, u"authorization server"_s});
    row("AF-11, of a log-in that was kept",
        {playing(u"AF-11"_s), isRefusedWithKept, u"AF-11"_s, u"authorization server"_s});
    // A client that keeps its token, and asks again and again.
    row("AF-12",
        {playing(),
         [](LogIn &run) {
             if (!connectsByHand(run))
                 return false;
             run.lab.setPlay({u"AF-12"_s});
             return run.probe.tools().failure && run.probe.tools().failure
                 && run.probe.tools().failure;
         },
         u"AF-12"_s, u"client"_s});
    row("AF-23, another path", {playing(u"AF-23:1"_s), isRefused, u"AF-23"_s, u"server"_s});
    row("AF-24",
        {playing(u"AF-24"_s),
         [](LogIn &run) {
             if (!isRefused(run))
                 return false;
             run.target.url.setPath(u"/mcp/main"_s);
             return getsIn(run);
         },
         u"AF-24"_s, u"server"_s});
    row("AF-32",
        {playing(u"AF-32"_s),
         [](LogIn &run) {
             run.post({});
             run.discover(
                 QUrl(run.lab.issuer().toString() + u"/.well-known/oauth-protected-resource"_s));
             return true;
         },
         u"AF-32"_s, u"client"_s});
    row("AF-44",
        {playing(),
         [](LogIn &run) {
             run.target.oauth.resource = QString();
             return isRefused(run);
         },
         u"AF-44"_s, u"client"_s});
    LabSettings serves = playing();
    serves.oauth.serviceSecret = "of-the-service-0815";
    row("AF-44, without a browser",
        {serves,
         [](LogIn &run) {
             run.target.oauth.grant = OAuthGrant::ClientCredentials;
             run.target.oauth.clientId = u"practice-service"_s;
             run.target.oauth.clientSecret = u"of-the-service-0815"_s;
             run.target.oauth.resource = QString();
             run.isSecret("of-the-service-0815");
             return isRefused(run);
         },
         u"AF-44"_s, u"client"_s});
    row("AF-45",
        {playing(),
         [](LogIn &run) {
             run.target.oauth.resource = run.lab.url().toString() + u'/';
             return isRefused(run);
         },
         u"AF-45"_s, u"client"_s});
    row("AF-48, the port is taken",
        {playing(),
         [](LogIn &run) {
             QTcpServer other;
             if (!other.listen(QHostAddress::LocalHost))
                 return false;
             run.target.oauth.redirectPort = other.serverPort();
             return isRefused(run);
         },
         u"AF-48"_s, u"person"_s});
    row("AF-48, the browser does not come back",
        {playing(u"AF-48"_s),
         [](LogIn &run) {
             run.target.oauth.browserTimeoutMs = 500;
             return isRefused(run) && run.asked == 1;
         },
         u"AF-48"_s, u"person"_s});
    row("AF-60", {playing(u"AF-60"_s), isRefused, u"AF-60"_s, u"authorization server"_s});
    const Drive lacksScope = [](LogIn &run) {
        if (!run.connect())
            return false;
        const QString tool = run.writingTool();
        return run.beSilent() && run.probe.call(tool).failure.has_value();
    };
    // A token that says nothing of its audience.
    LabSettings opaque = playing(u"AF-10"_s);
    opaque.oauth.opaqueTokens = true;
    row("AF-60, opaque", {opaque, isRefused, u"AF-60"_s, u"authorization server"_s});
    row("AF-61", {playing(), lacksScope, u"AF-61"_s, u"person"_s});
    row("AF-61, of any call",
        {playing(u"AF-61"_s),
         [](LogIn &run) {
             return getsIn(run) && run.beSilent() && run.probe.call(u"add"_s).failure.has_value();
         },
         u"AF-61"_s, u"person"_s});
    LabSettings asks = playing();
    asks.oauth.asksConsent = true;
    row("AF-61, and more was denied",
        {asks,
         [](LogIn &run) {
             if (!run.connect())
                 return false;
             const QString tool = run.writingTool();
             run.browser.decision = u"deny"_s;
             return run.probe.call(tool).failure.has_value() && run.asked == 2;
         },
         u"AF-61"_s, u"person"_s});
    row("AF-62",
        {playing(u"AF-62"_s),
         [](LogIn &run) {
             return getsIn(run) && run.beSilent() && run.probe.call(u"add"_s).failure
                 && run.refresh() && run.probe.call(u"add"_s).failure;
         },
         u"AF-62"_s, u"client"_s});
    row("AF-63",
        {playing(u"AF-63:600"_s),
         [](LogIn &run) {
             if (!run.connect())
                 return false;
             const TokenSet tokens = run.session().tokens();
             run.probe.disconnectFrom();
             const QByteArray answer =
                 run.askForToken({{"grant_type", u"refresh_token"_s},
                                  {"refresh_token", QString::fromUtf8(tokens.refreshToken)},
                                  {"client_id", tokens.clientId},
                                  {"resource", tokens.resource}});
             const JsonText json = JsonText::parse(answer);
             const QByteArray token =
                 json.string(json.member(json.root(), u"access_token")).toUtf8();
             run.isSecret(token);
             run.post(token);
             return !token.isEmpty();
         },
         u"AF-63"_s, u"client"_s});
    // The answer is lost; whoever asks again asks with what is spent.
    row("AF-64, the answer was lost",
        {playing(u"AF-64:600"_s),
         [](LogIn &run) { return getsIn(run) && run.refresh() && run.refresh(); }, u"AF-64"_s,
         u"client"_s});
    row("AF-64, two at once",
        {playing(),
         [](LogIn &run) {
             if (!getsIn(run))
                 return false;
             const TokenSet tokens = run.session().tokens();
             const QByteArray answer = run.refresh()
                 ? run.askForToken({{"grant_type", u"refresh_token"_s},
                                    {"refresh_token", QString::fromUtf8(tokens.refreshToken)},
                                    {"client_id", tokens.clientId},
                                    {"scope", tokens.scope},
                                    {"resource", tokens.resource}})
                 : QByteArray();
             return answer.contains("invalid_grant");
         },
         u"AF-64"_s, u"client"_s});
    row("AF-65",
        {playing(u"AF-65:600"_s), [](LogIn &run) { return getsIn(run) && run.refresh(); },
         u"AF-65"_s, u"authorization server"_s});
    // A client that does not renew its token: it was given by hand.
    row("AF-66",
        {playing(u"AF-66:2"_s),
         [](LogIn &run) {
             if (!connectsByHand(run))
                 return false;
             // The stream is closed, and refused when it is opened again.
             return run.probe.waitFor([&] {
                 const ExchangeId newest = run.trace().exchangeCount();
                 return run.trace().summary(newest).status == 401
                     && run.trace().summary(newest).finished;
             });
         },
         u"AF-66"_s, u"client"_s});
    row("AF-90",
        {playing(u"AF-90:4200"_s),
         [](LogIn &run) {
             return run.connect() && run.probe.waitFor([&] {
                 return run.probe.exchanges(ExchangeKind::Reconnect).size() >= 2;
             });
         },
         u"AF-90"_s, u"network"_s});
}

void TestFoundInLogIns::each_id_is_found_alone()
{
    QFETCH(Case, c);
    QFETCH(QString, revision);
    LogIn run(c.lab);
    QVERIFY(run.isReady());
    run.target.revision = revision;
    const bool went = c.drive(run);
    const LogIn::Told told = run.end();
    QVERIFY2(went, SessionProbe::explain(run.probe.state().failure) + '\n' + wordsOf(told.live));
    QVERIFY2(told.problem.isEmpty(), qPrintable(told.problem));
    for (const QList<Finding> &found : {told.live, told.recorded}) {
        QVERIFY2(found.size() == 1, wordsOf(found));
        const Finding &one = found.constFirst();
        QVERIFY2(one.id == c.id, wordsOf(found));
        QVERIFY2(sideName(one.side) == c.side, wordsOf(found));
        QVERIFY2(!one.exchanges.isEmpty(), wordsOf(found));
        QVERIFY2(!one.sentence.isEmpty() && !one.advice.isEmpty(), wordsOf(found));
        for (const QByteArray &secret : told.secrets)
            QVERIFY(!wordsOf(found).contains(secret));
    }
}

void TestFoundInLogIns::what_is_healthy_has_no_finding_data()
{
    QTest::addColumn<Case>("c");
    QTest::addColumn<QString>("revision");
    const auto in = [](const QString &revision, const char *name, const LabSettings &lab,
                       Drive drive) {
        QTest::addRow("%s, in %s", name, qPrintable(revision))
            << Case{lab, drive, {}, {}} << revision;
    };
    const auto row = [&in](const char *name, const LabSettings &lab, Drive drive) {
        in(u"2025-11-25"_s, name, lab, drive);
        in(u"2026-07-28"_s, name, lab, drive);
    };
    for (const char *revision : {"auto", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
        in(QString::fromLatin1(revision), "a log-in", playing(), getsIn);
    in(u"2024-11-05"_s, "HTTP+SSE", playing(), [](LogIn &run) {
        run.target.transport = TransportChoice::HttpSse;
        run.target.url = run.lab.sseUrl();
        return getsIn(run);
    });
    LabSettings lab = playing();
    lab.oauth.dpop = true;
    row("DPoP", lab, [](LogIn &run) { return getsIn(run) && run.refresh(); });
    lab = playing();
    lab.oauth.opaqueTokens = true;
    row("opaque tokens", lab, getsIn);
    lab = playing();
    lab.oauth.issuerPath = u"/tenant"_s;
    row("an issuer with a path", lab, getsIn);
    lab = playing();
    lab.oauth.place = LabOAuth::Place::SameOrigin;
    in(u"2025-03-26"_s, "the server's own metadata", lab, getsIn);
    lab.oauth.place = LabOAuth::Place::SameOriginUnannounced;
    in(u"2025-03-26"_s, "no metadata", lab, getsIn);
    row("a step up", playing(), [](LogIn &run) {
        if (!run.connect())
            return false;
        const CallResult result = run.probe.call(run.writingTool());
        return !result.failure && run.asked == 2;
    });
    row("a step up, then a refresh", playing(), [](LogIn &run) {
        if (!run.connect())
            return false;
        const QString tool = run.writingTool();
        return !run.probe.call(tool).failure && run.refresh() && !run.probe.call(tool).failure;
    });
    row("renewed before it expires", playing({}, 2), [](LogIn &run) {
        return run.connect()
            && run.probe.waitFor([&] { return run.oauth().tokens->refreshes >= 1; })
            && !run.probe.tools().failure;
    });
    // What AF-66 is played with is well with a client that renews.
    in(u"2025-11-25"_s, "renewed while a stream is open", playing(u"AF-66:2"_s), [](LogIn &run) {
        return run.connect() && run.probe.waitFor([&] {
            return !run.probe.exchanges(ExchangeKind::Reconnect).isEmpty();
        }) && !run.probe.tools().failure;
    });
    in(u"2026-07-28"_s, "renewed while it listens", playing(u"AF-66:2"_s), [](LogIn &run) {
        const auto listens = [&run] {
            const QList<ExchangeId> posts = run.probe.exchanges(ExchangeKind::Post);
            return std::count_if(posts.begin(), posts.end(), [&](ExchangeId id) {
                return run.trace().request(id).what == "subscriptions/listen"_L1;
            });
        };
        return run.connect() && run.probe.waitFor([&] { return listens() >= 2; })
            && !run.probe.tools().failure;
    });
    row("renewed at a 401", playing(), [](LogIn &run) {
        if (!run.connect())
            return false;
        // The server forgets the token, and takes the next.
        run.lab.setPlay({u"AF-12"_s});
        QObject context;
        QObject::connect(&run.session(), &Session::oauthChanged, &context,
                         [&run](const OAuthState &state) {
                             if (state.steps.value(int(OAuthStepKind::Refresh)).state
                                 == OAuthStep::State::Running)
                                 run.lab.setPlay({});
                         });
        return !run.probe.tools().failure && run.oauth().tokens->refreshes == 1 && run.asked == 1;
    });
    row("expired locally", playing(), [](LogIn &run) {
        if (!run.connect())
            return false;
        run.session().expireTokens();
        return !run.probe.tools().failure;
    });
    lab = playing();
    lab.oauth.serviceSecret = "of-the-service-0815";
    row("client credentials", lab, [](LogIn &run) {
        run.target.oauth.grant = OAuthGrant::ClientCredentials;
        run.target.oauth.clientId = u"practice-service"_s;
        run.target.oauth.clientSecret = u"of-the-service-0815"_s;
        run.isSecret("of-the-service-0815");
        return getsIn(run) && run.asked == 0;
    });
    row("a client that is registered already", playing(), [](LogIn &run) {
        CredentialStore store(nullptr);
        TokenKeeper keeper(&store);
        LogIn before(LabSettings{});
        before.target.url = run.lab.url();
        before.session().setKeeper(&keeper);
        run.session().setKeeper(&keeper);
        const bool first = before.connect();
        before.probe.disconnectFrom();
        return first && run.probe.waitFor([&] { return !store.isBusy(); }) && getsIn(run)
            && run.probe.exchanges(ExchangeKind::Registration).isEmpty();
    });
    row("logging out", playing(), [](LogIn &run) {
        if (!getsIn(run))
            return false;
        run.probe.disconnectFrom();
        QSignalSpy loggedOut(&run.session(), &Session::loggedOut);
        run.session().logOut(run.target);
        return loggedOut.wait() && getsIn(run);
    });
    row("a log-in that was cancelled", playing(), [](LogIn &run) {
        run.opens = false;
        run.session().connectTo(run.target);
        if (!run.probe.waitFor([&] { return run.asked == 1; }))
            return false;
        run.session().cancelAll();
        return run.probe.waitFor([&] { return run.probe.state().phase == SessionPhase::Failed; });
    });
    row("cancelled, then done", playing(), [](LogIn &run) {
        run.opens = false;
        run.session().connectTo(run.target);
        if (!run.probe.waitFor([&] { return run.asked == 1; }))
            return false;
        run.session().cancelAll();
        if (!run.probe.waitFor([&] { return run.probe.state().phase == SessionPhase::Failed; }))
            return false;
        run.opens = true;
        return getsIn(run);
    });
    lab = playing();
    lab.oauth.asksConsent = true;
    row("denied, then allowed", lab, [](LogIn &run) {
        run.browser.decision = u"deny"_s;
        if (run.connect())
            return false;
        run.browser.decision = u"allow"_s;
        return getsIn(run);
    });
    row("steps run again", playing(), [](LogIn &run) {
        if (!getsIn(run))
            return false;
        run.target.oauth.scope = u"lab:read lab:call lab:write"_s;
        run.session().runOAuthAgain(OAuthStepKind::Authorization, false, run.target.oauth);
        return run.probe.waitFor([&] {
            return run.asked == 2 && run.oauth().phase == OAuthState::Phase::Authorized;
        }) && !run.probe.tools().failure;
    });
}

void TestFoundInLogIns::what_is_healthy_has_no_finding()
{
    QFETCH(Case, c);
    QFETCH(QString, revision);
    LogIn run(c.lab);
    QVERIFY(run.isReady());
    run.target.revision = revision;
    const bool went = c.drive(run);
    const LogIn::Told told = run.end();
    QVERIFY2(went, SessionProbe::explain(run.probe.state().failure) + '\n' + wordsOf(told.live));
    QVERIFY2(told.problem.isEmpty(), qPrintable(told.problem));
    QVERIFY2(told.live.isEmpty(), wordsOf(told.live));
    QVERIFY2(told.recorded.isEmpty(), wordsOf(told.recorded));
}

QTEST_GUILESS_MAIN(TestFoundInLogIns)
#include "test_found_in_log_ins.moc"
