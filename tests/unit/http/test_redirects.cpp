// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QList<QByteArray> secrets{"Authorization", "X-Api-Key", "Cookie", "Mcp-Session-Id", "X-Mine"};

HttpRequest requestOf(const QByteArray &method, const QUrl &url)
{
    HttpRequest request = method == "POST" ? postOf(url) : getOf(url);
    request.method = method;
    request.headers.add("Mcp-Session-Id", "41c0", HeaderSource::Session);
    request.headers.add("MCP-Protocol-Version", "2025-06-18", HeaderSource::Protocol);
    request.headers.add("X-Mine", "typed", HeaderSource::User);
    return request;
}

QList<QByteArray> withheldNames(const RequestRecord &record)
{
    QList<QByteArray> names;
    for (const Withheld &entry : record.withheld)
        names.append(entry.name);
    return names;
}

QString whyWithheld(const RequestRecord &record, const QByteArray &name)
{
    for (const Withheld &entry : record.withheld) {
        if (entry.name == name)
            return entry.why;
    }
    return {};
}

} // namespace

/// Row 2 of wire-facts.md. Two servers are two origins: their ports differ.
class Redirects : public QObject {
    Q_OBJECT

private:
    using Answer = std::function<void(RawConnection &, const RawRequest &)>;

    static void redirect(RawConnection &connection, int status, const QByteArray &to)
    {
        connection.answer(status, "moved", "Location: " + to + "\r\n");
    }
    static QByteArray at(const RawServer &server, const char *path)
    {
        return server.url(QString::fromLatin1(path)).toEncoded();
    }
    FixedCredentials credentials() const
    {
        return FixedCredentials(m_a->url(),
                                {{"Authorization", "Bearer t0ken", HeaderSource::Credential, true},
                                 {"X-Api-Key", "k", HeaderSource::Credential, false},
                                 {"Cookie", "a=b", HeaderSource::Credential, false}});
    }

    std::unique_ptr<RawServer> m_a;
    std::unique_ptr<RawServer> m_b;

private Q_SLOTS:
    void init()
    {
        m_a = std::make_unique<RawServer>();
        m_b = std::make_unique<RawServer>();
        QVERIFY(m_a->listen());
        QVERIFY(m_b->listen());
    }

    void theMethodOfTheNextHopIsThatOfTheStandard_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("next");
        const auto row = [](int status, const char *method, const char *next) {
            QTest::addRow("%d %s", status, method)
                << status << QByteArray(method) << QByteArray(next);
        };
        for (const int status : {301, 302}) {
            row(status, "POST", "GET");
            row(status, "GET", "GET");
            row(status, "DELETE", "DELETE");
        }
        row(303, "POST", "GET");
        row(303, "GET", "GET");
        row(303, "DELETE", "GET");
        for (const int status : {307, 308}) {
            row(status, "POST", "POST");
            row(status, "GET", "GET");
            row(status, "DELETE", "DELETE");
        }
    }
    void theMethodOfTheNextHopIsThatOfTheStandard()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, next);
        m_a->onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/mcp")
                redirect(connection, status, "/next?q=1#part");
            else
                connection.answer(200, "{}");
        });
        FixedCredentials given = credentials();
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        gate.setCredentials(&given);
        ExchangeProbe probe(gate.send(requestOf(method, m_a->url())));
        QVERIFY(probe.wait());
        QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
        QCOMPARE(probe.exchange->status(), 200);
        QCOMPARE(probe.heads, 1);
        QCOMPARE(probe.body, QByteArray("{}"));
        QCOMPARE(m_a->requests().size(), 2);
        QCOMPARE(trace.exchangeCount(), 2);
        QCOMPARE(probe.redirects, QList({std::pair(ExchangeId(1), ExchangeId(2))}));

        const RawRequest &hop = m_a->requests().at(1);
        QCOMPARE(hop.method(), next);
        QCOMPARE(hop.target(), QByteArray("/next?q=1"));
        QCOMPARE(hop.body, next == "POST" ? QByteArray("{}") : QByteArray());
        QCOMPARE(hop.header("Content-Length"), next == "POST" ? QByteArray("2") : QByteArray());
        QCOMPARE(hop.header("Content-Type").isNull(), next != "POST");
        QCOMPARE(whyWithheld(trace.request(2), "Content-Type").isEmpty(),
                 method == next || method != "POST");
        // The same origin: nothing else stays behind.
        for (const QByteArray &name : secrets)
            QCOMPARE(hop.header(name), m_a->requests().at(0).header(name));
        for (ExchangeId id = 1; id <= 2; ++id) {
            QCOMPARE(m_a->requests().at(id - 1).head, headOf(trace.request(id)));
            QCOMPARE(trace.requestBody(id), m_a->requests().at(id - 1).body);
            QVERIFY(trace.summary(id).finished);
            QVERIFY(!trace.failure(id));
        }
        QCOMPARE(trace.request(2).cause, 1);
        QCOMPARE(trace.summary(2).kind, trace.summary(1).kind);
        QCOMPARE(trace.response(1)->status, status);
        QCOMPARE(trace.responseBody(1), QByteArray("moved"));
    }

    void toAnotherOriginGoesNothingOfThePersons_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("method");
        for (const int status : {301, 302, 303, 307, 308}) {
            for (const char *method : {"POST", "GET", "DELETE"})
                QTest::addRow("%d %s", status, method) << status << QByteArray(method);
        }
    }
    void toAnotherOriginGoesNothingOfThePersons()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, method);
        m_a->onRequest([&](RawConnection &connection, const RawRequest &) {
            redirect(connection, status, at(*m_b, "/mcp"));
        });
        m_b->onRequest(
            [](RawConnection &connection, const RawRequest &) { connection.answer(200, "{}"); });
        FixedCredentials given = credentials();
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        gate.setCredentials(&given);
        ExchangeProbe probe(gate.send(requestOf(method, m_a->url())));
        QVERIFY(probe.wait());
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(m_a->requests().size(), 1);
        QCOMPARE(m_b->requests().size(), 1);
        QCOMPARE(m_a->requests().first().head, headOf(trace.request(1)));
        QCOMPARE(m_b->requests().first().head, headOf(trace.request(2)));
        for (const QByteArray &name : secrets) {
            QVERIFY(!m_a->requests().first().header(name).isNull());
            QVERIFY2(m_b->requests().first().header(name).isNull(), name.constData());
            QCOMPARE(withheldNames(trace.request(2)).count(name), 1);
            QVERIFY(whyWithheld(trace.request(2), name).contains(QStringLiteral("another origin")));
        }
        QVERIFY(whyWithheld(trace.request(2), "Mcp-Session-Id")
                    .contains(m_b->url(QString()).toString()));
        // What says only how we speak goes along.
        QCOMPARE(m_b->requests().first().header("MCP-Protocol-Version"), QByteArray("2025-06-18"));
        QCOMPARE(trace.request(2).cause, 1);
    }

    void backAtTheFirstOriginCredentialsStayBehind()
    {
        m_a->onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() == "/mcp")
                redirect(connection, 307, at(*m_b, "/over"));
            else
                connection.answer(200, "{}");
        });
        m_b->onRequest([&](RawConnection &connection, const RawRequest &) {
            redirect(connection, 307, at(*m_a, "/delete-everything"));
        });
        FixedCredentials given = credentials();
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        gate.setCredentials(&given);
        ExchangeProbe probe(gate.send(requestOf("POST", m_a->url())));
        QVERIFY(probe.wait());
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(trace.exchangeCount(), 3);
        QCOMPARE(m_a->requests().size(), 2);
        QCOMPARE(m_a->requests().at(1).head, headOf(trace.request(3)));
        for (const QByteArray &name : secrets) {
            QVERIFY2(m_a->requests().at(1).header(name).isNull(), name.constData());
            QCOMPARE(withheldNames(trace.request(3)).count(name), 1);
        }
        QCOMPARE(whyWithheld(trace.request(3), "Authorization"),
                 QStringLiteral("redirected through another origin"));
        // The next request starts anew.
        ExchangeProbe next(gate.send(requestOf("POST", m_a->url(QStringLiteral("/direct")))));
        QVERIFY(next.wait());
        QCOMPARE(m_a->requests().at(2).header("Authorization"), QByteArray("Bearer t0ken"));
    }

    void tenHopsAreFollowedAndNoMore_data()
    {
        QTest::addColumn<int>("hops");
        QTest::addColumn<QString>("code");
        QTest::newRow("ten") << 10 << QString();
        QTest::newRow("eleven") << 11 << QStringLiteral("too-many-redirects");
    }
    void tenHopsAreFollowedAndNoMore()
    {
        QFETCH(int, hops);
        QFETCH(QString, code);
        m_a->onRequest([&](RawConnection &connection, const RawRequest &) {
            const qsizetype count = m_a->requests().size();
            if (count <= hops)
                redirect(connection, 307, "/" + QByteArray::number(count));
            else
                connection.answer(200, "{}");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_a->url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), code);
        QCOMPARE(m_a->requests().size(), 11);
        QCOMPARE(trace.exchangeCount(), 11);
        for (ExchangeId id = 1; id <= 11; ++id)
            QCOMPARE(m_a->requests().at(id - 1).head, headOf(trace.request(id)));
    }

    void loopsEnd_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("requests");
        QTest::newRow("to itself") << QByteArray("/self") << 1;
        QTest::newRow("there and back") << QByteArray("/there") << 2;
        QTest::newRow("with a fragment") << QByteArray("/fragment") << 1;
    }
    void loopsEnd()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, requests);
        m_a->onRequest([](RawConnection &connection, const RawRequest &raw) {
            const QHash<QByteArray, QByteArray> to{{"/self", "/self"},
                                                   {"/there", "/back"},
                                                   {"/back", "/there"},
                                                   {"/fragment", "#again"}};
            redirect(connection, 307, to.value(raw.target()));
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_a->url(QString::fromLatin1(path)))));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("redirect-loop"));
        QCOMPARE(m_a->requests().size(), requests);
        QCOMPARE(trace.exchangeCount(), requests);
    }

    void aLocationThatCannotBeFollowedIsAFailure_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *location, const char *code) {
            QTest::newRow(location) << QByteArray(location) << QString::fromLatin1(code);
        };
        row("http://", "redirect-unsupported-scheme");
        row("http://[::1/mcp", "redirect-malformed");
        row("http://host:99999/", "redirect-malformed");
        row("http:///mcp", "redirect-unsupported-scheme");
        row("ftp://127.0.0.1/", "redirect-unsupported-scheme");
        row("file:///etc/passwd", "redirect-unsupported-scheme");
        row("javascript:alert(1)", "redirect-unsupported-scheme");
        row("data:text/plain,x", "redirect-unsupported-scheme");
    }
    void aLocationThatCannotBeFollowedIsAFailure()
    {
        QFETCH(QByteArray, location);
        QFETCH(QString, code);
        m_a->onRequest([&](RawConnection &connection, const RawRequest &) {
            redirect(connection, 307, location);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_a->url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), code);
        QCOMPARE(probe.exchange->failure()->kind, FailureKind::Protocol);
        QCOMPARE(probe.exchange->failure()->exchange, 1);
        QCOMPARE(trace.exchangeCount(), 1);
        QCOMPARE(trace.response(1)->status, 307);
        QCOMPARE(trace.failure(1)->code, code);
    }

    void fromHttpsToHttpIsNotFollowed()
    {
        RawServer secure;
        secure.useTls(RawServer::tlsConfiguration(QStringLiteral("good")));
        QVERIFY(secure.listen());
        secure.onRequest([&](RawConnection &connection, const RawRequest &) {
            redirect(connection, 307, at(*m_a, "/mcp"));
        });
        TraceStore trace;
        HttpGate gate(&trace);
        NetworkSettings settings = direct();
        settings.caFile = RawServer::certificateFile(QStringLiteral("ca.pem"));
        gate.setNetworkSettings(settings);
        ExchangeProbe probe(gate.send(postOf(secure.url())));
        QVERIFY(probe.wait());
        QCOMPARE(probe.code(), QStringLiteral("redirect-insecure"));
        QCOMPARE(m_a->connections().size(), 0);
        QCOMPARE(trace.exchangeCount(), 1);
    }

    void withoutALocationItIsAnAnswerLikeOthers_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {300, 301, 302, 303, 304, 307, 308})
            QTest::addRow("%d", status) << status;
    }
    void withoutALocationItIsAnAnswerLikeOthers()
    {
        QFETCH(int, status);
        m_a->onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.answer(status, status == 304 ? "" : "why");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_a->url())));
        QVERIFY(probe.wait());
        QVERIFY2(!probe.exchange->failure(), qPrintable(probe.code()));
        QCOMPARE(probe.exchange->status(), status);
        QCOMPARE(probe.heads, 1);
        QCOMPARE(probe.body, status == 304 ? QByteArray() : QByteArray("why"));
        QCOMPARE(trace.exchangeCount(), 1);
    }

    void whoDoesNotFollowGetsTheRedirectItself()
    {
        m_a->onRequest([](RawConnection &connection, const RawRequest &) {
            redirect(connection, 302, "/login");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        HttpRequest request = postOf(m_a->url());
        request.followRedirects = false;
        ExchangeProbe probe(gate.send(request));
        QVERIFY(probe.wait());
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(probe.exchange->status(), 302);
        QCOMPARE(probe.body, QByteArray("moved"));
        QCOMPARE(m_a->requests().size(), 1);
    }

    void aRedirectIsFollowedThoughItsBodyHasNoEnd()
    {
        m_a->onRequest([](RawConnection &connection, const RawRequest &raw) {
            if (raw.target() != "/mcp") {
                connection.answer(200, "{}");
                return;
            }
            connection.write("HTTP/1.1 307 Moved\r\nLocation: /next\r\n\r\n");
            connection.stream(Q_INT64_C(1) << 30);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_a->url())));
        QVERIFY(probe.wait());
        QVERIFY(!probe.exchange->failure());
        QCOMPARE(probe.body, QByteArray("{}"));
        QVERIFY(trace.summary(1).responseBytes < 16 * 1024 * 1024);
    }
};

QTEST_GUILESS_MAIN(Redirects)
#include "test_redirects.moc"
