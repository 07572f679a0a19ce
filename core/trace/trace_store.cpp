// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"

#include "core/trace/byte_file.h"
#include "core/trace/segmented_list.h"
#include "core/trace/stored_records.h"
#include "core/trace/trace_replay.h"

#include <QElapsedTimer>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace sightglass {

QString leftBecause(const TraceReader &trace, ExchangeId id)
{
    const ExchangeSummary summary = trace.summary(id);
    if (!summary.left)
        return {};
    for (qint64 i = trace.noteCount() - 1; i >= 0; --i) {
        const Note note = trace.note(i);
        if (note.exchange == id && note.name == QLatin1String(LeftNote))
            return note.text;
        if (note.at < summary.times.begun)
            break;
    }
    return {};
}

std::optional<Failure> judgedFailure(const TraceReader &trace, ExchangeId id)
{
    const std::optional<Failure> own = trace.failure(id);
    const qint64 begun = trace.summary(id).times.begun;
    std::optional<Failure> first;
    for (qint64 i = trace.noteCount() - 1; i >= 0; --i) {
        const Note note = trace.note(i);
        // Nothing was told of it before it began.
        if (note.at < begun)
            break;
        if (note.exchange == id && note.failure
            && (!own || isOrderlyEnd(*own) || own->code == note.failure->code))
            first = note.failure;
    }
    return first ? first : own;
}

namespace {

constexpr qint64 smallestReserve = 64 * 1024;

struct StoredChunk {
    const char *bytes = nullptr;
    qint64 at = 0;
    qint64 offset = 0;
    qint64 length = 0;
    qint64 place = 0; ///< behind it in the file of all bodies
};

/// A Frame in 32 bytes: there are millions of them. Bodies are shorter than 2^48 bytes. Packed by
/// hand: with bit-fields, fresh memory is read before it is written, which takes it up twice.
class StoredFrame {
public:
    explicit StoredFrame(const Frame &frame)
        : m_at(frame.at)
        , m_startAndKind(quint64(frame.start) << 8 | quint64(frame.kind))
        , m_lengthAndIdLow(quint64(frame.end - frame.start) << 16
                           | (quint64(frame.idLength) & 0xffff))
        , m_idStartAndIdHigh(quint64(frame.idStart + 1) << 16 | quint64(frame.idLength) >> 16)
    {
    }

    Frame toFrame() const
    {
        Frame frame;
        frame.kind = FrameKind(m_startAndKind & 0xff);
        frame.start = qint64(m_startAndKind >> 8);
        frame.end = frame.start + qint64(m_lengthAndIdLow >> 16);
        frame.at = m_at;
        frame.idStart = qint64(m_idStartAndIdHigh >> 16) - 1;
        frame.idLength = qint32((m_lengthAndIdLow & 0xffff) | (m_idStartAndIdHigh & 0xffff) << 16);
        return frame;
    }

private:
    qint64 m_at;
    quint64 m_startAndKind; ///< 56 and 8 bits
    quint64 m_lengthAndIdLow; ///< 48 and 16 bits
    quint64 m_idStartAndIdHigh; ///< 48 and 16 bits
};
static_assert(sizeof(StoredFrame) == 32);

/// The plain members are written before the exchange is published, and never again.
struct StoredExchange {
    StoredExchange(StoredRecord r, StoredRecord b, ExchangeKind k, qint64 size, qint64 at,
                   ListPages *pages)
        : request(r)
        , body(b)
        , kind(k)
        , bodySize(size)
        , begun(at)
        , chunks(pages)
        , frames(pages)
    {
    }
    StoredExchange(const StoredExchange &) = delete;
    StoredExchange &operator=(const StoredExchange &) = delete;

    const StoredRecord request;
    const StoredRecord body;
    const ExchangeKind kind;
    const qint64 bodySize;
    const qint64 begun;

    SegmentedList<StoredChunk> chunks;
    SegmentedList<StoredFrame> frames;
    std::atomic<StoredRecord> response = StoredRecord();
    std::atomic<StoredRecord> failure = StoredRecord();
    std::atomic<int> status = 0;
    std::atomic<bool> failed = false; ///< and was not cancelled
    std::atomic<bool> left = false;
    std::atomic<qint64> connecting = -1;
    std::atomic<qint64> encrypted = -1;
    std::atomic<qint64> sent = -1;
    std::atomic<qint64> head = -1;
    std::atomic<qint64> lastByte = -1;
    std::atomic<qint64> ended = -1;
    std::atomic<qint64> bytes = 0;
    std::atomic<qint64> events = 0;
    std::atomic<qint64> lastEvent = -1;
    std::atomic<qint64> letGo = 0; ///< bytes
    // The writer's own.
    qint64 firstChunk = 0; ///< that is still there
    bool isStream = false; ///< its body need not end
};
// They stand in pages of a file, and are given up with it.
static_assert(std::is_trivially_destructible_v<StoredExchange>);

/// One thread writes, so no locked instruction is needed.
template <typename T> void add(std::atomic<T> &number, T more)
{
    number.store(number.load(std::memory_order_relaxed) + more, std::memory_order_release);
}

TraceClock elapsedClock()
{
    QElapsedTimer timer;
    timer.start();
    return [timer] { return timer.nsecsElapsed(); };
}

bool isPlausible(const Frame &frame)
{
    constexpr qint64 limit = qint64(1) << 48;
    return frame.start >= 0 && frame.end >= frame.start && frame.end < limit && frame.idStart >= -1
        && frame.idStart < limit - 1 && frame.idLength >= 0 && frame.kind <= FrameKind::NoMessage;
}

} // namespace

struct TraceStore::Private {
    explicit Private(const QString &folder)
        : pages(folder)
        , records(&pages)
        , exchanges(&pages)
        , notes(&pages)
        , bodies(folder)
    {
    }

    TraceClock clock;
    QDateTime began;

    ListPages pages; ///< outlive the lists
    StoredRecords records;
    SegmentedList<StoredExchange> exchanges;
    SegmentedList<StoredRecord> notes;
    std::atomic<quint64> revision = 0;
    std::atomic<qint64> totalBytes = 0;
    std::atomic<qint64> totalEvents = 0;
    std::atomic<bool> redacted = false;

    // The writer's own.
    ByteFile bodies;
    /// Bodies that are made of secrets stand on no disk, and answers for which it has no room.
    ByteFile inMemory{QString()};
    TraceLimit limit;
    std::atomic<bool> stopped = false;
    qint64 gone = 0; ///< place in the file before which all was let go of
    qint64 firstLiving = 0; ///< index of the first exchange that may have something to let go of
    std::array<QByteArray, 8> unrecorded; ///< bytes that somebody is reading, in turn
    size_t nextUnrecorded = 0;
    char *reserved = nullptr;
    qint64 reservedSize = 0;
    qint64 latest = 0;
    QList<TraceSink *> sinks;

    const StoredExchange *find(ExchangeId id) const
    {
        return id >= 1 && id <= exchanges.size() ? &exchanges.at(id - 1) : nullptr;
    }
    StoredExchange *findMutable(ExchangeId id)
    {
        return id >= 1 && id <= exchanges.size() ? &exchanges.mutableAt(id - 1) : nullptr;
    }
    qint64 timeOr(qint64 at) { return latest = at >= 0 ? at : clock(); }
    void grown() { add(revision, quint64(1)); }
    void appendNote(const Note &note)
    {
        notes.append(records.put(note));
        if (note.name == QLatin1String(LeftNote)) {
            if (StoredExchange *exchange = findMutable(note.exchange))
                exchange->left.store(true, std::memory_order_release);
        }
        grown();
        tell([&](TraceSink *sink) { sink->onNote(note); });
    }
    /// The address of what was reserved, for good; null where it cannot be kept.
    const char *keep(const StoredExchange &exchange, qint64 length);
    /// 0: as many as there is room for.
    qint64 mostBytes() const
    {
        constexpr qint64 MostInMemory = qint64(1) << 30;
        return bodies.isOnDisk() ? limit.bytes
            : limit.bytes > 0    ? std::min(limit.bytes, MostInMemory)
                                 : MostInMemory;
    }
    /// Gives up at least so many bytes of the oldest; false: there were none.
    /// `sparing`: not of answers that are still coming.
    bool letGo(qint64 bytes, bool sparing);
    QByteArrayView unrecordedBytes(qint64 length);

    template <typename F> void tell(F call) const
    {
        for (TraceSink *sink : sinks)
            call(sink);
    }
};

QString serverOf(const TraceReader &trace, ExchangeId id)
{
    if (id < 1 || id > trace.exchangeCount())
        return {};
    const RequestRecord request = trace.request(id);
    if (isHttp(request.kind))
        return request.url.authority();
    if (request.kind == ExchangeKind::Process)
        return request.what;
    // What went to a program, and what it said beside, was caused by its start.
    if (request.cause < 1 || request.cause >= id)
        return {};
    const RequestRecord cause = trace.request(request.cause);
    return cause.kind == ExchangeKind::Process ? cause.what : QString();
}

TraceStore::TraceStore(TraceClock clock, const QDateTime &began, const QString &folder)
    : d(std::make_unique<Private>(folder))
{
    d->clock = clock ? std::move(clock) : elapsedClock();
    d->began = began.toUTC();
}

TraceStore::~TraceStore() = default;

void TraceStore::setLimit(const TraceLimit &limit)
{
    d->limit = limit;
    // Where it grows there is room again.
    d->stopped.store(false, std::memory_order_release);
}

bool TraceStore::isStopped() const
{
    return d->stopped.load(std::memory_order_acquire);
}

bool TraceStore::Private::letGo(qint64 bytes, bool sparing)
{
    qint64 before = std::min(gone + bytes, bodies.size());
    // An answer that is still coming is wanted whole.
    for (qint64 i = firstLiving; sparing && i < exchanges.size(); ++i) {
        const StoredExchange &exchange = exchanges.at(i);
        const bool comes = !exchange.isStream && exchange.ended.load(std::memory_order_relaxed) < 0;
        if (comes && exchange.firstChunk < exchange.chunks.size()) {
            const StoredChunk &first = exchange.chunks.at(exchange.firstChunk);
            before = std::min(before, first.place - first.length);
        }
    }
    if (before <= gone)
        return false;
    qint64 lost = 0;
    bool living = false;
    for (qint64 i = firstLiving; i < exchanges.size(); ++i) {
        StoredExchange &exchange = exchanges.mutableAt(i);
        const qint64 count = exchange.chunks.size();
        // Of a piece that is cut there is no use.
        const auto isCut = [&](const StoredChunk &chunk) {
            return chunk.place - chunk.length < before;
        };
        while (exchange.firstChunk < count && isCut(exchange.chunks.at(exchange.firstChunk)))
            ++exchange.firstChunk;
        const qint64 first = exchange.firstChunk < count
            ? exchange.chunks.at(exchange.firstChunk).offset
            : exchange.bytes.load(std::memory_order_relaxed);
        lost += first - exchange.letGo.load(std::memory_order_relaxed);
        // Readers look at this after they have read.
        exchange.letGo.store(first, std::memory_order_seq_cst);
        living = living || exchange.firstChunk < count
            || exchange.ended.load(std::memory_order_relaxed) < 0;
        if (!living)
            firstLiving = i + 1;
    }
    gone = before;
    bodies.letGo(before);
    appendNote(
        {clock(), QStringLiteral("let go"),
         QStringLiteral("The oldest %1 bytes of bodies were let go of, to make room.").arg(lost)});
    return true;
}

const char *TraceStore::Private::keep(const StoredExchange &exchange, qint64 length)
{
    const bool lets = limit.beyond == TraceLimit::Beyond::LetGo;
    const qint64 most = mostBytes();
    const qint64 wanted = bodies.size() - gone + length;
    const bool isBeyond = most > 0 && wanted > most;
    if (isBeyond && lets) {
        // In steps, so that it is not told at each piece.
        constexpr qint64 LeastStep = qint64(1) << 20;
        // For an answer's sake the limit is passed, but not without end.
        letGo(std::max({most / 8, length, LeastStep}), wanted < 2 * most);
    }
    // An answer comes to an end, and somebody is going to read it from here.
    if (!exchange.isStream) {
        const ExchangeKind kind = exchange.kind;
        const bool secret = kind == ExchangeKind::Token || kind == ExchangeKind::Registration;
        if (const char *kept = secret ? nullptr : bodies.take(length))
            return kept;
        qint64 capacity = 0;
        std::memcpy(inMemory.reserve(length, &capacity), reserved, size_t(length));
        return inMemory.take(length);
    }
    if (stopped.load(std::memory_order_relaxed) || (isBeyond && !lets))
        return nullptr;
    for (;;) {
        if (const char *kept = bodies.take(length))
            return kept;
        constexpr qint64 DiskStep = qint64(64) << 20;
        if (!lets || !letGo(DiskStep, false))
            return nullptr;
    }
}

QByteArrayView TraceStore::Private::unrecordedBytes(qint64 length)
{
    if (!stopped.exchange(true, std::memory_order_release)) {
        appendNote(
            {clock(), QStringLiteral("stopped"),
             mostBytes() > 0
                 ? QStringLiteral(
                       "Bodies are not recorded any more: the limit of %1 bytes is reached.")
                       .arg(mostBytes())
                 : QStringLiteral("Bodies are not recorded any more: there is no room on the disk "
                                  "for them.")});
    }
    QByteArray &bytes = unrecorded[nextUnrecorded++ % unrecorded.size()];
    bytes = QByteArray(reserved, length);
    return bytes;
}

qint64 TraceStore::latest() const
{
    return d->latest;
}

qint64 TraceStore::now() const
{
    return d->clock();
}

ExchangeId TraceStore::begin(const RequestRecord &request, const QByteArray &body, qint64 at)
{
    at = d->timeOr(at);
    const ExchangeId id =
        d->exchanges.append(d->records.put(request), d->records.putBody(body, request.kind),
                            request.kind, body.size(), at, &d->pages)
        + 1;
    d->exchanges.mutableAt(id - 1).isStream =
        request.kind == ExchangeKind::Process || request.kind == ExchangeKind::ErrorOutput;
    d->grown();
    d->tell([&](TraceSink *sink) { sink->onRequest(id, at, request, body); });
    return id;
}

void TraceStore::mark(ExchangeId id, Mark mark, qint64 at)
{
    StoredExchange *exchange = d->findMutable(id);
    if (!exchange)
        return;
    std::atomic<qint64> &time = mark == Mark::Connecting ? exchange->connecting
        : mark == Mark::Encrypted                        ? exchange->encrypted
                                                         : exchange->sent;
    if (time.load(std::memory_order_relaxed) >= 0)
        return;
    at = d->timeOr(at);
    time.store(at, std::memory_order_release);
    d->grown();
    d->tell([&](TraceSink *sink) { sink->onMark(id, mark, at); });
}

void TraceStore::respond(ExchangeId id, const ResponseRecord &response, qint64 at)
{
    StoredExchange *exchange = d->findMutable(id);
    if (!exchange || exchange->response.load(std::memory_order_relaxed))
        return;
    at = d->timeOr(at);
    for (const Header &header : response.headers) {
        if (header.name.compare("Content-Type", Qt::CaseInsensitive) == 0)
            exchange->isStream = header.value.trimmed().toLower().startsWith("text/event-stream");
    }
    exchange->status.store(response.status, std::memory_order_relaxed);
    exchange->response.store(d->records.put(response), std::memory_order_release);
    exchange->head.store(at, std::memory_order_release);
    d->grown();
    d->tell([&](TraceSink *sink) { sink->onResponse(id, at, response); });
}

char *TraceStore::reserve(qint64 *capacity)
{
    d->reserved = d->bodies.reserve(smallestReserve, &d->reservedSize);
    if (capacity)
        *capacity = d->reservedSize;
    return d->reserved;
}

BodyChunk TraceStore::commit(ExchangeId id, qint64 length, qint64 at, QByteArrayView *bytes)
{
    StoredExchange *exchange = d->findMutable(id);
    length = qMin(length, d->reservedSize);
    if (!exchange || !d->reserved || length <= 0)
        return {};
    StoredChunk chunk;
    chunk.bytes = d->keep(*exchange, length);
    if (!chunk.bytes) {
        const QByteArrayView unrecorded = d->unrecordedBytes(length);
        d->reserved = nullptr;
        if (bytes)
            *bytes = unrecorded;
        // What comes later stands behind the gap.
        add(exchange->bytes, length);
        d->grown();
        const BodyChunk told = {d->timeOr(at),
                                exchange->bytes.load(std::memory_order_relaxed) - length, length};
        exchange->lastByte.store(told.at, std::memory_order_relaxed);
        // A recording to a file has a limit of its own.
        d->tell([&](TraceSink *sink) { sink->onBody(id, told, unrecorded.data()); });
        return told;
    }
    chunk.at = d->timeOr(at);
    chunk.offset = exchange->bytes.load(std::memory_order_relaxed);
    chunk.length = length;
    // Of those in memory it is the place behind which nothing older stands.
    chunk.place = std::max(d->bodies.size(), d->gone + length);
    d->reserved = nullptr;
    d->reservedSize = 0;

    exchange->chunks.append(chunk);
    exchange->lastByte.store(chunk.at, std::memory_order_relaxed);
    exchange->bytes.store(chunk.offset + length, std::memory_order_release);
    add(d->totalBytes, length);
    d->grown();
    const BodyChunk published = {chunk.at, chunk.offset, chunk.length};
    d->tell([&](TraceSink *sink) { sink->onBody(id, published, chunk.bytes); });
    if (bytes)
        *bytes = QByteArrayView(chunk.bytes, length);
    return published;
}

BodyChunk TraceStore::append(ExchangeId id, const char *bytes, qint64 length, qint64 at)
{
    if (!bytes || length <= 0)
        return {};
    d->reserved = d->bodies.reserve(length, &d->reservedSize);
    std::memcpy(d->reserved, bytes, size_t(length));
    return commit(id, length, at);
}

void TraceStore::frame(ExchangeId id, const Frame &frame)
{
    StoredExchange *exchange = d->findMutable(id);
    // Of what is not recorded there is nothing to show.
    if (!exchange || !isPlausible(frame))
        return;
    const bool kept = !d->stopped.load(std::memory_order_relaxed);
    if (kept)
        exchange->frames.append(frame);
    if (kept && isDispatched(frame.kind)) {
        exchange->lastEvent.store(frame.at, std::memory_order_relaxed);
        add(exchange->events, qint64(1));
        add(d->totalEvents, qint64(1));
    }
    d->latest = frame.at;
    d->grown();
    d->tell([&](TraceSink *sink) { sink->onFrame(id, frame); });
}

void TraceStore::finish(ExchangeId id, const std::optional<Failure> &failure, qint64 at)
{
    StoredExchange *exchange = d->findMutable(id);
    if (!exchange || exchange->ended.load(std::memory_order_relaxed) >= 0)
        return;
    at = d->timeOr(at);
    if (failure) {
        exchange->failed.store(failure->kind != FailureKind::Cancelled, std::memory_order_relaxed);
        exchange->failure.store(d->records.put(*failure), std::memory_order_release);
    }
    exchange->ended.store(at, std::memory_order_release);
    d->grown();
    d->tell([&](TraceSink *sink) { sink->onFinish(id, at, failure); });
}

void TraceStore::note(const QString &name, const QString &text, ExchangeId exchange, qint64 at,
                      const QString &finding)
{
    d->appendNote(Note{d->timeOr(at), name, text, exchange, finding});
}

void TraceStore::noteFailure(const Failure &failure, qint64 at)
{
    d->appendNote(Note{d->timeOr(at), QStringLiteral("failure"), failure.sentence, failure.exchange,
                       failure.finding, failure});
}

void TraceStore::setRedacted(bool redacted)
{
    d->redacted.store(redacted, std::memory_order_release);
    d->grown();
}

void TraceStore::addSink(TraceSink *sink)
{
    if (!sink || d->sinks.contains(sink))
        return;
    replayTrace(*this, *sink);
    d->sinks.append(sink);
}

void TraceStore::removeSink(TraceSink *sink)
{
    d->sinks.removeAll(sink);
}

QDateTime TraceStore::began() const
{
    return d->began;
}

bool TraceStore::redacted() const
{
    return d->redacted.load(std::memory_order_acquire);
}

quint64 TraceStore::revision() const
{
    return d->revision.load(std::memory_order_acquire);
}

ExchangeId TraceStore::exchangeCount() const
{
    return d->exchanges.size();
}

qint64 TraceStore::totalBytes() const
{
    return d->totalBytes.load(std::memory_order_acquire);
}

qint64 TraceStore::totalEvents() const
{
    return d->totalEvents.load(std::memory_order_acquire);
}

ExchangeSummary TraceStore::summary(ExchangeId id) const
{
    ExchangeSummary summary;
    const StoredExchange *exchange = d->find(id);
    if (!exchange)
        return summary;
    summary.id = id;
    summary.kind = exchange->kind;
    // The end first: who sees it sees everything before it.
    summary.times.ended = exchange->ended.load(std::memory_order_acquire);
    summary.finished = summary.times.ended >= 0;
    summary.failed = exchange->failed.load(std::memory_order_acquire);
    summary.left = exchange->left.load(std::memory_order_acquire);
    summary.times.begun = exchange->begun;
    summary.times.connecting = exchange->connecting.load(std::memory_order_acquire);
    summary.times.encrypted = exchange->encrypted.load(std::memory_order_acquire);
    summary.times.sent = exchange->sent.load(std::memory_order_acquire);
    summary.times.head = exchange->head.load(std::memory_order_acquire);
    summary.status = exchange->status.load(std::memory_order_acquire);
    summary.requestBytes = exchange->bodySize;
    summary.responseBytes = exchange->bytes.load(std::memory_order_acquire);
    summary.letGo = exchange->letGo.load(std::memory_order_acquire);
    summary.times.lastByte = exchange->lastByte.load(std::memory_order_relaxed);
    summary.events = exchange->events.load(std::memory_order_acquire);
    summary.lastEvent = exchange->lastEvent.load(std::memory_order_relaxed);
    summary.frames = exchange->frames.size();
    return summary;
}

RequestRecord TraceStore::request(ExchangeId id) const
{
    const StoredExchange *exchange = d->find(id);
    return exchange ? d->records.request(exchange->request) : RequestRecord();
}

QByteArray TraceStore::requestBody(ExchangeId id) const
{
    const StoredExchange *exchange = d->find(id);
    return exchange ? d->records.body(exchange->body) : QByteArray();
}

std::optional<ResponseRecord> TraceStore::response(ExchangeId id) const
{
    const StoredExchange *exchange = d->find(id);
    const StoredRecord response =
        exchange ? exchange->response.load(std::memory_order_acquire) : StoredRecord();
    if (!response)
        return {};
    return d->records.response(response);
}

QByteArray TraceStore::responseBody(ExchangeId id, qint64 start, qint64 length) const
{
    const StoredExchange *exchange = d->find(id);
    if (!exchange)
        return {};
    const qint64 size = exchange->bytes.load(std::memory_order_acquire);
    start = qMax(qint64(0), start);
    const auto isGone = [exchange, start] {
        return start < exchange->letGo.load(std::memory_order_seq_cst);
    };
    if (start >= size || length == 0 || isGone())
        return {};
    const qint64 end = length < 0 || length > size - start ? size : start + length;

    qint64 low = 0;
    qint64 high = exchange->chunks.size();
    while (high - low > 1) {
        const qint64 middle = low + (high - low) / 2;
        if (exchange->chunks.at(middle).offset <= start)
            low = middle;
        else
            high = middle;
    }
    QByteArray copy(end - start, Qt::Uninitialized);
    for (qint64 at = start; at < end; ++low) {
        const StoredChunk *next =
            low < exchange->chunks.size() ? &exchange->chunks.at(low) : nullptr;
        if (!next || at < next->offset || at >= next->offset + next->length) {
            // From here on it was not recorded.
            copy.truncate(at - start);
            break;
        }
        const StoredChunk &chunk = *next;
        const qint64 skip = at - chunk.offset;
        const qint64 part = qMin(chunk.length - skip, end - at);
        std::memcpy(copy.data() + (at - start), chunk.bytes + skip, size_t(part));
        at += part;
    }
    // It may have been let go of meanwhile.
    return isGone() ? QByteArray() : copy;
}

qint64 TraceStore::chunkCount(ExchangeId id) const
{
    const StoredExchange *exchange = d->find(id);
    return exchange ? exchange->chunks.size() : 0;
}

BodyChunk TraceStore::chunk(ExchangeId id, qint64 index) const
{
    const StoredExchange *exchange = d->find(id);
    if (!exchange || index < 0 || index >= exchange->chunks.size())
        return {};
    const StoredChunk &chunk = exchange->chunks.at(index);
    return {chunk.at, chunk.offset, chunk.length};
}

Frame TraceStore::frame(ExchangeId id, qint64 index) const
{
    const StoredExchange *exchange = d->find(id);
    if (!exchange || index < 0 || index >= exchange->frames.size())
        return {};
    return exchange->frames.at(index).toFrame();
}

std::optional<Failure> TraceStore::failure(ExchangeId id) const
{
    const StoredExchange *exchange = d->find(id);
    const StoredRecord failure =
        exchange ? exchange->failure.load(std::memory_order_acquire) : StoredRecord();
    if (!failure)
        return {};
    return d->records.failure(failure);
}

qint64 TraceStore::noteCount() const
{
    return d->notes.size();
}

Note TraceStore::note(qint64 index) const
{
    return index >= 0 && index < d->notes.size() ? d->records.note(d->notes.at(index)) : Note();
}

} // namespace sightglass
