// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/transport/http_sse.h"
#include "core/transport/streamable_http.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

#include <map>

using namespace sightglass;
using namespace sightglass::test;

namespace {

const QByteArray StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// What is told of each exchange, in order; a run of the same counts once.
class Order final : public TraceSink {
public:
    void onRequest(ExchangeId id, qint64, const RequestRecord &, const QByteArray &) override
    {
        add(id, "request");
    }
    void onMark(ExchangeId, Mark, qint64) override { }
    void onResponse(ExchangeId id, qint64, const ResponseRecord &) override { add(id, "head"); }
    void onBody(ExchangeId id, const BodyChunk &, const char *) override { add(id, "body"); }
    void onFrame(ExchangeId id, const Frame &frame) override
    {
        add(id, frame.kind == FrameKind::Incomplete ? "incomplete" : "frames");
        qint64 &covered = m_covered[id];
        covered = covered < 0 || frame.start > covered ? -1 : std::max(covered, frame.end);
    }
    void onFinish(ExchangeId id, qint64, const std::optional<Failure> &) override
    {
        add(id, "finish");
    }
    void onNote(const Note &) override { }

    bool has(ExchangeId id, const char *word) const { return words(id).contains(word); }
    QByteArrayList words(ExchangeId id) const
    {
        const auto it = m_words.find(id);
        return it == m_words.end() ? QByteArrayList() : it->second;
    }
    /// Every byte up to here belongs to a frame; -1: there is a gap.
    qint64 covered(ExchangeId id) const
    {
        const auto it = m_covered.find(id);
        return it == m_covered.end() ? 0 : it->second;
    }

private:
    void add(ExchangeId id, const char *word)
    {
        QByteArrayList &list = m_words[id];
        if (list.isEmpty() || list.constLast() != word)
            list.append(word);
    }
    std::map<ExchangeId, QByteArrayList> m_words;
    std::map<ExchangeId, qint64> m_covered;
};

enum class Kind { PostStream, ServerStream, OldSse };
enum class End { ServerCloses, ServerResets, WeClose, WeAbandon, WeCloseInMidChunk };

struct Named {
    const char *name;
    int value;
};
constexpr Named kinds[] = {{"stream of a POST", int(Kind::PostStream)},
                           {"the server's stream", int(Kind::ServerStream)},
                           {"HTTP+SSE", int(Kind::OldSse)}};
constexpr Named ends[] = {{"server closes", int(End::ServerCloses)},
                          {"server resets", int(End::ServerResets)},
                          {"we close", int(End::WeClose)},
                          {"we abandon the message", int(End::WeAbandon)},
                          {"we close in the middle of a chunk", int(End::WeCloseInMidChunk)}};

} // namespace

/// However a stream ends: its bytes, their frames, the frame that the end cut off, and then the end
/// is the order of the record, and no byte that came is without a frame.
class StreamEnds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theEndIsToldLast_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("end");
        for (const Named &kind : kinds) {
            for (const Named &end : ends) {
                if (End(end.value) == End::WeAbandon && Kind(kind.value) != Kind::PostStream)
                    continue; // the message is not what the stream belongs to
                QTest::addRow("%s, %s", kind.name, end.name) << kind.value << end.value;
            }
        }
    }
    void theEndIsToldLast()
    {
        QFETCH(int, kind);
        QFETCH(int, end);
        RawServer server;
        QVERIFY(server.listen());
        RawConnection *stream = nullptr;
        server.onRequest([&](RawConnection &connection, const RawRequest &raw) {
            if (raw.method() != (Kind(kind) == Kind::PostStream ? "POST" : "GET") || stream) {
                connection.answer(405);
                return;
            }
            stream = &connection;
            QByteArray body;
            if (Kind(kind) == Kind::OldSse)
                body += "event: endpoint\ndata: /messages\n\n";
            for (int i = 0; i < 2000; ++i)
                body += ": comment\ndata: {\"n\":" + QByteArray::number(i) + "}\n\n";
            connection.write(StreamHead + body + "data: {\"cut o");
        });
        TraceStore trace;
        Order order;
        trace.addSink(&order);
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        std::unique_ptr<Transport> transport;
        if (Kind(kind) == Kind::OldSse)
            transport = std::make_unique<HttpSse>(&gate, server.url(), [] { return 1.0; });
        else
            transport = std::make_unique<StreamableHttp>(&gate, server.url(), [] { return 1.0; });
        int messages = 0;
        int closedAt = -1;
        transport->setReceiver([&](QByteArrayView, ExchangeId) {
            ++messages;
            if (End(end) == End::WeCloseInMidChunk && messages == 3) {
                closedAt = messages;
                transport->closeAll();
            }
        });
        PostId post = 0;
        if (Kind(kind) == Kind::PostStream) {
            Outgoing message;
            message.text = "{}";
            message.what = QStringLiteral("tools/list");
            message.expectsAnswer = true;
            post = transport->post(message);
        } else {
            transport->openStream();
        }
        const ExchangeId id = 1;
        if (End(end) == End::WeCloseInMidChunk) {
            QTRY_COMPARE(closedAt, 3);
        } else {
            QTRY_COMPARE(messages, 2000);
            if (End(end) == End::ServerCloses)
                stream->close();
            else if (End(end) == End::ServerResets)
                stream->reset();
            else if (End(end) == End::WeClose)
                transport->closeAll();
            else
                transport->abandon(post);
        }
        QTRY_VERIFY(trace.summary(id).finished);
        transport->closeAll();
        QTest::qWait(0);

        const QByteArrayList words = order.words(id);
        QCOMPARE(words.count("finish"), 1);
        QCOMPARE(words.constLast(), QByteArray("finish"));
        QCOMPARE(order.covered(id), trace.summary(id).responseBytes);
        const bool cut =
            End(end) != End::WeCloseInMidChunk || trace.responseBody(id).endsWith("cut o");
        if (cut)
            QCOMPARE(words.at(words.size() - 2), QByteArray("incomplete"));
        // What came while we were going is recorded, and for nobody.
        if (closedAt > 0)
            QCOMPARE(messages, closedAt);
    }
};

QTEST_GUILESS_MAIN(StreamEnds)
#include "test_stream_ends.moc"
