// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_search.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace sightglass {

namespace {

/// The first part is small, so that something is there at once; later ones cost less to hand over.
constexpr qint64 FirstPart = 256;
constexpr qint64 LargestPart = 8 * 1024;

/// Frames of one exchange, up to, not including, `end`.
struct Frames {
    ExchangeId exchange = 0;
    qint64 first = 0;
    qint64 end = 0;
};

/// A piece of the work.
struct Part {
    qint64 number = -1; ///< -1: there is no more
    qint64 rows = 0;
    ExchangeId exchange = 0; ///< the first, of exchanges
    std::vector<Frames> frames; ///< of events: those that there were when it was given out
};

class Searcher {
public:
    Searcher(const TraceReader &trace, const TraceFilter &filter, const TraceSearch &search,
             const std::atomic<bool> &stop, const std::function<void(const FoundRows &)> &take)
        : m_trace(trace)
        , m_filter(filter)
        , m_search(search)
        , m_stop(stop)
        , m_take(take)
        , m_exchange(search.rows == TraceSearch::Rows::EventsOfOne
                         ? search.exchange
                         : std::max<qint64>(1, search.first))
        , m_frame(search.rows == TraceSearch::Rows::EventsOfOne ? std::max<qint64>(0, search.first)
                                                                : 0)
        , m_lastExchange(std::min(trace.exchangeCount(),
                                  search.rows == TraceSearch::Rows::EventsOfOne ? search.exchange
                                                                                : search.last))
    {
    }

    bool run()
    {
        std::vector<std::thread> helpers;
        for (int i = 1; i < m_search.threads; ++i)
            helpers.emplace_back([this] { work(); });
        work();
        for (std::thread &helper : helpers)
            helper.join();
        return !m_stop.load(std::memory_order_relaxed);
    }

private:
    qint64 framesOf(ExchangeId id) const
    {
        const qint64 frames = m_trace.summary(id).frames;
        return m_search.rows == TraceSearch::Rows::EventsOfOne ? std::min(frames, m_search.last + 1)
                                                               : frames;
    }

    Part nextPart()
    {
        const std::lock_guard lock(m_mutex);
        Part part;
        part.exchange = m_exchange;
        if (m_search.rows == TraceSearch::Rows::Exchanges) {
            part.rows = std::min(m_size, m_lastExchange + 1 - m_exchange);
            m_exchange += std::max<qint64>(0, part.rows);
        } else {
            while (part.rows < m_size && m_exchange <= m_lastExchange) {
                const qint64 here = std::min(framesOf(m_exchange) - m_frame, m_size - part.rows);
                if (here <= 0) {
                    ++m_exchange;
                    m_frame = 0;
                    continue;
                }
                part.frames.push_back({m_exchange, m_frame, m_frame + here});
                part.rows += here;
                m_frame += here;
            }
        }
        if (part.rows > 0)
            part.number = m_parts++;
        m_size = std::min(m_size * 2, LargestPart);
        return part;
    }

    void work()
    {
        while (!m_stop.load(std::memory_order_relaxed)) {
            const Part part = nextPart();
            if (part.number < 0)
                return;
            hand(part, look(part));
        }
    }

    QList<TraceRow> look(const Part &part) const
    {
        QList<TraceRow> found;
        if (m_search.rows == TraceSearch::Rows::Exchanges) {
            for (ExchangeId id = part.exchange; id < part.exchange + part.rows; ++id) {
                if (m_stop.load(std::memory_order_relaxed))
                    break;
                if (m_filter.matches(m_trace, id, &m_stop))
                    found.append({id, -1});
            }
            return found;
        }
        QList<qint64> frames;
        for (const Frames &of : part.frames) {
            frames.clear();
            m_filter.findEvents(m_trace, of.exchange, of.first, of.end, frames, &m_stop);
            for (const qint64 index : std::as_const(frames))
                found.append({of.exchange, index});
        }
        return found;
    }

    void hand(const Part &part, QList<TraceRow> found)
    {
        const std::lock_guard lock(m_handing);
        m_waiting.emplace(part.number, FoundRows{std::move(found), part.rows});
        // Those that were done before their turn wait for it.
        while (!m_waiting.empty() && m_waiting.begin()->first == m_handed) {
            FoundRows &rows = m_waiting.begin()->second;
            m_lookedAt += rows.lookedAt;
            rows.lookedAt = m_lookedAt;
            if (!m_stop.load(std::memory_order_relaxed))
                m_take(rows);
            m_waiting.erase(m_waiting.begin());
            ++m_handed;
        }
    }

    const TraceReader &m_trace;
    const TraceFilter &m_filter;
    const TraceSearch m_search;
    const std::atomic<bool> &m_stop;
    const std::function<void(const FoundRows &)> &m_take;

    std::mutex m_mutex; ///< of what is to be done next
    ExchangeId m_exchange;
    qint64 m_frame;
    const ExchangeId m_lastExchange;
    qint64 m_size = FirstPart;
    qint64 m_parts = 0;

    std::mutex m_handing; ///< of what was done
    std::map<qint64, FoundRows> m_waiting;
    qint64 m_handed = 0;
    qint64 m_lookedAt = 0;
};

} // namespace

bool searchTrace(const TraceReader &trace, const TraceFilter &filter, const TraceSearch &search,
                 const std::atomic<bool> &stop, const std::function<void(const FoundRows &)> &take)
{
    return Searcher(trace, filter, search, stop, take).run();
}

} // namespace sightglass
