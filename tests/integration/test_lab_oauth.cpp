// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"
#include "tests/support/child_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

constexpr int Patience = 60'000;

} // namespace

/// Clients that are not ours authorise at the lab: those of the official TypeScript SDK.
class TestLabOAuth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QVERIFY2(!pinnedNode().isEmpty(), "run ./test.sh once: it installs the npm packages");
        m_lab = std::make_unique<Lab>(LabSettings{.oauth = {.on = true}});
        QVERIFY(m_lab->listen());
    }
    void cleanup() { m_lab.reset(); }

    void a_client_logs_in_steps_up_and_refreshes_data()
    {
        QTest::addColumn<QString>("method");
        for (const char *method : {"none", "client_secret_basic", "client_secret_post"})
            QTest::newRow(method) << QString::fromLatin1(method);
    }
    void a_client_logs_in_steps_up_and_refreshes()
    {
        QFETCH(QString, method);
        const QJsonObject told =
            run({npmPath(u"oauth-client.mjs"_s), m_lab->url().toString(), method});
        QCOMPARE(told.value("iss"_L1).toString(), m_lab->issuer().toString());
        QCOMPARE(told.value("state"_L1).toString(), u"sdk-state"_s);
        QCOMPARE(told.value("scopes"_L1).toArray(),
                 QJsonArray({u"lab:read lab:call"_s, u"lab:call lab:write"_s}));
        QVERIFY(told.value("tools"_L1).toInt() > 0);
        QCOMPARE(told.value("echo"_L1).toString(), u"hello"_s);
        QVERIFY(told.value("refreshed"_L1).toString().contains("403"_L1));
        QVERIFY(told.value("change"_L1).toString().startsWith("lab://live/counter is"_L1));
        QCOMPARE(told.value("again"_L1).toString(), u"again"_s);
        QVERIFY(told.value("rotated"_L1).toBool());
    }

    void a_service_comes_in_by_itself_data()
    {
        QTest::addColumn<QString>("method");
        QTest::newRow("secret") << u"secret"_s;
        QTest::newRow("key") << u"key"_s;
    }
    void a_service_comes_in_by_itself()
    {
        QFETCH(QString, method);
        const QJsonObject told = run({npmPath(u"oauth-service.mjs"_s), m_lab->url().toString(),
                                      m_lab->issuer().toString(), method});
        QCOMPARE(told.value("echo"_L1).toString(), u"hello"_s);
        QVERIFY(told.value("signed"_L1).toBool());
        QCOMPARE(told.value("audience"_L1).toString(), m_lab->url().toString());
    }

private:
    /// What a program of Node.js prints; the lab answers meanwhile.
    static QJsonObject run(const QStringList &words)
    {
        ChildProcess process;
        if (!process.start(pinnedNode(), words))
            return {};
        const bool ended = QTest::qWaitFor([&] { return !process.isRunning(); }, Patience);
        const QByteArray output = ended ? process.output() : QByteArray("it did not end");
        const QJsonObject told = QJsonDocument::fromJson(output).object();
        if (told.isEmpty())
            qWarning("%s", output.constData());
        return told;
    }

    std::unique_ptr<Lab> m_lab;
};

QTEST_GUILESS_MAIN(TestLabOAuth)
#include "test_lab_oauth.moc"
