// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QStringList>

namespace sightglass::test {

/// A program in a terminal of its own (a pseudo-terminal of 100 columns), and somebody who types
/// there.
class Terminal {
public:
    Terminal();
    ~Terminal();
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool start(const QString &program, const QStringList &arguments);
    void type(const QByteArray &keys);
    /// Waits until this stands on the screen, behind what was waited for before.
    bool waitFor(const QByteArray &text);
    /// Waits for the end; -1: it came to none.
    int exitCode();
    /// Everything that was written, with its escape sequences.
    const QByteArray &screen() const { return m_screen; }
    /// True where typed characters are shown by the terminal itself: as a shell wants it.
    bool echoes() const;

private:
    void read();

    QProcess m_process;
    int m_master = -1;
    QByteArray m_screen;
    qsizetype m_seen = 0;
};

} // namespace sightglass::test
