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

/// Sets style, palette and fonts of the application; System follows the desktop's choice and its
/// changes.
void applyTheme(QApplication &app, ThemeChoice choice);
/// The colour of a role in the light or dark set that the palette belongs to.
QColor roleColor(Role role, const QPalette &palette);
bool isDark(const QPalette &palette);
/// The system's fixed font, for wire content.
QFont wireFont();
/// An icon of our set (resources/icons/NAME.svg), tinted with the palette's text colour, or with
/// that of a role; follows changes of the palette.
QIcon themedIcon(const QString &name);
QIcon themedIcon(const QString &name, Role role);

} // namespace sightglass
