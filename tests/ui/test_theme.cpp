// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/rail.h"

#include <QDir>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace sightglass;

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void themesDiffer();
    void textIsReadable_data();
    void textIsReadable();
    void highContrastOfTheSystemStays();
    void everyIconDraws();
    void iconFollowsThePalette();
    void railCountsAndDots();
    void railGoesByKeyboard();
    void bannerIsThereOnlyWhenThereIsSomething();
    void filterLineSaysItsProblemInPlace();
};

void TestTheme::themesDiffer()
{
    applyTheme(*qApp, ThemeChoice::Dark);
    QVERIFY(isDark(qApp->palette()));
    QCOMPARE(roleColor(Role::Accent, qApp->palette()), QColor(0x6a, 0xa6, 0xf8));
    applyTheme(*qApp, ThemeChoice::Light);
    QVERIFY(!isDark(qApp->palette()));
    QCOMPARE(roleColor(Role::Accent, qApp->palette()), QColor(0x25, 0x63, 0xc9));
}

void TestTheme::textIsReadable_data()
{
    QTest::addColumn<ThemeChoice>("theme");
    QTest::addColumn<Role>("role");
    QTest::addColumn<Role>("ground");
    const std::pair<const char *, ThemeChoice> themes[]{{"light", ThemeChoice::Light},
                                                        {"dark", ThemeChoice::Dark}};
    const std::pair<const char *, Role> texts[]{
        {"text", Role::Text}, {"muted", Role::Muted},         {"accent", Role::Accent},
        {"ok", Role::Ok},     {"attention", Role::Attention}, {"failure", Role::Failure}};
    const std::pair<const char *, Role> grounds[]{
        {"window", Role::Window}, {"base", Role::Base}, {"selection", Role::Selection}};
    for (const auto &theme : themes) {
        for (const auto &text : texts) {
            for (const auto &ground : grounds)
                QTest::addRow("%s %s on %s", theme.first, text.first, ground.first)
                    << theme.second << text.second << ground.second;
        }
    }
}

void TestTheme::textIsReadable()
{
    QFETCH(ThemeChoice, theme);
    QFETCH(Role, role);
    QFETCH(Role, ground);
    applyTheme(*qApp, theme);
    const QPalette palette = qApp->palette();
    const QColor behind = roleColor(ground, palette);
    QVERIFY(contrastRatio(readableColor(role, behind, palette), behind) >= 4.5);
    const QColor tint = tintColor(role, palette);
    QVERIFY(contrastRatio(readableColor(role, tint, palette), tint) >= 4.5);
    QVERIFY(contrastRatio(onStrongColor(role, palette), strongColor(role, palette)) >= 4.5);
    if (ground == Role::Base)
        QVERIFY(contrastRatio(roleColor(role, palette), behind) >= 4.5);
}

void TestTheme::highContrastOfTheSystemStays()
{
    QPalette pure(Qt::white, Qt::black, Qt::white, Qt::black, Qt::gray, Qt::white, Qt::white,
                  Qt::black, Qt::black);
    QVERIFY(isHighContrast(pure));
    QVERIFY(isDark(pure));
    QCOMPARE(roleColor(Role::Base, pure), QColor(Qt::black));
    QCOMPARE(roleColor(Role::Muted, pure), QColor(Qt::white));
    applyTheme(*qApp, ThemeChoice::Light);
    QVERIFY(!isHighContrast(qApp->palette()));
    applyTheme(*qApp, ThemeChoice::Dark);
    QVERIFY(!isHighContrast(qApp->palette()));
}

void TestTheme::everyIconDraws()
{
    applyTheme(*qApp, ThemeChoice::Light);
    const QStringList names = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(names.size() >= 30);
    for (const QString &file : names) {
        const QString name = file.chopped(4);
        const QImage image = tintedPixmap(name, Qt::red, 16, 2.0).toImage();
        QCOMPARE(image.width(), 32);
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += qAlpha(image.pixel(x, y)) > 128;
        }
        QVERIFY2(drawn > 20, qPrintable(name));
        QVERIFY2(drawn < 32 * 32 - 40, qPrintable(name));
    }
}

void TestTheme::iconFollowsThePalette()
{
    const QIcon icon = themedIcon(QStringLiteral("stop"), Role::Failure);
    auto hasColour = [&icon](QColor wanted) {
        const QImage image = icon.pixmap(QSize(16, 16), 1.0).toImage();
        for (int y = 0; y < 16; ++y) {
            for (int x = 0; x < 16; ++x) {
                const QColor color = image.pixelColor(x, y);
                if (color.alpha() == 255 && qAbs(color.red() - wanted.red()) < 3
                    && qAbs(color.green() - wanted.green()) < 3)
                    return true;
            }
        }
        return false;
    };
    applyTheme(*qApp, ThemeChoice::Light);
    QVERIFY(hasColour(QColor(0xc6, 0x24, 0x30)));
    applyTheme(*qApp, ThemeChoice::Dark);
    QVERIFY(hasColour(QColor(0xff, 0x7f, 0x78)));
}

void TestTheme::railCountsAndDots()
{
    Rail rail;
    QCOMPARE(
        rail.addPage(QStringLiteral("tools"), QStringLiteral("tools"), QStringLiteral("Tools")), 0);
    QCOMPARE(rail.current(), 0);
    QSignalSpy changed(&rail, &Rail::currentChanged);
    rail.addPage(QStringLiteral("access"), QStringLiteral("access"), QStringLiteral("Access"));
    rail.page(0)->setCount(12);
    rail.page(1)->setFailed(true);
    QVERIFY(rail.page(0)->accessibleName().contains(QStringLiteral("12")));
    QVERIFY(rail.page(1)->accessibleName().contains(QStringLiteral("failed")));
    rail.page(1)->click();
    QCOMPARE(changed.size(), 1);
    QCOMPARE(rail.current(), rail.indexOf(QStringLiteral("access")));
    rail.setCurrent(7);
    QCOMPARE(rail.current(), 1);
}

void TestTheme::railGoesByKeyboard()
{
    Rail rail;
    rail.addPage(QStringLiteral("a"), QStringLiteral("tools"), QStringLiteral("A"));
    rail.addPage(QStringLiteral("b"), QStringLiteral("traffic"), QStringLiteral("B"));
    QTest::keyClick(&rail, Qt::Key_Down);
    QCOMPARE(rail.current(), 1);
    QTest::keyClick(&rail, Qt::Key_Down);
    QCOMPARE(rail.current(), 1);
    QTest::keyClick(&rail, Qt::Key_Up);
    QCOMPARE(rail.current(), 0);
}

void TestTheme::bannerIsThereOnlyWhenThereIsSomething()
{
    QWidget page;
    Banner banner(&page);
    page.show();
    QVERIFY(!banner.isVisible());
    banner.setMessage(Banner::Severity::Failure, QStringLiteral("<b>refused</b>"));
    QVERIFY(banner.isVisible());
    QCOMPARE(banner.sentence(), QStringLiteral("<b>refused</b>"));
    int shown = 0;
    connect(banner.addLink(QStringLiteral("Show")), &LinkButton::clicked, &banner,
            [&shown] { ++shown; });
    auto *link = banner.findChild<LinkButton *>();
    QVERIFY(link);
    QTest::keyClick(link, Qt::Key_Return);
    QCOMPARE(shown, 1);
    banner.clear();
    QVERIFY(!banner.isVisible());
}

void TestTheme::filterLineSaysItsProblemInPlace()
{
    FilterLine line;
    line.show();
    QSignalSpy changed(&line, &FilterLine::textChanged);
    QTest::keyClicks(line.lineEdit(), QStringLiteral("status:abc"));
    QCOMPARE(line.text(), QStringLiteral("status:abc"));
    QVERIFY(changed.size() >= 10);
    line.setProblem(QStringLiteral("A status has three digits."), 7, 3);
    QCOMPARE(line.text(), QStringLiteral("status:abc"));
    QCOMPARE(line.lineEdit()->accessibleDescription(),
             QStringLiteral("A status has three digits."));
    QTest::keyClick(line.lineEdit(), Qt::Key_Escape);
    QVERIFY(line.text().isEmpty());
}

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
