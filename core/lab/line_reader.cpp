// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/line_reader.h"

namespace sightglass {

std::optional<QByteArray> LabLineReader::next()
{
    while (true) {
        const qsizetype end = m_buffer.indexOf('\n', std::max(m_at, m_scanned));
        if (end < 0) {
            m_buffer.remove(0, m_at);
            m_at = 0;
            m_scanned = m_buffer.size();
            return std::nullopt;
        }
        const QByteArray line = m_buffer.mid(m_at, end - m_at).trimmed();
        m_at = end + 1;
        m_scanned = m_at;
        if (!line.isEmpty())
            return line;
    }
}

} // namespace sightglass
