// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/request_head.h"
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QScopeGuard>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QList<ExchangeKind> allKinds{
    ExchangeKind::Post,   ExchangeKind::Stream,    ExchangeKind::Reconnect,
    ExchangeKind::Delete, ExchangeKind::Discovery, ExchangeKind::Registration,
    ExchangeKind::Token,  ExchangeKind::Other,
};

QByteArray methodOf(ExchangeKind kind)
{
    switch (kind) {
    case ExchangeKind::Post:
    case ExchangeKind::Registration:
    case ExchangeKind::Token:
        return "POST";
    case ExchangeKind::Delete:
        return "DELETE";
    default:
        return "GET";
    }
}

QList<QByteArray> namesOf(const RequestRecord &record)
{
    QList<QByteArray> names;
    for (const Header &line : record.headers)
        names.append(line.name);
    return names;
}

Header line(const char *name, const char *value, HeaderSource source)
{
    return {name, value, source, false};
}

} // namespace

class RequestOnTheWire : public QObject {
    Q_OBJECT

private:
    /// Sends one request and gives back what the server saw and what the trace says.
    std::pair<RawRequest, RequestRecord> roundTrip(const HttpRequest &request,
                                                   CredentialSource *credentials = nullptr)
    {
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        gate.setCredentials(credentials);
        const qsizetype before = m_server.requests().size();
        ExchangeProbe probe(gate.send(request));
        if (!probe.wait() || m_server.requests().size() != before + 1)
            return {};
        return {m_server.requests().last(), trace.request(1)};
    }

    RawServer m_server;

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_server.listen());
        m_server.onRequest(
            [](RawConnection &connection, const RawRequest &) { connection.answer(200, "{}"); });
    }

    void traceEqualsWireForEveryKind_data()
    {
        QTest::addColumn<int>("kind");
        for (const ExchangeKind kind : allKinds)
            QTest::newRow(exchangeKindName(kind).constData()) << int(kind);
    }
    void traceEqualsWireForEveryKind()
    {
        QFETCH(int, kind);
        HttpRequest request;
        request.kind = ExchangeKind(kind);
        request.method = methodOf(request.kind);
        request.url = m_server.url(QStringLiteral("/mcp?session=a%2Fb"));
        if (request.method == "POST")
            request.body = "{\"jsonrpc\":\"2.0\"}";
        request.headers.add("Mcp-Session-Id", "41c0", HeaderSource::Session);
        request.headers.add("Accept", "text/event-stream", HeaderSource::Protocol);
        request.headers.add("X-Mine", "  spaced\tvalue ", HeaderSource::User);
        request.headers.add("x-EMPTY", "", HeaderSource::User);
        FixedCredentials credentials(
            m_server.url(),
            {line("Authorization", "Bearer t0ken", HeaderSource::Credential),
             line("X-Api-Key", "k", HeaderSource::Credential)});
        const auto [wire, record] = roundTrip(request, &credentials);
        QCOMPARE(wire.head, headOf(record));
        QCOMPARE(wire.body, request.body);
        // The credentials are a function of the origin, never of the kind.
        QCOMPARE(wire.header("Authorization"), QByteArray("Bearer t0ken"));
        QCOMPARE(wire.header("X-Api-Key"), QByteArray("k"));
        QList<QByteArray> expected{
            "Host",    "Accept",     "Mcp-Session-Id",  "Authorization",   "X-Api-Key", "X-Mine",
            "x-EMPTY", "User-Agent", "Accept-Encoding", "Accept-Language", "Connection"};
        if (request.method == "POST")
            expected << "Content-Type"
                     << "Content-Length";
        if (!libraryKeepsHeaders())
            std::transform(expected.cbegin(), expected.cend(), expected.begin(),
                           [](const QByteArray &name) { return name.toLower(); });
        QCOMPARE(namesOf(record), expected);
    }

    void traceEqualsWireForTargets_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const char *path, const char *target) {
            QTest::newRow(path) << QString::fromUtf8(path) << QByteArray(target);
        };
        row("", "/");
        row("/", "/");
        row("?q", "/?q");
        row("/mcp/", "/mcp/");
        row("/a/../b/./c", "/b/c");
        // Some releases of the library join slashes; the trace says what went.
        row("//double",
            QUrl(QStringLiteral("http://a//double"))
                .adjusted(QUrl::NormalizePathSegments)
                .path()
                .toLatin1()
                .constData());
        row("/a%2Fb%7B", "/a%2Fb%7B");
        row("/a b", "/a%20b");
        row("/mcp?a=1&b=%20&c=x+y", "/mcp?a=1&b=%20&c=x+y");
        row("/mcp?", "/mcp?");
        row("/mcp#fragment", "/mcp");
        row("/m\u00fcnchen?\u00fc", "/m%C3%BCnchen?%C3%BC");
    }
    void traceEqualsWireForTargets()
    {
        QFETCH(QString, url);
        QFETCH(QByteArray, target);
        for (const bool post : {false, true}) {
            const QUrl whole(m_server.url(QString()).toString() + url);
            const auto [wire, record] = roundTrip(post ? postOf(whole) : getOf(whole));
            QCOMPARE(record.target, target);
            QCOMPARE(wire.target(), target);
            QCOMPARE(wire.head, headOf(record));
        }
    }

    void userInfoNeverLeaves()
    {
        QUrl url = m_server.url();
        url.setUserInfo(QStringLiteral("me:secret"));
        const auto [wire, record] = roundTrip(getOf(url));
        QCOMPARE(wire.head, headOf(record));
        QVERIFY(!wire.head.contains("Authorization"));
        QVERIFY(record.url.userInfo().isEmpty());
    }

    void emptyPostHasALength()
    {
        const auto [wire, record] =
            roundTrip(postOf(m_server.url(QStringLiteral("/mcp?q=1")), QByteArray()));
        QCOMPARE(wire.head, headOf(record));
        QCOMPARE(wire.header("Content-Length"), QByteArray("0"));
        QCOMPARE(wire.target(), QByteArray("/mcp?q=1"));
    }

    void contentTypeIsSetWhereNobodyDid()
    {
        HttpRequest request;
        request.method = "POST";
        request.url = m_server.url();
        request.body = "a=b";
        request.kind = ExchangeKind::Token;
        const auto [wire, record] = roundTrip(request);
        QCOMPARE(wire.head, headOf(record));
        QCOMPARE(wire.header("Content-Type"), QByteArray("application/x-www-form-urlencoded"));
    }

    void repeatedHeadersKeepOrderAndSpelling()
    {
        HttpRequest request = getOf(m_server.url());
        request.headers.add("X-A", "1", HeaderSource::User);
        request.headers.add("X-B", "2", HeaderSource::User);
        request.headers.add("x-a", "3", HeaderSource::User);
        request.headers.add("X-C", "4", HeaderSource::User);
        request.headers.add("X-A", "1", HeaderSource::User);
        if (!libraryKeepsHeaders()) {
            TraceStore trace;
            HttpGate gate(&trace);
            gate.setNetworkSettings(direct());
            ExchangeProbe probe(gate.send(request));
            QVERIFY(probe.wait());
            QCOMPARE(probe.code(), QStringLiteral("header-repeated"));
            return;
        }
        const auto [wire, record] = roundTrip(request);
        QCOMPARE(wire.head, headOf(record));
        QVERIFY(wire.head.contains("X-A: 1\r\nX-B: 2\r\nx-a: 3\r\nX-C: 4\r\nX-A: 1\r\n"));
    }

    void theRecordIsWhatALaterLibraryWrites()
    {
        RequestRecord record;
        record.headers = {line("X-Api-Key", " a B ", HeaderSource::Credential)};
        writeAsLibrary(record);
        QCOMPARE(record.headers, QList{line("x-api-key", "a B", HeaderSource::Credential)});
    }

    void aRepeatedHeaderIsRefusedWhereTheLibraryTakesNone()
    {
        RequestRecord record;
        record.method = "GET";
        record.headers = {line("X-A", "1", HeaderSource::User),
                          line("x-a", "2", HeaderSource::User)};
        QVERIFY(!headProblem(record, false, true));
        const auto problem = headProblem(record, false, false);
        QVERIFY(problem);
        QCOMPARE(problem->code, QStringLiteral("header-repeated"));
        QVERIFY2(problem->sentence.contains(QLatin1String(qVersion())),
                 qPrintable(problem->sentence));
    }

    void thePersonsHeaderGoesInsteadAndTheTraceSaysSo()
    {
        HttpRequest request = postOf(m_server.url());
        request.headers.add("Mcp-Session-Id", "s", HeaderSource::Session);
        FixedCredentials credentials(
            m_server.url(),
            {line("accept", "text/plain", HeaderSource::Credential),
             line("Host", "elsewhere.example", HeaderSource::Credential),
             line("user-agent", "Mine/1", HeaderSource::Credential),
             line("Mcp-Session-Id", "other", HeaderSource::Credential),
             line("Content-Length", "999", HeaderSource::Credential),
             line("Transfer-Encoding", "chunked", HeaderSource::Credential)});
        const auto [wire, record] = roundTrip(request, &credentials);
        QCOMPARE(wire.head, headOf(record));
        QVERIFY(
            wire.head.toLower().startsWith("post /mcp http/1.1\r\nhost: elsewhere.example\r\n"));
        for (const char *name : {"Host", "Accept", "User-Agent", "Mcp-Session-Id"})
            QCOMPARE(wire.headerCount(name), 1);
        QCOMPARE(wire.header("Accept"), QByteArray("text/plain"));
        QCOMPARE(wire.header("User-Agent"), QByteArray("Mine/1"));
        QCOMPARE(wire.header("Mcp-Session-Id"), QByteArray("other"));
        QCOMPARE(wire.header("Content-Length"), QByteArray("2"));
        QVERIFY(wire.header("Transfer-Encoding").isNull());
        QStringList withheld;
        for (const Withheld &entry : record.withheld)
            withheld.append(QString::fromLatin1(entry.name.toLower()) + QLatin1String(": ")
                            + entry.why);
        withheld.sort();
        QCOMPARE(
            withheld,
            QStringList({QStringLiteral("accept: the header that you set goes instead"),
                         QStringLiteral("content-length: the length is counted from the body "
                                        "that is sent"),
                         QStringLiteral("mcp-session-id: the header that you set goes instead"),
                         QStringLiteral("transfer-encoding: the length is counted from the "
                                        "body that is sent")}));
    }

    void whatIsTypedForOneRequestBeatsTheCredentials()
    {
        HttpRequest request = getOf(m_server.url());
        request.headers.add("Authorization", "Bearer typed", HeaderSource::User);
        FixedCredentials credentials(
            m_server.url(), {line("Authorization", "Bearer set", HeaderSource::Credential)});
        const auto [wire, record] = roundTrip(request, &credentials);
        QCOMPARE(wire.head, headOf(record));
        QCOMPARE(wire.headerCount("Authorization"), 1);
        QCOMPARE(wire.header("Authorization"), QByteArray("Bearer typed"));
        QCOMPARE(record.withheld.size(), 1);
        QCOMPARE(record.withheld.first().name, QByteArray("Authorization"));
    }

    void brokenHeadersAreRefusedBeforeAnythingLeaves_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("cr lf") << QByteArray("X-A") << QByteArray("1\r\nX-B: 2");
        QTest::newRow("lf") << QByteArray("X-A") << QByteArray("1\n");
        QTest::newRow("nul") << QByteArray("X-A") << QByteArray("1\0", 2);
        QTest::newRow("name") << QByteArray("X A") << QByteArray("1");
        QTest::newRow("colon") << QByteArray(":path") << QByteArray("1");
        QTest::newRow("no name") << QByteArray() << QByteArray("1");
    }
    void brokenHeadersAreRefusedBeforeAnythingLeaves()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = getOf(m_server.url());
        request.headers.add(name, value, HeaderSource::User);
        const qsizetype before = m_server.connections().size();
        ExchangeProbe probe(gate.send(request));
        QCOMPARE(probe.finishes, 0); // never at once
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("header-malformed"));
        QCOMPARE(probe.exchange->failure()->kind, FailureKind::Usage);
        QCOMPARE(m_server.connections().size(), before);
        QVERIFY(trace.summary(1).failed);
    }

    void theSystemsProxyIsUsedWhereChosenAndNowhereElse()
    {
        RawServer proxy;
        QVERIFY(proxy.listen());
        proxy.onRequest([](RawConnection &connection, const RawRequest &) {
            connection.answer(200, "by proxy");
        });
        qputenv("http_proxy", proxy.url(QString()).toEncoded());
        const auto unset = qScopeGuard([] { qunsetenv("http_proxy"); });
        // This machine under an address that is exempt from no proxy.
        const QUrl url = m_server.url(QStringLiteral("/mcp"), QStringLiteral("0.0.0.0"));
        for (const auto choice : {NetworkSettings::Proxy::None, NetworkSettings::Proxy::System}) {
            const bool system = choice == NetworkSettings::Proxy::System;
            TraceStore trace;
            HttpGate gate(&trace);
            NetworkSettings settings;
            settings.proxy = choice;
            gate.setNetworkSettings(settings);
            ExchangeProbe probe(gate.send(postOf(url)));
            QVERIFY(probe.wait());
            QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
            QCOMPARE(probe.body, system ? QByteArray("by proxy") : QByteArray("{}"));
            QCOMPARE(proxy.requests().size(), system ? 1 : 0);
        }
        QCOMPARE(proxy.requests().first().target(), url.toEncoded());
    }

    void unusableUrlsFail_data()
    {
        QTest::addColumn<QUrl>("url");
        QTest::newRow("none") << QUrl();
        QTest::newRow("scheme") << QUrl(QStringLiteral("ftp://127.0.0.1/"));
        QTest::newRow("file") << QUrl(QStringLiteral("file:///etc/passwd"));
        QTest::newRow("no host") << QUrl(QStringLiteral("http:///mcp"));
        QTest::newRow("relative") << QUrl(QStringLiteral("/mcp"));
    }
    void unusableUrlsFail()
    {
        QFETCH(QUrl, url);
        TraceStore trace;
        HttpGate gate(&trace);
        ExchangeProbe probe(gate.send(getOf(url)));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("url-unusable"));
    }
};

QTEST_GUILESS_MAIN(RequestOnTheWire)
#include "test_request_on_the_wire.moc"
