// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"
#include "core/trace/credential_matrix.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_text.h"
#include "tests/support/quick_browser.h"
#include "tests/support/recording_bytes.h"
#include "tests/support/session_probe.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// Authorising at the lab's own authorisation server, over real sockets and with a browser of ours.
class TestOAuth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoever_asks_for_tools_is_let_in_data();
    void whoever_asks_for_tools_is_let_in();
    void every_request_carries_the_new_token();
    void a_stream_lives_on_with_new_tokens();
    void many_calls_wait_for_one_renewal();
    void a_token_that_died_early_is_renewed();
    void more_scopes_are_asked_for_in_mid_call();
    void bound_tokens_are_proved_on_every_request();
    void a_denied_consent_can_be_given_later();
    void a_callback_can_be_pasted();
    void connecting_can_be_cancelled_while_a_browser_is_awaited();
    void a_token_given_by_hand_is_not_replaced();
    void silent_means_that_nobody_is_asked();
    void steps_run_again_with_other_settings();
    void logging_out_revokes();
    void what_is_kept_is_used_before_anybody_is_asked();
    void no_secret_is_written_anywhere();
};

namespace {

/// A session, a person with a browser, and a lab that demands its tokens.
class Practice {
public:
    explicit Practice(LabSettings settings = {})
        : lab([&settings] {
            settings.oauth.on = true;
            return settings;
        }())
    {
        listens = lab.listen();
        target.url = lab.url();
        target.network.proxy = NetworkSettings::Proxy::None;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        QObject::connect(&probe.session(), &Session::browserWanted, &browser,
                         [this](const QUrl &url) {
                             asked.append(url);
                             if (opens)
                                 browser.open(url);
                         });
    }
    QList<ExchangeId> tokenRequests(const QString &what) const
    {
        QList<ExchangeId> ids;
        for (const ExchangeId id : probe.exchanges(ExchangeKind::Token)) {
            if (probe.trace().request(id).what == what)
                ids.append(id);
        }
        return ids;
    }
    OAuthState oauth() { return probe.session().oauthState(); }

    Lab lab;
    bool listens = false;
    SessionProbe probe;
    QuickBrowser browser;
    bool opens = true;
    QList<QUrl> asked;
    ServerTarget target;
};

OAuthStep stepOf(const OAuthState &state, OAuthStepKind kind)
{
    return state.steps.at(int(kind));
}

} // namespace

void TestOAuth::whoever_asks_for_tools_is_let_in_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<TransportChoice>("transport");
    for (const char *revision : {"auto", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
        QTest::newRow(revision) << QString::fromLatin1(revision) << TransportChoice::Auto;
    QTest::newRow("HTTP+SSE") << u"2024-11-05"_s << TransportChoice::HttpSse;
}

void TestOAuth::whoever_asks_for_tools_is_let_in()
{
    QFETCH(QString, revision);
    QFETCH(TransportChoice, transport);
    Practice practice;
    QVERIFY(practice.listens);
    practice.target.revision = revision;
    practice.target.transport = transport;
    if (transport == TransportChoice::HttpSse)
        practice.target.url = practice.lab.sseUrl();
    const bool connected = practice.probe.connectTo(practice.target);
    QVERIFY2(connected, SessionProbe::explain(practice.probe.state().failure));
    QVERIFY(practice.probe.tools().tools.size() > 3);
    QCOMPARE(practice.asked.size(), 1);
    const OAuthState state = practice.oauth();
    QCOMPARE(state.phase, OAuthState::Phase::Authorized);
    QCOMPARE(stepOf(state, OAuthStepKind::Use).state, OAuthStep::State::Done);
    QVERIFY(state.tokens->refreshable);
    QVERIFY(!state.failure);
    practice.probe.disconnectFrom();
}

void TestOAuth::every_request_carries_the_new_token()
{
    Practice practice;
    practice.target.revision = u"2025-11-25"_s;
    QVERIFY(practice.probe.connectTo(practice.target));
    QTRY_COMPARE(practice.probe.state().stream.phase, StreamState::Phase::Open);
    practice.probe.tools();
    practice.probe.disconnectFrom();
    const TraceStore &trace = practice.probe.trace();
    QByteArray token;
    int carried = 0;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const QByteArray sent = practice.probe.sent(id, "Authorization");
        const RequestRecord &request = trace.request(id);
        const bool toServer = request.url.port() == practice.lab.url().port()
            && request.kind != ExchangeKind::Discovery;
        if (!toServer) {
            // Nothing of the server's goes to the authorisation server.
            QVERIFY2(!sent.startsWith("Bearer"), qPrintable(request.what));
            continue;
        }
        if (sent.isEmpty()) {
            // The one that was refused, and taken up by the next.
            QCOMPARE(trace.summary(id).status, 401);
            QCOMPARE(carried, 0);
            continue;
        }
        QVERIFY(sent.startsWith("Bearer "));
        if (token.isEmpty())
            token = sent;
        QCOMPARE(sent, token);
        ++carried;
    }
    QVERIFY(carried >= 5);
    QCOMPARE(practice.probe.exchanges(ExchangeKind::Delete).size(), 1);
    QVERIFY(!practice.probe.exchanges(ExchangeKind::Stream).isEmpty());
}

void TestOAuth::a_stream_lives_on_with_new_tokens()
{
    LabSettings settings;
    settings.oauth.tokenSeconds = 2;
    settings.retryMs = 50;
    Practice practice(settings);
    practice.target.revision = u"2025-11-25"_s;
    QVERIFY(practice.probe.connectTo(practice.target));
    QTRY_COMPARE(practice.probe.state().stream.phase, StreamState::Phase::Open);
    const ExchangeId opened = practice.probe.exchanges(ExchangeKind::Stream).constFirst();
    const QByteArray first = practice.probe.sent(opened, "Authorization");
    // Renewed before it expires, twice, and nobody was refused over it.
    QTRY_VERIFY_WITH_TIMEOUT(practice.oauth().tokens->refreshes >= 2, 15'000);
    const CallResult result = practice.probe.request(RpcCall{"ping", {}});
    QVERIFY(!result.failure);
    const TraceStore &trace = practice.probe.trace();
    int refused = 0;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
        refused += trace.summary(id).status == 401;
    QCOMPARE(refused, 1);
    QCOMPARE(practice.asked.size(), 1);
    // What goes out next carries a new one.
    const QByteArray newest = practice.probe.sent(result.exchange, "Authorization");
    QVERIFY(newest.startsWith("Bearer "));
    QVERIFY(newest != first);
    QVERIFY(practice.oauth().tokens->refreshes >= 2);
    practice.probe.disconnectFrom();
}

void TestOAuth::many_calls_wait_for_one_renewal()
{
    Practice practice;
    practice.target.revision = u"2025-11-25"_s;
    QVERIFY(practice.probe.connectTo(practice.target));
    // The server forgets it, and says so to several at once.
    practice.lab.setPlay({u"AF-66"_s});
    practice.lab.setPlay({});
    int answered = 0;
    QList<QString> failures;
    QObject context;
    connect(&practice.probe.session(), &Session::callFinished, &context,
            [&](Ticket, const CallResult &result) {
                ++answered;
                if (result.failure)
                    failures.append(result.failure->sentence);
            });
    practice.probe.session().expireTokens();
    for (int i = 0; i < 8; ++i)
        practice.probe.session().request("ping", {});
    QTRY_COMPARE(answered, 8);
    QCOMPARE(failures, QList<QString>());
    QVERIFY(practice.tokenRequests(u"token refresh"_s).size() <= 1);
    practice.probe.disconnectFrom();
}

void TestOAuth::a_token_that_died_early_is_renewed()
{
    LabSettings settings;
    settings.oauth.tokenSeconds = 1;
    Practice practice(settings);
    practice.target.revision = u"2026-07-28"_s;
    // It says nothing of when it expires, so nothing is renewed beforehand.
    QVERIFY(practice.probe.connectTo(practice.target));
    QVERIFY(!practice.probe.tools().failure);
    QTRY_VERIFY_WITH_TIMEOUT(!practice.tokenRequests(u"token refresh"_s).isEmpty(), 10'000);
    QVERIFY(!practice.probe.tools().failure);
    QCOMPARE(practice.asked.size(), 1);
    practice.probe.disconnectFrom();
}

void TestOAuth::more_scopes_are_asked_for_in_mid_call()
{
    Practice practice;
    practice.target.revision = u"2025-11-25"_s;
    QVERIFY(practice.probe.connectTo(practice.target));
    const ToolList tools = practice.probe.tools();
    QString writes;
    for (const Tool &tool : tools.tools) {
        if (!tool.readOnly.value_or(true) && writes.isEmpty()
            && !tool.inputSchema.contains("\"required\""))
            writes = tool.name;
    }
    QVERIFY(!writes.isEmpty());
    const CallResult result = practice.probe.call(writes);
    QVERIFY2(!result.failure, SessionProbe::explain(result.failure));
    QCOMPARE(practice.asked.size(), 2);
    const QString scope = practice.oauth().tokens->scope;
    for (const char *word : {"lab:read", "lab:call", "lab:write"})
        QVERIFY2(scope.contains(QLatin1StringView(word)), qPrintable(scope));
    QCOMPARE(stepOf(practice.oauth(), OAuthStepKind::StepUp).state, OAuthStep::State::Done);
    // The call was sent twice, and the second followed from the first.
    const TraceStore &trace = practice.probe.trace();
    QCOMPARE(trace.summary(result.exchange).status, 200);
    QCOMPARE(trace.summary(trace.request(result.exchange).cause).status, 403);
    practice.probe.disconnectFrom();
}

void TestOAuth::bound_tokens_are_proved_on_every_request()
{
    LabSettings settings;
    settings.oauth.dpop = true;
    Practice practice(settings);
    practice.target.revision = u"2025-11-25"_s;
    const bool connected = practice.probe.connectTo(practice.target);
    QVERIFY2(connected, SessionProbe::explain(practice.probe.state().failure));
    QTRY_COMPARE(practice.probe.state().stream.phase, StreamState::Phase::Open);
    QVERIFY(!practice.probe.tools().failure);
    practice.probe.disconnectFrom();
    const TraceStore &trace = practice.probe.trace();
    QList<QByteArray> proofs;
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const QByteArray sent = practice.probe.sent(id, "Authorization");
        const QByteArray proof = practice.probe.sent(id, "DPoP");
        if (sent.startsWith("DPoP "))
            QVERIFY2(!proof.isEmpty(), qPrintable(trace.request(id).what));
        if (!proof.isEmpty()) {
            QVERIFY(!proofs.contains(proof));
            proofs.append(proof);
        }
    }
    QVERIFY(proofs.size() >= 6);
    QCOMPARE(practice.oauth().tokens->type, u"DPoP"_s);
}

void TestOAuth::a_denied_consent_can_be_given_later()
{
    LabSettings settings;
    settings.oauth.asksConsent = true;
    Practice practice(settings);
    practice.browser.decision = u"deny"_s;
    QVERIFY(!practice.probe.connectTo(practice.target));
    QVERIFY(practice.probe.state().failure);
    QCOMPARE(practice.probe.state().failure->code, u"access-denied"_s);
    QCOMPARE(stepOf(practice.oauth(), OAuthStepKind::Callback).state, OAuthStep::State::Failed);
    practice.browser.decision = u"allow"_s;
    QVERIFY(practice.probe.connectTo(practice.target));
    QVERIFY(!practice.probe.tools().failure);
    // The client that was registered is used again.
    QCOMPARE(practice.probe.exchanges(ExchangeKind::Registration).size(), 1);
    practice.probe.disconnectFrom();
}

void TestOAuth::a_callback_can_be_pasted()
{
    Practice practice;
    practice.opens = false;
    practice.probe.session().connectTo(practice.target);
    QTRY_COMPARE(practice.asked.size(), 1);
    // A browser on another computer ends at an address that does not answer there.
    TraceStore elsewhere;
    HttpGate gate(&elsewhere);
    NetworkSettings direct;
    direct.proxy = NetworkSettings::Proxy::None;
    gate.setNetworkSettings(direct);
    HttpRequest request;
    request.url = practice.asked.constFirst();
    request.followRedirects = false;
    QUrlQuery query(request.url);
    query.removeQueryItem(u"prompt"_s);
    request.url.setQuery(query);
    HttpExchange *http = gate.send(request);
    QSignalSpy finished(http, &HttpExchange::finished);
    QVERIFY(finished.wait());
    const QUrl sent = QUrl::fromEncoded(http->responseHeaders().value("Location"));
    QVERIFY2(sent.hasQuery(), sent.toEncoded());
    practice.probe.session().takeCallback(sent);
    QTRY_COMPARE(practice.probe.state().phase, SessionPhase::Ready);
    practice.probe.disconnectFrom();
}

void TestOAuth::connecting_can_be_cancelled_while_a_browser_is_awaited()
{
    Practice practice;
    practice.opens = false;
    practice.probe.session().connectTo(practice.target);
    QTRY_COMPARE(practice.asked.size(), 1);
    const QUrl redirect = practice.oauth().redirectUri;
    QCOMPARE(practice.oauth().phase, OAuthState::Phase::Browser);
    practice.probe.session().cancelAll();
    QTRY_COMPARE(practice.probe.state().phase, SessionPhase::Failed);
    QCOMPARE(practice.probe.state().failure->kind, FailureKind::Cancelled);
    // Nobody waits for the browser any more.
    QTRY_VERIFY(practice.oauth().phase != OAuthState::Phase::Browser);
    practice.browser.open(redirect);
    QSignalSpy arrived(&practice.browser, &QuickBrowser::arrived);
    QVERIFY(arrived.wait());
    QCOMPARE(arrived.at(0).at(0).toInt(), 0);
    // And it can be begun anew.
    practice.opens = true;
    QVERIFY(practice.probe.connectTo(practice.target));
    practice.probe.disconnectFrom();
}

void TestOAuth::a_token_given_by_hand_is_not_replaced()
{
    Practice practice;
    practice.target.credentials.bearer = "given-by-hand";
    QVERIFY(!practice.probe.connectTo(practice.target));
    QCOMPARE(practice.asked.size(), 0);
    QCOMPARE(practice.probe.state().failure->kind, FailureKind::Refused);
    QVERIFY(practice.probe.exchanges(ExchangeKind::Registration).isEmpty());
}

void TestOAuth::silent_means_that_nobody_is_asked()
{
    Practice practice;
    practice.target.oauth.mode = OAuthSettings::Mode::Silent;
    QVERIFY(!practice.probe.connectTo(practice.target));
    QCOMPARE(practice.asked.size(), 0);
    QVERIFY(practice.probe.exchanges(ExchangeKind::Registration).isEmpty());
    QCOMPARE(practice.probe.state().failure->code, u"unauthorized"_s);
}

void TestOAuth::steps_run_again_with_other_settings()
{
    Practice practice;
    QVERIFY(practice.probe.connectTo(practice.target));
    QCOMPARE(practice.oauth().tokens->scope.contains("lab:write"_L1), false);
    OAuthSettings settings = practice.target.oauth;
    settings.scope = u"lab:read lab:write"_s;
    practice.probe.session().runOAuthAgain(OAuthStepKind::Authorization, false, settings);
    QTRY_COMPARE(practice.asked.size(), 2);
    QTRY_COMPARE(practice.oauth().phase, OAuthState::Phase::Authorized);
    QVERIFY(practice.oauth().tokens->scope.contains("lab:write"_L1));
    // One alone: the metadata is read again, and nothing else happens.
    const ExchangeId before = practice.probe.trace().exchangeCount();
    practice.probe.session().runOAuthAgain(OAuthStepKind::ServerMetadata, true, settings);
    QTRY_COMPARE(practice.probe.trace().exchangeCount(), before + 1);
    QTRY_COMPARE(stepOf(practice.oauth(), OAuthStepKind::ServerMetadata).state,
                 OAuthStep::State::Done);
    QVERIFY(!practice.probe.tools().failure);
    practice.probe.disconnectFrom();
}

void TestOAuth::logging_out_revokes()
{
    Practice practice;
    QVERIFY(practice.probe.connectTo(practice.target));
    practice.probe.disconnectFrom();
    const QByteArray token = practice.probe.session().tokens().accessToken;
    QSignalSpy loggedOut(&practice.probe.session(), &Session::loggedOut);
    practice.probe.session().logOut(practice.target);
    QTRY_COMPARE(loggedOut.size(), 1);
    QVERIFY(!loggedOut.at(0).at(0).value<std::optional<Failure>>());
    QVERIFY(practice.probe.session().tokens().isEmpty());
    QCOMPARE(practice.tokenRequests(u"token revocation"_s).size(), 1);
    // It is good for nothing now, by hand either.
    practice.target.credentials.bearer = token;
    QVERIFY(!practice.probe.connectTo(practice.target));
}

void TestOAuth::what_is_kept_is_used_before_anybody_is_asked()
{
    Practice practice;
    CredentialStore store(nullptr);
    TokenKeeper keeper(&store);
    practice.probe.session().setKeeper(&keeper);
    QVERIFY(practice.probe.connectTo(practice.target));
    practice.probe.disconnectFrom();
    QTRY_VERIFY(!store.isBusy());

    // Another run, which asks nobody.
    SessionProbe later;
    later.session().setKeeper(&keeper);
    ServerTarget target = practice.target;
    target.oauth.mode = OAuthSettings::Mode::Silent;
    const bool connected = later.connectTo(target);
    QVERIFY2(connected, SessionProbe::explain(later.state().failure));
    QVERIFY(!later.tools().failure);
    QCOMPARE(practice.asked.size(), 1);
    later.disconnectFrom();

    // And after a log-out nothing is left.
    QSignalSpy loggedOut(&later.session(), &Session::loggedOut);
    later.session().logOut(target);
    QTRY_COMPARE(loggedOut.size(), 1);
    QTRY_VERIFY(!store.isBusy());
    SessionProbe last;
    last.session().setKeeper(&keeper);
    QVERIFY(!last.connectTo(target));
    QCOMPARE(last.state().failure->kind, FailureKind::Refused);
}

void TestOAuth::no_secret_is_written_anywhere()
{
    QTemporaryDir folder;
    Practice practice;
    practice.target.oauth.clientSecret = u"marked-client-secret-4711"_s;
    Redactor redactor("a salt of the test");
    addKnownSecrets(&redactor, practice.target);
    const QString path = folder.filePath(u"run.sightglass"_s);
    auto writer = TraceFileWriter::create(path, practice.probe.trace().began(), redactor, false);
    QVERIFY(writer);
    const_cast<TraceStore &>(practice.probe.trace()).addSink(writer->get());
    QVERIFY(practice.probe.connectTo(practice.target));
    practice.probe.tools();
    const TokenSet tokens = practice.probe.session().tokens();
    practice.probe.session().refreshTokens();
    QTRY_VERIFY(practice.probe.session().tokens().accessToken != tokens.accessToken);
    const TokenSet renewed = practice.probe.session().tokens();
    practice.probe.disconnectFrom();
    const_cast<TraceStore &>(practice.probe.trace()).removeSink(writer->get());
    (*writer)->close();

    QByteArrayList secrets;
    for (const TokenSet &set : {tokens, renewed})
        secrets << set.accessToken << set.refreshToken;
    secrets << "marked-client-secret-4711";
    // The code and the verifier stand in the token request alone.
    const ExchangeId request = practice.tokenRequests(u"token request"_s).constFirst();
    for (const auto &[name, value] : formDecoded(practice.probe.trace().requestBody(request))) {
        if (name == "code"_L1 || name == "code_verifier"_L1)
            secrets << value.toUtf8();
    }
    QVERIFY(secrets.size() >= 7);
    for (const QByteArray &secret : secrets)
        QVERIFY(secret.size() > 10);

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray written = plainRecording(file.readAll());
    const TraceStore &trace = practice.probe.trace();
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        written += exchangeToJson(trace, id, &redactor);
        written += exchangeToCurl(trace, id, &redactor);
    }
    for (qint64 i = 0; i < trace.noteCount(); ++i)
        written += trace.note(i).text.toUtf8() + '\n';
    QVERIFY(written.size() > 5000);
    for (const QByteArray &secret : secrets) {
        QVERIFY2(!written.contains(secret), secret);
        QVERIFY2(!written.contains(secret.toPercentEncoding()), secret);
    }
    // Nor in what others see of this process.
    QFile commandLine(u"/proc/self/cmdline"_s);
    QVERIFY(commandLine.open(QIODevice::ReadOnly));
    const QByteArray seen = commandLine.readAll();
    for (const QByteArray &secret : secrets)
        QVERIFY(!seen.contains(secret));
}

QTEST_GUILESS_MAIN(TestOAuth)
#include "test_oauth.moc"
