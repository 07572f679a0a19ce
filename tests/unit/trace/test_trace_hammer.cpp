// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/trace_filter.h"
#include "core/trace/credential_matrix.h"
#include "core/trace/trace_store.h"
#include "core/trace/trace_text.h"

#include <QRandomGenerator>
#include <QTest>

#include <array>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr int Exchanges = 60;
constexpr int Steps = 4000;
constexpr int Readers = 4;
/// Frames are this long, so every one is known from its number.
constexpr qint64 Width = 16;

/// The byte that stands at this place of this exchange's body, whoever asks.
char byteAt(ExchangeId id, qint64 offset)
{
    return char('a' + (id * 31 + offset * 7 + offset / 251) % 26);
}

RequestRecord requestOf(ExchangeId id)
{
    RequestRecord request;
    request.kind = ExchangeKind(id % 8);
    request.method = "M" + QByteArray::number(id);
    request.url = QUrl(u"http://127.0.0.1:4780/"_s + QString::number(id));
    request.what = u"what %1"_s.arg(id);
    request.headers = {
        {"Authorization", "Bearer t" + QByteArray::number(id % 3), HeaderSource::Credential, true},
        {"X-Number", QByteArray::number(id), HeaderSource::User, false}};
    if (id % 5 == 0)
        request.headers.removeFirst();
    return request;
}

QByteArray bodyOf(ExchangeId id)
{
    return QByteArray("{\"id\":") + QByteArray::number(id) + '}';
}

ResponseRecord responseOf(ExchangeId id)
{
    return {200 + int(id % 3) * 100,
            "R" + QByteArray::number(id),
            "HTTP/1.1",
            {{"X-Answer", QByteArray::number(id), HeaderSource::Server, false}}};
}

Failure failureOf(ExchangeId id)
{
    return {FailureKind::Unreachable, u"code %1"_s.arg(id), u"Sentence %1."_s.arg(id), {}, id, {}};
}

/// Writes as a session does: many exchanges open at once, bodies in pieces of any size.
void write(TraceStore &store)
{
    QRandomGenerator random(7);
    QList<ExchangeId> open;
    for (int step = 0; step < Steps || !open.isEmpty(); ++step) {
        if (open.size() < 6 && store.exchangeCount() < Exchanges && step < Steps) {
            const ExchangeId next = store.exchangeCount() + 1;
            open += store.begin(requestOf(next), bodyOf(next));
            store.mark(next, Mark::Connecting);
            store.mark(next, Mark::Sent);
        }
        if (open.isEmpty())
            break;
        const qsizetype which = random.bounded(int(open.size()));
        const ExchangeId id = open.at(which);
        if (!store.response(id)) {
            store.respond(id, responseOf(id));
            continue;
        }
        if (step >= Steps || (store.exchangeCount() < Exchanges && !random.bounded(40))) {
            store.note(u"n%1"_s.arg(id), u"Note."_s, id);
            id % 2 ? store.finish(id) : store.finish(id, failureOf(id));
            open.removeAt(which);
            continue;
        }
        const qint64 start = store.summary(id).responseBytes;
        const qint64 length = 1 + random.bounded(random.bounded(10) ? 60 : 3000);
        qint64 capacity = 0;
        char *place = store.reserve(&capacity);
        for (qint64 i = 0; i < length; ++i)
            place[i] = byteAt(id, start + i);
        store.commit(id, length);
        for (qint64 n = store.summary(id).frames; (n + 1) * Width <= start + length; ++n) {
            store.frame(id,
                        {n % 4 == 3 ? FrameKind::Comment : FrameKind::Event, n * Width,
                         (n + 1) * Width, store.now(), -1, 0});
        }
    }
}

/// What one reader found wrong; it compares all it reads with what must have been written.
class Reader {
public:
    Reader(const TraceStore &store, quint32 seed)
        : m_store(store)
        , m_random(seed)
    {
    }

    void look()
    {
        const quint64 revision = m_store.revision();
        const qint64 total = m_store.totalBytes();
        const qint64 events = m_store.totalEvents();
        const ExchangeId count = m_store.exchangeCount();
        check(revision >= m_revision && total >= m_total && events >= m_events && count >= m_count,
              "something shrank");
        m_revision = revision;
        m_total = total;
        m_events = events;
        m_count = count;
        if (count > 0)
            exchange(1 + m_random.bounded(int(count)));
        const qint64 notes = m_store.noteCount();
        if (notes > 0) {
            const Note note = m_store.note(m_random.bounded(int(notes)));
            check(note.name == u"n%1"_s.arg(note.exchange), "a note is another's");
        }
    }

    const char *wrong() const { return m_wrong; }

private:
    void check(bool ok, const char *what)
    {
        if (!ok && !m_wrong)
            m_wrong = what;
    }

    void exchange(ExchangeId id)
    {
        const ExchangeSummary summary = m_store.summary(id);
        check(summary.id == id, "a summary is another's");
        check(m_store.request(id) == requestOf(id), "a request is another's");
        check(m_store.requestBody(id) == bodyOf(id), "a request's body is another's");
        if (const std::optional<ResponseRecord> response = m_store.response(id)) {
            check(*response == responseOf(id), "an answer is another's");
            check(m_store.response(id) == response, "an answer moved");
        } else {
            check(summary.status == 0 && summary.responseBytes == 0 && !summary.finished,
                  "a body without an answer");
        }
        check(summary.events <= summary.frames, "more events than frames");
        if (summary.finished) {
            check(summary.times.ended >= summary.times.begun, "it ended before it began");
            check(m_store.failure(id).has_value() == (id % 2 == 0), "a failure came or went");
            check(m_store.summary(id).responseBytes == summary.responseBytes, "it went on");
        }
        if (const auto failure = m_store.failure(id))
            check(*failure == failureOf(id), "a failure is another's");
        body(id, summary);
    }

    void body(ExchangeId id, const ExchangeSummary &summary)
    {
        const qint64 size = summary.responseBytes;
        if (size > 0) {
            const qint64 start = m_random.bounded(int(size));
            const qint64 length = 1 + m_random.bounded(200);
            const QByteArray bytes = m_store.responseBody(id, start, length);
            check(bytes.size() >= qMin(length, size - start), "a part of a body is short");
            for (qsizetype i = 0; i < bytes.size(); ++i)
                check(bytes.at(i) == byteAt(id, start + i), "a byte is another");
        }
        const qint64 chunks = m_store.chunkCount(id);
        if (chunks > 1) {
            const qint64 index = m_random.bounded(int(chunks - 1));
            const BodyChunk one = m_store.chunk(id, index);
            const BodyChunk next = m_store.chunk(id, index + 1);
            check(one.length > 0 && one.offset + one.length == next.offset, "chunks do not join");
            check(one.at <= next.at, "a chunk came before the one before");
        }
        if (summary.frames > 0) {
            const qint64 index = m_random.bounded(int(summary.frames));
            const Frame frame = m_store.frame(id, index);
            check(frame.start == index * Width && frame.end == (index + 1) * Width,
                  "a frame is another's");
            const QByteArray bytes = m_store.responseBody(id, frame.start, Width);
            check(bytes.size() == Width, "a frame came before its bytes");
        }
    }

    const TraceStore &m_store;
    QRandomGenerator m_random;
    quint64 m_revision = 0;
    qint64 m_total = 0;
    qint64 m_events = 0;
    ExchangeId m_count = 0;
    const char *m_wrong = nullptr;
};

} // namespace

class TestTraceHammer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_value_is_right_while_one_thread_writes_and_others_read();
    void views_are_built_while_it_grows();
};

void TestTraceHammer::every_value_is_right_while_one_thread_writes_and_others_read()
{
    TraceStore store;
    std::atomic<bool> done = false;
    std::array<const char *, Readers> wrong{};
    std::array<qint64, Readers> looks{};
    std::vector<std::thread> threads;
    for (int i = 0; i < Readers; ++i) {
        threads.emplace_back([&store, &done, &wrong, &looks, i] {
            Reader reader(store, quint32(i + 1));
            // Once more when all is there.
            for (bool last = false; !last; ++looks[size_t(i)]) {
                last = done.load(std::memory_order_acquire);
                reader.look();
            }
            wrong[size_t(i)] = reader.wrong();
        });
    }
    write(store);
    done.store(true, std::memory_order_release);
    for (std::thread &thread : threads)
        thread.join();
    for (int i = 0; i < Readers; ++i) {
        QVERIFY2(!wrong[size_t(i)], wrong[size_t(i)]);
        QVERIFY(looks[size_t(i)] > 0);
    }
    QCOMPARE(store.exchangeCount(), Exchanges);
    qint64 total = 0;
    for (ExchangeId id = 1; id <= Exchanges; ++id) {
        QVERIFY(store.summary(id).finished);
        const QByteArray body = store.responseBody(id);
        total += body.size();
        for (qsizetype at = 0; at < body.size(); ++at) {
            if (body.at(at) != byteAt(id, at))
                QFAIL("a byte of a body is another");
        }
    }
    QCOMPARE(store.totalBytes(), total);
}

/// The matrix, the filter and the exports read what grows under them.
void TestTraceHammer::views_are_built_while_it_grows()
{
    TraceStore store;
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    const TraceFilter filter = TraceFilter::parse(u"missing:authorization -status:none"_s);
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            const Redactor redactor("0123456789abcdef");
            CredentialMatrixBuilder builder(redactor);
            for (bool last = false; !last;) {
                last = done.load(std::memory_order_acquire);
                builder.update(store);
                qint64 rows = 0;
                for (const MatrixRow &row : builder.matrix().rows)
                    rows += row.count;
                wrong += rows > store.exchangeCount();
                const ExchangeId count = store.exchangeCount();
                for (ExchangeId id = qMax(ExchangeId(1), count - 3); id <= count; ++id) {
                    // One filter is used by all threads.
                    filter.matches(store, id);
                    wrong += !exchangeToJson(store, id, &redactor).endsWith("}}");
                    wrong += exchangeToCurl(store, id, &redactor).isEmpty();
                }
            }
            wrong += !(builder.matrix() == credentialMatrix(store, redactor));
        });
    }
    write(store);
    done.store(true, std::memory_order_release);
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

QTEST_APPLESS_MAIN(TestTraceHammer)
#include "test_trace_hammer.moc"
