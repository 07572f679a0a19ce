// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/lab/lab.h"
#include "core/lab/lab_stdio.h"

#include <QCoreApplication>

#include <unistd.h>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

int runOnStandardStreams(const LabSettings &settings, Output &output)
{
    LabStdio lab(settings, STDIN_FILENO, STDOUT_FILENO);
    QObject::connect(&lab, &LabStdio::log, &lab,
                     [&output](const QString &line) { output.note(lineForTerminal(line)); });
    QString problem;
    if (!lab.start(&problem)) {
        output.error(Failure{FailureKind::Usage, u"usage"_s, problem, {}, 0, {}});
        return WrongUse;
    }
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, &lab,
                     [] { QCoreApplication::exit(Interrupted); });
    QObject::connect(&lab, &LabStdio::ended, &lab, [] { QCoreApplication::exit(Done); });
    return QCoreApplication::exec();
}

} // namespace

int runLab(const Options &options, Output &output)
{
    const QList<LabFault> faults = labFaults();
    LabSettings settings;
    settings.port = options.port;
    // One that is asked for is the only one that it speaks.
    if (options.target.revision != "auto"_L1)
        settings.revisions << options.target.revision;
    settings.bearer = options.target.credentials.bearer;
    for (const QString &id : options.play) {
        const QString problem = labPlayProblem(id);
        if (!problem.isEmpty()) {
            QStringList known;
            for (const LabFault &one : faults)
                known << one.id;
            output.error(Failure{FailureKind::Usage,
                                 u"unknown-fault"_s,
                                 problem,
                                 u"It plays: %1."_s.arg(known.join(u", "_s)),
                                 0,
                                 {}});
            return WrongUse;
        }
        settings.play << id;
    }
    const Credentials &credentials = options.target.credentials;
    if (credentials.headers.size() + credentials.cookies.size() > 1) {
        output.error(Failure{FailureKind::Usage,
                             u"usage"_s,
                             u"The lab asks for one header or cookie, not for several."_s,
                             u"Give --header, --header-env, --cookie or --cookie-env once."_s,
                             0,
                             {}});
        return WrongUse;
    }
    for (const Header &header : credentials.headers)
        settings.apiKey = header.name + ": " + header.value;
    for (const QByteArray &cookie : credentials.cookies)
        settings.apiKey = "Cookie: " + cookie;

    if (options.stdio) {
        if (!settings.bearer.isEmpty() || !settings.apiKey.isEmpty()) {
            output.error(
                Failure{FailureKind::Usage,
                        u"usage"_s,
                        u"On standard streams there are no headers to carry a credential."_s,
                        u"Leave --stdio out, or the credentials."_s,
                        0,
                        {}});
            return WrongUse;
        }
        return runOnStandardStreams(settings, output);
    }

    Lab lab(settings);
    QObject::connect(&lab, &Lab::log, &lab,
                     [&output](const QString &line) { output.note(lineForTerminal(line)); });
    QString problem;
    if (!lab.listen(&problem)) {
        output.error(Failure{FailureKind::File,
                             u"cannot-listen"_s,
                             problem,
                             u"Choose another port, or none."_s,
                             0,
                             {}});
        return NotReached;
    }
    output.line(lab.url().toString());
    output.note(u"The event stream of the older HTTP+SSE: "_s + lab.sseUrl().toString());
    output.note(u"The lab runs until it is interrupted (Ctrl+C)."_s);
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, &lab,
                     [] { QCoreApplication::exit(Interrupted); });
    return QCoreApplication::exec();
}

} // namespace sightglass::cli
