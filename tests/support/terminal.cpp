// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/terminal.h"

#include <QTest>

#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace sightglass::test {

namespace {

constexpr int Patience = 30'000; ///< ms; a hang is a failure, slowness is none

} // namespace

Terminal::Terminal()
    : m_master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK))
{
    if (m_master < 0 || grantpt(m_master) != 0 || unlockpt(m_master) != 0)
        return;
    const winsize size{40, 100, 0, 0};
    ioctl(m_master, TIOCSWINSZ, &size);
    const QByteArray name = ptsname(m_master);
    m_process.setChildProcessModifier([name] {
        setsid();
        const int terminal = open(name.constData(), O_RDWR);
        ioctl(terminal, TIOCSCTTY, 0);
        for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number)
            dup2(terminal, number);
        if (terminal > STDERR_FILENO)
            close(terminal);
    });
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TERM"), QStringLiteral("xterm"));
    environment.insert(QStringLiteral("NO_COLOR"), QStringLiteral("1"));
    m_process.setProcessEnvironment(environment);
}

Terminal::~Terminal()
{
    m_process.kill();
    m_process.waitForFinished();
    if (m_master >= 0)
        close(m_master);
}

bool Terminal::start(const QString &program, const QStringList &arguments)
{
    if (m_master < 0)
        return false;
    m_process.start(program, arguments);
    return m_process.waitForStarted();
}

void Terminal::type(const QByteArray &keys)
{
    m_seen = m_screen.size();
    for (const char key : keys)
        [[maybe_unused]] const ssize_t written = write(m_master, &key, 1);
}

void Terminal::read()
{
    char bytes[4096];
    ssize_t got = 0;
    while ((got = ::read(m_master, bytes, sizeof bytes)) > 0)
        m_screen.append(bytes, got);
}

bool Terminal::waitFor(const QByteArray &text)
{
    return QTest::qWaitFor(
        [&] {
            read();
            const qsizetype at = m_screen.indexOf(text, m_seen);
            if (at >= 0)
                m_seen = at + text.size();
            return at >= 0;
        },
        Patience);
}

int Terminal::exitCode()
{
    const bool ended = QTest::qWaitFor(
        [&] {
            read();
            return m_process.state() == QProcess::NotRunning;
        },
        Patience);
    return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

bool Terminal::echoes() const
{
    termios settings;
    return tcgetattr(m_master, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
}

} // namespace sightglass::test
