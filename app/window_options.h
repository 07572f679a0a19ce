// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/transport/server_command.h"
#include "ui/theme.h"

#include <QSize>
#include <QStringList>

namespace sightglass {

/// What the window's command line asks for.
struct WindowOptions {
    bool demo = false; ///< start the lab and connect to it
    bool oauth = false; ///< with --demo: the lab wants one to log in
    bool logIn = false; ///< with --screenshot: the log-in is gone through
    QString acting; ///< with --demo or a URL: behave like a faulty client
    QStringList play; ///< with --demo: faults that the lab plays
    QString target; ///< a URL or the path of a recording; may be empty
    std::optional<ServerCommand> command; ///< behind --: a program to connect to, on its streams
    QString screenshot; ///< PNG to write; empty: none
    QString page; ///< to show; empty: the one that comes by itself
    std::optional<ThemeChoice> theme; ///< empty: the one that was chosen last
    QSize size{1280, 800};
    double scale = 1;
    bool help = false;
    bool version = false;
};

/// Failures are of kind Usage. Needs no application: the scale has to be known before there is one.
/// What stands behind a lone -- is a program with its arguments, and none of our options.
Expected<WindowOptions> parseWindowOptions(const QStringList &words);
/// A name that is meant as a recording's, not as a server's: it ends as one, or begins as a path.
bool looksLikeFile(const QString &target);
Failure noSuchFile(const QString &path);
QString windowHelp();

} // namespace sightglass
