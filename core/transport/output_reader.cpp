// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/transport/output_reader.h"

#include <utility>

namespace sightglass {

void OutputReader::feed(QByteArrayView bytes, OutputSink &sink)
{
    if (bytes.isEmpty())
        return;
    // As it came, before anything looks at it; of a flood only what turns out to be a message.
    const bool all = !m_besides.isSpent();
    qint64 position = m_recorded;
    if (all)
        record(bytes, sink);
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        const QByteArrayView part = end < 0 ? bytes : bytes.first(end + 1);
        bytes = bytes.sliced(part.size());
        position += part.size();
        if (!take(part, end >= 0, all, position, sink))
            return;
    }
}

void OutputReader::finish(OutputSink &sink)
{
    if (m_lineBytes > 0)
        take({}, true, !m_besides.isSpent(), m_recorded, sink);
}

void OutputReader::record(QByteArrayView bytes, OutputSink &sink)
{
    sink.onRecord(bytes);
    m_recorded += bytes.size();
}

bool OutputReader::take(QByteArrayView part, bool ends, bool isRecorded, qint64 position,
                        OutputSink &sink)
{
    QByteArrayView line = part;
    if (!ends || m_lineBytes > 0) {
        if (m_kind != LineKind::Text)
            m_partial.append(part);
        line = m_partial;
    }
    m_lineBytes += part.size();
    if (isRecorded)
        m_lineRecorded += part.size();
    if (m_kind == LineKind::Undecided)
        m_kind = lineKind(line, ends);
    if (m_kind == LineKind::Text || m_kind == LineKind::Blank) {
        // Also of a line that never ends.
        m_besides.count(m_lineBytes - m_lineCounted, ends ? 1 : 0);
        m_lineCounted = m_lineBytes;
        m_partial.truncate(LineStart);
    }
    return !ends || endLine(m_partial.isEmpty() ? line : m_partial, isRecorded, position, sink);
}

bool OutputReader::endLine(QByteArrayView line, bool isRecorded, qint64 position, OutputSink &sink)
{
    OutputLine told;
    told.kind = std::exchange(m_kind, LineKind::Undecided);
    const qint64 length = std::exchange(m_lineBytes, 0);
    const qint64 recorded = std::exchange(m_lineRecorded, 0);
    m_lineCounted = 0;
    const QByteArray kept = std::exchange(m_partial, {}); // what `line` may be a view of
    if (told.kind == LineKind::Message && recorded < length)
        record(line.sliced(recorded), sink);
    told.bytes = line;
    told.start = m_lineStart;
    told.end = isRecorded ? position : m_recorded;
    m_lineStart = told.end;
    return sink.onLine(told);
}

} // namespace sightglass
