// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/log_tail.h"

#include <cstring>
#include <utility>

namespace sightglass {

void LogTail::passOver()
{
    Message &oldest = m_ring[m_first];
    m_bytes -= oldest.params.size();
    // A place keeps the memory of a usual message alone.
    constexpr qsizetype Usual = 1024;
    if (oldest.params.capacity() > Usual)
        oldest.params = {};
    m_first = m_first + 1 == m_ring.size() ? 0 : m_first + 1;
    --m_count;
    ++m_passedOver;
}

bool LogTail::add(QByteArrayView params, ExchangeId exchange, qint64 at)
{
    const QMutexLocker lock(&m_mutex);
    if (m_ring.empty())
        m_ring.resize(size_t(Most));
    const bool first = m_count == 0 && m_passedOver == 0;
    if (m_count == m_ring.size())
        passOver();
    while (m_count > 0 && m_bytes + params.size() > MostBytes)
        passOver();
    const size_t behind = m_first + m_count;
    Message &message = m_ring[behind < m_ring.size() ? behind : behind - m_ring.size()];
    message.params.resize(params.size());
    if (!params.isEmpty())
        std::memcpy(message.params.data(), params.data(), size_t(params.size()));
    message.exchange = exchange;
    message.at = at;
    ++m_count;
    m_bytes += params.size();
    return first;
}

LogTail::Taken LogTail::take()
{
    Taken taken;
    const QMutexLocker lock(&m_mutex);
    taken.messages.reserve(qsizetype(m_count));
    for (; m_count > 0; --m_count) {
        taken.messages.append(std::exchange(m_ring[m_first], {}));
        m_first = m_first + 1 == m_ring.size() ? 0 : m_first + 1;
    }
    m_bytes = 0;
    taken.passedOver = std::exchange(m_passedOver, 0);
    return taken;
}

} // namespace sightglass
