// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_writers.h"
#include "core/export/utf8_parts.h"
#include "core/trace/trace_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// What went over the wire, for people: heads with a mark before each line, bodies as they are.
/// What cannot be seen as it stands is marked (see markedText()), so that the file may be shown in
/// a terminal.
class TranscriptWriter {
public:
    TranscriptWriter(ExportSource &source, ByteOut &out)
        : m_source(source)
        , m_trace(source.trace())
        , m_out(out)
    {
    }

    void write()
    {
        for (const ExchangeId id : m_source.exchanges()) {
            exchange(id);
            if (!m_source.proceed() || m_out.failed())
                return;
        }
        for (const QString &remark : m_source.remarks())
            line(u"# "_s + remark);
    }

private:
    void line(const QString &text)
    {
        m_out.write(markedText(text, LineEnds::Mark).toUtf8());
        m_out.write("\n");
    }

    void headers(const QString &mark, const QList<Header> &lines)
    {
        for (const Header &header : lines) {
            const Header shown = m_source.header(header);
            line(mark + QString::fromUtf8(shown.name) + u": "_s + QString::fromUtf8(shown.value));
        }
        line(mark.trimmed());
    }

    void exchange(ExchangeId id)
    {
        const RequestRecord &request = m_trace.request(id);
        const std::optional<ResponseRecord> response = m_trace.response(id);
        const ExchangeSummary summary = m_source.summary(id);
        const qint64 end = summary.times.ended;
        line(u"=== exchange %1: %2, %3, %4 ==="_s.arg(
            QString::number(id), m_source.text(request.what),
            QString::fromLatin1(exportTime(m_trace, summary.times.begun)),
            end < 0 ? u"not over"_s : humanDuration(end - summary.times.begun)));
        if (isHttp(request.kind)) {
            line(u"> %1 %2 %3"_s.arg(
                QString::fromUtf8(request.method), QString::fromUtf8(m_source.target(request)),
                response && !response->http.isEmpty() ? QString::fromUtf8(response->http)
                                                      : u"HTTP/1.1"_s));
            headers(u"> "_s, request.headers);
        }
        for (const Withheld &withheld : request.withheld) {
            line(u"# %1 was withheld: %2"_s.arg(QString::fromUtf8(withheld.name),
                                                m_source.text(withheld.why)));
        }
        const QByteArray body = m_source.requestBody(id);
        Utf8Check check;
        if (check.feed(body) && check.finish())
            text(body);
        else
            line(u"# a body of %1, no text"_s.arg(humanSize(body.size())));
        endBody(!body.isEmpty());
        if (response && isHttp(request.kind)) {
            line(u"< %1 %2 %3"_s.arg(QString::fromUtf8(response->http),
                                     QString::number(response->status),
                                     QString::fromUtf8(response->reason)));
            headers(u"< "_s, response->headers);
        }
        if (summary.responseBytes > 0) {
            if (m_source.isText(id)) {
                Utf8Parts parts;
                m_source.responseBody(id, [&](QByteArrayView part) { text(parts.feed(part)); });
                text(parts.finish());
            } else {
                line(u"# a body of %1, no text"_s.arg(humanSize(summary.responseBytes)));
            }
            endBody(true);
        }
        const std::optional<Failure> failure = judgedFailure(m_trace, id);
        if (failure && !isOrderlyEnd(*failure))
            line(u"! "_s + m_source.text(failure->sentence));
        line({});
    }

    void text(QByteArrayView part)
    {
        if (part.isEmpty())
            return;
        m_out.write(markedText(QString::fromUtf8(part), LineEnds::Keep).toUtf8());
        m_atLineStart = part.back() == '\n';
    }
    /// The next mark stands at the beginning of a line.
    void endBody(bool had)
    {
        if (had && !m_atLineStart)
            m_out.write("\n");
        m_atLineStart = true;
    }

    ExportSource &m_source;
    const TraceReader &m_trace;
    ByteOut &m_out;
    bool m_atLineStart = true;
};

} // namespace

void writeTranscript(ExportSource &source, ByteOut &out)
{
    TranscriptWriter(source, out).write();
}

} // namespace sightglass
