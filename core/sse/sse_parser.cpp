// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/sse/sse_parser.h"

#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace sightglass {

namespace {

/// Buffers beyond this are given back once their event is over.
constexpr size_t KeptCapacity = 1 << 20;

constexpr std::string_view Bom = "\xEF\xBB\xBF";

/// A line cut into name and value (9.2.6): the value begins behind the colon and one space.
struct FieldView {
    std::string_view name;
    std::string_view value;
    size_t valueOffset = 0;
};

FieldView splitField(std::string_view line)
{
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return {line, {}, line.size()};
    size_t value = colon + 1;
    if (value < line.size() && line[value] == ' ')
        ++value;
    return {line.substr(0, colon), line.substr(value), value};
}

/// Milliseconds of a retry field; empty where it is not digits alone. Numbers beyond the range stay
/// at its end.
std::optional<qint64> retryValue(std::string_view value)
{
    if (value.empty())
        return {};
    qint64 number = 0;
    for (const char c : value) {
        if (c < '0' || c > '9')
            return {};
        if (number > (std::numeric_limits<qint64>::max() - 9) / 10)
            number = std::numeric_limits<qint64>::max();
        else
            number = number * 10 + (c - '0');
    }
    return number;
}

QByteArrayView view(std::string_view text)
{
    return QByteArrayView(text.data(), qsizetype(text.size()));
}

void giveBack(std::string &buffer)
{
    if (buffer.capacity() > KeptCapacity)
        std::string().swap(buffer);
    else
        buffer.clear();
}

} // namespace

struct SseParser::Private {
    /// Where the data of the block stands: nowhere, in the slice being fed, or in `data`.
    enum class DataAt : quint8 { None, Slice, Buffer };
    /// What the next byte decides.
    enum class AfterCr : quint8 { Nothing, SkipLf, CloseBlock };

    qint64 offset = 0; ///< of the next byte to be fed
    size_t bomSeen = 0; ///< bytes of the BOM matched so far
    bool bomDone = false;
    AfterCr afterCr = AfterCr::Nothing;

    std::string line; ///< a line whose end has not come yet
    qint64 lineStart = 0;

    qint64 blockStart = -1; ///< -1: between blocks
    bool blockHasField = false; ///< a valid id or an event field
    bool lastEndWasCr = false; ///< the last line of the block ended in a lone CR
    std::string type;
    std::string data;
    size_t dataSkip = 0; ///< bytes of `data` before the value (it was taken over with its line)
    std::string_view dataSlice;
    DataAt dataAt = DataAt::None;

    std::string idBuffer; ///< the standard's last event ID buffer
    std::string lastId; ///< as of the last dispatched block
    bool idChanged = false;
    qint64 idStart = -1;
    qint32 idLength = 0;
    qint64 lastIdStart = -1;
    qint32 lastIdLength = 0;

    std::optional<qint64> retry;

    void skipBom(const char *&p, const char *end);
    void feed(const char *begin, const char *end, SseSink &sink);
    void endLine(std::string_view text, qint64 start, bool inSlice, SseSink &sink);
    void field(std::string_view text, qint64 start, bool inSlice, SseSink &sink);
    void addData(const FieldView &field, bool inSlice);
    void other(FrameKind kind, std::string_view text, qint64 start, SseSink &sink);
    void closeBlock(qint64 end, SseSink &sink);
    void keepData();
    Frame blockFrame(FrameKind kind, qint64 end) const;
};

/// Takes the bytes of a BOM from the start of the stream. Bytes that turn out not to be one become
/// the start of the first line.
void SseParser::Private::skipBom(const char *&p, const char *end)
{
    while (p < end && bomSeen < Bom.size() && *p == Bom[bomSeen]) {
        ++p;
        ++offset;
        ++bomSeen;
    }
    if (bomSeen == Bom.size()) {
        bomDone = true;
    } else if (p < end) {
        bomDone = true;
        line.assign(Bom.substr(0, bomSeen));
        lineStart = 0;
    }
}

void SseParser::Private::feed(const char *begin, const char *end, SseSink &sink)
{
    const char *p = begin;
    if (!bomDone)
        skipBom(p, end);
    if (p < end && afterCr != AfterCr::Nothing) {
        const bool lf = *p == '\n';
        if (lf) {
            ++p;
            ++offset;
        }
        if (afterCr == AfterCr::CloseBlock)
            closeBlock(offset, sink);
        else if (lf)
            lastEndWasCr = false;
        afterCr = AfterCr::Nothing;
    }

    // The next CR is looked up once and kept, so that streams without any are scanned for it once.
    const char *cr = p;
    bool crKnown = false;
    while (p < end) {
        if (!crKnown || cr < p) {
            cr = static_cast<const char *>(std::memchr(p, '\r', size_t(end - p)));
            if (!cr)
                cr = end;
            crKnown = true;
        }
        const char *eol = static_cast<const char *>(std::memchr(p, '\n', size_t(cr - p)));
        if (!eol)
            eol = cr;
        if (eol == end)
            break;
        const char *next = eol + 1;
        const bool crEnd = *eol == '\r';
        const bool crLf = crEnd && next < end && *next == '\n';
        const bool blank = line.empty() && eol == p;

        if (!blank && line.empty()) {
            endLine({p, size_t(eol - p)}, offset, true, sink);
        } else if (!blank) {
            line.append(p, size_t(eol - p));
            endLine(line, lineStart, false, sink);
            giveBack(line);
        } else if (blockStart >= 0) {
            if (!crEnd || lastEndWasCr || (!crLf && next < end))
                closeBlock(offset + 1, sink);
            else if (crLf)
                closeBlock(offset + 2, sink);
            else
                afterCr = AfterCr::CloseBlock;
        }
        if (!blank)
            lastEndWasCr = crEnd && !crLf;
        if (crLf)
            ++next;
        else if (crEnd && next == end && afterCr == AfterCr::Nothing)
            afterCr = AfterCr::SkipLf;
        offset += next - p;
        p = next;
    }
    if (p < end) {
        if (line.empty())
            lineStart = offset;
        line.append(p, size_t(end - p));
        offset += end - p;
    }
    keepData();
}

void SseParser::Private::endLine(std::string_view text, qint64 start, bool inSlice, SseSink &sink)
{
    if (blockStart < 0)
        blockStart = start;
    // The hot path: a data line. All others are told apart by field().
    if (text.size() >= 5 && std::memcmp(text.data(), "data:", 5) == 0) {
        const size_t value = text.size() > 5 && text[5] == ' ' ? 6 : 5;
        addData({text.substr(0, 4), text.substr(value), value}, inSlice);
        return;
    }
    field(text, start, inSlice, sink);
}

void SseParser::Private::field(std::string_view text, qint64 start, bool inSlice, SseSink &sink)
{
    if (text.front() == ':') {
        other(FrameKind::Comment, text, start, sink);
        return;
    }
    const FieldView field = splitField(text);
    if (field.name == "data") {
        addData(field, inSlice);
    } else if (field.name == "event") {
        type.assign(field.value);
        blockHasField = true;
    } else if (field.name == "id" && field.value.find('\0') == std::string_view::npos) {
        idBuffer.assign(field.value);
        idStart = start + qint64(field.valueOffset);
        idLength = qint32(qMin(field.value.size(), size_t(std::numeric_limits<qint32>::max())));
        idChanged = true;
        blockHasField = true;
    } else if (field.name == "retry" && retryValue(field.value)) {
        retry = retryValue(field.value);
        other(FrameKind::Retry, text, start, sink);
        sink.onRetry(*retry);
    } else {
        other(FrameKind::Ignored, text, start, sink);
    }
}

void SseParser::Private::addData(const FieldView &field, bool inSlice)
{
    if (dataAt == DataAt::None) {
        if (inSlice) {
            dataSlice = field.value;
            dataAt = DataAt::Slice;
        } else {
            // The line was collected from several slices: its buffer becomes the data's.
            data.swap(line);
            dataSkip = field.valueOffset;
            dataAt = DataAt::Buffer;
        }
        return;
    }
    keepData();
    data += '\n';
    data.append(field.value);
}

/// Copies the data out of the slice before the slice goes or more is added.
void SseParser::Private::keepData()
{
    if (dataAt != DataAt::Slice)
        return;
    data.assign(dataSlice);
    dataSkip = 0;
    dataAt = DataAt::Buffer;
}

void SseParser::Private::other(FrameKind kind, std::string_view text, qint64 start, SseSink &sink)
{
    Frame frame;
    frame.kind = kind;
    frame.start = start;
    frame.end = start + qint64(text.size());
    frame.idStart = lastIdStart;
    frame.idLength = lastIdLength;
    sink.onOther(frame, view(text));
}

Frame SseParser::Private::blockFrame(FrameKind kind, qint64 end) const
{
    Frame frame;
    frame.kind = kind;
    frame.start = blockStart;
    frame.end = end;
    frame.idStart = idStart;
    frame.idLength = idLength;
    return frame;
}

void SseParser::Private::closeBlock(qint64 end, SseSink &sink)
{
    if (idChanged) {
        lastId = idBuffer;
        lastIdStart = idStart;
        lastIdLength = idLength;
        idChanged = false;
    }
    if (dataAt != DataAt::None) {
        SseEvent event;
        event.type = type.empty() ? QByteArrayView("message", 7) : view(type);
        event.data =
            view(dataAt == DataAt::Slice ? dataSlice : std::string_view(data).substr(dataSkip));
        event.lastEventId = view(lastId);
        event.frame = blockFrame(FrameKind::Event, end);
        sink.onEvent(event);
    } else if (blockHasField) {
        sink.onOther(blockFrame(FrameKind::Ignored, end), {});
    }
    if (dataAt == DataAt::Buffer)
        giveBack(data);
    type.clear();
    dataAt = DataAt::None;
    blockStart = -1;
    blockHasField = false;
    lastEndWasCr = false;
}

SseParser::SseParser()
    : d(std::make_unique<Private>())
{
}
SseParser::~SseParser() = default;
SseParser::SseParser(SseParser &&) noexcept = default;
SseParser &SseParser::operator=(SseParser &&) noexcept = default;

void SseParser::feed(QByteArrayView bytes, SseSink &sink)
{
    if (!bytes.isEmpty())
        d->feed(bytes.data(), bytes.data() + bytes.size(), sink);
}

void SseParser::finish(SseSink &sink)
{
    if (!d->bomDone && d->bomSeen > 0 && d->line.empty()) {
        d->line.assign(Bom.substr(0, d->bomSeen));
        d->lineStart = 0;
    }
    d->bomDone = true;
    if (d->afterCr == Private::AfterCr::CloseBlock)
        d->closeBlock(d->offset, sink);
    d->afterCr = Private::AfterCr::Nothing;
    if (d->blockStart < 0 && !d->line.empty())
        d->blockStart = d->lineStart;
    if (d->blockStart >= 0) {
        // The id of a block that was cut off does not hold (9.2.6).
        d->idBuffer = d->lastId;
        d->idStart = d->lastIdStart;
        d->idLength = d->lastIdLength;
        d->idChanged = false;
        sink.onOther(d->blockFrame(FrameKind::Incomplete, d->offset), {});
    }
    giveBack(d->line);
    giveBack(d->data);
    d->type.clear();
    d->dataAt = Private::DataAt::None;
    d->blockStart = -1;
    d->blockHasField = false;
    d->lastEndWasCr = false;
}

QByteArray SseParser::lastEventId() const
{
    return QByteArray(d->lastId.data(), qsizetype(d->lastId.size()));
}

std::optional<qint64> SseParser::retry() const
{
    return d->retry;
}

} // namespace sightglass
