// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "core/filter/trace_filter.h"
#include "core/trace/credential_index.h"
#include "core/trace/rpc_outcome.h"

#include <atomic>
#include <mutex>

namespace sightglass {

// What a filter looks at, read when it is asked for. Private to core/filter.

/// What a filter knows of a trace besides one row; kept while the trace grows, used by all threads.
class TraceKnowledge {
public:
    CredentialIndex::Mask credentials(const TraceReader &trace, ExchangeId id,
                                      const QByteArray &name,
                                      CredentialIndex::Mask CredentialIndex::Entry::*which);
    /// Of names of credentials those that are none in the trace: looks at all of it.
    static QStringList unknownCredentials(const QStringList &names, const TraceReader &trace);
    /// The same without looking; nothing where not all of it was looked at for them yet.
    QStringList unknownSoFar(const QStringList &names, const TraceReader &trace);
    bool isMarked(const TraceReader &trace, const TraceRow &row, bool orItsEvents);
    /// The notes on a row, and of an exchange on its events.
    QStringList remarks(const TraceReader &trace, const TraceRow &row);
    QStringList findings(const TraceReader &trace, ExchangeId id);
    /// Seconds by which this computer's clock was ahead of UTC at that moment; to ask Qt for each
    /// row takes longer than all else.
    int offsetFromUtc(const QDateTime &began);

private:
    void bind(const TraceReader &trace);

    std::mutex m_mutex;
    const TraceReader *m_trace = nullptr;
    CredentialIndex m_index;
    RowNotes m_notes;
    qint64 m_beganMs = -1;
    int m_offset = 0;
};

/// One exchange.
class ExchangeFacts {
public:
    ExchangeFacts(const TraceReader &reader, ExchangeId exchange, TraceKnowledge &known,
                  const std::atomic<bool> *stopped, const FindingsLookup &lookup)
        : trace(reader)
        , id(exchange)
        , knowledge(known)
        , stop(stopped)
        , m_lookup(lookup)
    {
    }

    const TraceReader &trace;
    const ExchangeId id;
    TraceKnowledge &knowledge;
    const std::atomic<bool> *const stop;

    bool isStopped() const { return stop && stop->load(std::memory_order_relaxed); }
    const RequestRecord &request();
    const std::optional<ResponseRecord> &response();
    const ExchangeSummary &summary();
    const RpcOutcome &outcome();
    /// The answer's body up to `most` bytes.
    const QByteArray &answer(qint64 most);
    /// That stand in the trace, and those that the rules found.
    QStringList findings();

private:
    const FindingsLookup &m_lookup; ///< may be empty
    std::optional<ExchangeSummary> m_summary;
    std::optional<RequestRecord> m_request;
    std::optional<ResponseRecord> m_response;
    std::optional<RpcOutcome> m_outcome;
    QByteArray m_answer;
    qint64 m_answerMost = -1;
};

/// One frame of a stream, with its bytes; the views hold as long as whoever made it says.
class EventFacts {
public:
    qint64 index = 0;
    Frame frame;
    QByteArrayView bytes; ///< of the frame, of a very long one the beginning

    void set(qint64 number, const Frame &is, QByteArrayView raw);
    QByteArrayView type(); ///< as written; null where none was
    QByteArrayView data(); ///< empty where it is not dispatched
    const RpcOutcome &outcome();

private:
    void split();

    bool m_split = false;
    QByteArrayView m_type;
    QByteArrayView m_data;
    QByteArray m_joined; ///< of data that came in several lines; kept for its room
    std::optional<RpcOutcome> m_outcome;
};

/// Goes over frames of an exchange and reads their bytes in large pieces.
class FrameReader {
public:
    FrameReader(const TraceReader &trace, ExchangeId id, qint64 first, qint64 end);
    /// The next frame; false at the end. What the last one gave holds no longer.
    bool next(EventFacts &event);
    /// The id that holds for an event of this reader's.
    QByteArray idOf(const Frame &frame) const;

private:
    const TraceReader &m_trace;
    const ExchangeId m_id;
    qint64 m_next;
    const qint64 m_end;
    qint64 m_bytesEnd = 0; ///< nothing behind is wanted
    QByteArray m_piece;
    qint64 m_pieceStart = 0;
};

} // namespace sightglass
