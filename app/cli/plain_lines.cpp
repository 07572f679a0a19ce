// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/plain_lines.h"

#include <cerrno>
#include <unistd.h>

namespace sightglass::cli {

PlainLines::PlainLines(QObject *parent)
    : LineSource(parent)
    , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    m_notifier.setEnabled(false);
    connect(&m_notifier, &QSocketNotifier::activated, this, &PlainLines::read);
}

void PlainLines::ask(const QString &)
{
    m_asked = true;
    // Later: whoever asks is not done with the line before.
    QMetaObject::invokeMethod(this, &PlainLines::give, Qt::QueuedConnection);
}

void PlainLines::rest()
{
    m_asked = false;
    m_notifier.setEnabled(false);
}

void PlainLines::give()
{
    if (!m_asked)
        return;
    const qsizetype end = m_buffer.indexOf('\n');
    if (end < 0 && !m_ended) {
        m_notifier.setEnabled(true);
        return;
    }
    rest();
    if (end < 0 && m_buffer.isEmpty()) {
        Q_EMIT ended();
        return;
    }
    const QByteArray text = end < 0 ? m_buffer : m_buffer.first(end);
    m_buffer.remove(0, end < 0 ? m_buffer.size() : end + 1);
    Q_EMIT line(QString::fromUtf8(text));
}

void PlainLines::read()
{
    char bytes[16 * 1024];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    m_notifier.setEnabled(false);
    if (got > 0)
        m_buffer.append(bytes, got);
    else
        m_ended = true;
    give();
}

} // namespace sightglass::cli
