// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include <QCoreApplication>

#include <csignal>

using namespace sightglass::cli;

int main(int argc, char **argv)
{
    // A closed pipe shows as a failed write, not as a death.
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("sightglass-cli"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGHTGLASS_VERSION));

    const sightglass::Expected<Options> options = parseOptions(QCoreApplication::arguments());
    if (!options) {
        Output(Colour::Auto).error(options.error());
        return WrongUse;
    }
    Output output(options->colour);
    if (options->help) {
        output.result(helpText().toUtf8());
        return Done;
    }
    if (options->version) {
        output.line(QStringLiteral("sightglass-cli " SIGHTGLASS_VERSION));
        return Done;
    }
    struct Command {
        QLatin1String name;
        int (*run)(const Options &, Output &);
    };
    static constexpr Command commands[] = {
        {QLatin1String("tools"), runTools},   {QLatin1String("call"), runCall},
        {QLatin1String("listen"), runListen}, {QLatin1String("trace"), runTrace},
        {QLatin1String("decode"), runDecode}, {QLatin1String("lab"), runLab},
    };
    for (const Command &command : commands) {
        if (command.name == options->command)
            return command.run(*options, output);
    }
    return WrongUse;
}
