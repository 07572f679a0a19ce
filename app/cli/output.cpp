// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/output.h"

#include "app/cli/interrupts.h"
#include "core/trace/trace_text.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

int exitCode(const Failure &failure)
{
    switch (failure.kind) {
    case FailureKind::Usage:
    case FailureKind::File:
        return WrongUse;
    case FailureKind::Unreachable:
        return NotReached;
    case FailureKind::Refused:
        return RefusedCode;
    case FailureKind::Protocol:
        return ProtocolError;
    case FailureKind::TimedOut:
        return TimedOutCode;
    case FailureKind::Cancelled:
        // Declined by a file of answers, or for want of one.
        return failure.code == "input-refused"_L1 ? ProtocolError : Interrupted;
    }
    return ProtocolError;
}

Output::Output(Colour colour)
{
    const bool allowed = colour != Colour::Never
        && (colour == Colour::Always || qEnvironmentVariableIsEmpty("NO_COLOR"));
    m_errTerminal = isatty(STDERR_FILENO);
    m_outTerminal = isatty(STDOUT_FILENO);
    struct stat what = {};
    m_outBlocks = fstat(STDOUT_FILENO, &what) == 0 && !S_ISREG(what.st_mode);
    m_outColour = allowed && (colour == Colour::Always || m_outTerminal);
    m_errColour = allowed && (colour == Colour::Always || m_errTerminal);
}

void holdStandardStreams()
{
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
        if (fcntl(number, F_GETFD) != -1 || errno != EBADF)
            continue;
        // Opened the wrong way round, so that its use fails as it would without. It gets the lowest
        // free number, which is this one, and is meant to stay.
        if (open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number)
            return;
    }
}

void Output::result(QByteArrayView bytes)
{
    stepAside(true);
    resultLater(bytes);
    flush();
    stepAside(false);
}

void Output::resultLater(QByteArrayView bytes)
{
    clearProgress();
    if (m_writeError != 0)
        return;
    constexpr qsizetype Enough = 64 * 1024;
    if (m_out.isEmpty() && bytes.size() >= Enough) {
        // Not copied: a result may have hundreds of megabytes.
        while (!bytes.isEmpty()) {
            const qsizetype written = writeSome(bytes);
            if (written < 0)
                return;
            bytes = bytes.sliced(written);
        }
        return;
    }
    m_out.append(bytes);
    if (m_out.size() >= Enough)
        flush();
}

void Output::flush()
{
    const QByteArray bytes = std::exchange(m_out, {});
    for (qsizetype at = 0; at < bytes.size() && m_writeError == 0;) {
        const qsizetype written = writeSome(QByteArrayView(bytes).sliced(at));
        if (written < 0)
            return;
        at += written;
    }
}

qsizetype Output::writeSome(QByteArrayView bytes)
{
    constexpr int LookMs = 100;
    constexpr int MostLooks = 20; // past the deadline
    constexpr qsizetype Most = 1 << 30;
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    for (int looks = 1; m_outBlocks && poll(&out, 1, LookMs) <= 0; ++looks) {
        if (Interrupts::isPending() || (m_deadline.hasExpired() && looks >= MostLooks)) {
            m_writeError = EPIPE;
            return -1;
        }
    }
    // A pipe that can be written to takes so much without waiting (POSIX, write()).
    const qsizetype size = qMin(bytes.size(), m_outBlocks ? qsizetype(PIPE_BUF) : Most);
    const ssize_t written = write(STDOUT_FILENO, bytes.data(), size_t(size));
    if (written >= 0)
        return written;
    if (errno == EINTR || errno == EAGAIN)
        return 0;
    m_writeError = errno;
    return -1;
}

bool Output::ended()
{
    pollfd out{STDOUT_FILENO, 0, 0};
    return m_writeError != 0 || (poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0);
}

int Output::exitCode(int code)
{
    flush();
    if (m_writeError == 0 || m_writeError == EPIPE)
        return code;
    error(Failure{FailureKind::File,
                  u"cannot-write"_s,
                  u"The result cannot be written: %1."_s.arg(
                      QString::fromLocal8Bit(std::strerror(m_writeError))),
                  u"Look at what standard output leads to."_s,
                  0,
                  {}});
    return code == Done ? WrongUse : code;
}

void Output::resultLine(QByteArrayView bytes)
{
    stepAside(true);
    resultLater(bytes);
    resultLater("\n");
    flush();
    stepAside(false);
}

void Output::part(const QString &text)
{
    stepAside(true);
    m_rest += text.toUtf8();
    qsizetype rest = 0;
    resultLater(m_redactor ? m_redactor->withoutKnown(m_rest, &rest) : m_rest);
    m_rest = m_rest.last(rest);
    stepAside(false);
}

void Output::endLine()
{
    const QByteArray rest = std::exchange(m_rest, {}) + '\n';
    text(rest);
}

void Output::text(QByteArrayView bytes)
{
    if (m_redactor && m_redactor->knowsSecrets())
        result(m_redactor->withoutKnown(bytes));
    else
        result(bytes);
}

void Output::line(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    this->text(bytes.append('\n'));
}

void Output::note(const QString &text)
{
    stepAside(true);
    clearProgress();
    std::fputs((clean(text) + u'\n').toUtf8().constData(), stderr);
    stepAside(false);
}

void Output::error(const Failure &failure)
{
    QString text = failure.sentence;
    if (!failure.advice.isEmpty()) {
        // A server's words need not end as a sentence does.
        if (!text.isEmpty() && !u".!?…"_s.contains(text.back()))
            text += u'.';
        text += u' ' + failure.advice;
    }
    QStringList evidence;
    if (failure.exchange > 0)
        evidence << u"exchange %1"_s.arg(failure.exchange);
    if (!failure.finding.isEmpty())
        evidence << failure.finding;
    if (!evidence.isEmpty())
        text += u" [%1]"_s.arg(evidence.join(u", "_s));
    note(wrap(u"sightglass-cli:"_s, "31;1", m_errColour) + u' ' + lineForTerminal(text));
}

void Output::progress(const QString &text)
{
    if (!m_errTerminal)
        return;
    std::fputs(("\r\033[K" + lineForTerminal(clean(text)).left(120).toUtf8()).constData(), stderr);
    std::fflush(stderr);
    m_progressShown = true;
}

void Output::clearProgress()
{
    if (!m_progressShown)
        return;
    std::fputs("\r\033[K", stderr);
    m_progressShown = false;
}

QString Output::bold(const QString &text) const
{
    return wrap(text, "1", m_outColour);
}

QString Output::muted(const QString &text) const
{
    return wrap(text, "2", m_outColour);
}

QString Output::alarming(const QString &text) const
{
    return wrap(text, "31", m_outColour);
}

QString Output::wrap(const QString &text, const char *code, bool colour) const
{
    return colour ? u"\033["_s + QLatin1StringView(code) + u'm' + text + u"\033[0m"_s : text;
}

QString forTerminal(const QString &text)
{
    return markedText(text, LineEnds::Keep);
}

QString lineForTerminal(const QString &text)
{
    return markedText(text, LineEnds::Mark);
}

} // namespace sightglass::cli
