// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "app/screenshot.h"
#include "app/window_options.h"
#include "core/auth/login/keychain.h"
#include "core/trace/freed_memory.h"
#include "ui/main_window.h"
#include "ui/session_controller.h"

#include <QApplication>
#include <QFileInfo>
#include <QSettings>

#include <csignal>
#include <cstdio>

using namespace sightglass;

namespace {

QStringList arguments(int argc, char **argv)
{
    QStringList list;
    for (int i = 0; i < argc; ++i)
        list.append(QString::fromLocal8Bit(argv[i]));
    return list;
}

int wrongUse(const Failure &failure)
{
    std::fprintf(stderr, "sightglass: %s %s\n", qPrintable(failure.sentence),
                 qPrintable(failure.advice));
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    // A recording that reached the system's limit for files shows as a failed write, not as a
    // death.
    std::signal(SIGXFSZ, SIG_IGN);
    const Expected<WindowOptions> options = parseWindowOptions(arguments(argc, argv));
    if (!options)
        return wrongUse(options.error());
    if (options->help || options->version) {
        std::fputs(options->help ? windowHelp().toUtf8().constData()
                                 : "sightglass " SIGHTGLASS_VERSION "\n",
                   stdout);
        return 0;
    }
    const bool display =
        qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!options->screenshot.isEmpty() && !display && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (options->scale != 1)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(options->scale));

    keepFreedMemory();
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Sightglass"));
    QApplication::setApplicationName(QStringLiteral("sightglass"));
    QApplication::setApplicationDisplayName(QStringLiteral("Sightglass"));
    QApplication::setApplicationVersion(QStringLiteral(SIGHTGLASS_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("sightglass"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/sightglass.svg")));

    // A picture shows the program as it comes: nothing is read from or written to the settings.
    std::unique_ptr<QSettings> settings;
    if (options->screenshot.isEmpty())
        settings = std::make_unique<QSettings>();
    applyTheme(app,
               options->theme.value_or(settings ? MainWindow::rememberedTheme(*settings)
                                                : ThemeChoice::System));
    // Nor from or to the keychain.
    SessionController session(options->screenshot.isEmpty() ? systemKeychain() : nullptr);
    MainWindow window(&session, settings.get());
    QObject::connect(&window, &MainWindow::themeChosen, &app,
                     [&app](ThemeChoice choice) { applyTheme(app, choice); });
    // The settings remember the size otherwise.
    if (!options->screenshot.isEmpty())
        window.resize(options->size);

    bool opens = false;
    if (options->demo) {
        // From its first request on, and with TLS where the fault is about that.
        session.setLabPlay(options->play);
        if (options->oauth)
            window.practiseLogIn(options->acting);
        else
            window.practise(options->acting);
    } else if (options->command) {
        ServerTarget target;
        target.command = options->command;
        window.connectTo(target);
    } else if (!options->target.isEmpty() && QFileInfo::exists(options->target)) {
        opens = true;
        window.openRecording(options->target);
    } else if (looksLikeFile(options->target)) {
        return wrongUse(noSuchFile(options->target));
    } else if (!options->target.isEmpty()) {
        Expected<ServerTarget> target = parseTarget(options->target);
        if (!target)
            return wrongUse(target.error());
        target->acting = options->acting;
        window.connectTo(*target);
    }
    window.show();
    std::unique_ptr<Screenshot> screenshot;
    if (!options->screenshot.isEmpty()) {
        screenshot = std::make_unique<Screenshot>(&window, &session, options->screenshot,
                                                  options->page, options->demo);
        if (options->logIn)
            screenshot->logInFirst();
        if (opens)
            screenshot->expectRecording();
    }
    return QApplication::exec();
}
