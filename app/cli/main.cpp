// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/help.h"
#include "core/trace/freed_memory.h"

#include <QCoreApplication>

#include <csignal>

using namespace sightglass::cli;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    holdStandardStreams();
    // A closed pipe shows as a failed write, not as a death.
    std::signal(SIGPIPE, SIG_IGN);
    // So does a recording that reached the system's limit for files.
    std::signal(SIGXFSZ, SIG_IGN);
    sightglass::keepFreedMemory();
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
        const Command *about = commandNamed(options->command);
        const QString text = !about   ? helpText()
            : about->name == "lab"_L1 ? labHelpText()
                                      : helpText(*about);
        output.result(text.toUtf8());
        return output.exitCode(Done);
    }
    if (options->version) {
        output.line(QStringLiteral("sightglass-cli " SIGHTGLASS_VERSION));
        return output.exitCode(Done);
    }
    for (const QString &warning : options->warnings)
        output.note(u"note: "_s + warning);
    const Command *command = commandNamed(options->command);
    if (!command)
        return WrongUse;
    return output.exitCode(command->run ? command->run(*options, output)
                                        : runAction(*options, output));
}
