// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/trace_export.h"

#include <QMap>
#include <QSet>

namespace sightglass {

/// The exchanges that are handed on, as they may be seen by others: with fingerprints in place of
/// secrets where that is wanted. Keeps account of what was left out, and of how far it is. All
/// writers read through it alone.
class ExportSource {
public:
    ExportSource(const TraceReader &trace, const ExportWish &wish);

    const TraceReader &trace() const { return m_trace; }
    /// Those that the trace has, each once.
    const QList<ExchangeId> &exchanges() const { return m_exchanges; }
    /// All that the trace held when the work began.
    bool isWhole() const { return m_whole; }
    const Redactor *redactor() const { return m_redactor; }

    // Without secrets, if that is wanted.
    Header header(const Header &header);
    QUrl url(const RequestRecord &request);
    QByteArray target(const RequestRecord &request);
    QString text(const QString &text);
    QByteArray bytes(const QByteArray &bytes); ///< a part of a body that stands for itself
    QByteArray requestBody(ExchangeId id);

    /// As it was when it was first asked for: what comes later is not handed on.
    const ExchangeSummary &summary(ExchangeId id);
    using Part = std::function<void(QByteArrayView bytes)>;
    /// A response's body in parts, as far as summary() knows it, from `start` to `end` (-1: its
    /// end).
    void responseBody(ExchangeId id, const Part &part, qint64 start = 0, qint64 end = -1);
    /// Whether a response's body is UTF-8.
    bool isText(ExchangeId id);

    /// An exchange is done; false: the work is not wanted any more.
    bool proceed();
    /// So many bytes of a body were gone through.
    bool step(qint64 bytes);
    bool isCancelled() const { return m_cancelled; }

    void remark(const QString &sentence) { m_remarks.append(sentence); }
    /// All that is to be told of what is not in it.
    QStringList remarks() const;

private:
    QString secretsWords() const;
    /// From where on the bytes of a body are there, in a trace that let go of the oldest.
    qint64 firstKept(ExchangeId id, qint64 start, qint64 end);

    const TraceReader &m_trace;
    const Redactor *m_redactor;
    ExportProgress m_progress;
    QList<ExchangeId> m_exchanges;
    bool m_whole = true;
    ExchangeSummary m_summary;
    qint64 m_done = 0;
    qint64 m_told = 0;
    qint64 m_all = 1;
    bool m_cancelled = false;
    QMap<QByteArray, qint64> m_headers; ///< how often the value of a header was replaced
    qint64 m_urls = 0;
    QSet<ExchangeId> m_requests; ///< whose body was changed
    QSet<ExchangeId> m_responses;
    QSet<ExchangeId> m_letGo; ///< whose body is without its beginning
    qint64 m_texts = 0;
    QSet<ExchangeId> m_running; ///< not over when they were looked at
    QStringList m_remarks;
};

/// "2026-11-24T01:02:03.504Z": a time of a trace.
QByteArray exportTime(const TraceReader &trace, qint64 at);
/// Milliseconds, to the microsecond.
double exportMilliseconds(qint64 nanoseconds);

} // namespace sightglass
