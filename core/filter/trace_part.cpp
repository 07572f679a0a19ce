// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_part.h"

#include "core/filter/trace_search.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 CopiedAtOnce = 1024 * 1024;

/// Bytes of a body that are kept, and where they stand in the part's.
struct KeptRange {
    qint64 start = 0;
    qint64 end = 0;
    qint64 there = 0;
};

class PartMaker {
public:
    PartMaker(const TraceReader &source, TraceStore &part, const TraceFilter &filter)
        : m_source(source)
        , m_part(part)
        , m_filter(filter)
    {
    }

    void add(ExchangeId id, const QList<qint64> &frames, bool whole)
    {
        const ExchangeSummary summary = m_source.summary(id);
        RequestRecord request = m_source.request(id);
        request.cause = m_numbers.value(request.cause, 0);
        const ExchangeId number =
            m_part.begin(request, m_source.requestBody(id), summary.times.begun);
        m_numbers.insert(id, number);
        const auto mark = [&](Mark what, qint64 at) {
            if (at >= 0)
                m_part.mark(number, what, at);
        };
        mark(Mark::Connecting, summary.times.connecting);
        mark(Mark::Encrypted, summary.times.encrypted);
        mark(Mark::Sent, summary.times.sent);
        if (const std::optional<ResponseRecord> response = m_source.response(id))
            m_part.respond(number, *response, summary.times.head);
        if (whole)
            copyBody(id, number, summary);
        else
            copyFrames(id, number, frames);
        if (summary.finished) {
            std::optional<Failure> failure = m_source.failure(id);
            if (failure)
                failure->exchange = m_numbers.value(failure->exchange, 0);
            m_part.finish(number, failure, summary.times.ended);
        }
        m_part.note(QLatin1StringView(PartNote), u"exchange %1 of the recording"_s.arg(id), number,
                    summary.times.begun);
        for (const QString &finding : m_filter.findings(m_source, id))
            m_part.note(QLatin1StringView(PartFindingNote),
                        u"The recording that this is a part of shows %1 here."_s.arg(finding),
                        number, summary.times.begun, finding);
    }

    void addNotes()
    {
        const qint64 count = m_source.noteCount();
        for (qint64 i = 0; i < count; ++i) {
            const Note note = m_source.note(i);
            // What is about no exchange tells of the whole; ours would contradict.
            const ExchangeId number = m_numbers.value(note.exchange, 0);
            if ((note.exchange > 0 && number == 0) || note.name == QLatin1StringView(PartNote))
                continue;
            if (note.failure) {
                Failure failure = *note.failure;
                failure.exchange = number;
                m_part.noteFailure(failure, note.at);
            } else if (const std::optional<QString> text = rowNote(note)) {
                m_part.note(note.name, *text, number, note.at, note.finding);
            }
        }
    }

private:
    /// A bookmark or remark of an event goes with it under its new number.
    std::optional<QString> rowNote(const Note &note) const
    {
        const bool bookmark = note.name == QLatin1StringView(BookmarkNote);
        if (!bookmark && note.name != QLatin1StringView(RemarkNote))
            return note.text;
        QString said;
        const std::optional<TraceRow> row = rowOfNote(note, said);
        if (!row || row->frame < 0 || !m_frames.contains(row->exchange))
            return note.text;
        const QList<qint64> &frames = m_frames[row->exchange];
        const qint64 index =
            std::lower_bound(frames.begin(), frames.end(), row->frame) - frames.begin();
        if (index == frames.size() || frames.at(index) != row->frame)
            return {};
        const TraceRow here{note.exchange, index};
        return bookmark ? bookmarkText(here, said == "set"_L1) : remarkText(here, said);
    }

    void copyBody(ExchangeId id, ExchangeId number, const ExchangeSummary &summary)
    {
        const qint64 chunks = m_source.chunkCount(id);
        std::vector<KeptRange> kept;
        for (qint64 i = 0; i < chunks; ++i) {
            const BodyChunk chunk = m_source.chunk(id, i);
            copyBytes(id, number, chunk.offset, chunk.offset + chunk.length, chunk.at, kept);
        }
        QList<qint64> put;
        for (qint64 i = 0; i < summary.frames; ++i) {
            if (putFrame(number, m_source.frame(id, i), kept))
                put.append(i);
        }
        // Those that are gone are not counted there.
        if (put.size() != summary.frames)
            m_frames.insert(id, put);
    }

    /// `kept` gets what was there of it: the oldest of a long trace may have been let go of, and
    /// what came beyond its limit was not recorded.
    void copyBytes(ExchangeId id, ExchangeId number, qint64 start, qint64 end, qint64 at,
                   std::vector<KeptRange> &kept)
    {
        start = std::max(start, m_source.summary(id).letGo);
        while (start < end) {
            const QByteArray bytes =
                m_source.responseBody(id, start, std::min(CopiedAtOnce, end - start));
            if (bytes.isEmpty())
                return;
            const qint64 there = m_part.summary(number).responseBytes;
            m_part.append(number, bytes.constData(), bytes.size(), at);
            const qint64 behind = start + bytes.size();
            if (!kept.empty() && kept.back().end == start)
                kept.back().end = behind;
            else
                kept.push_back({start, behind, there});
            start = behind;
        }
    }

    /// Where bytes stand in the part; -1: they are not there.
    static qint64 place(const std::vector<KeptRange> &kept, qint64 start, qint64 length)
    {
        auto range =
            std::upper_bound(kept.begin(), kept.end(), start,
                             [](qint64 at, const KeptRange &one) { return at < one.start; });
        if (range == kept.begin())
            return -1;
        --range;
        return start + length <= range->end ? range->there + start - range->start : -1;
    }

    /// False where its bytes are gone.
    bool putFrame(ExchangeId number, Frame frame, const std::vector<KeptRange> &kept)
    {
        const qint64 length = frame.end - frame.start;
        frame.start = place(kept, frame.start, length);
        if (frame.start < 0)
            return false;
        frame.end = frame.start + length;
        frame.idStart = frame.idStart < 0 ? -1 : place(kept, frame.idStart, frame.idLength);
        if (frame.idStart < 0)
            frame.idLength = 0;
        m_part.frame(number, frame);
        return true;
    }

    void copyFrames(ExchangeId id, ExchangeId number, const QList<qint64> &frames)
    {
        // A comment stands within the bytes of the event around it, and is told before it.
        std::vector<KeptRange> ranges;
        for (const qint64 index : frames) {
            const Frame frame = m_source.frame(id, index);
            ranges.push_back({frame.start, frame.end, 0});
        }
        std::sort(ranges.begin(), ranges.end(),
                  [](const KeptRange &a, const KeptRange &b) { return a.start < b.start; });
        std::vector<KeptRange> joined;
        for (const KeptRange &range : ranges) {
            if (!joined.empty() && range.start <= joined.back().end)
                joined.back().end = std::max(joined.back().end, range.end);
            else
                joined.push_back(range);
        }
        std::vector<KeptRange> kept;
        QList<qint64> put;
        size_t copied = 0;
        for (const qint64 index : frames) {
            const Frame frame = m_source.frame(id, index);
            for (; copied < joined.size() && joined[copied].start <= frame.start; ++copied)
                copyBytes(id, number, joined[copied].start, joined[copied].end, frame.at, kept);
            if (putFrame(number, frame, kept))
                put.append(index);
        }
        m_frames.insert(id, put);
    }

    const TraceReader &m_source;
    TraceStore &m_part;
    const TraceFilter &m_filter;
    QHash<ExchangeId, ExchangeId> m_numbers;
    QHash<ExchangeId, QList<qint64>> m_frames; ///< those that are there, where not all are
};

} // namespace

std::unique_ptr<TraceStore> tracePart(const TraceReader &source, const QList<TraceRow> &rows,
                                      const TraceFilter &filter)
{
    auto part = std::make_unique<TraceStore>(TraceClock([] { return qint64(0); }), source.began());
    part->setRedacted(source.redacted());
    PartMaker maker(source, *part, filter);
    for (qsizetype i = 0; i < rows.size();) {
        const ExchangeId id = rows.at(i).exchange;
        QList<qint64> frames;
        bool whole = false;
        for (; i < rows.size() && rows.at(i).exchange == id; ++i) {
            if (rows.at(i).frame < 0)
                whole = true;
            else
                frames.append(rows.at(i).frame);
        }
        if (id < 1 || id > source.exchangeCount())
            continue;
        const qint64 count = source.summary(id).frames;
        frames.removeIf([count](qint64 frame) { return frame >= count; });
        maker.add(id, frames, whole);
    }
    maker.addNotes();
    return part;
}

Expected<qint64> saveTracePart(const TraceReader &source, const TraceFilter &filter,
                               const QString &path, const Redactor &redactor, bool withSecrets,
                               const std::atomic<bool> &stop)
{
    QList<TraceRow> rows;
    const bool whole =
        searchTrace(source, filter, {TraceSearch::Rows::Exchanges, 0, 1, source.exchangeCount(), 2},
                    stop, [&](const FoundRows &found) { rows += found.rows; });
    if (!whole || rows.isEmpty())
        return qint64(0);
    const std::unique_ptr<TraceStore> part = tracePart(source, rows, filter);
    const Expected<std::unique_ptr<TraceFileWriter>> writer =
        TraceFileWriter::createWhole(path, part->began(), redactor, withSecrets);
    if (!writer)
        return writer.error();
    replayTrace(*part, **writer);
    (*writer)->close();
    if (const std::optional<Failure> failure = (*writer)->failure())
        return *failure;
    return qint64(rows.size());
}

} // namespace sightglass
