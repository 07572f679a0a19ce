// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/list_pages.h"

#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace sightglass {

/// What both kinds of SegmentedList are made of.
template <typename T> class SegmentedPart {
public:
    SegmentedPart(const SegmentedPart &) = delete;
    SegmentedPart &operator=(const SegmentedPart &) = delete;

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
        const qint64 inside = index - begin(s);
        T *segment = inside > 0 ? segmentAt(s).load(std::memory_order_relaxed) : addSegment(s);
        ::new (static_cast<void *>(segment + inside)) T{std::forward<Args>(args)...};
        m_size.store(index + 1, std::memory_order_release);
        return index;
    }

protected:
    explicit SegmentedPart(ListPages *pages)
        : m_pages(pages)
    {
    }
    ~SegmentedPart() = default;
    void destroy()
    {
        const qint64 count = m_size.load(std::memory_order_acquire);
        for (int s = 0; count > begin(s); ++s) {
            T *segment = segmentAt(s).load(std::memory_order_acquire);
            std::destroy_n(segment, qMin(count - begin(s), sizeOf(s)));
            ::operator delete(static_cast<void *>(segment), std::align_val_t(alignof(T)));
        }
        ::operator delete(static_cast<void *>(m_more.load(std::memory_order_acquire)),
                          std::align_val_t(alignof(More)));
    }

private:
    // They grow as long as that wastes little; then each is as large as the largest one.
    static constexpr int Growing = 10;
    static constexpr qint64 Largest = qint64(4) << (2 * (Growing - 1)); // 1 Mi
    using Segment = std::atomic<T *>;
    /// Of those that do not grow any more: for 8 Gi elements.
    using More = std::array<Segment, 8192>;

    static constexpr qint64 sum(int segments)
    {
        return 4 * (((qint64(1) << (2 * segments)) - 1) / 3);
    }
    static constexpr qint64 begin(int segment)
    {
        return segment <= Growing ? sum(segment) : sum(Growing) + (segment - Growing) * Largest;
    }
    static constexpr qint64 sizeOf(int segment)
    {
        return segment < Growing ? qint64(4) << (2 * segment) : Largest;
    }
    static constexpr int segmentOf(qint64 index)
    {
        return index < sum(Growing) ? (int(std::bit_width(quint64(3 * (index / 4) + 1))) - 1) / 2
                                    : Growing + int((index - sum(Growing)) / Largest);
    }
    const Segment &segmentAt(int s) const
    {
        return s < Growing ? m_segments[size_t(s)]
                           : (*m_more.load(std::memory_order_acquire))[size_t(s - Growing)];
    }
    template <typename E> E *allocate(qint64 count)
    {
        const size_t bytes = size_t(count) * sizeof(E);
        if constexpr (std::is_trivially_destructible_v<T>)
            return static_cast<E *>(m_pages->take(bytes));
        else
            return static_cast<E *>(::operator new(bytes, std::align_val_t(alignof(E))));
    }
    T *addSegment(int s)
    {
        T *segment = allocate<T>(sizeOf(s));
        if (s == Growing)
            m_more.store(::new (allocate<More>(1)) More{}, std::memory_order_release);
        const_cast<Segment &>(segmentAt(s)).store(segment, std::memory_order_release);
        return segment;
    }
    T *place(qint64 index) const
    {
        const int s = segmentOf(index);
        return segmentAt(s).load(std::memory_order_acquire) + (index - begin(s));
    }

    ListPages *m_pages = nullptr;
    std::array<Segment, Growing> m_segments = {};
    std::atomic<More *> m_more = nullptr;
    std::atomic<qint64> m_size = 0;
};

/// A list that one thread appends to while any number of threads read it.
///
/// Elements never move and never change: they stand in segments of 4, 16, 64, … elements, so a
/// short list is small and an index finds its element in constant time. An element is published
/// by the size (release), and read after it (acquire); no locks. Parts of a segment that are not
/// filled yet are memory that was never touched.
///
/// Elements that need no destruction stand in pages, which outlive the list; others in memory.
template <typename T> class SegmentedList final : public SegmentedPart<T> {
public:
    SegmentedList()
        : SegmentedPart<T>(nullptr)
    {
    }
    ~SegmentedList() { this->destroy(); }
};

/// In pages.
template <typename T>
requires std::is_trivially_destructible_v<T>
class SegmentedList<T> final : public SegmentedPart<T> {
public:
    explicit SegmentedList(ListPages *pages)
        : SegmentedPart<T>(pages)
    {
    }
};

} // namespace sightglass
