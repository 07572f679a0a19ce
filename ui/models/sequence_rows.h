// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/envelope.h"
#include "core/trace/trace_store.h"

#include <QHash>

#include <array>
#include <atomic>
#include <functional>
#include <vector>

namespace sightglass {

/// One line of a sequence: a message from the client to the server or back, the begin or end of a
/// stream, or a silence. A million of these are kept: what they say is read when it is shown.
struct SequenceRow {
    enum class Kind : quint8 {
        Request, ///< the client sends an exchange
        ClientAnswer, ///< the same, and what it brings answers a request of the server's
        Answer, ///< the answer to an exchange, without a stream
        StreamAnswer, ///< an event that answers a request, on whichever stream
        ServerRequest, ///< an event that asks the client
        Event, ///< any other
        Opened, ///< the server opens a stream
        Ended, ///< the stream is over
        Gap, ///< nothing came until the next row
    };
    static constexpr quint8 None = 255;

    qint64 at = 0; ///< ns since the trace began, never less than in the row before
    ExchangeId id = 0; ///< 0: a Gap
    qint32 frame = -1; ///< of an event
    qint32 peer = -1; ///< the row that it is joined to: the answer of a request, the request of one
    Kind kind = Kind::Request;
    bool failed = false;
    quint8 lane = None; ///< of the stream
    quint8 call = None; ///< place among the calls that are open at once
    quint16 lanes = 0; ///< bit n: a stream lives on lane n
    quint16 calls = 0; ///< bit n: a call at place n is open here, or ends here

    bool fromClient() const { return kind == Kind::Request || kind == Kind::ClientAnswer; }
    bool operator==(const SequenceRow &) const = default;
};

/// Makes the lines of a growing trace, in the order of time: looks at each exchange and each event
/// once. For one thread at a time; not the GUI's.
class SequenceBuilder {
public:
    static constexpr int Lanes = 8; ///< the last is shared by all for which there was none
    static constexpr int Calls = 6;
    static constexpr qint64 GapNs = 1'000'000'000; ///< a silence from here on is a row

    /// New rows, and rows that were told before which are joined now: row and peer.
    struct Part {
        std::vector<SequenceRow> rows;
        std::vector<std::pair<qint32, qint32>> joined;
    };

    /// Exchanges that are new to it, in the order of their numbers; they and all that were not over
    /// the last time are looked at. `take` is handed the rows in parts.
    void update(const TraceReader &trace, const QList<ExchangeId> &fresh,
                const std::atomic<bool> &stop, const std::function<void(Part &&)> &take);
    /// There are exchanges of which more may come.
    bool hasOpen() const { return !m_open.empty(); }

private:
    struct Item;
    struct Open {
        ExchangeId id = 0;
        qint64 frames = 0; ///< taken
        bool headTaken = false;
        bool isStream = false;
        bool answered = false;
        bool over = false;
        bool asks = false; ///< its body has requests in it
        quint8 lane = SequenceRow::None;
        quint8 call = SequenceRow::None;
        qint32 row = -1;
    };
    struct Pending {
        qint32 row = -1;
        ExchangeId id = 0;
        quint8 call = SequenceRow::None;
    };

    void gather(const TraceReader &trace, std::vector<Item> &items);
    void process(const TraceReader &trace, const Item &item);
    void begin(const TraceReader &trace, Open &open, qint64 at);
    void head(Open &open, const TraceReader &trace, qint64 at);
    void event(const TraceReader &trace, const Open &open, qint64 frame, qint64 at);
    void end(const TraceReader &trace, Open &open, qint64 at);
    qint32 push(SequenceRow row, qint64 at);
    void join(qint32 row, qint32 peer);
    void setPeer(qint32 row, qint32 peer);
    quint8 takeLane();
    void freeLane(quint8 lane);
    quint8 takeCall();
    void freeCall(quint8 call);
    Open *find(ExchangeId id);

    std::vector<Open> m_open; ///< by id
    QHash<QByteArray, Pending> m_asked; ///< requests of the client without an answer, by id
    QHash<QByteArray, Pending> m_askedByServer;
    std::array<int, Lanes> m_lanes{}; ///< streams on each
    quint16 m_calls = 0;
    qint32 m_next = 0; ///< number of the next row
    qint32 m_partStart = 0;
    qint64 m_lastAt = -1;
    Part m_part;
};

} // namespace sightglass
