// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/stream_facts.h"

#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/visible_text.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

struct Tr {
    Q_DECLARE_TR_FUNCTIONS(StreamFacts)
};

constexpr qsizetype kNamedReconnects = 6;
constexpr qint64 kSecond = 1'000'000'000;

/// Ages are read while they change: whole seconds, from the first on.
QString age(qint64 nanoseconds)
{
    if (nanoseconds < kSecond)
        return Tr::tr("under 1 s");
    return nanoseconds < 60 * kSecond ? Tr::tr("%1 s").arg(nanoseconds / kSecond)
                                      : humanDuration(nanoseconds);
}

} // namespace

bool StreamFacts::isStream(const TraceReader &trace, ExchangeId id)
{
    if (trace.summary(id).frames > 0)
        return true;
    const std::optional<ResponseRecord> response = trace.response(id);
    if (!response || response->status != 200)
        return false;
    return std::any_of(response->headers.cbegin(), response->headers.cend(), [](const Header &h) {
        return h.name.compare("Content-Type", Qt::CaseInsensitive) == 0
            && h.value.trimmed().toLower().startsWith("text/event-stream");
    });
}

void StreamFacts::reset(const ShownTrace &shown, ExchangeId id)
{
    *this = {};
    m_shown = shown;
    m_id = shown.trace ? id : 0;
    m_next = m_id + 1;
}

bool StreamFacts::update(qint64 budgetNs)
{
    if (m_id == 0)
        return false;
    const TraceReader &trace = *m_shown.trace;
    QElapsedTimer timer;
    timer.start();
    const qint64 frames = trace.summary(m_id).frames;
    while (m_frames < frames) {
        const Frame frame = trace.frame(m_id, m_frames++);
        if (isDispatched(frame.kind)) {
            if (m_events++ == 0)
                m_firstEvent = frame.at;
            else
                m_longestPause = std::max(m_longestPause, frame.at - m_lastEvent);
            m_lastEvent = frame.at;
        } else if (frame.kind == FrameKind::Comment) {
            ++m_comments;
        } else if (frame.kind == FrameKind::Ignored) {
            ++m_ignored;
        } else if (frame.kind == FrameKind::Retry) {
            const QByteArray line = trace.responseBody(
                m_id, frame.start, std::min<qint64>(64, frame.end - frame.start));
            bool ok = false;
            const qint64 ms = line.mid(line.indexOf(':') + 1).trimmed().toLongLong(&ok);
            if (ok)
                m_retryMs = ms;
        }
        if ((m_frames & 255) == 0 && timer.nsecsElapsed() > budgetNs)
            return true;
    }
    const ExchangeId count = trace.exchangeCount();
    for (; m_next <= count; ++m_next) {
        const RequestRecord &request = trace.request(m_next);
        if (request.kind == ExchangeKind::Reconnect
            && request.cause == (m_reconnects.isEmpty() ? m_id : m_reconnects.constLast()))
            m_reconnects.append(m_next);
        if ((m_next & 255) == 0 && timer.nsecsElapsed() > budgetNs) {
            ++m_next;
            return m_next <= count;
        }
    }
    return false;
}

QStringList StreamFacts::words(qint64 now) const
{
    if (m_id == 0)
        return {};
    const TraceReader &trace = *m_shown.trace;
    const ExchangeSummary s = trace.summary(m_id);
    const auto clock = [&trace](qint64 at) {
        return trace.began().addMSecs(at / 1'000'000).toLocalTime().toString(u"hh:mm:ss.zzz"_s);
    };
    QStringList words;
    if (s.times.head < 0) {
        words << (s.finished ? Tr::tr("never opened")
                             : Tr::tr("asked for %1, no answer yet").arg(clock(s.times.begun)));
    } else {
        words << Tr::tr("opened %1").arg(clock(s.times.head));
        const auto last = [&](qint64 at, const QString &ago, const QString &before) {
            if (at < 0)
                return;
            if (s.finished && s.times.ended >= 0)
                words << before.arg(humanDuration(std::max<qint64>(0, s.times.ended - at)));
            else if (now >= 0)
                words << ago.arg(age(now - at));
        };
        last(s.times.lastByte, Tr::tr("last byte %1 ago"), Tr::tr("last byte %1 before the end"));
        if (s.lastEvent >= 0)
            last(s.lastEvent, Tr::tr("last event %1 ago"), Tr::tr("last event %1 before the end"));
        else
            words << Tr::tr("no event yet");
        // One interval is in the list of events as it is.
        if (m_events > 2)
            words << Tr::tr("an event every %1, the longest pause %2")
                         .arg(humanDuration((m_lastEvent - m_firstEvent) / (m_events - 1)),
                              humanDuration(m_longestPause));
        words << counted(m_comments, Tr::tr("%1 comment"), Tr::tr("%1 comments"));
        if (m_ignored > 0)
            words << counted(m_ignored, Tr::tr("%1 line ignored"), Tr::tr("%1 lines ignored"));
        words << (m_retryMs >= 0 ? Tr::tr("retry %1").arg(humanDuration(m_retryMs * 1'000'000))
                                 : Tr::tr("no retry given"));
    }
    const RequestRecord &request = trace.request(m_id);
    if (request.kind == ExchangeKind::Reconnect && request.cause > 0)
        words << Tr::tr("takes up exchange %1").arg(request.cause);
    if (!m_reconnects.isEmpty()) {
        QStringList named;
        for (const ExchangeId id :
             m_reconnects.first(std::min(kNamedReconnects, m_reconnects.size())))
            named << QString::number(id);
        if (m_reconnects.size() > kNamedReconnects)
            named << u"…"_s;
        words << counted(m_reconnects.size(), Tr::tr("%1 reconnect (exchange %2)"),
                         Tr::tr("%1 reconnects (exchanges %2)"))
                     .replace("%2"_L1, named.join(u", "_s));
    } else if (s.finished && request.kind != ExchangeKind::Post) {
        words << Tr::tr("not taken up again");
    }
    if (s.finished) {
        const auto failure = trace.failure(m_id);
        words << (failure ? Tr::tr("ended: %1").arg(visibleText(failure->sentence))
                          : Tr::tr("ended by the server: the answer was complete"));
    } else if (now < 0) {
        words << Tr::tr("no end was recorded");
    }
    return words;
}

QString streamGlance(const TraceReader &trace, ExchangeId id, qint64 now)
{
    const ExchangeSummary s = trace.summary(id);
    if (s.times.head < 0 || !StreamFacts::isStream(trace, id))
        return {};
    if (s.finished && s.times.ended >= 0)
        return Tr::tr("ended after %1").arg(humanDuration(s.times.ended - s.times.begun));
    if (now < 0)
        return Tr::tr("no end was recorded");
    const QString open = Tr::tr("open %1").arg(age(now - s.times.head));
    return s.lastEvent >= 0 ? Tr::tr("%1, last event %2 ago").arg(open, age(now - s.lastEvent))
                            : Tr::tr("%1, no event yet").arg(open);
}

} // namespace sightglass
