// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sse/sse_parser.h"
#include "tests/fuzz/cut_bytes.h"
#include "tests/fuzz/fuzz_targets.h"

#include <QStringList>

namespace sightglass::fuzz {

namespace {

/// All that a parser told, and whether each of it can be.
class SseTold final : public SseSink {
public:
    struct One {
        Frame frame;
        QByteArray type;
        QByteArray data; ///< of an event its data, else the line
        QByteArray id;
        qint64 retry = -1;

        bool operator==(const One &) const = default;
    };

    explicit SseTold(QByteArrayView input)
        : m_input(input)
    {
    }

    void onEvent(const SseEvent &event) override
    {
        const Frame &frame = event.frame;
        require(frame.kind == FrameKind::Event, "an event's frame is of the kind Event");
        checkRange(frame);
        checkBlock(frame);
        require(!event.data.contains('\r'), "data has no CR: it ends lines");
        // The views read the same out of the raw bytes (there the last id does not matter).
        const SseContent content = sseContent(slice(frame));
        require(content.data == event.data && content.type == event.type,
                "the raw bytes of a frame give the same type and data");
        m_told.append({frame, event.type.toByteArray(), event.data.toByteArray(),
                       event.lastEventId.toByteArray(), -1});
    }
    void onOther(const Frame &frame, QByteArrayView line) override
    {
        checkRange(frame);
        if (line.isEmpty()) {
            require(frame.kind == FrameKind::Ignored || frame.kind == FrameKind::Incomplete,
                    "only blocks that are not dispatched have no line");
            checkBlock(frame);
        } else {
            require(slice(frame) == line, "a line frame's range is its line");
        }
        m_told.append({frame, {}, line.toByteArray(), {}, -1});
    }
    void onRetry(qint64 milliseconds) override
    {
        require(milliseconds >= 0, "a reconnection time is not negative");
        m_told.append({{}, {}, {}, {}, milliseconds});
    }

    const QList<One> &told() const { return m_told; }

private:
    QByteArrayView slice(const Frame &frame) const
    {
        return m_input.sliced(frame.start, frame.end - frame.start);
    }
    void checkRange(const Frame &frame) const
    {
        require(frame.start >= 0 && frame.start <= frame.end && frame.end <= m_input.size(),
                "a frame lies within the input");
        require(frame.idStart < 0 || frame.idStart + frame.idLength <= m_input.size(),
                "an id lies within the input");
    }
    void checkBlock(const Frame &frame)
    {
        require(frame.start >= m_blockEnd, "blocks do not overlap");
        m_blockEnd = frame.end;
    }

    QByteArrayView m_input;
    QList<One> m_told;
    qint64 m_blockEnd = 0;
};

} // namespace

/// Any cut of the same bytes gives the same events; every frame lies within the input, and gives
/// the same when it is read again.
void fuzzSse(QByteArrayView input)
{
    SseTold whole(input);
    SseParser parser;
    parser.feed(input, whole);
    parser.finish(whole);

    for (quint32 seed = 0; seed < 3; ++seed) {
        SseTold parts(input);
        SseParser again;
        if (seed == 0) {
            for (const char byte : input)
                again.feed(QByteArrayView(&byte, 1), parts);
        } else {
            cutBytes(input, seed + quint32(input.size()),
                     [&](QByteArrayView part) { again.feed(part, parts); });
        }
        again.finish(parts);
        require(whole.told() == parts.told(), "the same bytes cut otherwise give the same events");
        require(parser.lastEventId() == again.lastEventId() && parser.retry() == again.retry(),
                "and the same last event id and reconnection time");
    }

    const QList<SseField> fields = sseFields(input);
    qint64 at = 0;
    for (const SseField &field : fields) {
        require(field.start >= at && field.end >= field.start && field.end <= input.size(),
                "fields stand one behind the other within their frame");
        at = field.end;
    }
}

} // namespace sightglass::fuzz
