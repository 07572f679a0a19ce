// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <memory>
#include <vector>

namespace sightglass {

/// Memory for bytes that stay where they are until the arena goes: blocks of 1 MiB, larger for
/// larger pieces. For one thread; others read what they were given the address of.
class ByteArena {
public:
    static constexpr qint64 BlockSize = 1 << 20;

    /// At least `minimum` bytes in one piece, `*capacity` of them; nothing is taken yet.
    char *reserve(qint64 minimum, qint64 *capacity)
    {
        if (m_capacity - m_used < minimum) {
            m_capacity = qMax(BlockSize, minimum);
            m_used = 0;
            m_blocks.emplace_back(new char[size_t(m_capacity)]);
        }
        *capacity = m_capacity - m_used;
        return m_blocks.back().get() + m_used;
    }

    /// Takes the first `length` bytes of the last reserve().
    void take(qint64 length) { m_used += length; }

private:
    std::vector<std::unique_ptr<char[]>> m_blocks;
    qint64 m_capacity = 0;
    qint64 m_used = 0;
};

} // namespace sightglass
