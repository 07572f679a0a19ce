// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <new>
#include <utility>

namespace sightglass {

/// A list that one thread appends to while any number of threads read it.
///
/// Elements never move and never change: they stand in segments of 4, 16, 64, … elements, so a
/// short list is small and an index finds its element in constant time. An element is published
/// by the size (release), and read after it (acquire); no locks. Parts of a segment that are not
/// filled yet are memory that was never touched.
template <typename T> class SegmentedList {
public:
    SegmentedList() = default;
    SegmentedList(const SegmentedList &) = delete;
    SegmentedList &operator=(const SegmentedList &) = delete;
    ~SegmentedList()
    {
        const qint64 count = m_size.load(std::memory_order_acquire);
        for (int s = 0; s < Segments; ++s) {
            T *segment = m_segments[s].load(std::memory_order_acquire);
            if (!segment)
                break;
            std::destroy_n(segment, qBound(qint64(0), count - begin(s), sizeOf(s)));
            ::operator delete(static_cast<void *>(segment), std::align_val_t(alignof(T)));
        }
    }

    /// For any thread: elements 0 to size() - 1 are there.
    qint64 size() const { return m_size.load(std::memory_order_acquire); }

    /// For any thread, with an index below a size() that was seen before.
    const T &at(qint64 index) const { return *place(index); }

    // For the writer.

    /// For members that are atomics themselves.
    T &mutableAt(qint64 index) { return *place(index); }

    /// Adds an element and gives its index.
    template <typename... Args> qint64 append(Args &&...args)
    {
        const qint64 index = m_size.load(std::memory_order_relaxed);
        const int s = segmentOf(index);
        T *segment = m_segments[s].load(std::memory_order_relaxed);
        if (!segment) {
            segment = static_cast<T *>(
                ::operator new(size_t(sizeOf(s)) * sizeof(T), std::align_val_t(alignof(T))));
            m_segments[s].store(segment, std::memory_order_release);
        }
        ::new (static_cast<void *>(segment + (index - begin(s)))) T{std::forward<Args>(args)...};
        m_size.store(index + 1, std::memory_order_release);
        return index;
    }

private:
    // More elements than an address space holds of the smallest T that is used.
    static constexpr int Segments = 20;

    static constexpr qint64 begin(int segment)
    {
        return 4 * (((qint64(1) << (2 * segment)) - 1) / 3);
    }
    static constexpr qint64 sizeOf(int segment) { return qint64(4) << (2 * segment); }
    static constexpr int segmentOf(qint64 index)
    {
        return (int(std::bit_width(quint64(3 * (index / 4) + 1))) - 1) / 2;
    }
    T *place(qint64 index) const
    {
        const int s = segmentOf(index);
        return m_segments[s].load(std::memory_order_acquire) + (index - begin(s));
    }

    std::array<std::atomic<T *>, Segments> m_segments = {};
    std::atomic<qint64> m_size = 0;
};

} // namespace sightglass
