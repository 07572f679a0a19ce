// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_server.h"
#include "ui/session_controller.h"
#include "ui/session_relay.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QSemaphore>
#include <QTest>
#include <QThread>
#include <QTimer>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// Events that Qt has queued for an object.
class EventCount final : public QObject {
public:
    explicit EventCount(QObject *watched) { watched->installEventFilter(this); }
    int calls = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        calls += event->type() == QEvent::MetaCall;
        return false;
    }
};

/// An MCP server that, once a stream is open, floods it with notifications; in a thread of its own,
/// so that it goes on while the window's thread does not.
class Flood {
public:
    explicit Flood(qint64 count, const QByteArray &method, const QByteArray &member)
    {
        m_context.moveToThread(&m_thread);
        m_thread.start();
        QMetaObject::invokeMethod(
            &m_context, [&] { begin(count, method, member); }, Qt::BlockingQueuedConnection);
    }
    ~Flood()
    {
        QMetaObject::invokeMethod(
            &m_context,
            [this] {
                m_server.reset();
                m_context.moveToThread(nullptr);
            },
            Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    Flood(const Flood &) = delete;
    Flood &operator=(const Flood &) = delete;

    /// Blocks the calling thread until nothing more comes to the trace. Gives what it has then.
    qint64 waitUntilStill(const TraceReader &trace)
    {
        QSemaphore still;
        qint64 before = -1;
        qint64 now = -1;
        QMetaObject::invokeMethod(&m_context, [&] {
            auto *look = new QTimer(&m_context);
            QObject::connect(look, &QTimer::timeout, &m_context, [&, look] {
                now = trace.totalBytes();
                if (now != std::exchange(before, now))
                    return;
                look->stop();
                look->deleteLater();
                still.release();
            });
            look->start(300);
        });
        still.acquire();
        return now;
    }
    ServerTarget target() const
    {
        ServerTarget target;
        target.url = m_url;
        target.network.proxy = NetworkSettings::Proxy::None;
        target.revision = u"2025-11-25"_s;
        return target;
    }
    qint64 bytes() const { return m_body.size(); }

private:
    void begin(qint64 count, const QByteArray &method, const QByteArray &member)
    {
        const QByteArray padding(150, 'x');
        for (qint64 i = 0; i < count; ++i) {
            m_body += "data: {\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{\""
                + member + "\":\"" + QByteArray::number(i) + padding + "\"}}\n\n";
        }
        m_server = std::make_unique<RawServer>();
        m_server->listen();
        m_url = m_server->url();
        m_server->onRequest([this](RawConnection &connection, const RawRequest &raw) {
            if (raw.method() == "GET") {
                connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                connection.write(m_body);
            } else if (raw.body.contains("\"initialize\"")) {
                const qsizetype at = raw.body.indexOf("\"id\":") + 5;
                qsizetype end = at;
                while (raw.body.at(end) != ',' && raw.body.at(end) != '}')
                    ++end;
                connection.answer(
                    200,
                    "{\"jsonrpc\":\"2.0\",\"id\":" + raw.body.mid(at, end - at)
                        + ",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
                          "{\"logging\":{}},\"serverInfo\":{\"name\":\"f\",\"version\":\"1\"}}}",
                    "Content-Type: application/json\r\n");
            } else {
                connection.answer(202);
            }
        });
    }

    QThread m_thread;
    QObject m_context;
    std::unique_ptr<RawServer> m_server; ///< lives in the thread
    QByteArray m_body;
    QUrl m_url;
};

} // namespace

/// What a server tells does not pile up before a window that cannot take it in as fast.
class TestSessionRelay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyTellingsAreOneQueuedEvent();
    void paintingAndInputGetTheirTurn();
    void theOrderIsKept();
    void aDialogDoesNotHoldTheOthersUp();
    void itIsFullFromOneNumberToAnother();
    void whatIsClosedTellsNothing();
    void itMayGoFromWithinATelling();
    void aFloodHoldsTheServerBack();
    void aFloodOfLogsHoldsNobodyBack();
};

void TestSessionRelay::manyTellingsAreOneQueuedEvent()
{
    SessionRelay relay({});
    EventCount events(&relay);
    int told = 0;
    for (int i = 0; i < 900; ++i)
        relay.post([&told] { ++told; });
    QCOMPARE(relay.waiting(), 900);
    QTRY_COMPARE(told, 900);
    QCOMPARE(events.calls, 1);
    relay.post([&told] { ++told; });
    QTRY_COMPARE(told, 901);
    QCOMPARE(events.calls, 2);
}

void TestSessionRelay::paintingAndInputGetTheirTurn()
{
    SessionRelay relay({});
    int told = 0;
    int toldAtFirstTurn = -1;
    for (int i = 0; i < 10 * SessionRelay::atOnce; ++i)
        relay.post([&told] { ++told; });
    QTimer turn;
    turn.setSingleShot(true);
    connect(&turn, &QTimer::timeout, this, [&] { toldAtFirstTurn = told; });
    turn.start(0);
    QTRY_COMPARE(told, 10 * SessionRelay::atOnce);
    QVERIFY(toldAtFirstTurn >= 0);
    QVERIFY2(toldAtFirstTurn <= 2 * SessionRelay::atOnce,
             qPrintable(QString::number(toldAtFirstTurn)));
}

void TestSessionRelay::theOrderIsKept()
{
    constexpr int count = 20'000;
    SessionRelay relay({});
    QList<int> told;
    QThread *const poster = QThread::create([&] {
        for (int i = 0; i < count; ++i)
            relay.post([&told, i] { told.append(i); });
    });
    poster->start();
    QTRY_COMPARE(told.size(), count);
    poster->wait();
    delete poster;
    for (int i = 0; i < count; ++i)
        QCOMPARE(told.at(i), i);
}

void TestSessionRelay::aDialogDoesNotHoldTheOthersUp()
{
    SessionRelay relay({});
    QEventLoop dialog;
    bool open = false;
    bool toldMeanwhile = false;
    relay.post([&] {
        open = true;
        dialog.exec();
        open = false;
    });
    relay.post([&] {
        toldMeanwhile = open;
        dialog.quit();
    });
    QTRY_VERIFY(toldMeanwhile && !open);
}

void TestSessionRelay::itIsFullFromOneNumberToAnother()
{
    QList<bool> full;
    SessionRelay relay([&full](const SessionRelay &r) { full.append(r.isFull()); });
    qsizetype least = SessionRelay::mostWaiting;
    for (qsizetype i = 0; i < SessionRelay::mostWaiting; ++i) {
        QCOMPARE(full.size(), 0);
        relay.post([&] {
            if (relay.isFull())
                least = std::min(least, relay.waiting());
        });
    }
    QCOMPARE(full, QList<bool>({true}));
    relay.post({[] {}});
    QCOMPARE(full.size(), 1);
    QTRY_COMPARE(relay.waiting(), 0);
    QCOMPARE(full, QList<bool>({true, false}));
    QCOMPARE(least, SessionRelay::fewWaiting + 1);
}

void TestSessionRelay::whatIsClosedTellsNothing()
{
    SessionRelay relay({});
    bool told = false;
    relay.post([&told] { told = true; });
    relay.close();
    relay.post([&told] { told = true; });
    QCOMPARE(relay.waiting(), 0);
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

void TestSessionRelay::itMayGoFromWithinATelling()
{
    auto *relay = new SessionRelay({});
    int told = 0;
    relay->post([&] {
        ++told;
        delete relay;
    });
    relay->post([&told] { ++told; });
    QTRY_COMPARE(told, 1);
    QCoreApplication::processEvents();
    QCOMPARE(told, 1);
}

void TestSessionRelay::aFloodHoldsTheServerBack()
{
    constexpr qint64 count = 200'000;
    Flood flood(count, "notifications/resources/updated", "uri");
    SessionController controller;
    qint64 told = 0;
    bool inOrder = true;
    bool blocked = false;
    qint64 whileBlocked = -1;
    connect(&controller, &SessionController::notified, this, [&](const Notice &notice) {
        // The window's thread is busy, until nothing comes any more.
        if (!std::exchange(blocked, true))
            whileBlocked = flood.waitUntilStill(*controller.trace());
        inOrder = inOrder && notice.params.contains('"' + QByteArray::number(told) + 'x');
        ++told;
    });
    controller.connectTo(flood.target());
    QTRY_COMPARE_WITH_TIMEOUT(told, count, 120'000);
    QVERIFY(inOrder);
    // One read brings some MiB at most, and then no further one is made.
    QVERIFY(flood.bytes() > 40 * 1024 * 1024);
    QVERIFY(whileBlocked > 0);
    QVERIFY2(whileBlocked < 10 * 1024 * 1024, qPrintable(QString::number(whileBlocked)));
    QCOMPARE(controller.state().phase, SessionPhase::Ready);
}

void TestSessionRelay::aFloodOfLogsHoldsNobodyBack()
{
    constexpr qint64 count = 200'000;
    Flood flood(count, "notifications/message", "data");
    SessionController controller;
    qint64 told = 0;
    bool inOrder = true;
    qint64 whileBlocked = -1;
    connect(&controller, &SessionController::logged, this, [&](const LogTail::Taken &taken) {
        // All comes in while the window's thread is busy; of what it missed the newest are kept.
        if (whileBlocked < 0)
            whileBlocked = flood.waitUntilStill(*controller.trace());
        told += taken.passedOver;
        for (const LogTail::Message &message : taken.messages)
            inOrder = inOrder && message.params.contains('"' + QByteArray::number(told++) + 'x');
    });
    controller.connectTo(flood.target());
    QTRY_COMPARE_WITH_TIMEOUT(told, count, 120'000);
    QVERIFY(inOrder);
    QVERIFY(whileBlocked >= flood.bytes());
    QCOMPARE(controller.state().phase, SessionPhase::Ready);
}

QTEST_MAIN(TestSessionRelay)
#include "test_session_relay.moc"
