// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/lab/lab.h"

#include <QCoreApplication>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

int runLab(const Options &options, Output &output)
{
    const QList<LabFault> faults = labFaults();
    LabSettings settings;
    settings.port = options.port;
    settings.bearer = options.labBearer;
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
    for (const Header &header : options.target.credentials.headers)
        settings.apiKey = header.name + ": " + header.value;

    Lab lab(settings);
    QObject::connect(&lab, &Lab::log, &lab,
                     [&output](const QString &line) { output.note(forTerminal(line)); });
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
    output.note(u"The lab runs until it is interrupted (Ctrl+C)."_s);
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, &lab,
                     [] { QCoreApplication::exit(Interrupted); });
    return QCoreApplication::exec();
}

} // namespace sightglass::cli
