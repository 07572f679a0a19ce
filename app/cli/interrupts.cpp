// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/interrupts.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace sightglass::cli {

namespace {

// A signal handler can reach nothing else.
int wakePipe[2] = {-1, -1};

int openPipe()
{
    if (pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    return wakePipe[0];
}

extern "C" void onSignal(int number)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = write(wakePipe[1], &byte, 1);
    std::signal(number, SIG_DFL);
}

} // namespace

Interrupts::Interrupts(QObject *parent)
    : QObject(parent)
    , m_notifier(openPipe(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (read(wakePipe[0], &byte, 1) > 0) { }
        Q_EMIT interrupted();
    });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Interrupts::~Interrupts()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    m_notifier.setEnabled(false);
    close(wakePipe[0]);
    close(wakePipe[1]);
}

} // namespace sightglass::cli
