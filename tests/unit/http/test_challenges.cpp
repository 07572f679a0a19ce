// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const Header Bearer{"Authorization", "Bearer t0ken", HeaderSource::Credential, true};
const Header Basic{"Authorization", "Basic bWU6cHc=", HeaderSource::Credential, true};

} // namespace

/// Row 7 of wire-facts.md: the library never answers a challenge by itself, neither with what
/// stands in the URL nor with what it saw before.
class TestChallenges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChallengeIsNotAnsweredByTheLibrary_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        QTest::addColumn<QString>("userInfo");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("authorization");
        const std::pair<const char *, QByteArray> challenges[] = {
            {"Basic", "WWW-Authenticate: Basic realm=\"x\"\r\n"},
            {"Digest",
             "WWW-Authenticate: Digest realm=\"x\", nonce=\"abc\", qop=\"auth\", "
             "algorithm=MD5\r\n"},
            {"NTLM", "WWW-Authenticate: NTLM\r\n"},
            {"Negotiate", "WWW-Authenticate: Negotiate\r\n"},
            {"Bearer", "WWW-Authenticate: Bearer realm=\"x\"\r\n"},
            {"Basic and Bearer",
             "WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: Bearer realm=\"x\"\r\n"},
            {"none", ""},
        };
        for (const auto &[name, lines] : challenges) {
            for (const char *method : {"GET", "POST", "DELETE"}) {
                const auto row = [&, n = name, &l = lines](const char *with, const char *userInfo,
                                                           const QByteArray &authorization) {
                    QTest::addRow("%s, %s, %s", n, method, with)
                        << 401 << l << QString::fromLatin1(userInfo) << QByteArray(method)
                        << authorization;
                };
                row("nothing", "", {});
                row("bearer", "", Bearer.value);
                row("basic", "", Basic.value);
                row("user in the URL", "me:pw", {});
                row("bearer and user in the URL", "me:pw", Bearer.value);
            }
        }
    }
    void aChallengeIsNotAnsweredByTheLibrary()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        QFETCH(QString, userInfo);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, authorization);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &) {
            connection.answer(status, "no", challenge);
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        QList<Header> lines;
        if (!authorization.isEmpty())
            lines.append({"Authorization", authorization, HeaderSource::Credential, true});
        FixedCredentials credentials(server.url(), lines);
        gate.setCredentials(&credentials);
        QUrl url = server.url();
        url.setUserInfo(userInfo);
        // Twice: what a first challenge taught is not used for the next request either.
        for (int i = 1; i <= 2; ++i) {
            HttpRequest request = method == "POST" ? postOf(url) : getOf(url);
            request.method = method;
            ExchangeProbe probe(gate.send(request));
            QVERIFY(probe.wait());
            QCOMPARE(probe.code(), QString());
            QCOMPARE(probe.exchange->status(), 401);
            QCOMPARE(probe.body, QByteArray("no"));
            QCOMPARE(probe.redirects.size(), 0);
            QCOMPARE(trace.exchangeCount(), i);
            QCOMPARE(server.requests().size(), i);
            QCOMPARE(server.requests().last().header("Authorization"), authorization);
            QCOMPARE(server.requests().last().headerCount("Authorization"),
                     authorization.isEmpty() ? 0 : 1);
            QCOMPARE(server.requests().last().head, headOf(trace.request(i)));
        }
    }

    void whatWasAcceptedOnceIsNotKept_data()
    {
        QTest::addColumn<QByteArray>("authorization");
        QTest::newRow("basic") << Basic.value;
        QTest::newRow("bearer") << Bearer.value;
    }
    void whatWasAcceptedOnceIsNotKept()
    {
        QFETCH(QByteArray, authorization);
        RawServer server;
        QVERIFY(server.listen());
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.header("Authorization").isEmpty())
                connection.answer(401, {}, "WWW-Authenticate: Basic realm=\"x\"\r\n");
            else
                connection.answer(200, "{}");
        });
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        FixedCredentials credentials(
            server.url(), {{"Authorization", authorization, HeaderSource::Credential, true}});
        gate.setCredentials(&credentials);
        ExchangeProbe with(gate.send(postOf(server.url())));
        QVERIFY(with.wait());
        QCOMPARE(with.exchange->status(), 200);
        gate.setCredentials(nullptr);
        ExchangeProbe without(gate.send(postOf(server.url())));
        QVERIFY(without.wait());
        QCOMPARE(without.exchange->status(), 401);
        QCOMPARE(server.requests().size(), 2);
        // On the same connection, where it could have been remembered.
        QCOMPARE(server.connections().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestChallenges)
#include "test_challenges.moc"
