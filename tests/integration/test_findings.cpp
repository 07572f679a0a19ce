// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/refusal.h"
#include "core/lab/lab.h"
#include "core/mcp/session.h"
#include "core/trace/credential_matrix.h"
#include "tests/support/raw_server.h"

#include <QTcpServer>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 30'000; ///< ms; a hang is a failure, slowness is none
const QByteArray Token = "sesame-opens";

/// One failure of the catalogue: how it comes about, and what a person is told.
struct Case {
    // How the lab is set up, and what the client does.
    QString play = {};
    QByteArray labKey = {}; ///< a header that the lab wants besides
    bool labWantsToken = true;
    QString acting = {};
    Credentials credentials = {};
    QString query = {}; ///< of the URL

    // What is told.
    QString code = {};
    QString finding = {};
    QByteArray method = {}; ///< of the exchange that is the evidence
    ExchangeKind kind = ExchangeKind::Post;
    int status = 0;
    QStringList says = {}; ///< in the sentence, in this order
    QString advises = {};
};

Credentials bearer(const QByteArray &token = Token)
{
    Credentials credentials;
    credentials.bearer = token;
    return credentials;
}

Credentials with(Credentials credentials, const Header &header)
{
    credentials.headers.append(header);
    return credentials;
}

Credentials withCookie(Credentials credentials, const QByteArray &cookie)
{
    credentials.cookies.append(cookie);
    return credentials;
}

LabSettings settingsOf(const Case &c)
{
    LabSettings settings;
    if (!c.play.isEmpty())
        settings.play = {c.play};
    if (c.labWantsToken)
        settings.bearer = Token;
    settings.apiKey = c.labKey;
    settings.retryMs = 50;
    return settings;
}

/// A session, and every failure that it ever showed.
class Rig : public QObject {
public:
    Rig()
        : session(&trace)
    {
        target.network.proxy = NetworkSettings::Proxy::None;
        // Most of them are about sessions, and the exchanges are counted.
        target.order = Ladder::Order::LegacyFirst;
        connect(&session, &Session::stateChanged, this, [this](const SessionState &state) {
            for (const std::optional<Failure> &failure : {state.failure, state.stream.failure}) {
                if (failure && !shown.contains(*failure))
                    shown.append(*failure);
            }
        });
        connect(&session, &Session::toolsListed, this,
                [this](const ToolList &list) { tools = list; });
        connect(&session, &Session::callFinished, this,
                [this](Ticket, const CallResult &result) { results.append(result); });
    }
    bool reach(SessionPhase phase)
    {
        return QTest::qWaitFor([&] { return session.state().phase == phase; }, Patience);
    }
    /// The failure of this code, as it is told to a person.
    std::optional<Failure> told(const QString &code) const
    {
        for (const Failure &failure : shown) {
            if (failure.code == code)
                return explained(trace, failure);
        }
        return {};
    }
    QString allShown() const
    {
        QStringList lines;
        for (const Failure &failure : shown)
            lines += failure.code + u": "_s + failure.sentence;
        return lines.join(u'\n');
    }

    TraceStore trace;
    Session session;
    ServerTarget target;
    QList<Failure> shown;
    ToolList tools;
    QList<CallResult> results;
};

} // namespace
Q_DECLARE_METATYPE(Case)

/// The failures that people really meet (the catalogue's ids), each played, and each told: what
/// happened, on which request, what it means, what to do.
class TestFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_failure_is_told_data();
    void each_failure_is_told();
    void a_lost_session_that_is_opened_anew_is_remarked();
    void a_certificate_that_does_not_hold_is_told_data();
    void a_certificate_that_does_not_hold_is_told();
    void nobody_listens();
    void what_a_server_does_wrong_is_remarked_once_data();
    void what_a_server_does_wrong_is_remarked_once();
    void remarks_begin_anew_with_each_connect();
    void a_healthy_run_has_no_finding_data();
    void a_healthy_run_has_no_finding();
};

void TestFindings::each_failure_is_told_data()
{
    QTest::addColumn<Case>("c");
    const auto row = [](const char *name, const Case &c) { QTest::newRow(name) << c; };
    const Header key{"X-Api-Key", "key-of-the-house", HeaderSource::Credential, true};
    const QByteArray wantsKey = "X-Api-Key: key-of-the-house";
    const QString same = u"every request has to carry the same credentials."_s;
    row("AF-01",
        {.acting = u"AF-01"_s,
         .credentials = bearer(),
         .code = u"unauthorized"_s,
         .finding = u"AF-01"_s,
         .method = "GET",
         .kind = ExchangeKind::Stream,
         .status = 401,
         .says = {u"The event stream was refused (GET, 401)."_s, u"It carried no Authorization"_s,
                  u"while POST notifications/initialized before it did (exchange 2)."_s},
         .advises = u"This is AF-01, played on purpose: "_s + same});
    row("AF-02",
        {.play = u"AF-02:100"_s,
         .acting = u"AF-02"_s,
         .credentials = bearer(),
         .code = u"unauthorized"_s,
         .finding = u"AF-02"_s,
         .method = "GET",
         .kind = ExchangeKind::Reconnect,
         .status = 401,
         .says = {u"The reconnect of the event stream was refused (GET, 401)."_s,
                  u"It carried no Authorization, while GET event stream before it did"_s},
         .advises = u"This is AF-02, played on purpose: "_s + same});
    row("AF-03",
        {.acting = u"AF-03"_s,
         .credentials = bearer(),
         .code = u"unauthorized"_s,
         .finding = u"AF-03"_s,
         .method = "DELETE",
         .kind = ExchangeKind::Delete,
         .status = 401,
         .says = {u"The end of the session was refused (DELETE, 401)."_s,
                  u"It carried no Authorization, while "_s},
         .advises = u"This is AF-03, played on purpose: "_s + same});
    row("AF-04",
        {.labKey = wantsKey,
         .acting = u"AF-04"_s,
         .credentials = with(bearer(), key),
         .code = u"unauthorized"_s,
         .finding = u"AF-04"_s,
         .method = "GET",
         .kind = ExchangeKind::Stream,
         .status = 401,
         .says = {u"The event stream was refused (GET, 401)."_s,
                  u"It carried no X-Api-Key, while POST"_s},
         .advises = u"This is AF-04, played on purpose: "_s + same});
    row("AF-05",
        {.labKey = "Cookie: sid=crumbs",
         .acting = u"AF-05"_s,
         .credentials = withCookie(bearer(), "sid=crumbs"),
         .code = u"unauthorized"_s,
         .finding = u"AF-05"_s,
         .method = "GET",
         .kind = ExchangeKind::Stream,
         .status = 401,
         .says = {u"The event stream was refused (GET, 401)."_s,
                  u"It carried no Cookie, while POST"_s},
         .advises = u"This is AF-05, played on purpose: "_s + same});
    row("AF-06",
        {.acting = u"AF-06"_s,
         .credentials = bearer(),
         .code = u"unauthorized"_s,
         .finding = u"AF-06"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401)."_s,
                  u"Its Authorization says “Bearer” twice."_s},
         .advises = u"This is AF-06, played on purpose: the scheme is to be sent once."_s});
    row("AF-06, typed",
        {.credentials = bearer("Bearer " + Token),
         .code = u"unauthorized"_s,
         .finding = u"AF-06"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401)."_s, u"“Bearer” twice."_s},
         .advises = u"The token field wants the bare token, without “Bearer”."_s});
    row("AF-07, quotation marks",
        {.credentials = bearer('"' + Token + '"'),
         .code = u"unauthorized"_s,
         .finding = u"AF-07"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401)."_s,
                  u"has a quotation mark at character 1 of 14, which tokens do not have."_s},
         .advises = u"Paste the bare token"_s});
    row("AF-07, a space",
        {.credentials = bearer("sesame opens"),
         .code = u"unauthorized"_s,
         .finding = u"AF-07"_s,
         .method = "POST",
         .status = 401,
         .says = {u"has white space at character 7 of 12"_s},
         .advises = u"Paste the bare token"_s});
    row("AF-07, no ASCII",
        {.credentials = bearer("s\xc3\xa9same"),
         .code = u"unauthorized"_s,
         .finding = u"AF-07"_s,
         .method = "POST",
         .status = 401,
         .says = {u"has a character that is no ASCII at character 2 of 7"_s},
         .advises = u"Paste the bare token"_s});
    row("AF-09",
        {.play = u"AF-09"_s,
         .acting = u"AF-09"_s,
         .credentials = bearer(),
         .code = u"bad-request"_s,
         .finding = u"AF-09"_s,
         .method = "GET",
         .kind = ExchangeKind::Stream,
         .status = 400,
         .says = {u"GET event stream was answered with 400"_s,
                  u"It carried a Content-Type, though a GET has no body."_s},
         .advises = u"This is AF-09, played on purpose"_s});
    row("AF-20",
        {.play = u"AF-20"_s,
         .code = u"unauthorized"_s,
         .finding = u"AF-20"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401)."_s, u"It carried no credentials."_s,
                  u"The answer has no WWW-Authenticate, so it does not say how to authorise."_s,
                  u"Nor is there metadata at the well-known URLs."_s},
         .advises = u"Ask the server's owner which token it wants"_s});
    row("AF-67",
        {.play = u"AF-67"_s,
         .code = u"forbidden-without-credentials"_s,
         .finding = u"AF-67"_s,
         .method = "POST",
         .status = 403,
         .says = {u"POST initialize was refused (403)."_s, u"It carried no credentials"_s,
                  u"has to answer 401 and say which."_s},
         .advises = u"Give the credentials that this server wants."_s});
    row("401 with a challenge",
        {.code = u"unauthorized"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401): the server says “"_s,
                  u"It carried no credentials."_s},
         .advises = u"/.well-known/oauth-protected-resource/mcp."_s});
    const Header tenant{"X-Tenant", "blue", HeaderSource::User, false};
    row("401 to a header that may be a credential",
        {.credentials = with({}, tenant),
         .code = u"unauthorized"_s,
         .method = "POST",
         .status = 401,
         .says =
             {u"It carried X-Tenant, which you set, and nothing else that could be a credential."_s},
         .advises = u"/.well-known/oauth-protected-resource/mcp."_s});
    row("401 without a challenge to a header that may be a credential",
        {.play = u"AF-20"_s,
         .credentials = with({}, tenant),
         .code = u"unauthorized"_s,
         .finding = u"AF-20"_s,
         .method = "POST",
         .status = 401,
         .says = {u"It carried X-Tenant, which you set"_s, u"has no WWW-Authenticate"_s},
         .advises = u"Ask the server's owner which token it wants"_s});
    row("403 to a header that may be a credential",
        {.play = u"AF-67"_s,
         .credentials = with({}, tenant),
         .code = u"forbidden"_s,
         .method = "POST",
         .status = 403,
         .says =
             {u"It carried X-Tenant, which you set, and nothing else that could be a credential."_s},
         .advises = u"If X-Tenant is what this server knows you by"_s});
    row("401 to a token in the URL",
        {.query = u"access_token=another-token"_s,
         .code = u"unauthorized"_s,
         .method = "POST",
         .status = 401,
         .says = {u"It carried credentials, but they were not accepted."_s},
         .advises = u"Check that the token is for this server"_s});
    row("401 to a wrong token",
        {.credentials = bearer("another-token"),
         .code = u"unauthorized"_s,
         .method = "POST",
         .status = 401,
         .says = {u"the server says “The access token is not valid”."_s,
                  u"It carried credentials, but they were not accepted."_s},
         .advises = u"Check that the token is for this server"_s});
    row("AF-80",
        {.play = u"AF-80"_s,
         .credentials = bearer(),
         .code = u"no-stream"_s,
         .finding = u"AF-80"_s,
         .method = "GET",
         .kind = ExchangeKind::Stream,
         .status = 405,
         .says = {u"The server offers no event stream (GET was answered with 405)."_s},
         .advises = u"This is normal"_s});
    row("AF-81",
        {.play = u"AF-81:0@tools/list"_s,
         .credentials = bearer(),
         .code = u"session-expired"_s,
         .finding = u"AF-81"_s,
         .method = "POST",
         .status = 404,
         .says = {u"POST tools/list was answered with 404"_s,
                  u"the server no longer knows the session"_s,
                  u"It was a new session already: the one before was lost in the same way"_s},
         .advises = u"The server forgets its sessions"_s});
    row("AF-85",
        {.play = u"AF-85"_s,
         .credentials = bearer(),
         .code = u"not-acceptable"_s,
         .finding = u"AF-85"_s,
         .method = "POST",
         .status = 406,
         .says = {u"POST initialize was answered with 406"_s,
                  u"Its Accept was “application/json, text/event-stream”"_s},
         .advises = u"The fault is on the server's side"_s});
    row("AF-91",
        {.play = u"AF-91"_s,
         .credentials = bearer(),
         .code = u"html-answer"_s,
         .finding = u"AF-91"_s,
         .method = "POST",
         .status = 200,
         .says = {u"POST initialize was answered with a web page (200, text/html)."_s},
         .advises = u"check the path"_s});
    row("AF-91, empty",
        {.play = u"empty-body"_s,
         .credentials = bearer(),
         .code = u"empty-answer"_s,
         .finding = u"AF-91"_s,
         .method = "POST",
         .status = 200,
         .says = {u"POST initialize was answered with 200 and an empty body."_s},
         .advises = u"may not be the MCP endpoint"_s});
    row("AF-92",
        {.play = u"AF-92"_s,
         .credentials = bearer(),
         .code = u"login-page"_s,
         .finding = u"AF-92"_s,
         .method = "GET",
         .status = 200,
         .says = {u"POST initialize was redirected (302) to http://127.0.0.1:"_s,
                  u"/login, which answered with text/html instead of MCP."_s},
         .advises = u"A login for browsers stands in front of the server"_s});
    row("AF-98",
        {.play = u"AF-98:3"_s,
         .credentials = bearer(),
         .code = u"try-later"_s,
         .finding = u"AF-98"_s,
         .method = "POST",
         .status = 503,
         .says = {u"POST initialize was answered with 503, and Retry-After: 3"_s},
         .advises = u"wait, then try again"_s});
    row("AF-99, closed",
        {.play = u"AF-99"_s,
         .credentials = bearer(),
         .code = u"connection-closed"_s,
         .finding = u"AF-99"_s,
         .method = "POST",
         .says = {u"POST initialize to http://127.0.0.1:"_s,
                  u"connection closed before an answer."_s},
         .advises = u"It was sent once"_s});
    row("302 makes a GET of it",
        {.play = u"redirect-302"_s,
         .credentials = bearer(),
         .code = u"bad-request"_s,
         .method = "GET",
         .status = 400,
         .says = {u"POST initialize was answered with 400"_s, u"It had been redirected from http"_s,
                  u"/mcp to http"_s, u"/mcp/moved (302, exchange 1)"_s,
                  u"a POST that is redirected so goes on as a GET without its body."_s},
         .advises = u"redirect with 307 or 308"_s});
    row("credentials do not go to another origin",
        {.play = u"redirect-other-origin"_s,
         .credentials = bearer(),
         .code = u"unauthorized"_s,
         .finding = u"AF-08"_s,
         .method = "POST",
         .status = 401,
         .says = {u"POST initialize was refused (401)."_s, u"It had been redirected from http"_s,
                  u"(307, exchange 1); as this is another origin, Authorization did not go with "
                  "it."_s},
         .advises = u"If you trust http://127.0.0.1:"_s});
    row("nor does the session id",
        {.play = u"redirect-other-origin"_s,
         .labWantsToken = false,
         .code = u"bad-request"_s,
         .method = "POST",
         .status = 400,
         .says = {u"POST notifications/initialized was answered with 400"_s,
                  u"as this is another origin, Mcp-Session-Id did not go with it."_s},
         .advises = u"give that as the URL."_s});
}

void TestFindings::each_failure_is_told()
{
    QFETCH(Case, c);
    Lab lab(settingsOf(c));
    QVERIFY(lab.listen());
    Rig rig;
    rig.target.url = lab.url();
    if (!c.query.isEmpty())
        rig.target.url.setQuery(c.query);
    rig.target.credentials = c.credentials;
    rig.target.acting = c.acting;
    rig.session.connectTo(rig.target);
    QVERIFY(QTest::qWaitFor(
        [&] {
            return rig.session.state().phase == SessionPhase::Ready
                || rig.session.state().phase == SessionPhase::Failed;
        },
        Patience));
    if (c.kind == ExchangeKind::Delete) {
        rig.session.disconnectFrom();
        QVERIFY(rig.reach(SessionPhase::Idle));
    } else if (rig.session.state().phase == SessionPhase::Ready && c.kind == ExchangeKind::Post) {
        rig.session.listTools();
        QTRY_VERIFY_WITH_TIMEOUT(rig.tools.failure, Patience);
        rig.shown.append(*rig.tools.failure);
    }
    QTRY_VERIFY2_WITH_TIMEOUT(rig.told(c.code), qPrintable(rig.allShown()), Patience);

    const Failure failure = *rig.told(c.code);
    QCOMPARE(failure.finding, c.finding);
    const ExchangeId id = failure.exchange;
    QVERIFY(id >= 1 && id <= rig.trace.exchangeCount());
    QCOMPARE(rig.trace.request(id).method, c.method);
    QCOMPARE(rig.trace.summary(id).kind, c.kind);
    QCOMPARE(rig.trace.response(id) ? rig.trace.response(id)->status : 0, c.status);
    qsizetype at = 0;
    for (const QString &part : c.says) {
        const qsizetype found = failure.sentence.indexOf(part, at);
        QVERIFY2(found >= 0, qPrintable(part + u"\nis not in\n"_s + failure.sentence));
        at = found + part.size();
    }
    QVERIFY2(failure.advice.contains(c.advises), qPrintable(failure.advice));
    // Said aloud: whole sentences, and no secret.
    for (const QString &text : {failure.sentence, failure.advice}) {
        QVERIFY2(text.endsWith(u'.') && text.at(0).isUpper(), qPrintable(text));
        QVERIFY2(!text.contains("  "_L1) && !text.contains(".."_L1) && !text.contains("%1"_L1),
                 qPrintable(text));
        for (const char *secret : {"sesame-", "key-of-the", "crumbs", "another-token"})
            QVERIFY2(!text.contains(QString::fromLatin1(secret)), qPrintable(text));
    }
}

void TestFindings::a_lost_session_that_is_opened_anew_is_remarked()
{
    LabSettings settings;
    settings.play = {u"AF-81:5"_s};
    Lab lab(settings);
    QVERIFY(lab.listen());
    Rig rig;
    rig.target.url = lab.url();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Ready));
    const QByteArray first = rig.session.state().sessionId;
    for (int i = 1; i < 20 && rig.session.state().sessionId == first; ++i) {
        rig.session.callTool(u"echo"_s, R"({"message":"x"})");
        QTRY_COMPARE_WITH_TIMEOUT(rig.results.size(), i, Patience);
        QVERIFY(!rig.results.constLast().failure);
    }
    QVERIFY(rig.session.state().sessionId != first);
    const QList<Note> remarks = rig.session.state().remarks;
    QVERIFY(!remarks.isEmpty());
    QCOMPARE(remarks.constFirst().name, u"session-expired"_s);
    QCOMPARE(remarks.constFirst().finding, u"AF-81"_s);
    QVERIFY(remarks.constFirst().text.endsWith("A new one is being opened."_L1));
    QCOMPARE(rig.trace.response(remarks.constFirst().exchange)->status, 404);
    QVERIFY2(!rig.session.state().failure, qPrintable(rig.allShown()));
}

void TestFindings::a_certificate_that_does_not_hold_is_told_data()
{
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("self-signed") << u"self-signed"_s << u"certificate-self-signed"_s
                                 << u"signed by itself"_s;
    QTest::newRow("expired") << u"expired"_s << u"certificate-expired"_s << u"it expired on "_s;
    QTest::newRow("wrong host") << u"wrong-host"_s << u"certificate-wrong-host"_s
                                << u"not for 127.0.0.1"_s;
}

void TestFindings::a_certificate_that_does_not_hold_is_told()
{
    QFETCH(QString, certificate);
    QFETCH(QString, says);
    RawServer server;
    server.useTls(RawServer::tlsConfiguration(certificate));
    QVERIFY(server.listen());
    Rig rig;
    rig.target.url = server.url();
    if (certificate != "self-signed"_L1)
        rig.target.network.caFile = RawServer::certificateFile(u"ca.pem"_s);
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    const Failure failure = explained(rig.trace, *rig.session.state().failure);
    QTEST(failure.code, "code");
    QCOMPARE(failure.finding, u"AF-94"_s);
    QCOMPARE(failure.exchange, 1);
    QCOMPARE(failure.kind, FailureKind::Unreachable);
    QVERIFY2(failure.sentence.startsWith("POST initialize"_L1) && failure.sentence.contains(says),
             qPrintable(failure.sentence));
    QVERIFY(failure.advice.contains("fingerprint"_L1));
    // Nothing was sent to whom it may be.
    QVERIFY(server.requests().isEmpty());
}

void TestFindings::nobody_listens()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    Rig rig;
    rig.target.url = QUrl(u"http://127.0.0.1:%1/mcp"_s.arg(taken.serverPort()));
    taken.close();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    const Failure failure = explained(rig.trace, *rig.session.state().failure);
    QCOMPARE(failure.code, u"connection-refused"_s);
    QCOMPARE(failure.finding, u"AF-99"_s);
    QCOMPARE(failure.exchange, 1);
    QVERIFY(failure.sentence.contains("nothing accepts connections at "_L1));
    QVERIFY(failure.advice.contains("that the server runs"_L1));
}

void TestFindings::what_a_server_does_wrong_is_remarked_once_data()
{
    QTest::addColumn<QString>("play");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QStringList>("says"); // a remark each
    QTest::newRow("AF-97") << u"AF-97"_s << u"AF-97"_s
                           << QStringList{u"a request that was never sent (id 987654321)"_s,
                                          u"once more, or after it was given up"_s};
    QTest::newRow("answers twice") << u"answers-twice"_s << u"AF-97"_s
                                   << QStringList{u"once more, or after it was given up"_s};
    QTest::newRow("notification with id")
        << u"notification-with-id"_s << u"AF-96"_s
        << QStringList{u"In the exchange of tools/call echo the server sent a message that breaks "
                       "a rule of JSON-RPC: A notification has no id (at byte "_s};
}

void TestFindings::what_a_server_does_wrong_is_remarked_once()
{
    QFETCH(QString, play);
    QFETCH(QString, finding);
    QFETCH(QStringList, says);
    LabSettings settings;
    settings.play = {play};
    Lab lab(settings);
    QVERIFY(lab.listen());
    Rig rig;
    rig.target.url = lab.url();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Ready));
    rig.session.callTool(u"echo"_s, R"({"message":"x"})");
    QTRY_COMPARE_WITH_TIMEOUT(rig.results.size(), 1, Patience);
    // The call itself went well.
    QVERIFY(!rig.results.constFirst().failure);
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state().remarks.size(), says.size(), Patience);
    const QList<Note> remarks = rig.session.state().remarks;
    for (qsizetype i = 0; i < says.size(); ++i) {
        QVERIFY2(remarks.at(i).text.contains(says.at(i)), qPrintable(remarks.at(i).text));
        QVERIFY(remarks.at(i).text.endsWith(u'.'));
        QCOMPARE(remarks.at(i).finding, finding);
        QCOMPARE(rig.trace.request(remarks.at(i).exchange).what, u"tools/call echo"_s);
    }
    // They stand in the trace, too: a recording has them.
    QStringList noted;
    for (qint64 i = 0; i < rig.trace.noteCount(); ++i)
        noted += rig.trace.note(i).text;
    for (const Note &remark : remarks)
        QVERIFY(noted.contains(remark.text));
}

void TestFindings::remarks_begin_anew_with_each_connect()
{
    LabSettings settings;
    settings.play = {u"notification-with-id@tools/list"_s};
    Lab lab(settings);
    QVERIFY(lab.listen());
    Rig rig;
    rig.target.url = lab.url();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Ready));
    rig.session.listTools();
    QTRY_VERIFY_WITH_TIMEOUT(!rig.session.state().remarks.isEmpty(), Patience);
    rig.session.disconnectFrom();
    QVERIFY(rig.reach(SessionPhase::Idle));
    // Kept for whoever tells them at the end.
    QVERIFY(!rig.session.state().remarks.isEmpty());
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Ready));
    QVERIFY(rig.session.state().remarks.isEmpty());
}

void TestFindings::a_healthy_run_has_no_finding_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QString>("play");
    for (const char *revision : {"auto", "2025-11-25", "2025-06-18", "2025-03-26"})
        QTest::newRow(revision) << QString::fromLatin1(revision) << QString();
    // Neither of these is anybody's fault.
    QTest::newRow("slash") << u"auto"_s << u"AF-93"_s;
    QTest::newRow("307") << u"auto"_s << u"redirect-307"_s;
    QTest::newRow("no stream") << u"auto"_s << u"AF-80"_s;
}

void TestFindings::a_healthy_run_has_no_finding()
{
    QFETCH(QString, revision);
    QFETCH(QString, play);
    LabSettings settings;
    settings.bearer = Token;
    settings.apiKey = "X-Api-Key: key-of-the-house";
    if (!play.isEmpty())
        settings.play = {play};
    Lab lab(settings);
    QVERIFY(lab.listen());
    Rig rig;
    rig.target.url = lab.url();
    rig.target.revision = revision;
    rig.target.credentials =
        with(bearer(), {"X-Api-Key", "key-of-the-house", HeaderSource::Credential, true});
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Ready));
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.state().stream.phase == StreamState::Phase::Open
                                 || rig.session.state().stream.phase
                                     == StreamState::Phase::NotOffered,
                             Patience);
    rig.session.listTools();
    QTRY_VERIFY_WITH_TIMEOUT(rig.tools.complete, Patience);
    rig.session.callTool(u"echo"_s, R"({"message":"x"})");
    rig.session.callTool(u"long-running"_s, R"({"steps":3,"seconds":0.1})");
    QTRY_COMPARE_WITH_TIMEOUT(rig.results.size(), 2, Patience);
    rig.session.disconnectFrom();
    QVERIFY(rig.reach(SessionPhase::Idle));

    for (const CallResult &result : std::as_const(rig.results))
        QVERIFY(!result.failure);
    QVERIFY(!rig.session.state().failure);
    QVERIFY(rig.session.state().remarks.isEmpty());
    for (const Failure &failure : std::as_const(rig.shown))
        QVERIFY2(failure.code == "no-stream"_L1, qPrintable(failure.sentence));
    for (ExchangeId id = 1; id <= rig.trace.exchangeCount(); ++id) {
        const std::optional<Failure> failure = rig.trace.failure(id);
        QVERIFY2(!failure || failure->kind == FailureKind::Cancelled,
                 qPrintable(failure ? failure->sentence : QString()));
    }
    CredentialMatrixBuilder matrix(Redactor("0123456789abcdef"));
    matrix.update(rig.trace);
    QCOMPARE(matrix.missingCount(), 0);
}

QTEST_GUILESS_MAIN(TestFindings)
#include "test_findings.moc"
