// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QApplication>
#include <QColor>
#include <QIcon>
#include <QPalette>

namespace sightglass {

/// What a colour is for. The table of colours stands in theme.cpp and nowhere else.
enum class Role : quint8 {
    Window,
    Base,
    Text,
    Muted,
    Line,
    Accent,
    Selection,
    Ok,
    Attention,
    Failure
};

enum class ThemeChoice : quint8 { System, Light, Dark };

class SystemAppearance;

/// Sets style, palette and fonts of the application; System follows the desktop's choice and its
/// changes. Where the desktop asks for high contrast, its own palette stays, or black and white
/// are taken where it has none. `system` is what to ask and stays the caller's; null: the desktop
/// of this session.
void applyTheme(QApplication &app, ThemeChoice choice, SystemAppearance *system = nullptr);
/// The colour of a role in the light or dark set that the palette belongs to.
QColor roleColor(Role role, const QPalette &palette);
/// The same for text on a ground that is neither Window nor Base (a selected row, a tinted cell):
/// moved towards the palette's text colour until the contrast is at least 4.5 to 1.
QColor readableColor(Role role, const QColor &ground, const QPalette &palette);
/// The ground of a cell or row that says something: the role's colour, thinly, over Base.
QColor tintColor(Role role, const QPalette &palette);
/// The ground of the one button that a page is for, and of a cell that must be seen across the
/// room; text on it is `onStrongColor`.
QColor strongColor(Role role, const QPalette &palette);
QColor onStrongColor(Role role, const QPalette &palette);
/// Contrast by WCAG 2.1, 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);
/// `share` of b (0 to 1) mixed into a.
QColor mixedColor(const QColor &a, const QColor &b, double share);
bool isDark(const QPalette &palette);
/// True for a palette of black and white only: the desktop's high contrast.
bool isHighContrast(const QPalette &palette);
/// The system's fixed font, for wire content.
QFont wireFont();
/// The application's font, larger or smaller by some points.
QFont scaledFont(double points, bool bold = false);
/// An icon of our set (resources/icons/NAME.svg), tinted with the palette's text colour, or with
/// that of a role; follows changes of the palette.
QIcon themedIcon(const QString &name);
QIcon themedIcon(const QString &name, Role role);
/// The same in a colour of the caller's, for delegates that know their ground.
QPixmap tintedPixmap(const QString &name, const QColor &color, int size, qreal devicePixelRatio);
/// The program's own icon, in its own colours.
QIcon applicationIcon();

} // namespace sightglass
