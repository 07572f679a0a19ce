// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/offering_server.h"
#include "ui/pages/server_roots.h"
#include "ui/recent_servers.h"

#include <QCheckBox>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What was chosen for a server is there again when it is connected to again, and for no other.
class TestRemembered : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void offerAndRootsAreKeptWithTheServer();
    void rootsOfOneServerAreNotToldToAnother();
    void rootsTypedBeforeTheFirstConnectionAreKept();
    void aServerBesideTheLabIsRememberedToo();
    void noSecretIsWrittenDown();
    void whatWasWrittenBeforeOffersAll();

private:
    static void uncheck(const WindowProbe &probe, const QString &words);
    static QStringList roots(const WindowProbe &probe);
    static bool connectTo(const WindowProbe &probe, const OddServer &server);
};

namespace {

const QByteArray NoCapabilities = "{}";

} // namespace

void TestRemembered::uncheck(const WindowProbe &probe, const QString &words)
{
    probe.part<ConnectionLine>()->openRevision();
    const QList<QCheckBox *> boxes = probe.window->findChildren<QCheckBox *>();
    for (QCheckBox *box : boxes) {
        if (box->text().startsWith(words) && box->isChecked())
            box->click();
    }
    probe.part<ConnectionLine>()->closePanels();
}

QStringList TestRemembered::roots(const WindowProbe &probe)
{
    QStringList uris;
    const QList<Root> all = probe.part<ServerRoots>()->roots();
    for (const Root &root : all)
        uris.append(root.uri);
    return uris;
}

bool TestRemembered::connectTo(const WindowProbe &probe, const OddServer &server)
{
    probe.enter(server.server.url().toString());
    return QTest::qWaitFor(
        [&] {
            return probe.state().phase == SessionPhase::Ready
                && probe.state().url == server.server.url();
        },
        15000);
}

void TestRemembered::offerAndRootsAreKeptWithTheServer()
{
    OfferingServer first(NoCapabilities);
    OfferingServer second(NoCapabilities);
    WindowProbe probe;
    uncheck(probe, u"Elicitation"_s);
    uncheck(probe, u"Tasks"_s);
    QVERIFY(connectTo(probe, first));
    probe.part<ServerRoots>()->addFolder(u"/srv/one"_s);
    // As another day, with the settings of the first.
    probe.window.reset();
    probe.session = std::make_unique<SessionController>();
    probe.window = std::make_unique<MainWindow>(probe.session.get(), &probe.settings);
    probe.window->show();
    QVERIFY(connectTo(probe, second));
    QVERIFY(probe.session->target().offer.elicitation);
    QCOMPARE(roots(probe), QStringList());
    // Chosen from those that were used before, or given on the command line.
    probe.part<ConnectionLine>()->setAddress(first.server.url().toString());
    QVERIFY(!probe.part<ConnectionLine>()->offer().elicitation);
    ServerTarget target;
    target.url = first.server.url();
    probe.window->connectTo(target);
    QTRY_VERIFY_WITH_TIMEOUT(probe.state().phase == SessionPhase::Ready
                                 && probe.state().url == first.server.url(),
                             15000);
    const ClientOffer offer = probe.session->target().offer;
    QVERIFY(!offer.elicitation && !offer.tasks && offer.sampling && offer.roots);
    QCOMPARE(roots(probe), QStringList{u"file:///srv/one"_s});
}

void TestRemembered::rootsOfOneServerAreNotToldToAnother()
{
    OfferingServer first(NoCapabilities);
    OfferingServer second(NoCapabilities);
    WindowProbe probe;
    QVERIFY(connectTo(probe, first));
    probe.part<ServerRoots>()->addFolder(u"/srv/private"_s);
    QVERIFY(connectTo(probe, second));
    QCOMPARE(roots(probe), QStringList());
    probe.part<ServerRoots>()->addFolder(u"/srv/two"_s);
    QVERIFY(connectTo(probe, first));
    QCOMPARE(roots(probe), QStringList{u"file:///srv/private"_s});
    QVERIFY(connectTo(probe, second));
    QCOMPARE(roots(probe), QStringList{u"file:///srv/two"_s});
}

void TestRemembered::rootsTypedBeforeTheFirstConnectionAreKept()
{
    OfferingServer server(NoCapabilities);
    WindowProbe probe;
    probe.part<ServerRoots>()->addFolder(u"/srv/early"_s);
    QVERIFY(connectTo(probe, server));
    QCOMPARE(roots(probe), QStringList{u"file:///srv/early"_s});
}

void TestRemembered::aServerBesideTheLabIsRememberedToo()
{
    OfferingServer server(NoCapabilities);
    WindowProbe probe;
    probe.window->practise();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Ready, 15000);
    QVERIFY(RecentServers(&probe.settings).list().isEmpty()); // another port each time
    QVERIFY(connectTo(probe, server));
    QCOMPARE(RecentServers(&probe.settings).list().size(), 1);
}

void TestRemembered::noSecretIsWrittenDown()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    RecentServers recent(&settings);
    ServerTarget target;
    target.url = QUrl(u"https://example.org/mcp"_s);
    target.offer.sampling = true;
    const QList<Root> typed{{u"file:///srv/a%20b"_s, u"A name, with \"signs\""_s},
                            {u"https://me:hidden-one@example.org/x?access_token=hidden-two"_s, {}}};
    recent.remember(target, {}, 3, QDateTime::currentDateTimeUtc());
    recent.setRoots(target, typed);
    settings.sync();
    QFile file(settings.fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("hidden"));
    const RecentServers again(&settings);
    QCOMPARE(again.list(), recent.list());
    QCOMPARE(again.list().constFirst().roots.constFirst(), typed.constFirst());
    QCOMPARE(again.list().constFirst().offer, target.offer);
    // Connecting again keeps them.
    recent.remember(target, {}, 4, QDateTime::currentDateTimeUtc());
    QCOMPARE(recent.list().constFirst().roots.size(), 2);
}

void TestRemembered::whatWasWrittenBeforeOffersAll()
{
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    settings.beginWriteArray(u"recent"_s, 1);
    settings.setArrayIndex(0);
    settings.setValue(u"url"_s, u"https://example.org/mcp"_s);
    settings.endArray();
    const RecentServers recent(&settings);
    const ClientOffer all{true, true, true, true};
    QCOMPARE(recent.list().constFirst().offer, all);
}

QTEST_MAIN(TestRemembered)
#include "test_remembered.moc"
