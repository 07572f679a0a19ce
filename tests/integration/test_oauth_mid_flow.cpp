// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What happens to a log-in between its steps: ports that are taken, browsers that do not open or
// come back twice, clocks that disagree, and people who close the window.

#include "tests/support/jose_vectors.h"
#include "tests/support/oauth_wire.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

bool refusesConnections(const QUrl &url)
{
    QTcpSocket socket;
    socket.connectToHost(url.host(), quint16(url.port()));
    return !socket.waitForConnected(2000)
        && socket.error() == QAbstractSocket::ConnectionRefusedError;
}

} // namespace

class OAuthMidFlow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_port_that_is_taken_is_told();
    void a_redirect_uri_that_is_refused_on_a_page_leaves_the_step_waiting();
    void a_browser_that_cannot_open_leaves_an_address_to_copy();
    void an_answer_that_does_not_end_is_given_up_data();
    void an_answer_that_does_not_end_is_given_up();
    void a_callback_counts_once();
    void clocks_that_disagree_are_found();
    void whoever_goes_in_mid_flow_leaves_nothing_behind_data();
    void whoever_goes_in_mid_flow_leaves_nothing_behind();
};

void OAuthMidFlow::a_port_that_is_taken_is_told()
{
    OAuthWire wire;
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    wire.target.oauth.redirectPort = other.serverPort();
    QVERIFY(!wire.probe.connectTo(wire.target));
    const std::optional<OAuthStep> failed = wire.failed();
    QVERIFY(failed);
    QCOMPARE(failed->kind, OAuthStepKind::Client);
    QCOMPARE(failed->failure->code, u"callback-port"_s);
    QVERIFY2(failed->sentence.contains(QString::number(other.serverPort())),
             qPrintable(failed->sentence));
    QVERIFY(!failed->failure->advice.isEmpty());
    QVERIFY(OAuthWire::got(wire.as, "/register").isEmpty());
    // With the port free again, or with another.
    wire.target.oauth.redirectPort = 0;
    QVERIFY(wire.goesOnFrom(OAuthStepKind::Client));
}

void OAuthMidFlow::a_redirect_uri_that_is_refused_on_a_page_leaves_the_step_waiting()
{
    OAuthWire wire;
    const OAuthWire::Page right = wire.asPages["/authorize"];
    wire.asPages["/authorize"] =
        OAuthWire::answering(400, "<html>redirect_uri is not registered</html>", "text/html");
    wire.probe.session().connectTo(wire.target);
    QSignalSpy arrived(&wire.browser, &QuickBrowser::arrived);
    QVERIFY(arrived.wait());
    const OAuthState waiting = wire.state();
    QCOMPARE(waiting.phase, OAuthState::Phase::Browser);
    // What is awaited, and where (AF-48).
    const OAuthStep &callback = waiting.steps.at(int(OAuthStepKind::Callback));
    QCOMPARE(callback.state, OAuthStep::State::Running);
    QVERIFY2(callback.sentence.contains(waiting.redirectUri.toString()),
             qPrintable(callback.sentence));
    wire.asPages["/authorize"] = right;
    // Whoever connects waits for what runs instead.
    QVERIFY(wire.goesOnFrom(OAuthStepKind::Authorization));
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Ready);
    wire.probe.disconnectFrom();
}

void OAuthMidFlow::a_browser_that_cannot_open_leaves_an_address_to_copy()
{
    OAuthWire wire;
    wire.opens = false;
    wire.probe.session().connectTo(wire.target);
    QTRY_COMPARE(wire.state().phase, OAuthState::Phase::Browser);
    const QUrl url = wire.state().browse;
    QCOMPARE(wire.asked, QList<QUrl>{url});
    // By whatever browser.
    wire.browser.open(url);
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Ready);
    wire.probe.disconnectFrom();
}

void OAuthMidFlow::an_answer_that_does_not_end_is_given_up_data()
{
    QTest::addColumn<bool>("head"); // it comes, and a part of the body
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/.well-known/oauth-protected-resource/mcp",
                             "/.well-known/oauth-authorization-server", "/register", "/token"}) {
        QTest::addRow("head %s", path) << true << QByteArray(path);
        QTest::addRow("silence %s", path) << false << QByteArray(path);
    }
}

void OAuthMidFlow::an_answer_that_does_not_end_is_given_up()
{
    QFETCH(bool, head);
    QFETCH(QByteArray, path);
    OAuthWire wire;
    const auto stalls = [head](RawConnection &to, const RawRequest &) {
        if (head)
            to.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Content-Length: 5000\r\n\r\n{\"resource\":");
    };
    (path.contains("resource") ? wire.mcpPages : wire.asPages)[path] = stalls;
    wire.target.network.answerTimeoutMs = 600;
    QVERIFY(!wire.probe.connectTo(wire.target));
    QVERIFY(wire.probe.state().failure);
    QVERIFY2(wire.probe.state().failure->sentence.contains("600 ms"_L1)
                 || wire.probe.state().failure->sentence.contains("0.6 s"_L1),
             qPrintable(wire.probe.state().failure->sentence));
}

void OAuthMidFlow::a_callback_counts_once()
{
    OAuthWire wire;
    wire.opens = false;
    wire.probe.session().connectTo(wire.target);
    QTRY_COMPARE(wire.state().phase, OAuthState::Phase::Browser);
    const QUrl redirect = wire.state().redirectUri;
    QUrl back = redirect;
    back.setQuery(u"code=c&state="_s + QUrlQuery(wire.state().browse).queryItemValue(u"state"_s));
    wire.browser.open(back);
    QSignalSpy arrived(&wire.browser, &QuickBrowser::arrived);
    QVERIFY(arrived.wait());
    QCOMPARE(arrived.at(0).at(0).toInt(), 200);
    QVERIFY(refusesConnections(redirect));
    wire.probe.session().takeCallback(back);
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Ready);
    wire.probe.session().takeCallback(back);
    QVERIFY(!wire.probe.tools().failure);
    QCOMPARE(OAuthWire::got(wire.as, "/token").size(), 1);
    QCOMPARE(wire.state().phase, OAuthState::Phase::Authorized);
    wire.probe.disconnectFrom();
}

void OAuthMidFlow::clocks_that_disagree_are_found()
{
    // The authorisation server's clock is an hour behind: what it issues has expired for the
    // MCP server before it came.
    OAuthWire wire;
    const qint64 then = QDateTime::currentSecsSinceEpoch() - 7200;
    const QByteArray jwt = unsignedToken(
        R"({"iss":")" + wire.issuer() + R"(","aud":")" + wire.resource() + R"(","iat":)"
            + QByteArray::number(then) + R"(,"exp":)" + QByteArray::number(then + 3600) + '}',
        R"({"alg":"ES256","typ":"at+jwt"})");
    wire.tokenMembers["access_token"] = '"' + jwt + '"';
    QVERIFY(!wire.probe.connectTo(wire.target));
    const std::optional<OAuthStep> failed = wire.failed();
    QVERIFY(failed);
    QCOMPARE(failed->kind, OAuthStepKind::Use);
    const QStringList findings = wire.probe.findings();
    QVERIFY2(std::any_of(findings.cbegin(), findings.cend(),
                         [](const QString &one) { return one.startsWith("AF-11"_L1); }),
             qPrintable(findings.join(u'\n')));
    // The clock is set right.
    wire.tokenMembers["access_token"] = '"' + wire.token + '"';
    QVERIFY(wire.goesOnFrom(OAuthStepKind::Authorization));
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
}

void OAuthMidFlow::whoever_goes_in_mid_flow_leaves_nothing_behind_data()
{
    QTest::addColumn<QByteArray>("path"); ///< at which nothing is answered; empty: the browser
    for (const char *path : {OAuthWire::ServerPath, "/register", "/token", ""})
        QTest::newRow(*path ? path : "browser") << QByteArray(path);
}

void OAuthMidFlow::whoever_goes_in_mid_flow_leaves_nothing_behind()
{
    QFETCH(QByteArray, path);
    QUrl redirect;
    {
        OAuthWire wire;
        wire.opens = !path.isEmpty();
        bool reached = false;
        if (!path.isEmpty())
            wire.asPages[path] = [&](RawConnection &, const RawRequest &) { reached = true; };
        wire.probe.session().connectTo(wire.target);
        QTRY_VERIFY(reached || wire.state().phase == OAuthState::Phase::Browser);
        if (path.isEmpty()) {
            redirect = wire.state().redirectUri;
            QVERIFY(!refusesConnections(redirect));
        } else if (!wire.asked.isEmpty()) {
            redirect = QUrl(QUrlQuery(wire.asked.constFirst())
                                .queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded));
        } else if (path == "/register") {
            redirect =
                QUrl(QJsonDocument::fromJson(
                         OAuthWire::got(wire.as, path).constFirst().body)["redirect_uris"_L1][0]
                         .toString());
            QVERIFY(!refusesConnections(redirect));
        }
    }
    if (redirect.isValid())
        QVERIFY(refusesConnections(redirect));
    // Deferred deletions and late signals find nobody, and harm nobody.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCoreApplication::processEvents();
}

QTEST_GUILESS_MAIN(OAuthMidFlow)
#include "test_oauth_mid_flow.moc"
