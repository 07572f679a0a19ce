// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_store.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QNetworkReply>
#include <QTest>
#include <QTimer>

#include <functional>

using namespace sightglass;
using namespace sightglass::test;

namespace {

enum class At : quint8 { Redirected, Head, Body, BodyEnd, Finished };
enum class Do : quint8 { Abort, AbortAll, Delete, DeleteLater, DeleteGate, Settings, Send, Pause };

struct Named {
    const char *name;
    int value;
};
constexpr Named moments[] = {{"redirected", int(At::Redirected)},
                             {"head", int(At::Head)},
                             {"body", int(At::Body)},
                             {"end of body", int(At::BodyEnd)},
                             {"finished", int(At::Finished)}};
constexpr Named deeds[] = {
    {"abort", int(Do::Abort)},
    {"abort all", int(Do::AbortAll)},
    {"delete exchange", int(Do::Delete)},
    {"delete exchange later", int(Do::DeleteLater)},
    {"delete gate", int(Do::DeleteGate)},
    {"new settings", int(Do::Settings)},
    {"send another", int(Do::Send)},
    {"pause and go on", int(Do::Pause)},
};

void inRows(const std::function<void(const Named &moment, const Named &deed)> &add)
{
    for (const Named &moment : moments) {
        for (const Named &deed : deeds)
            add(moment, deed);
    }
}

} // namespace

/// Whatever a consumer does in a signal of an exchange, nothing crashes and the trace is closed.
/// The sanitizers' build sees what this one does not.
class Lifetimes : public QObject {
    Q_OBJECT

private:
    RawServer m_server;

private Q_SLOTS:
    void init()
    {
        m_server.onRequest([](RawConnection &connection, const RawRequest &request) {
            if (request.target() == "/first")
                connection.answer(307, "elsewhere", "Location: /second\r\n");
            else if (request.target() == "/second" || request.target() == "/third")
                connection.answer(200, QByteArray(3 * 1024 * 1024, 'x'));
        });
    }
    void initTestCase() { QVERIFY(m_server.listen()); }

    void anythingMayBeDoneInASignal_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("what");
        inRows([](const Named &moment, const Named &deed) {
            QTest::addRow("%s: %s", moment.name, deed.name) << moment.value << deed.value;
        });
    }
    void anythingMayBeDoneInASignal()
    {
        QFETCH(int, at);
        QFETCH(int, what);
        TraceStore trace;
        QPointer<HttpGate> gate(new HttpGate(&trace));
        gate->setNetworkSettings(direct());
        const QPointer<HttpExchange> exchange(
            gate->send(postOf(m_server.url(QStringLiteral("/first")))));
        int done = 0;
        int finishes = 0;
        const auto act = [&, this](At moment) {
            if (moment != At(at) || done++ > 0)
                return;
            switch (Do(what)) {
            case Do::Abort:
                exchange->abort();
                break;
            case Do::AbortAll:
                gate->abortAll();
                break;
            case Do::Delete:
                delete exchange;
                break;
            case Do::DeleteLater:
                exchange->deleteLater();
                break;
            case Do::DeleteGate:
                delete gate;
                break;
            case Do::Settings: {
                NetworkSettings settings = direct();
                settings.answerTimeoutMs = 12345;
                gate->setNetworkSettings(settings);
                break;
            }
            case Do::Send:
                gate->send(postOf(m_server.url(QStringLiteral("/third"))));
                break;
            case Do::Pause:
                exchange->setPaused(true);
                QTimer::singleShot(0, exchange, [&exchange] { exchange->setPaused(false); });
                break;
            }
        };
        connect(exchange, &HttpExchange::redirected, this, [&] { act(At::Redirected); });
        connect(exchange, &HttpExchange::headReceived, this, [&] { act(At::Head); });
        connect(exchange, &HttpExchange::bodyReceived, this, [&] { act(At::Body); });
        connect(exchange, &HttpExchange::bodyEnded, this, [&] { act(At::BodyEnd); });
        connect(exchange, &HttpExchange::finished, this, [&] {
            ++finishes;
            act(At::Finished);
        });
        QVERIFY(QTest::qWaitFor([&] { return done > 0; }, 20000));
        const auto allClosed = [&trace] {
            for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
                if (!trace.summary(id).finished)
                    return false;
            }
            return true;
        };
        QVERIFY(QTest::qWaitFor(allClosed, 20000));
        QVERIFY(QTest::qWaitFor([&] { return !exchange || exchange->isFinished(); }, 20000));
        QTest::qWait(0);

        const bool gone =
            Do(what) == Do::Delete || Do(what) == Do::DeleteLater || Do(what) == Do::DeleteGate;
        QCOMPARE(exchange.isNull(), gone);
        if (gone)
            QCOMPARE(finishes,
                     At(at) == At::Finished
                             || (At(at) == At::BodyEnd && Do(what) == Do::DeleteLater)
                         ? 1
                         : 0);
        else
            QCOMPARE(finishes, 1);
        const bool cut = At(at) != At::Finished && At(at) != At::BodyEnd
            && (gone || Do(what) == Do::Abort || Do(what) == Do::AbortAll);
        const std::optional<Failure> failure = trace.failure(2);
        QCOMPARE(failure ? failure->code : QString(),
                 cut ? QStringLiteral("cancelled") : QString());
        QCOMPARE(trace.exchangeCount(), Do(what) == Do::Send ? 3 : 2);
        delete gate;
    }

    void whatHasComeIsToldBeforeTheEnd_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("what");
        QTest::newRow("nothing done") << int(At::Finished) << int(Do::Send);
        for (const Named &deed : deeds) {
            QTest::addRow("body: %s", deed.name) << int(At::Body) << deed.value;
            QTest::addRow("end of body: %s", deed.name) << int(At::BodyEnd) << deed.value;
        }
    }
    /// A consumer that paused is given what waits for it when the exchange is aborted, and may do
    /// anything over it.
    void whatHasComeIsToldBeforeTheEnd()
    {
        QFETCH(int, at);
        QFETCH(int, what);
        TraceStore trace;
        QPointer<HttpGate> gate(new HttpGate(&trace));
        gate->setNetworkSettings(direct());
        const QPointer<HttpExchange> exchange(
            gate->send(postOf(m_server.url(QStringLiteral("/second")))));
        exchange->setPaused(true);
        const auto waits = [&gate] {
            const auto *reply = gate->findChild<QNetworkReply *>();
            return reply && reply->bytesAvailable() > 100'000;
        };
        QVERIFY(QTest::qWaitFor(waits, 20000));
        QCOMPARE(trace.summary(1).responseBytes, 0);
        qint64 told = 0;
        int bodyEnds = 0;
        int finishes = 0;
        bool endedBefore = false;
        const auto act = [&](At moment) {
            endedBefore = endedBefore || trace.summary(1).finished;
            if (moment != At(at))
                return;
            switch (Do(what)) {
            case Do::Abort:
                exchange->abort();
                break;
            case Do::AbortAll:
                gate->abortAll();
                break;
            case Do::Delete:
                delete exchange;
                break;
            case Do::DeleteLater:
                exchange->deleteLater();
                break;
            case Do::DeleteGate:
                delete gate;
                break;
            case Do::Settings:
                gate->setNetworkSettings({});
                break;
            case Do::Send:
                break;
            case Do::Pause:
                exchange->setPaused(false);
                break;
            }
        };
        connect(exchange, &HttpExchange::bodyReceived, this, [&](QByteArrayView bytes) {
            told += bytes.size();
            act(At::Body);
        });
        connect(exchange, &HttpExchange::bodyEnded, this, [&] {
            ++bodyEnds;
            act(At::BodyEnd);
        });
        connect(exchange, &HttpExchange::finished, this, [&] { ++finishes; });
        exchange->abort();

        QVERIFY(!endedBefore);
        QVERIFY(told > 100'000 || (At(at) == At::Body && told > 0));
        QCOMPARE(told, trace.summary(1).responseBytes);
        QVERIFY(trace.summary(1).finished);
        QCOMPARE(trace.failure(1)->code, QStringLiteral("cancelled"));
        const bool goneAtOnce = Do(what) == Do::Delete || Do(what) == Do::DeleteGate;
        QCOMPARE(bodyEnds, goneAtOnce && At(at) == At::Body ? 0 : 1);
        QTest::qWait(0);
        if (Do(what) != Do::DeleteLater)
            QCOMPARE(finishes, goneAtOnce ? 0 : 1);
        delete gate;
    }

    void aGateGoesWhileItsExchangesAreInAnyState_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("sent");
        QTest::newRow("not yet sent") << QStringLiteral("/silent") << false;
        QTest::newRow("no answer yet") << QStringLiteral("/silent") << true;
        QTest::newRow("in the middle of the body") << QStringLiteral("/second") << true;
    }
    void aGateGoesWhileItsExchangesAreInAnyState()
    {
        QFETCH(QString, path);
        QFETCH(bool, sent);
        const qsizetype before = m_server.requests().size();
        TraceStore trace;
        {
            HttpGate gate(&trace);
            gate.setNetworkSettings(direct());
            for (int i = 0; i < 8; ++i)
                gate.send(postOf(m_server.url(path)));
            if (sent)
                QVERIFY(m_server.waitForRequests(before + 8));
        }
        QCOMPARE(trace.exchangeCount(), 8);
        for (ExchangeId id = 1; id <= 8; ++id) {
            QVERIFY(trace.summary(id).finished);
            QCOMPARE(trace.failure(id)->kind, FailureKind::Cancelled);
        }
    }

    void abortSaysItsReasonOnceAndFromTheEventLoop()
    {
        TraceStore trace;
        HttpGate gate(&trace);
        gate.setNetworkSettings(direct());
        ExchangeProbe probe(gate.send(postOf(m_server.url(QStringLiteral("/silent")))));
        Failure reason;
        reason.kind = FailureKind::TimedOut;
        reason.code = QStringLiteral("call-timeout");
        reason.sentence = QStringLiteral("It took too long.");
        probe.exchange->abort(reason);
        probe.exchange->abort();
        QCOMPARE(probe.finishes, 0);
        QVERIFY(probe.exchange->isFinished());
        QVERIFY(probe.wait());
        QTest::qWait(0);
        QCOMPARE(probe.finishes, 1);
        QCOMPARE(probe.code(), QStringLiteral("call-timeout"));
        QCOMPARE(probe.exchange->failure()->exchange, 1);
        QCOMPARE(trace.failure(1)->code, QStringLiteral("call-timeout"));
    }
};

QTEST_GUILESS_MAIN(Lifetimes)
#include "test_lifetimes.moc"
