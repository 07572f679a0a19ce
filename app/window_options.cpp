// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "app/window_options.h"

#include "core/auth/acting.h"
#include "core/lab/lab.h"
#include "ui/main_window.h"

#include <QCommandLineParser>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure usage(const QString &sentence)
{
    return Failure{FailureKind::Usage, u"usage"_s, sentence, u"See sightglass --help."_s, 0, {}};
}

std::optional<QSize> sizeFrom(const QString &text)
{
    const QStringList parts = text.toLower().split(u'x');
    if (parts.size() != 2)
        return {};
    bool wide = false;
    bool high = false;
    const QSize size(parts.at(0).toInt(&wide), parts.at(1).toInt(&high));
    const bool sensible = size.width() >= 320 && size.height() >= 240 && size.width() <= 7680
        && size.height() <= 4320;
    return wide && high && sensible ? std::optional(size) : std::nullopt;
}

} // namespace

Expected<WindowOptions> parseWindowOptions(const QStringList &words)
{
    const qsizetype dashes = words.indexOf(u"--"_s);
    const QStringList commandLine = dashes < 0 ? words : words.first(dashes);
    const QStringList program = dashes < 0 ? QStringList() : words.sliced(dashes + 1);
    QCommandLineParser parser;
    for (const char *name : {"like", "play", "screenshot", "page", "theme", "size", "scale"})
        parser.addOption(QCommandLineOption(QString::fromLatin1(name), {}, u"value"_s));
    for (const char *name : {"demo", "oauth", "log-in"})
        parser.addOption(QCommandLineOption(QString::fromLatin1(name)));
    parser.addOption(QCommandLineOption(QStringList{u"h"_s, u"help"_s}));
    parser.addOption(QCommandLineOption(QStringList{u"v"_s, u"version"_s}));
    if (!parser.parse(commandLine))
        return usage(parser.errorText() + (parser.errorText().endsWith(u'.') ? u""_s : u"."_s));

    WindowOptions options;
    options.help = parser.isSet(u"help"_s);
    options.version = parser.isSet(u"version"_s);
    options.demo = parser.isSet(u"demo"_s);
    options.oauth = parser.isSet(u"oauth"_s);
    options.logIn = parser.isSet(u"log-in"_s);
    options.acting = parser.value(u"like"_s).toUpper();
    for (const QString &ids : parser.values(u"play"_s))
        options.play += ids.split(u',', Qt::SkipEmptyParts);
    options.screenshot = parser.value(u"screenshot"_s);
    options.page = parser.value(u"page"_s);
    if (!options.acting.isEmpty() && !misbehaviour(options.acting))
        return usage(u"--like takes AF-01 to AF-06 or AF-09, not %1."_s.arg(options.acting));
    for (const QString &entry : std::as_const(options.play)) {
        if (const QString problem = labPlayProblem(entry); !problem.isEmpty())
            return usage(problem);
    }
    if (parser.isSet(u"page"_s) && !MainWindow::pageNames().contains(options.page))
        return usage(u"There is no page “%1”; there are: %2."_s.arg(
            options.page, MainWindow::pageNames().join(u", "_s)));
    if (!options.play.isEmpty() && !options.demo)
        return usage(u"--play goes with --demo: it says what the built-in server plays."_s);
    if (options.oauth && !options.demo)
        return usage(u"--oauth goes with --demo: the built-in server then wants one to log in."_s);
    if (options.logIn && (options.screenshot.isEmpty() || !options.oauth))
        return usage(u"--log-in goes with --demo --oauth --screenshot."_s);
    const QStringList rest = parser.positionalArguments();
    if (rest.size() > 1 || (!rest.isEmpty() && dashes >= 0))
        return usage(u"One URL, one recording or one program at a time."_s);
    if (!rest.isEmpty())
        options.target = rest.first();
    if (options.demo && !options.target.isEmpty())
        return usage(u"--demo brings its own server: leave the URL out."_s);

    if (dashes >= 0) {
        if (program.isEmpty() || program.first().isEmpty())
            return usage(u"No program stands behind --."_s);
        if (options.demo)
            return usage(u"--demo brings its own server: leave the program out."_s);
        if (!options.acting.isEmpty())
            return usage(u"--like is for servers on HTTP, not for programs."_s);
        options.command = ServerCommand{program.first(), program.mid(1), {}, {}};
        if (const Expected<QString> found = findProgram(*options.command); !found)
            return found.error();
    }

    const QString theme = parser.value(u"theme"_s);
    if (theme == "light"_L1)
        options.theme = ThemeChoice::Light;
    else if (theme == "dark"_L1)
        options.theme = ThemeChoice::Dark;
    else if (theme == "system"_L1)
        options.theme = ThemeChoice::System;
    else if (parser.isSet(u"theme"_s))
        return usage(u"--theme takes light, dark or system."_s);
    if (parser.isSet(u"size"_s)) {
        const std::optional<QSize> size = sizeFrom(parser.value(u"size"_s));
        if (!size)
            return usage(u"--size wants WIDTHxHEIGHT in pixels, such as 1280x800."_s);
        options.size = *size;
    }
    if (parser.isSet(u"scale"_s)) {
        bool ok = false;
        options.scale = parser.value(u"scale"_s).toDouble(&ok);
        if (!ok || !(options.scale >= 0.5) || options.scale > 4)
            return usage(u"--scale wants a factor from 0.5 to 4."_s);
    }
    return options;
}

bool looksLikeFile(const QString &target)
{
    if (target.contains("://"_L1))
        return false;
    const bool ends = target.endsWith(".sgtrace"_L1, Qt::CaseInsensitive)
        || target.endsWith(".trace"_L1, Qt::CaseInsensitive)
        || target.endsWith(".har"_L1, Qt::CaseInsensitive);
    return ends || target.startsWith(u'/') || target.startsWith("./"_L1)
        || target.startsWith("../"_L1);
}

Failure noSuchFile(const QString &path)
{
    return Failure{FailureKind::File,
                   u"no-such-file"_s,
                   u"There is no such file: %1."_s.arg(path),
                   u"For a server, write its whole URL."_s,
                   0,
                   {}};
}

QString windowHelp()
{
    return u"sightglass: look into servers of the Model Context Protocol\n"
           "\n"
           "  sightglass                 open the window\n"
           "  sightglass URL             connect to a server\n"
           "  sightglass FILE            open a recording\n"
           "  sightglass [options] -- PROGRAM ARG...\n"
           "                             start a program and connect to it by stdio\n"
           "  sightglass --demo          practise on the built-in server [--play ID,ID...]\n"
           "      [--oauth]              the built-in server wants one to log in\n"
           "\n"
           "  --like ID                  behave like a faulty client: AF-01 to AF-06, AF-09\n"
           "  --theme system|light|dark\n"
           "  --screenshot FILE.png      write a picture of the window once it is connected, and "
           "end\n"
           "      [--page %1]\n"
           "      [--size WxH] [--scale F]\n"
           "      [--log-in]             with --demo --oauth: once one is logged in\n"_s.arg(
               MainWindow::pageNames().join(u'|'));
}

} // namespace sightglass
