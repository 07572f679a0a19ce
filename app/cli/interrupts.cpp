// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/interrupts.h"

#include <csignal>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace sightglass::cli {

namespace {

// A signal handler can reach nothing else.
int wakePipe[2] = {-1, -1};
volatile std::sig_atomic_t before = 0;
bool hasTerminal = false;
termios asItWas;

int openPipe()
{
    if (pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    return wakePipe[0];
}

extern "C" void onSignal(int signal)
{
    if (before) {
        if (hasTerminal)
            tcsetattr(STDIN_FILENO, TCSANOW, &asItWas);
        _exit(128 + SIGINT);
    }
    before = 1;
    const char byte = static_cast<char>(signal);
    [[maybe_unused]] const ssize_t written = ::write(wakePipe[1], &byte, 1);
}

} // namespace

Interrupts::Interrupts(QObject *parent)
    : QObject(parent)
    , m_notifier(openPipe(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        char last = 0;
        while (read(wakePipe[0], &byte, 1) > 0)
            last = byte;
        Q_EMIT interrupted(last);
    });
    hasTerminal = tcgetattr(STDIN_FILENO, &asItWas) == 0;
    before = 0;
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

bool Interrupts::isPending()
{
    return before != 0;
}

void Interrupts::taken()
{
    before = 0;
}

Interrupts::~Interrupts()
{
    // The handler stays: the program is about to end with its own exit code, and a second signal
    // still ends it at once.
    m_notifier.setEnabled(false);
    const int ends[] = {wakePipe[0], wakePipe[1]};
    wakePipe[0] = wakePipe[1] = -1;
    close(ends[0]);
    close(ends[1]);
}

} // namespace sightglass::cli
