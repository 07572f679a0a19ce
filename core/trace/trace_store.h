// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"
#include "core/trace/unnamed_file.h"

#include <QDateTime>

#include <functional>
#include <memory>

namespace sightglass {

/// Nanoseconds since the trace began, from a clock that never goes back.
using TraceClock = std::function<qint64()>;

/// A sink is told each record, on the writer's thread, after it stands in the
/// store. Recording to a file is one.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void onRequest(ExchangeId id, qint64 at, const RequestRecord &request,
                           const QByteArray &body) = 0;
    virtual void onMark(ExchangeId id, Mark mark, qint64 at) = 0;
    virtual void onResponse(ExchangeId id, qint64 at, const ResponseRecord &response) = 0;
    virtual void onBody(ExchangeId id, const BodyChunk &chunk, const char *bytes) = 0;
    virtual void onFrame(ExchangeId id, const Frame &frame) = 0;
    virtual void onFinish(ExchangeId id, qint64 at, const std::optional<Failure> &failure) = 0;
    virtual void onNote(const Note &note) = 0;
};

/// The reading side. Any number of threads may read while one writes; nothing
/// that was published changes or moves, and readers take no lock that the
/// writer needs. What is not there yet is simply not there yet.
class TraceReader {
public:
    virtual ~TraceReader() = default;

    /// When the trace began, in UTC.
    virtual QDateTime began() const = 0;
    /// True if the values in it were redacted before they were stored (a recording made without
    /// secrets).
    virtual bool redacted() const = 0;

    /// Grows with every record: a view that saw this number has seen all.
    virtual quint64 revision() const = 0;
    /// Exchanges have the ids 1 to exchangeCount().
    virtual ExchangeId exchangeCount() const = 0;
    virtual qint64 totalBytes() const = 0; ///< response bodies
    virtual qint64 totalEvents() const = 0;

    // All of these take ids from 1 to exchangeCount().
    virtual ExchangeSummary summary(ExchangeId id) const = 0;
    virtual RequestRecord request(ExchangeId id) const = 0;
    virtual QByteArray requestBody(ExchangeId id) const = 0;
    /// Empty until the head arrived.
    virtual std::optional<ResponseRecord> response(ExchangeId id) const = 0;
    /// A copy of [start, start + length) of the body; shorter where less is there or was recorded
    /// (TraceLimit), and empty where its first byte was let go of (ExchangeSummary::letGo).
    virtual QByteArray responseBody(ExchangeId id, qint64 start = 0, qint64 length = -1) const = 0;
    virtual qint64 chunkCount(ExchangeId id) const = 0;
    virtual BodyChunk chunk(ExchangeId id, qint64 index) const = 0;
    /// Frames have the indexes 0 to summary(id).frames - 1.
    virtual Frame frame(ExchangeId id, qint64 index) const = 0;
    /// How it ended; empty while it runs or if all went well.
    virtual std::optional<Failure> failure(ExchangeId id) const = 0;

    virtual qint64 noteCount() const = 0;
    virtual Note note(qint64 index) const = 0;
};

/// Whom an exchange was with, for people: "127.0.0.1:4780" of a URL, the command line of a program.
QString serverOf(const TraceReader &trace, ExchangeId id);
/// How an exchange failed: on the wire, or else by what was concluded from its bytes (a "failure"
/// note), which also adds to the former what it is called in the catalogue. Empty if all went well.
std::optional<Failure> judgedFailure(const TraceReader &trace, ExchangeId id);
/// Why the way to open a connection that an exchange began was left; empty where it was not.
QString leftBecause(const TraceReader &trace, ExchangeId id);

/// How much of bodies is kept, and what happens beyond. An answer that is no event stream is kept
/// until it has come to its end, in any case.
struct TraceLimit {
    /// Of all bodies together; 0: as much as the disk takes. Where they stand in memory alone, no
    /// more than 1 GiB.
    qint64 bytes = 0;
    enum class Beyond : quint8 {
        LetGo, ///< of the oldest; a note "let go" says so each time
        Stop, ///< what comes is not recorded any more; a note "stopped" says so once
    };
    Beyond beyond = Beyond::LetGo;

    bool operator==(const TraceLimit &) const = default;
};

/// The record of everything that went over the wire: append-only, one writer. All of it but what is
/// secret stands in files without a name that are read by mapping them: never moved, and no memory
/// of the program's. What refers to bytes are ranges.
class TraceStore final : public TraceReader {
public:
    /// `folder` is where its files are made; empty: none are, all stands in memory.
    explicit TraceStore(TraceClock clock = {},
                        const QDateTime &began = QDateTime::currentDateTimeUtc(),
                        const QString &folder = UnnamedFile::systemFolder());
    ~TraceStore() override;
    TraceStore(const TraceStore &) = delete;
    TraceStore &operator=(const TraceStore &) = delete;

    // Writing: from one thread at a time.

    void setLimit(const TraceLimit &limit);

    /// Now, by the trace's clock.
    qint64 now() const;
    /// For the writer: when what was recorded last came (0: nothing was). Costs nothing.
    qint64 latest() const;
    /// Records a request before it leaves and gives it its number. `at` is now if negative (also
    /// below).
    ExchangeId begin(const RequestRecord &request, const QByteArray &body, qint64 at = -1);
    void mark(ExchangeId id, Mark mark, qint64 at = -1);
    void respond(ExchangeId id, const ResponseRecord &response, qint64 at = -1);
    /// Space to read body bytes into without a copy: at least 64 KiB, `*capacity` bytes; valid
    /// until the next call of any writing function.
    char *reserve(qint64 *capacity);
    /// Publishes `length` bytes, which were written to the last reserve(), as the next part of the
    /// exchange's body. `bytes` becomes their view, which holds for the life of the store, or where
    /// they are not recorded (the limit) for the next few calls.
    BodyChunk commit(ExchangeId id, qint64 length, qint64 at = -1, QByteArrayView *bytes = nullptr);
    /// The same with a copy.
    BodyChunk append(ExchangeId id, const char *bytes, qint64 length, qint64 at = -1);
    void frame(ExchangeId id, const Frame &frame);
    void finish(ExchangeId id, const std::optional<Failure> &failure = {}, qint64 at = -1);
    void note(const QString &name, const QString &text, ExchangeId exchange = 0, qint64 at = -1,
              const QString &finding = {});
    /// A failure that is seen above HTTP, as a note "failure": what it says of its exchange.
    void noteFailure(const Failure &failure, qint64 at = -1);
    void setRedacted(bool redacted);
    /// Bodies are not recorded any more: the limit is reached, or there is no room.
    bool isStopped() const;

    /// Sinks are not owned. A sink added late is first told all that the store holds.
    void addSink(TraceSink *sink);
    void removeSink(TraceSink *sink);

    // Reading: from any thread.
    QDateTime began() const override;
    bool redacted() const override;
    quint64 revision() const override;
    ExchangeId exchangeCount() const override;
    qint64 totalBytes() const override;
    qint64 totalEvents() const override;
    ExchangeSummary summary(ExchangeId id) const override;
    RequestRecord request(ExchangeId id) const override;
    QByteArray requestBody(ExchangeId id) const override;
    std::optional<ResponseRecord> response(ExchangeId id) const override;
    QByteArray responseBody(ExchangeId id, qint64 start = 0, qint64 length = -1) const override;
    qint64 chunkCount(ExchangeId id) const override;
    BodyChunk chunk(ExchangeId id, qint64 index) const override;
    Frame frame(ExchangeId id, qint64 index) const override;
    std::optional<Failure> failure(ExchangeId id) const override;
    qint64 noteCount() const override;
    Note note(qint64 index) const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
