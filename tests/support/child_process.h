// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QStringList>
#include <QUrl>

namespace sightglass::test {

/// A server that a test started. It is killed with its children when the object goes, and by the
/// system when the test program dies.
class ChildProcess {
public:
    ChildProcess();
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    /// NAME=VALUE; the child gets these, PATH and nothing else.
    void setEnvironment(const QStringList &variables);
    /// False if it could not be started; see output().
    bool start(const QString &program, const QStringList &arguments);
    /// Waits until the child printed a line with an http(s) URL and returns that; an invalid one
    /// after 30 s or if it ended before.
    QUrl waitForUrl();
    bool isRunning() const;
    /// Waits until it writes something or ends.
    void waitForOutput(int milliseconds);
    void kill();
    /// What it wrote so far, standard error too.
    QByteArray output();

private:
    QProcess m_process;
    QByteArray m_output;
};

/// The pinned Node.js of tests/npm; empty where `npm ci` has not run.
QString pinnedNode();
/// A path below tests/npm.
QString npmPath(const QString &relative);
/// A port on loopback that nobody listens on now.
quint16 freePort();

} // namespace sightglass::test
