// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cli_run.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;

namespace sightglass::test {

CliRun runCli(const QStringList &arguments, const QStringList &environment, const QByteArray &input)
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const QString &variable : environment)
        variables.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"), arguments);
    process.write(input);
    process.closeWriteChannel();
    return endOf(process);
}

CliRun endOf(QProcess &process, int patienceMs)
{
    CliRun run;
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, patienceMs)) {
        run.err = process.readAllStandardError() + "\n(" + process.errorString().toUtf8() + ")\n";
        process.kill();
        process.waitForFinished();
        return run;
    }
    if (process.exitStatus() == QProcess::NormalExit)
        run.exitCode = process.exitCode();
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

} // namespace sightglass::test
