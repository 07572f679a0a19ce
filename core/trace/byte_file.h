// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/unnamed_file.h"

namespace sightglass {

/// Bytes that stay where they are until the object goes. They stand in a file without a name and
/// are read through a mapping of it: they are no memory of the program's, and the system keeps as
/// much of them at hand as it has room for. Where no such file can be had they stand in memory.
///
/// For one thread; others read what they were given the address of.
class ByteFile {
public:
    /// Empty: in memory.
    explicit ByteFile(const QString &folder = UnnamedFile::systemFolder());

    bool isOnDisk() const { return m_file.isOnDisk(); }
    /// At least `minimum` bytes of room in one piece, `*capacity` of them; until the next call.
    char *reserve(qint64 minimum, qint64 *capacity);
    /// Keeps the first `length` bytes of the last reserve() and gives their address for good; null
    /// where there is no room for them.
    const char *take(qint64 length);
    /// What was taken so far, with gaps; the place behind the last take().
    qint64 size() const { return m_end; }
    /// Gives up what was taken before that place; see UnnamedFile::letGo().
    void letGo(qint64 place) { m_file.letGo(place); }

    /// The longest piece that can be taken at once.
    static constexpr qint64 MostAtOnce = UnnamedFile::WindowSize;

private:
    static constexpr qint64 RoomSize = qint64(1) << 20;

    UnnamedFile m_file;
    qint64 m_end = 0;
    /// What is written next; its pages are always the same ones.
    std::unique_ptr<char[]> m_room;
    qint64 m_roomSize = 0;
};

} // namespace sightglass
