// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/theme.h"

#include "ui/sightglass_style.h"
#include "ui/system_appearance.h"

#include <QEvent>
#include <QFontDatabase>
#include <QPointer>
#include <QStyleHints>
#include <QToolTip>

#include <array>
#include <cmath>

static void initResources()
{
    Q_INIT_RESOURCE(resources); // the resources stand in a static library
}

namespace sightglass {

namespace {

// The table of colours: Window, Base, Text, Muted, Line, Accent, Selection, Ok, Attention, Failure.
constexpr std::array<QRgb, 10> light{0xf4f5f7, 0xffffff, 0x1c2126, 0x69727c, 0xdfe3e7,
                                     0x2563c9, 0xe3ecfb, 0x1a7f37, 0x8f5f00, 0xc62430};
constexpr std::array<QRgb, 10> dark{0x1d2023, 0x24282c, 0xe4e7ea, 0x98a1aa, 0x373d43,
                                    0x6aa6f8, 0x2c3c55, 0x5cc874, 0xe2b54a, 0xff7f78};
constexpr QRgb darkPrimary = 0x2f69c4; // white text on it: the dark accent is too light for that

double luminance(const QColor &color)
{
    auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

QColor tableColor(Role role, bool isDarkSet)
{
    return QColor::fromRgb((isDarkSet ? dark : light).at(size_t(role)));
}

QPalette paletteOf(bool isDarkSet)
{
    auto color = [isDarkSet](Role role) { return tableColor(role, isDarkSet); };
    const QColor line = color(Role::Line);
    QPalette p;
    p.setColor(QPalette::Window, color(Role::Window));
    p.setColor(QPalette::WindowText, color(Role::Text));
    p.setColor(QPalette::Base, color(Role::Base));
    p.setColor(QPalette::AlternateBase, mixedColor(color(Role::Base), color(Role::Text), 0.02));
    p.setColor(QPalette::Text, color(Role::Text));
    p.setColor(QPalette::PlaceholderText, color(Role::Muted));
    p.setColor(QPalette::Button, color(Role::Base));
    p.setColor(QPalette::ButtonText, color(Role::Text));
    p.setColor(QPalette::BrightText, color(Role::Failure));
    p.setColor(QPalette::Light, color(Role::Base));
    p.setColor(QPalette::Midlight, mixedColor(line, color(Role::Base), 0.5));
    p.setColor(QPalette::Mid, line);
    p.setColor(QPalette::Dark, mixedColor(line, color(Role::Text), 0.25));
    p.setColor(QPalette::Shadow, mixedColor(line, Qt::black, 0.5));
    p.setColor(QPalette::Highlight, color(Role::Selection));
    p.setColor(QPalette::HighlightedText, color(Role::Text));
    p.setColor(QPalette::Link, color(Role::Accent));
    p.setColor(QPalette::LinkVisited, color(Role::Accent));
    p.setColor(QPalette::ToolTipBase, mixedColor(color(Role::Base), color(Role::Text), 0.05));
    p.setColor(QPalette::ToolTipText, color(Role::Text));
    const QColor faint = mixedColor(color(Role::Muted), color(Role::Base), 0.35);
    for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                      QPalette::HighlightedText, QPalette::PlaceholderText})
        p.setColor(QPalette::Disabled, role, faint);
    return p;
}

QPalette highContrastPalette(bool isDarkSet)
{
    const QColor ground = isDarkSet ? Qt::black : Qt::white;
    const QColor text = isDarkSet ? Qt::white : Qt::black;
    QPalette p(text, ground, ground, text, text, text, text, ground, ground);
    p.setColor(QPalette::Highlight, text);
    p.setColor(QPalette::HighlightedText, ground);
    p.setColor(QPalette::PlaceholderText, text);
    p.setColor(QPalette::ToolTipBase, ground);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Link, text);
    p.setColor(QPalette::LinkVisited, text);
    return p;
}

/// Follows the desktop: asks it, reads its palette, and does so again when the desktop says that
/// something has changed.
class SystemThemeWatcher final : public QObject {
public:
    SystemThemeWatcher(QApplication *app, SystemAppearance *system)
        : QObject(app)
        , m_app(app)
        , m_system(system ? system : new SystemAppearance(SystemAppearance::sessionBus(), this))
    {
        app->installEventFilter(this);
        connect(m_system, &SystemAppearance::changed, this, [this] { update(); });
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
        connect(app->styleHints(), &QStyleHints::colorSchemeChanged, this, [this] { update(); });
#endif
        update();
    }

protected:
    bool eventFilter(QObject *object, QEvent *event) override
    {
        if (event->type() == QEvent::ThemeChange && !m_updating && object->isWindowType())
            QMetaObject::invokeMethod(
                this, [this] { update(); }, Qt::QueuedConnection);
        return false;
    }

private:
    void update()
    {
        if (m_updating)
            return;
        m_updating = true;
        m_app->setPalette(QPalette()); // what remains is the desktop's
        const QPalette system = m_app->palette();
        bool darkWanted = isDark(system);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
        if (m_app->styleHints()->colorScheme() != Qt::ColorScheme::Unknown)
            darkWanted = m_app->styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#endif
        if (m_system && m_system->dark())
            darkWanted = *m_system->dark();
        if (m_system && m_system->highContrast() && !isHighContrast(system))
            m_app->setPalette(highContrastPalette(darkWanted));
        else if (!isHighContrast(system))
            m_app->setPalette(paletteOf(darkWanted));
        QToolTip::setPalette(m_app->palette());
        m_updating = false;
    }

    QApplication *m_app;
    QPointer<SystemAppearance> m_system;
    bool m_updating = false;
};

} // namespace

void applyTheme(QApplication &app, ThemeChoice choice, SystemAppearance *system)
{
    initResources();
    const auto children = app.children();
    for (QObject *child : children) {
        if (auto *watcher = dynamic_cast<SystemThemeWatcher *>(child))
            delete watcher;
    }
    if (!dynamic_cast<SightglassStyle *>(app.style()))
        app.setStyle(new SightglassStyle); // the application owns it
    if (choice == ThemeChoice::System) {
        new SystemThemeWatcher(&app, system); // owned by the application
        return;
    }
    app.setPalette(paletteOf(choice == ThemeChoice::Dark));
    QToolTip::setPalette(app.palette());
}

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Active, QPalette::Window))
        < luminance(palette.color(QPalette::Active, QPalette::WindowText));
}

bool isHighContrast(const QPalette &palette)
{
    auto pure = [&palette](QPalette::ColorRole ground, QPalette::ColorRole text) {
        return contrastRatio(palette.color(QPalette::Active, ground),
                             palette.color(QPalette::Active, text))
            > 20.5;
    };
    return pure(QPalette::Window, QPalette::WindowText) && pure(QPalette::Base, QPalette::Text)
        && pure(QPalette::Button, QPalette::ButtonText);
}

QColor roleColor(Role role, const QPalette &palette)
{
    if (!isHighContrast(palette))
        return tableColor(role, isDark(palette));
    switch (role) {
    case Role::Window:
        return palette.color(QPalette::Window);
    case Role::Base:
        return palette.color(QPalette::Base);
    case Role::Selection:
        return mixedColor(palette.color(QPalette::Base), palette.color(QPalette::Text), 0.25);
    case Role::Accent:
        return readableColor(Role::Text, palette.color(QPalette::Base), palette);
    case Role::Text:
    case Role::Muted:
    case Role::Line:
    case Role::Ok:
    case Role::Attention:
    case Role::Failure:
        break;
    }
    return palette.color(QPalette::Text);
}

QColor readableColor(Role role, const QColor &ground, const QPalette &palette)
{
    const QColor text = palette.color(QPalette::Active, QPalette::Text);
    const QColor wanted = isHighContrast(palette) ? text : roleColor(role, palette);
    for (double share = 0; share < 1; share += 0.1) {
        const QColor color = mixedColor(wanted, text, share);
        if (contrastRatio(color, ground) >= 4.5)
            return color;
    }
    return text;
}

QColor tintColor(Role role, const QPalette &palette)
{
    const QColor base = roleColor(Role::Base, palette);
    if (role == Role::Base || role == Role::Window)
        return base;
    return mixedColor(base, roleColor(role, palette), isDark(palette) ? 0.18 : 0.10);
}

QColor strongColor(Role role, const QPalette &palette)
{
    if (role == Role::Accent && !isHighContrast(palette) && isDark(palette))
        return QColor::fromRgb(darkPrimary);
    return roleColor(role, palette);
}

QColor onStrongColor(Role role, const QPalette &palette)
{
    const QColor ground = strongColor(role, palette);
    return contrastRatio(ground, Qt::white) >= 4.5 ? QColor(Qt::white) : QColor(Qt::black);
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor mixedColor(const QColor &a, const QColor &b, double share)
{
    auto mix = [share](float x, float y) { return float(x * (1 - share) + y * share); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()),
                            mix(a.blueF(), b.blueF()), mix(a.alphaF(), b.alphaF()));
}

QFont wireFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace, QFont::PreferMatch);
    // Fixed fonts look larger than the text beside them.
    const QFont text = QApplication::font();
    if (text.pointSizeF() > 0)
        font.setPointSizeF(text.pointSizeF() * 0.95);
    else
        font.setPixelSize(std::max(8, int(text.pixelSize() * 0.95)));
    return font;
}

QFont scaledFont(double points, bool bold)
{
    QFont font = QApplication::font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(std::max(6.0, font.pointSizeF() + points));
    else
        font.setPixelSize(std::max(8, int(font.pixelSize() + points * 4 / 3)));
    font.setBold(bold);
    return font;
}

} // namespace sightglass
