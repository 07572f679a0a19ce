// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_server.h"
#include "tests/ui/window_probe.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What the banner says of a refusal, and what it offers to do about it.
class TestFailureBanner : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void aQuotedTokenIsAFingerprint();
    void whereNoneWasSentATokenIsAskedFor();
};

void TestFailureBanner::aQuotedTokenIsAFingerprint()
{
    RawServer server;
    server.onRequest([](RawConnection &to, const RawRequest &http) {
        to.answer(401, {},
                  "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"token "
                      + http.header("Authorization").mid(7) + " is bad\"\r\n");
    });
    QVERIFY(server.listen());
    WindowProbe probe;
    ServerTarget target;
    target.url = server.url();
    target.network.proxy = NetworkSettings::Proxy::None;
    target.credentials.bearer = "sk-4711-secret";
    probe.window->connectTo(target);
    QTRY_VERIFY_WITH_TIMEOUT(!probe.banner().isEmpty(), 15000);
    QVERIFY2(probe.banner().contains(u"is bad"_s), qPrintable(probe.banner()));
    QVERIFY2(probe.banner().contains(QString::fromLatin1(
                 probe.session->redactor()->fingerprint(target.credentials.bearer))),
             qPrintable(probe.banner()));
    QVERIFY(probe.state().failure);
    for (const QString &text : probe.texts() + QStringList{probe.state().failure->sentence})
        QVERIFY2(!text.contains(u"-secret"_s), qPrintable(text));
}

void TestFailureBanner::whereNoneWasSentATokenIsAskedFor()
{
    LabProbe lab(LabSettings{.bearer = "lab-token-4711"});
    QVERIFY(lab.start());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(probe.link(u"Give a token…"_s), 15000);
    probe.link(u"Give a token…"_s)->click();
    auto *edit = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(edit);
    QCOMPARE(edit->accessibleName(), u"Bearer token"_s);
    // Enter uses it, closes the panel and connects.
    QTest::keyClicks(edit, u"lab-token-wrong"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(!edit->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(probe.banner().contains(u"401"_s) && probe.link(u"Why?"_s), 15000);
    QVERIFY(!probe.link(u"Give a token…"_s)); // one was sent
}

QTEST_MAIN(TestFailureBanner)
#include "test_failure_banner.moc"
