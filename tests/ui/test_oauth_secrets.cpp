// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Whole log-ins with marked secrets in the real window: nothing that it shows, tells a screen
// reader, copies by default, remembers or records has one.

#include "tests/support/recording_bytes.h"
#include "tests/ui/secret_scene.h"
#include "ui/widgets/oauth_step_view.h"

#include <QDirIterator>
#include <QSignalSpy>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// Of the client, by hand.
const QString givenSecret = u"Mrk4711given"_s;

QStringList &logged()
{
    static QStringList lines;
    return lines;
}

void keepLogged(QtMsgType, const QMessageLogContext &context, const QString &text)
{
    logged().append(QString::fromUtf8(context.category) + u": "_s + text);
}

/// Everything in the files under a folder.
QByteArray written(const QString &folder)
{
    QByteArray all;
    for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         it.hasNext();) {
        QFile file(it.next());
        if (file.open(QIODevice::ReadOnly))
            all += plainRecording(file.readAll()) + '\n';
    }
    return all;
}

QString told(const ScreenText &seen, const QStringList &secrets)
{
    QStringList found;
    for (const QString &secret : secrets)
        found += seen.findings(secret);
    return found.join(u'\n');
}

} // namespace

class TestOAuthSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void nothingThatTheWindowShowsCopiesOrKeepsHasASecret();
    void secretsAreSeenWhereTheyAreAskedFor();
    void aRefusalThatRepeatsThemShowsNone();

private:
    QTemporaryDir m_home;
};

void TestOAuthSecrets::initTestCase()
{
    QVERIFY(m_home.isValid());
    // What views remember by themselves.
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home.path());
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
    QCoreApplication::setOrganizationName(u"sightglass-test"_s);
    applyTheme(*qApp, ThemeChoice::Light);
    QAccessible::setActive(true);
}

void TestOAuthSecrets::nothingThatTheWindowShowsCopiesOrKeepsHasASecret()
{
    logged().clear();
    const QtMessageHandler before = qInstallMessageHandler(keepLogged);
    const auto restore = qScopeGuard([before] { qInstallMessageHandler(before); });
    ScreenText seen;
    SecretScene scene;
    QVERIFY(scene.wire.listens);
    const QString recording = scene.probe.folder.filePath(u"live.sightglass"_s);
    scene.probe.session->recordTo(recording, false);
    scene.probe.enter(scene.wire.mcp.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(scene.oauth().phase, OAuthState::Phase::Browser, patience);
    seen.look();
    seen.copyAll();

    // As a client that the server registered.
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(1));
    QVERIFY(scene.callsTool());
    seen.look();
    scene.probe.window->showPage(u"access"_s);
    scene.button(u"Refresh now"_s, scene.section())->click();
    QVERIFY(scene.authorized(2));
    QVERIFY(scene.callsTool());
    scene.look(&seen);

    // And as one with a secret that somebody typed, and tokens that are bound to a key.
    OAuthSettings settings = scene.probe.part<ConnectionLine>()->oauth();
    settings.clientId = u"client-2"_s;
    settings.clientSecret = givenSecret;
    settings.clientAuthentication = ClientAuthentication::Basic;
    settings.dpop = OAuthSettings::DPoP::Always;
    scene.probe.part<ConnectionLine>()->setOAuth(settings);
    scene.button(u"Log in again"_s, scene.section())->click();
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(3));
    QVERIFY(scene.callsTool());
    // One that is refused, and named in the refusal, is renewed.
    scene.revoked = true;
    QVERIFY(scene.callsTool());
    QVERIFY(scene.authorized(4));
    scene.look(&seen);
    QSignalSpy out(scene.probe.session.get(), &SessionController::loggedOut);
    const QStringList secrets = QStringList{mark} + scene.unmarked();
    const QString print =
        QString::fromLatin1(scene.probe.session->redactor()->fingerprint(scene.accessToken()));
    scene.button(u"Log out"_s, scene.section())->click();
    QVERIFY(out.wait(patience));
    QVERIFY(!OAuthWire::got(scene.wire.as, "/revoke").isEmpty());
    scene.look(&seen);
    scene.lookAtTraffic(&seen);

    // They were there to be shown.
    const QList<RawRequest> asked = OAuthWire::got(scene.wire.as, "/token");
    QCOMPARE(asked.size(), 4);
    QVERIFY(asked.at(0).body.contains("Mrk4711code"));
    QVERIFY(asked.at(0).body.contains("Mrk4711registered"));
    QVERIFY(asked.at(1).body.contains("Mrk4711refresh1"));
    QVERIFY(asked.at(2).header("Authorization").startsWith("Basic "));
    QVERIFY(!asked.at(2).header("DPoP").isNull());
    // The mark, two verifiers, Basic and a proof twice each, and the key.
    QCOMPARE(secrets.size(), 8);
    for (const QString &secret : secrets)
        QVERIFY(secret.size() >= mark.size());
    // And all channels were looked into: in place of the token stands its fingerprint.
    for (const QString &where :
         {u"widgets"_s, u"models"_s, u"painted"_s, u"accessible"_s, u"clipboard"_s}) {
        QVERIFY2(seen.has(where, print), qPrintable(where));
        QVERIFY2(seen.has(where, u"access_token"_s), qPrintable(where));
    }
    QVERIFY(seen.has(u"clipboard"_s, u"curl"_s));
    for (const char *words : {"You sent ", "Of ", "says ", "not ", "you sent ", "no ", "logs ",
                              "wants ", "be ", "told ", "refused "})
        QVERIFY2(seen.hasAnywhere(QString::fromLatin1(words) + u"DPoP ~"_s)
                     || seen.hasAnywhere(QString::fromLatin1(words) + u"Bearer ~"_s),
                 words);
    for (const QString &line : std::as_const(logged()))
        seen.add(u"log"_s, line);

    scene.probe.session->stopRecording();
    scene.probe.session->recordTo(scene.probe.folder.filePath(u"next.sightglass"_s), false);
    scene.probe.session->stopRecording();
    scene.probe.settings.sync();
    scene.probe.window->close();
    QVERIFY(QFileInfo(recording).size() > 1000);
    for (const QString &folder : {scene.probe.folder.path(), m_home.path()}) {
        const QByteArray files = written(folder);
        for (const QString &secret : secrets) {
            const qsizetype at = files.indexOf(secret.toLatin1());
            QVERIFY2(at < 0, files.mid(std::max<qsizetype>(0, at - 60), 140));
        }
    }
    QVERIFY(written(scene.probe.folder.path()).contains("client-2"));
    const QString found = told(seen, secrets);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

void TestOAuthSecrets::secretsAreSeenWhereTheyAreAskedFor()
{
    SecretScene scene;
    scene.probe.enter(scene.wire.mcp.url().toString());
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(1));
    QVERIFY(scene.callsTool());
    const QString token = QString::fromLatin1(scene.accessToken());

    // The head of the call.
    scene.probe.window->showPage(u"traffic"_s);
    RowsView *table = scene.exchanges();
    QTRY_VERIFY(table->model()->rowCount() > 0);
    table->setCurrentRow(table->model()->rowCount() - 1);
    LinkButton *reveal = scene.probe.link(u"Reveal secrets"_s);
    QVERIFY(reveal);
    reveal->click();
    ScreenText head;
    head.look();
    head.copyAll();
    for (const QString &where : {u"widgets"_s, u"painted"_s, u"accessible"_s, u"clipboard"_s})
        QVERIFY2(head.has(where, u"Bearer "_s + token), qPrintable(where));
    // The answer, taken apart.
    scene.traffic()->showTab(DetailTab::Message);
    ScreenText body;
    QTRY_VERIFY((body.look(), body.has(u"models"_s, token)));

    // The step that brought it.
    scene.probe.window->showPage(u"access"_s);
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Token));
    ScreenText hidden;
    hidden.look();
    QVERIFY(!hidden.has(u"widgets"_s, u"Mrk4711refresh1"_s));
    scene.section()->stepView()->revealButton()->click();
    ScreenText step;
    step.look();
    step.copyAll();
    for (const QString &where : {u"widgets"_s, u"accessible"_s, u"clipboard"_s}) {
        QVERIFY2(step.has(where, token), qPrintable(where));
        QVERIFY2(step.has(where, u"Mrk4711refresh1"_s), qPrintable(where));
    }

    // And a recording with them.
    const QString path = scene.probe.folder.filePath(u"with.sightglass"_s);
    scene.probe.session->recordTo(path, true);
    scene.probe.session->recordTo(scene.probe.folder.filePath(u"next.sightglass"_s), false);
    scene.probe.session->stopRecording();
    QVERIFY(written(scene.probe.folder.path()).contains(token.toLatin1()));
}

void TestOAuthSecrets::aRefusalThatRepeatsThemShowsNone()
{
    ScreenText seen;
    SecretScene scene;
    scene.refuses = true;
    scene.probe.enter(scene.wire.mcp.url().toString());
    QVERIFY(scene.agrees());
    QTRY_COMPARE_WITH_TIMEOUT(scene.oauth().phase, OAuthState::Phase::Failed, patience);
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    scene.look(&seen);
    scene.lookAtTraffic(&seen);
    const QStringList secrets = QStringList{mark} + scene.unmarked();
    QCOMPARE(secrets.size(), 2);
    QVERIFY(seen.has(u"painted"_s, u"no good"_s));
    const QString found = told(seen, secrets);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

QTEST_MAIN(TestOAuthSecrets)
#include "test_oauth_secrets.moc"
