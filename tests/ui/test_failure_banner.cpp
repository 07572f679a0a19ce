// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quick_browser.h"
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
    void itSaysWhatTheFindingsSay_data();
    void itSaysWhatTheFindingsSay();
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

void TestFailureBanner::itSaysWhatTheFindingsSay_data()
{
    QTest::addColumn<QString>("play");
    QTest::addColumn<bool>("logsIn");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("hides");
    QTest::newRow("AF-31") << u"AF-31"_s << false << u"firewall"_s << u"ask the server's owner"_s;
    QTest::newRow("AF-20") << u"AF-20"_s << false << u"says no way to authorise"_s << u"AF-67"_s;
    QTest::newRow("AF-11") << u"AF-11"_s << true << u"expired"_s << u"AF-60"_s;
    QTest::newRow("AF-10") << u"AF-10"_s << true << u"is made for"_s << u"AF-60"_s;
}

void TestFailureBanner::itSaysWhatTheFindingsSay()
{
    QFETCH(QString, play);
    QFETCH(bool, logsIn);
    QFETCH(QString, says);
    QFETCH(QString, hides);
    LabSettings settings;
    settings.oauth.on = logsIn;
    settings.play = {play};
    LabProbe lab(settings);
    QVERIFY(lab.start());
    WindowProbe probe;
    QuickBrowser browser;
    connect(probe.session.get(), &SessionController::oauthChanged, &browser, [&] {
        const OAuthState &state = probe.session->oauth();
        if (state.phase == OAuthState::Phase::Browser && !browser.opened().contains(state.browse))
            browser.open(state.browse);
    });
    ServerTarget target;
    target.url = lab.url();
    target.network.proxy = NetworkSettings::Proxy::None;
    if (logsIn)
        target.oauth.mode = OAuthSettings::Mode::Interactive;
    probe.window->connectTo(target);
    QTRY_VERIFY2_WITH_TIMEOUT(probe.banner().contains(play), qPrintable(probe.banner()), 20000);
    QVERIFY2(probe.banner().contains(says), qPrintable(probe.banner()));
    QVERIFY2(!probe.banner().contains(hides), qPrintable(probe.banner()));
}

QTEST_MAIN(TestFailureBanner)
#include "test_failure_banner.moc"
