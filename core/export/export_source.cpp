// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_source.h"

#include "core/export/utf8_parts.h"
#include "core/trace/body_redactor.h"
#include "core/trace/session_id.h"

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 BodySlice = 1024 * 1024;
/// What an exchange counts besides its body, which is read twice: once to tell what it is.
constexpr qint64 StepsOfAnExchange = 1024;

QString numbered(qint64 number, const QString &one, const QString &many)
{
    return number == 1 ? one : many.arg(number);
}

} // namespace

ExportSource::ExportSource(const TraceReader &trace, const ExportWish &wish)
    : m_trace(trace)
    , m_redactor(wish.redactor)
    , m_progress(wish.progress)
{
    const ExchangeId count = trace.exchangeCount();
    if (wish.exchanges) {
        QSet<ExchangeId> seen;
        for (const ExchangeId id : *wish.exchanges) {
            if (id >= 1 && id <= count && !seen.contains(id)) {
                seen.insert(id);
                m_exchanges.append(id);
            }
        }
    } else {
        m_exchanges.reserve(count);
        for (ExchangeId id = 1; id <= count; ++id)
            m_exchanges.append(id);
    }
    m_whole = m_exchanges.size() == count;
    for (const ExchangeId id : std::as_const(m_exchanges))
        m_all += StepsOfAnExchange + 2 * trace.summary(id).responseBytes;
}

Header ExportSource::header(const Header &header)
{
    if (!m_redactor)
        return header;
    Header shown = header;
    shown.name = m_redactor->withoutKnown(header.name);
    shown.value = valueToHandOut(*m_redactor, header);
    if (shown.value != header.value)
        ++m_headers[shown.name];
    return shown;
}

QUrl ExportSource::url(const RequestRecord &request)
{
    if (!m_redactor)
        return request.url;
    const QUrl shown = m_redactor->url(request.url);
    if (shown != request.url)
        ++m_urls;
    return shown;
}

QByteArray ExportSource::target(const RequestRecord &request)
{
    return m_redactor ? m_redactor->target(request.target) : request.target;
}

QString ExportSource::text(const QString &text)
{
    if (!m_redactor)
        return text;
    const QString shown = m_redactor->text(text);
    if (shown != text)
        ++m_texts;
    return shown;
}

QByteArray ExportSource::bytes(const QByteArray &bytes)
{
    return m_redactor ? m_redactor->body(bytes) : bytes;
}

QByteArray ExportSource::requestBody(ExchangeId id)
{
    const QByteArray body = m_trace.requestBody(id);
    const QByteArray shown = bytes(body);
    if (shown != body)
        m_requests.insert(id);
    return shown;
}

const ExchangeSummary &ExportSource::summary(ExchangeId id)
{
    if (m_summary.id != id) {
        m_summary = m_trace.summary(id);
        if (!m_summary.finished)
            m_running.insert(id);
    }
    return m_summary;
}

qint64 ExportSource::firstKept(ExchangeId id, qint64 start, qint64 end)
{
    const auto isKept = [&](qint64 at) { return !m_trace.responseBody(id, at, 1).isEmpty(); };
    if (start >= end || isKept(start))
        return start;
    // What is let go of is the beginning.
    qint64 gone = start;
    qint64 kept = end;
    while (kept - gone > 1) {
        const qint64 middle = gone + (kept - gone) / 2;
        (isKept(middle) ? kept : gone) = middle;
    }
    m_letGo.insert(id);
    return kept;
}

void ExportSource::responseBody(ExchangeId id, const Part &part, qint64 start, qint64 end)
{
    const qint64 size = summary(id).responseBytes;
    end = end < 0 ? size : std::min(end, size);
    start = firstKept(id, start, end);
    std::optional<BodyRedactor> redactor;
    if (m_redactor)
        redactor.emplace(*m_redactor);
    bool changed = false;
    QByteArray before; ///< what the redactor has not given out yet
    const auto give = [&](const QByteArray &shown) {
        changed = changed || QByteArrayView(before).first(shown.size()) != shown;
        before = before.sliced(shown.size());
        if (!shown.isEmpty())
            part(shown);
    };
    while (start < end && !m_cancelled) {
        const QByteArray slice = m_trace.responseBody(id, start, std::min(BodySlice, end - start));
        if (slice.isEmpty())
            break;
        start += slice.size();
        if (redactor) {
            before += slice;
            give(redactor->feed(slice));
        } else {
            part(slice);
        }
        step(slice.size());
    }
    if (redactor)
        give(redactor->finish());
    if (changed)
        m_responses.insert(id);
}

bool ExportSource::isText(ExchangeId id)
{
    const qint64 size = summary(id).responseBytes;
    Utf8Check check;
    for (qint64 at = firstKept(id, 0, size); at < size;) {
        const QByteArray slice = m_trace.responseBody(id, at, std::min(BodySlice, size - at));
        if (slice.isEmpty() || !check.feed(slice) || !step(slice.size()))
            return false;
        at += slice.size();
    }
    return check.finish();
}

bool ExportSource::proceed()
{
    return step(StepsOfAnExchange);
}

bool ExportSource::step(qint64 steps)
{
    constexpr qint64 Often = 64 * 1024;
    m_done = std::min(m_done + steps, m_all);
    if (!m_cancelled && m_progress && m_done - m_told >= std::min(Often, m_all / 100)) {
        m_told = m_done;
        m_cancelled = !m_progress(m_done, m_all);
    }
    return !m_cancelled;
}

QString ExportSource::secretsWords() const
{
    QStringList where;
    for (auto it = m_headers.begin(); it != m_headers.end(); ++it)
        where.append(u"%1 (%2)"_s.arg(QString::fromUtf8(it.key())).arg(it.value()));
    if (m_urls > 0)
        where.append(numbered(m_urls, u"in a URL"_s, u"in %1 URLs"_s));
    if (const qint64 bodies = m_requests.size() + m_responses.size(); bodies > 0)
        where.append(numbered(bodies, u"in a body"_s, u"in %1 bodies"_s));
    if (m_texts > 0)
        where.append(numbered(m_texts, u"in a note"_s, u"in %1 notes"_s));
    return where.join(u", "_s);
}

QStringList ExportSource::remarks() const
{
    QStringList told = m_remarks;
    const QString where = secretsWords();
    if (m_trace.redacted())
        told.append(
            u"Secrets were left out when this was recorded: fingerprints stand in their place."_s);
    else if (!m_redactor)
        told.append(u"Secrets are in it, as they were sent."_s);
    if (!where.isEmpty())
        told.append(u"Secrets are replaced by fingerprints: %1."_s.arg(where));
    if (!m_letGo.isEmpty())
        told.append(numbered(m_letGo.size(),
                             u"The beginning of a body is missing: it was let go of."_s,
                             u"The beginnings of %1 bodies are missing: they were let go of."_s));
    if (!m_running.isEmpty())
        told.append(numbered(m_running.size(),
                             u"One exchange was not over: what had come by then is here."_s,
                             u"%1 exchanges were not over: what had come by then is here."_s));
    return told;
}

QByteArray exportTime(const TraceReader &trace, qint64 at)
{
    return trace.began().addMSecs(at / 1'000'000).toUTC().toString(Qt::ISODateWithMs).toLatin1();
}

double exportMilliseconds(qint64 nanoseconds)
{
    return std::round(double(nanoseconds) / 1e3) / 1e3;
}

} // namespace sightglass
