// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/system_appearance.h"
#include "ui/theme.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

using Groups = QMap<QString, QVariantMap>;

/// The settings portal of a desktop.
class FakePortal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    explicit FakePortal(const QDBusConnection &bus)
        : m_bus(bus)
    {
    }
    bool appear()
    {
        return m_bus.registerObject(u"/org/freedesktop/portal/desktop"_s, this,
                                    QDBusConnection::ExportAllSlots)
            && m_bus.registerService(u"org.freedesktop.portal.Desktop"_s);
    }
    void say(const QString &group, const QString &key, uint value)
    {
        QDBusMessage signal =
            QDBusMessage::createSignal(u"/org/freedesktop/portal/desktop"_s,
                                       u"org.freedesktop.portal.Settings"_s, u"SettingChanged"_s);
        signal << group << key << QVariant::fromValue(QDBusVariant(value));
        QVERIFY(m_bus.send(signal));
    }
    bool isAsked() const { return m_asked; }

    QVariantMap appearance;

public Q_SLOTS:
    Groups ReadAll(const QStringList &groups)
    {
        m_asked = true;
        return groups.contains(u"org.freedesktop.appearance"_s)
            ? Groups{{u"org.freedesktop.appearance"_s, appearance}}
            : Groups{};
    }

private:
    QDBusConnection m_bus;
    bool m_asked = false;
};

/// The desktop's wish for light, dark and contrast is followed, at the start and later.
class TestSystemAppearance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qDBusRegisterMetaType<Groups>();
        // A bus of the test's own: whatever runs in this session is left alone.
        daemon.start(u"dbus-daemon"_s,
                     {u"--session"_s, u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s});
        QVERIFY2(daemon.waitForStarted(), qPrintable(daemon.errorString()));
        while (!daemon.canReadLine())
            QVERIFY(daemon.waitForReadyRead());
        address = QString::fromLocal8Bit(daemon.readLine()).trimmed();
    }
    void cleanupTestCase()
    {
        daemon.terminate();
        QVERIFY(daemon.waitForFinished());
    }
    void init()
    {
        ++count;
        portal = std::make_unique<FakePortal>(
            QDBusConnection::connectToBus(address, u"portal-%1"_s.arg(count)));
        QVERIFY(portal->appear());
    }
    void cleanup()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        portal.reset();
        QDBusConnection::disconnectFromBus(u"portal-%1"_s.arg(count));
        QDBusConnection::disconnectFromBus(u"window-%1"_s.arg(count));
    }

    void whatStandsThereAtTheStart_data()
    {
        QTest::addColumn<QVariantMap>("settings");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("pure");
        QTest::newRow("dark") << QVariantMap{{u"color-scheme"_s, 1U}} << true << false;
        QTest::newRow("light") << QVariantMap{{u"color-scheme"_s, 2U}} << false << false;
        QTest::newRow("no preference") << QVariantMap{{u"color-scheme"_s, 0U}} << false << false;
        QTest::newRow("dark, high contrast")
            << QVariantMap{{u"color-scheme"_s, 1U}, {u"contrast"_s, 1U}} << true << true;
        QTest::newRow("high contrast") << QVariantMap{{u"contrast"_s, 1U}} << false << true;
        QTest::newRow("of an odd type")
            << QVariantMap{{u"color-scheme"_s, u"dark"_s}} << false << false;
        QTest::newRow("nothing") << QVariantMap() << false << false;
    }
    void whatStandsThereAtTheStart()
    {
        QFETCH(QVariantMap, settings);
        QFETCH(bool, dark);
        QFETCH(bool, pure);
        portal->appearance = settings;
        SystemAppearance system(windowsBus());
        applyTheme(*qApp, ThemeChoice::System, &system);
        QTRY_VERIFY(portal->isAsked());
        QTRY_COMPARE(isDark(qApp->palette()), dark);
        QTRY_COMPARE(isHighContrast(qApp->palette()), pure);
        const QPalette palette = qApp->palette();
        QVERIFY(contrastRatio(palette.color(QPalette::Text), palette.color(QPalette::Base)) > 4.5);
        QVERIFY(contrastRatio(palette.color(QPalette::HighlightedText),
                              palette.color(QPalette::Highlight))
                > 4.5);
    }

    void changesAreFollowedLive()
    {
        SystemAppearance system(windowsBus());
        applyTheme(*qApp, ThemeChoice::System, &system);
        QTRY_VERIFY(portal->isAsked());
        QVERIFY(!isDark(qApp->palette()));
        portal->say(u"org.freedesktop.appearance"_s, u"color-scheme"_s, 1);
        QTRY_VERIFY(isDark(qApp->palette()));
        portal->say(u"org.gnome.desktop.interface"_s, u"color-scheme"_s, 2); // not ours
        portal->say(u"org.freedesktop.appearance"_s, u"contrast"_s, 1);
        QTRY_VERIFY(isHighContrast(qApp->palette()));
        QVERIFY(isDark(qApp->palette()));
        portal->say(u"org.freedesktop.appearance"_s, u"contrast"_s, 0);
        portal->say(u"org.freedesktop.appearance"_s, u"color-scheme"_s, 2);
        QTRY_VERIFY(!isDark(qApp->palette()));
        QTRY_VERIFY(!isHighContrast(qApp->palette()));
    }

    void aChoiceInTheWindowIsNotOverruled()
    {
        SystemAppearance system(windowsBus());
        applyTheme(*qApp, ThemeChoice::System, &system);
        QTRY_VERIFY(portal->isAsked());
        applyTheme(*qApp, ThemeChoice::Light, &system);
        QSignalSpy changed(&system, &SystemAppearance::changed);
        portal->say(u"org.freedesktop.appearance"_s, u"color-scheme"_s, 1);
        QVERIFY(changed.wait());
        QVERIFY(!isDark(qApp->palette()));
    }

    void withoutADesktopNothingIsKnown()
    {
        const SystemAppearance system{QDBusConnection(QString())};
        QVERIFY(!system.dark());
        QVERIFY(!system.highContrast());
    }

private:
    QDBusConnection windowsBus() const
    {
        return QDBusConnection::connectToBus(address, u"window-%1"_s.arg(count));
    }

    QProcess daemon;
    QString address;
    std::unique_ptr<FakePortal> portal;
    int count = 0;
};

QTEST_MAIN(TestSystemAppearance)
#include "test_system_appearance.moc"
