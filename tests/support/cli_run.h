// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

class QProcess;

namespace sightglass::test {

/// One run of sightglass-cli, to its end.
struct CliRun {
    int exitCode = -1; ///< -1: it did not start, crashed or had to be killed
    QByteArray out;
    QByteArray err;
};

/// `environment`: NAME=VALUE, besides the test's own. Killed after 60 s.
CliRun runCli(const QStringList &arguments, const QStringList &environment = {},
              const QByteArray &input = {});

/// The end of a process that was started, in which servers of the test itself answer meanwhile.
/// Killed after so many milliseconds.
CliRun endOf(QProcess &process, int patienceMs = 60'000);

} // namespace sightglass::test
