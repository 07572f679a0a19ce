// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What attackers do to clients like this one, as far as OAuth goes, over real sockets.

#include "tests/support/cli_run.h"
#include "tests/support/oauth_wire.h"

#include <QDir>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

constexpr int Patience = 30'000;

/// A socket of this process on which somebody may call.
struct Listener {
    QHostAddress address;
    quint16 port = 0;

    bool operator==(const Listener &) const = default;
};

/// Of this process, as the system tells (proc(5)): each socket's number stands in the table of all.
QList<Listener> listeners()
{
    QSet<QByteArray> own;
    const QDir descriptors(u"/proc/self/fd"_s);
    for (const QString &name :
         descriptors.entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)) {
        const QString to = QFile::symLinkTarget(descriptors.filePath(name));
        const qsizetype at = to.indexOf("socket:["_L1);
        if (at >= 0)
            own.insert(to.mid(at + 8).chopped(1).toLatin1());
    }
    QList<Listener> list;
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        QFile file(QString::fromLatin1(table));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &line : file.readAll().split('\n').mid(1)) {
            const QByteArrayList words = line.simplified().split(' ');
            if (words.size() < 10 || words.at(3) != "0A" || !own.contains(words.at(9)))
                continue;
            const QByteArray hex = words.at(1).split(':').constFirst();
            Listener one;
            one.port = quint16(words.at(1).split(':').constLast().toUInt(nullptr, 16));
            // Words of 32 bits in the machine's order.
            QByteArray bytes;
            for (qsizetype i = 0; i < hex.size(); i += 8) {
                const quint32 word = hex.mid(i, 8).toUInt(nullptr, 16);
                bytes.append(reinterpret_cast<const char *>(&word), sizeof word);
            }
            if (bytes.size() == 4)
                one.address = QHostAddress(qFromBigEndian<quint32>(bytes.constData()));
            else
                one.address = QHostAddress(reinterpret_cast<const quint8 *>(bytes.constData()));
            list.append(one);
        }
    }
    return list;
}

QList<Listener> without(QList<Listener> list, const QList<Listener> &those)
{
    list.removeIf([&](const Listener &one) { return those.contains(one); });
    return list;
}

/// Whether any byte that came contains it.
bool reached(const RawServer &server, const QByteArray &secret)
{
    for (const RawConnection *one : server.connections()) {
        if (one->received().contains(secret))
            return true;
    }
    return false;
}

} // namespace

class OAuthSafety : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void an_address_that_is_no_page_is_never_opened_data();
    void an_address_that_is_no_page_is_never_opened();
    void shell_syntax_is_written_anew_data();
    void shell_syntax_is_written_anew();
    void a_redirect_of_the_server_takes_no_token_along();
    void redirects_of_endpoints_take_nothing_along_data();
    void redirects_of_endpoints_take_nothing_along();
    void metadata_that_leads_elsewhere_says_so_and_carries_nothing();
    void a_server_that_names_the_issuer_of_another_gets_no_token();
    void metadata_about_another_server_is_not_used();
    void an_issuer_at_the_servers_own_origin_gets_no_token();
    void private_addresses_are_asked_about_data();
    void private_addresses_are_asked_about();
    void nothing_listens_but_the_callback_data();
    void nothing_listens_but_the_callback();
    void a_stranger_at_the_callback_gets_nowhere();
    void what_servers_say_does_nothing_to_a_terminal();
};

void OAuthSafety::an_address_that_is_no_page_is_never_opened_data()
{
    QTest::addColumn<QByteArray>("endpoint");
    for (const char *endpoint : {"javascript:alert(1)",
                                 "file:///etc/passwd",
                                 "data:text/html,x",
                                 "ftp://as.example/a",
                                 "vbscript:x",
                                 "smb://as.example/share",
                                 "http://as.example/authorize",
                                 "http://192.168.0.1/authorize",
                                 "//as.example/authorize",
                                 "/authorize",
                                 "authorize",
                                 "-flag",
                                 "--version https://as.example",
                                 "https://",
                                 "https:///authorize",
                                 "https://$(id).example/authorize",
                                 "https://`id`.example/",
                                 "https://a;b.example/",
                                 "https://as.example/a b",
                                 "https://as.example/|id",
                                 "https://as.example/`id`",
                                 "https://as.example/<x>",
                                 "https://as.example/\\\"&calc",
                                 "https://as.example\\\\@evil",
                                 "\\\\\\\\host\\\\share",
                                 "ht\\ntps://as.example/",
                                 "https://as.example/\\nx"})
        QTest::newRow(endpoint) << QByteArray(endpoint);
}

void OAuthSafety::an_address_that_is_no_page_is_never_opened()
{
    QFETCH(QByteArray, endpoint);
    OAuthWire wire;
    wire.opens = false;
    wire.serverMembers["authorization_endpoint"] = '"' + endpoint + '"';
    wire.probe.session().connectTo(wire.target);
    QTRY_VERIFY(wire.probe.state().phase == SessionPhase::Failed || !wire.asked.isEmpty());
    QCOMPARE(wire.asked, QList<QUrl>());
    const std::optional<OAuthStep> failed = wire.failed();
    QVERIFY(failed);
    QCOMPARE(failed->kind, OAuthStepKind::ServerMetadata);
    QCOMPARE(failed->failure->code, u"endpoint-unusable"_s);
    QVERIFY(wire.state().browse.isEmpty());
}

void OAuthSafety::shell_syntax_is_written_anew_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/$(id)", "/a';id;'", "/a;id", "/(id)", "/a!b*", "/authorize?x=$(id)",
                             "/authorize?x=';id;'&y=1", "/authorize#$(id)"})
        QTest::newRow(path) << QByteArray(path);
}

void OAuthSafety::shell_syntax_is_written_anew()
{
    QFETCH(QByteArray, path);
    OAuthWire wire;
    wire.opens = false;
    wire.serverMembers["authorization_endpoint"] = '"' + wire.issuer() + path + '"';
    wire.probe.session().connectTo(wire.target);
    QTRY_COMPARE(wire.asked.size(), 1);
    const QByteArray opened = wire.asked.constFirst().toEncoded();
    static const QRegularExpression plain(
        u"^http://127\\.0\\.0\\.1:[0-9]+/[A-Za-z0-9._~%/:@?&=+,-]*$"_s);
    QVERIFY2(plain.match(QString::fromLatin1(opened)).hasMatch(), opened);
    QCOMPARE(wire.asked.constFirst().toString(QUrl::FullyEncoded).toLatin1(), opened);
    // It is still what the server named.
    const QByteArray named = path.left(path.indexOf('#') < 0 ? path.size() : path.indexOf('#'));
    QVERIFY2(QByteArray::fromPercentEncoding(opened).contains(named), opened);
    wire.probe.session().cancelOAuth();
}

void OAuthSafety::a_redirect_of_the_server_takes_no_token_along()
{
    OAuthWire wire;
    RawServer other;
    QVERIFY(other.listen());
    other.onRequest([](RawConnection &to, const RawRequest &) { to.answer(401); });
    QVERIFY(wire.probe.connectTo(wire.target));
    for (const int status : {302, 307, 308}) {
        wire.mcpPages["/mcp"] = [&other, status](RawConnection &to, const RawRequest &) {
            to.answer(status, {}, "Location: " + other.url().toEncoded() + "\r\n");
        };
        wire.probe.tools();
    }
    QVERIFY(!other.requests().isEmpty());
    QVERIFY(!reached(other, wire.token));
    for (const RawRequest &request : other.requests())
        QVERIFY2(request.header("Authorization").isNull(), request.head);
}

void OAuthSafety::redirects_of_endpoints_take_nothing_along_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/register", "/token", "/revoke"})
        QTest::newRow(path) << QByteArray(path);
}

void OAuthSafety::redirects_of_endpoints_take_nothing_along()
{
    QFETCH(QByteArray, path);
    OAuthWire wire;
    RawServer other;
    QVERIFY(other.listen());
    for (const int status : {301, 302, 303, 307, 308}) {
        wire.asPages[path] = [&other, status](RawConnection &to, const RawRequest &) {
            to.answer(status, {}, "Location: " + other.url(u"/x"_s).toEncoded() + "\r\n");
        };
        if (path != "/revoke") {
            QVERIFY(!wire.probe.connectTo(wire.target));
            continue;
        }
        QVERIFY(wire.probe.connectTo(wire.target));
        wire.probe.disconnectFrom();
        QSignalSpy loggedOut(&wire.probe.session(), &Session::loggedOut);
        wire.probe.session().logOut(wire.target);
        QTRY_COMPARE(loggedOut.size(), 1);
        QVERIFY(loggedOut.at(0).at(0).value<std::optional<Failure>>());
    }
    QCOMPARE(OAuthWire::got(wire.as, path).size(), 5);
    QVERIFY(other.connections().isEmpty());
}

void OAuthSafety::metadata_that_leads_elsewhere_says_so_and_carries_nothing()
{
    OAuthWire wire;
    RawServer other;
    QVERIFY(other.listen());
    other.onRequest([&wire](RawConnection &to, const RawRequest &) {
        to.answer(200, OAuthWire::json(wire.resourceMembers), "Content-Type: application/json\r\n");
    });
    wire.mcpPages[OAuthWire::ResourcePath] =
        OAuthWire::redirecting(other.url(u"/metadata"_s).toEncoded());
    wire.target.credentials.headers = {{"X-Api-Key", "marked-key-4711", HeaderSource::User, true}};
    wire.target.credentials.cookies = {"session=marked-cookie-4711"};
    QVERIFY(wire.probe.connectTo(wire.target));
    QCOMPARE(other.requests().size(), 1);
    QVERIFY(!reached(other, "4711"));
    QVERIFY(!reached(wire.as, "4711"));
    QVERIFY(reached(wire.mcp, "marked-key-4711"));
    QString said;
    for (const OAuthCheck &check : wire.step(OAuthStepKind::ResourceMetadata).checks) {
        if (check.result != OAuthCheck::Result::Passed)
            said += check.sentence;
    }
    QVERIFY2(said.contains("another origin"_L1), qPrintable(said));
    wire.probe.disconnectFrom();
}

void OAuthSafety::a_server_that_names_the_issuer_of_another_gets_no_token()
{
    OAuthWire wire;
    OAuthWire evil;
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    // It names the first one's issuer, and is served by the same session.
    evil.resourceMembers["authorization_servers"] = "[\"" + wire.issuer() + "\"]";
    wire.opens = false;
    const qsizetype before = OAuthWire::got(wire.as, "/token").size();
    wire.probe.session().connectTo(evil.target);
    QTRY_COMPARE(wire.asked.size(), 2);
    // A person is asked anew, for the other resource, and sees the host.
    QCOMPARE(QUrlQuery(wire.asked.constLast())
                 .queryItemValue(u"resource"_s, QUrl::FullyDecoded)
                 .toUtf8(),
             evil.resource());
    QVERIFY(!reached(evil.mcp, wire.token));
    QCOMPARE(OAuthWire::got(wire.as, "/token").size(), before);
    wire.probe.session().cancelAll();
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Failed);
    QVERIFY(!reached(evil.mcp, wire.token));
}

void OAuthSafety::metadata_about_another_server_is_not_used()
{
    OAuthWire wire;
    OAuthWire evil;
    // A token for the good one is what it wants.
    evil.resourceMembers["resource"] = '"' + wire.resource() + '"';
    evil.resourceMembers["authorization_servers"] = "[\"" + wire.issuer() + "\"]";
    QVERIFY(!evil.probe.connectTo(evil.target));
    QCOMPARE(evil.state().failure->code, u"resource-mismatch"_s);
    QCOMPARE(evil.asked, QList<QUrl>());
    QVERIFY(wire.as.connections().isEmpty());
}

void OAuthSafety::an_issuer_at_the_servers_own_origin_gets_no_token()
{
    OAuthWire wire;
    const QByteArray origin = "http://127.0.0.1:" + QByteArray::number(wire.mcp.port());
    wire.resourceMembers["authorization_servers"] = "[\"" + origin + "\"]";
    for (QByteArray &member : wire.serverMembers)
        member.replace(wire.issuer(), origin);
    for (auto it = wire.asPages.cbegin(); it != wire.asPages.cend(); ++it)
        wire.mcpPages.insert(it.key(), it.value());
    wire.target.credentials.headers = {{"X-Api-Key", "marked-key-4711", HeaderSource::User, true}};
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.session().refreshTokens();
    QTRY_COMPARE(OAuthWire::got(wire.mcp, "/token").size(), 2);
    wire.probe.disconnectFrom();
    QSignalSpy loggedOut(&wire.probe.session(), &Session::loggedOut);
    wire.probe.session().logOut(wire.target);
    QTRY_COMPARE(loggedOut.size(), 1);
    QCOMPARE(OAuthWire::got(wire.mcp, "/revoke").size(), 1);
    for (const char *path : {"/register", "/token", "/revoke"}) {
        for (const RawRequest &request : OAuthWire::got(wire.mcp, path)) {
            QVERIFY2(request.header("Authorization").isNull(), request.head);
            QVERIFY2(request.header("X-Api-Key").isNull(), request.head);
        }
    }
}

void OAuthSafety::private_addresses_are_asked_about_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("byRedirect");
    for (const char *host : {"10.0.0.1",
                             "127.0.0.1",
                             "169.254.169.254",
                             "192.168.1.1",
                             "172.16.0.1",
                             "100.64.0.1",
                             "0.0.0.0",
                             "[::1]",
                             "[fd00::1]",
                             "[fe80::1]",
                             "[::ffff:10.0.0.1]",
                             "localhost",
                             "LOCALHOST",
                             "localhost.",
                             "printer.local",
                             "printer.local.",
                             "router",
                             "2130706433",
                             "0x7f.1",
                             "127.1",
                             "metadata.google.internal"}) {
        QTest::addRow("%s", host) << QByteArray(host) << false;
        QTest::addRow("%s by a redirect", host) << QByteArray(host) << true;
    }
}

void OAuthSafety::private_addresses_are_asked_about()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, byRedirect);
    // A public server, reached over a proxy that plays it.
    OAuthWire wire;
    RawServer proxy;
    QVERIFY(proxy.listen());
    const QByteArray server = "http://mcp.example.com";
    QList<QByteArray> asked;
    proxy.onRequest([&](RawConnection &to, const RawRequest &request) {
        asked.append(request.target());
        if (request.target() == server + "/.well-known/oauth-protected-resource/mcp")
            to.answer(200,
                      R"({"resource":")" + server + R"(/mcp","authorization_servers":[")"
                          + (byRedirect ? server : "http://" + host) + R"("]})",
                      "Content-Type: application/json\r\n");
        else if (byRedirect && request.target().startsWith(server + "/.well-known/oauth-auth"))
            to.answer(302, {}, "Location: http://" + host + "/metadata\r\n");
        else if (request.target() == server + "/mcp")
            to.answer(401, {}, "WWW-Authenticate: Bearer\r\n");
        else
            to.answer(404);
    });
    wire.target.url = QUrl(u"http://mcp.example.com/mcp"_s);
    wire.target.network.proxy = NetworkSettings::Proxy::Given;
    wire.target.network.proxyUrl = u"http://127.0.0.1:%1"_s.arg(proxy.port());
    const auto elsewhere = [&] {
        QList<QByteArray> list = asked;
        list.removeIf([&](const QByteArray &one) { return one.startsWith(server); });
        return list;
    };
    wire.probe.session().connectTo(wire.target);
    QTRY_VERIFY(wire.state().phase == OAuthState::Phase::Question
                || wire.probe.state().phase == SessionPhase::Failed);
    QCOMPARE(elsewhere(), QList<QByteArray>());
    QCOMPARE(wire.state().phase, OAuthState::Phase::Question);
    QCOMPARE(wire.state().question->about, OAuthAsk::About::PrivateAddress);
    wire.probe.session().answerOAuthQuestion(false);
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Failed);
    QCOMPARE(wire.state().failure->code, u"private-address"_s);
    QCOMPARE(elsewhere(), QList<QByteArray>());
}

void OAuthSafety::nothing_listens_but_the_callback_data()
{
    QTest::addColumn<QString>("host");
    for (const char *host : {"127.0.0.1", "localhost"})
        QTest::newRow(host) << QString::fromLatin1(host);
}

void OAuthSafety::nothing_listens_but_the_callback()
{
    QFETCH(QString, host);
    OAuthWire wire;
    wire.opens = false;
    wire.target.oauth.redirectHost = host;
    const QList<Listener> before = listeners();
    QVERIFY(before.contains(Listener{QHostAddress(QHostAddress::LocalHost), wire.mcp.port()}));
    wire.probe.session().connectTo(wire.target);
    QTRY_COMPARE(wire.asked.size(), 1);
    const QList<Listener> now = without(listeners(), before);
    QVERIFY(!now.isEmpty());
    QVERIFY(now.size() <= (host == "localhost"_L1 ? 2 : 1));
    for (const Listener &one : now) {
        QVERIFY2(one.address.isLoopback(), qPrintable(one.address.toString()));
        QCOMPARE(int(one.port), wire.state().redirectUri.port());
    }
    wire.browser.open(wire.asked.constFirst());
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Ready);
    QCOMPARE(without(listeners(), before).size(), 0);
    wire.probe.disconnectFrom();
}

void OAuthSafety::a_stranger_at_the_callback_gets_nowhere()
{
    OAuthWire wire;
    wire.opens = false;
    wire.probe.session().connectTo(wire.target);
    QTRY_COMPARE(wire.asked.size(), 1);
    const QUrl redirect = wire.state().redirectUri;
    const QByteArray host = redirect.authority().toLatin1();
    const auto ask = [&redirect](const QByteArray &request) {
        QTcpSocket socket;
        socket.connectToHost(redirect.host(), quint16(redirect.port()));
        QSignalSpy gone(&socket, &QTcpSocket::disconnected);
        socket.write(request);
        if (socket.state() != QAbstractSocket::UnconnectedState && gone.isEmpty())
            gone.wait(Patience);
        return socket.readAll();
    };
    const QByteArray path = redirect.path().toLatin1();
    QVERIFY(ask("GET " + path + "?code=c&state=s HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                .startsWith("HTTP/1.1 400 "));
    QVERIFY(ask("POST " + path + "?code=c&state=s HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .startsWith("HTTP/1.1 404 "));
    QVERIFY(ask("GET /other?code=c&state=s HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .startsWith("HTTP/1.1 404 "));
    // None of these was the callback, and it is still awaited.
    QCOMPARE(wire.state().phase, OAuthState::Phase::Browser);
    QVERIFY(OAuthWire::got(wire.as, "/token").isEmpty());
    // Whoever guesses the path, but not the state, gets no further: the code is not used.
    QVERIFY(ask("GET " + path + "?code=c&state=s HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .startsWith("HTTP/1.1 200 "));
    QTRY_COMPARE(wire.probe.state().phase, SessionPhase::Failed);
    QCOMPARE(wire.state().failure->code, u"state-mismatch"_s);
    QVERIFY(OAuthWire::got(wire.as, "/token").isEmpty());
}

void OAuthSafety::what_servers_say_does_nothing_to_a_terminal()
{
    const QByteArray odd = R"(\u001b]0;x\u0007\u001b[31m\u202e\r\n\u0085red)";
    OAuthWire wire;
    wire.resourceMembers["scopes_supported"] = "[\"a" + odd + "\"]";
    wire.serverMembers["scopes_supported"] = "[\"a" + odd + "\"]";
    wire.serverMembers["token_endpoint_auth_methods_supported"] = "[\"none\",\"" + odd + "\"]";
    wire.serverMembers["jwks_uri"] = "\"" + odd + "\"";
    wire.asPages["/register"] = OAuthWire::answering(
        400, R"({"error":"x)" + odd + R"(","error_description":"y)" + odd + "\"}");
    const QString target = wire.mcp.url().toString();
    for (const QString &command : {u"auth"_s, u"login"_s}) {
        for (const QStringList &more : {QStringList(), QStringList{u"--json"_s}}) {
            const CliRun run = runCli(
                QStringList{command, target, u"--no-browser"_s, u"--proxy"_s, u"none"_s} + more);
            QVERIFY2(run.exitCode >= 0, run.err);
            const QByteArray said = run.out + run.err;
            QVERIFY2(said.size() > 100, said);
            QByteArrayList harms{"\x1b", "\x07", "\r"};
            // JSON is for programs, and has the texts as they are.
            if (more.isEmpty())
                harms << "\u202e"
                      << "\u0085";
            for (const QByteArray &harm : std::as_const(harms))
                QVERIFY2(!said.contains(harm), said.toPercentEncoding(" \n:/{}\",[]"));
        }
    }
}

QTEST_GUILESS_MAIN(OAuthSafety)
#include "test_oauth_safety.moc"
