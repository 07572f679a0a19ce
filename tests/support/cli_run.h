// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

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

} // namespace sightglass::test
