// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/recording_bytes.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>

namespace sightglass::test {

using namespace Qt::StringLiterals;

/// A child that the system ends when this program dies.
inline void startChild(QProcess &process, const QProcessEnvironment &environment,
                       const QString &program, const QStringList &arguments)
{
    process.setProcessEnvironment(environment);
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process.start(program, arguments);
    process.waitForStarted();
}

inline void endChild(QProcess &process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.kill();
    process.waitForFinished();
}

/// A desktop session: a home, a message bus, and a keyring that nobody can be asked to unlock.
class SecretSession {
public:
    SecretSession()
    {
        for (const char *folder : {"home", "run"})
            QDir(m_dir.path()).mkdir(QString::fromLatin1(folder));
        QFile::setPermissions(path(u"run"_s),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    ~SecretSession()
    {
        endChild(m_keyring);
        endChild(m_bus);
    }

    QString path(const QString &name) const { return m_dir.filePath(name); }

    QProcessEnvironment environment() const
    {
        QProcessEnvironment variables;
        const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
        for (const QString &name : own.keys()) {
            if (name == u"PATH"_s || name.endsWith(u"SAN_OPTIONS"_s))
                variables.insert(name, own.value(name));
        }
        variables.insert(u"HOME"_s, path(u"home"_s));
        variables.insert(u"XDG_RUNTIME_DIR"_s, path(u"run"_s));
        if (m_bus.state() != QProcess::NotRunning)
            variables.insert(u"DBUS_SESSION_BUS_ADDRESS"_s,
                             u"unix:path="_s + path(u"run/socket"_s));
        return variables;
    }

    bool startBus()
    {
        QFile file(path(u"bus.conf"_s));
        if (!file.open(QIODevice::WriteOnly))
            return false;
        // No folder with services: nothing is started on demand, neither prompts nor a new keyring.
        file.write("<busconfig><type>session</type><listen>unix:path="
                   + path(u"run/socket"_s).toUtf8()
                   + "</listen><auth>EXTERNAL</auth><policy context=\"default\">"
                     "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
                     "<allow own=\"*\"/></policy></busconfig>");
        file.close();
        startChild(m_bus, environment(), u"dbus-daemon"_s,
                   {u"--config-file="_s + file.fileName(), u"--nofork"_s});
        return QTest::qWaitFor([&] { return ownsName("org.freedesktop.DBus"); }, 20'000);
    }

    /// Without a password it stays locked.
    bool startKeyring(const QByteArray &password)
    {
        QStringList arguments{u"--foreground"_s, u"--components=secrets"_s};
        if (!password.isEmpty())
            arguments.prepend(u"--unlock"_s);
        startChild(m_keyring, environment(), u"gnome-keyring-daemon"_s, arguments);
        m_keyring.write(password);
        m_keyring.closeWriteChannel();
        return QTest::qWaitFor([&] { return ownsName("org.freedesktop.secrets"); }, 20'000);
    }

    void endKeyring() { endChild(m_keyring); }
    void endBus() { endChild(m_bus); }
    void signalKeyring(int number) { ::kill(pid_t(m_keyring.processId()), number); }

    /// What a program of the session prints.
    QByteArray run(const QString &program, const QStringList &arguments) const
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        startChild(process, environment(), program, arguments);
        process.waitForFinished();
        return process.readAll();
    }

    /// Files below the home that hold a text.
    QStringList filesWith(const QByteArray &text) const
    {
        QStringList names;
        QDirIterator files(m_dir.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly) && plainRecording(file.readAll()).contains(text))
                names += file.fileName();
        }
        return names;
    }

private:
    bool ownsName(const char *name) const
    {
        return run(u"dbus-send"_s,
                   {u"--session"_s, u"--print-reply"_s, u"--dest=org.freedesktop.DBus"_s,
                    u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus.NameHasOwner"_s,
                    u"string:"_s + QLatin1StringView(name)})
            .contains("boolean true");
    }

    QTemporaryDir m_dir;
    QProcess m_bus;
    QProcess m_keyring;
};

} // namespace sightglass::test
