// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace sightglass::cli {

/// SIGINT and SIGTERM as a signal of the event loop. The second one ends the program at once (and
/// leaves the terminal as it was), unless the first was taken for something less than the end.
class Interrupts : public QObject {
    Q_OBJECT
public:
    explicit Interrupts(QObject *parent = nullptr);
    ~Interrupts() override;

    /// The last one was dealt with, and the program goes on: the next is a first one again.
    void taken();
    /// One came that was not dealt with yet.
    static bool isPending();

Q_SIGNALS:
    void interrupted(int signal);

private:
    QSocketNotifier m_notifier;
};

} // namespace sightglass::cli
