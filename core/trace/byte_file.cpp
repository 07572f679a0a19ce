// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/byte_file.h"

namespace sightglass {

ByteFile::ByteFile(const QString &folder)
{
    m_file.open(folder, false);
}

char *ByteFile::reserve(qint64 minimum, qint64 *capacity)
{
    if (m_roomSize < minimum) {
        m_roomSize = qMax(RoomSize, minimum);
        m_room.reset(new char[size_t(m_roomSize)]);
    }
    *capacity = m_roomSize;
    return m_room.get();
}

const char *ByteFile::take(qint64 length)
{
    const qint64 left = UnnamedFile::WindowSize - m_end % UnnamedFile::WindowSize;
    const qint64 at = length <= left ? m_end : m_end + left;
    const char *address = m_file.address(at, length);
    if (!address || !m_file.provide(at + length) || !m_file.write(at, m_room.get(), length))
        return nullptr;
    m_end = at + length;
    // What was large once need not stay so.
    if (m_roomSize > RoomSize) {
        m_room.reset();
        m_roomSize = 0;
    }
    return address;
}

} // namespace sightglass
