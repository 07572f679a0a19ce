// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <atomic>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

namespace sightglass {

/// Memory for bytes that stay where they are until the arena goes: blocks of 4 MiB, larger for
/// larger pieces. For one thread; others read what they were given the address of.
///
/// Taking up fresh memory, page by page, costs as much as scanning what comes to stand in it. So
/// from the second block on the next one is taken up by a thread beside, and used if that was
/// quick enough.
class ByteArena {
public:
    static constexpr qint64 BlockSize = 4 << 20;

    /// At least `minimum` bytes in one piece, `*capacity` of them; nothing is taken yet.
    char *reserve(qint64 minimum, qint64 *capacity)
    {
        if (m_capacity - m_used < minimum) {
            m_capacity = qMax(BlockSize, minimum);
            m_used = 0;
            addBlock();
        }
        *capacity = m_capacity - m_used;
        return m_blocks.back().get() + m_used;
    }

    /// Takes the first `length` bytes of the last reserve().
    void take(qint64 length) { m_used += length; }

private:
    using Block = std::unique_ptr<char[]>;
    /// Shared with the thread that takes it up, which may outlive the arena.
    struct Next {
        Block block = Block(new char[size_t(BlockSize)]);
        std::atomic<bool> ready = false;
    };

    void addBlock()
    {
        if (m_next && m_capacity == BlockSize && m_next->ready.load(std::memory_order_acquire)) {
            m_blocks.push_back(std::move(m_next->block));
            m_next.reset();
        } else {
            m_blocks.emplace_back(new char[size_t(m_capacity)]);
        }
        if (!m_next && m_blocks.size() > 1)
            prepareNext();
    }
    void prepareNext()
    {
        m_next = std::make_shared<Next>();
        const auto takeUp = [next = m_next] {
            constexpr qint64 page = 4096;
            for (qint64 at = 0; at < BlockSize; at += page)
                next->block[size_t(at)] = 0;
            next->ready.store(true, std::memory_order_release);
        };
        try {
            std::thread(takeUp).detach();
        } catch (const std::system_error &) {
            // No thread to be had: the block is never ready, and each is taken up as it is filled.
        }
    }

    std::vector<Block> m_blocks;
    std::shared_ptr<Next> m_next;
    qint64 m_capacity = 0;
    qint64 m_used = 0;
};

} // namespace sightglass
