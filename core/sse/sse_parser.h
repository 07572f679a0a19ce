// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <memory>

namespace sightglass {

/// One dispatched event, for as long as the call that hands it over.
struct SseEvent {
    QByteArrayView type; ///< "message" where none was given
    QByteArrayView data; ///< lines joined by LF; bytes as received (invalid UTF-8 not replaced)
    QByteArrayView lastEventId;
    Frame frame; ///< kind Event; `at` is not set by the parser
};

/// What the parser tells, in the order in which it is known. All views hold for the call only.
///
/// Two sorts of frames, by the grammar of 9.2.5:
/// - Blocks: Event, Incomplete, and Ignored for a block that had an id or a type but no data. A
///   block is all lines from the first one behind the last blank line to its own closing blank
///   line (that line's end included). Blocks never overlap.
/// - Lines: Comment, Retry, and Ignored for an unknown field, a retry that is no number or an id
///   with NUL. The range is the line without its end. A line frame inside a block is reported when
///   it is read, so before the block, and its range lies within the block's.
///
/// Ranges do not depend on how the bytes were split: where a line end is a lone CR, a closing blank
/// line ends behind its CR, else behind its CRLF or LF.
class SseSink {
public:
    virtual ~SseSink() = default;
    virtual void onEvent(const SseEvent &event) = 0;
    /// `line` is the line of a line frame; empty for Ignored and Incomplete blocks, whose bytes
    /// stand in the stream at the frame's range.
    virtual void onOther(const Frame &frame, QByteArrayView line) = 0;
    /// A valid `retry` field: the new reconnection time in milliseconds.
    virtual void onRetry(qint64 milliseconds) = 0;
};

/// Parser for text/event-stream (HTML Living Standard, 9.2.5 and 9.2.6).
///
/// Incremental: any split of the bytes gives the same events. Linear in the
/// number of bytes, also for one event of 100 MB that comes in small parts.
/// A BOM at the very start is skipped; CR, LF and CRLF end lines; an id with
/// NUL is ignored; retry takes ASCII digits only. All ranges are offsets from
/// the first byte ever fed. The data of an event points into the slice that was fed where the event
/// lies within it and has one data line; nothing is copied then.
///
/// An event is dispatched as soon as its blank line is known to be over. Only where the lines
/// before ended in LF or CRLF and the slice ends in the CR of the blank line does it wait for the
/// next byte (it decides whether the range has one byte more).
class SseParser {
public:
    SseParser();
    ~SseParser();
    SseParser(SseParser &&) noexcept;
    SseParser &operator=(SseParser &&) noexcept;

    void feed(QByteArrayView bytes, SseSink &sink);
    /// The stream ended: an event without its closing blank line is reported as Incomplete, and
    /// not dispatched.
    void finish(SseSink &sink);

    /// The last event ID buffer: what a reconnect sends as Last-Event-ID. Updated by every valid id
    /// field when its block is dispatched (also without data).
    QByteArray lastEventId() const;
    std::optional<qint64> retry() const; ///< milliseconds; empty until the stream gave one

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The fields of one frame, read again from its raw bytes (for views).
struct SseField {
    QByteArray name; ///< "data", "event", "id", "retry", other; empty: comment
    QByteArray value;
    qint64 start = 0; ///< offset in the frame
    qint64 end = 0; ///< behind the line end
};
QList<SseField> sseFields(QByteArrayView frame);
/// Type and data of an event's raw bytes (for views and exports).
struct SseContent {
    QByteArray type;
    QByteArray data;
};
SseContent sseContent(QByteArrayView frame);
/// The same for a frame of any kind that is dispatched: a Line is a message as it stands.
SseContent frameContent(FrameKind kind, QByteArrayView frame);

} // namespace sightglass
