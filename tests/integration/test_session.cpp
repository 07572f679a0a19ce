// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/refusal.h"
#include "core/lab/lab.h"
#include "core/mcp/session.h"
#include "tests/support/sent_messages.h"

#include <QTcpServer>
#include <QTest>

#include <numeric>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr int Patience = 15'000; ///< ms; a hang is a failure, slowness is none
const QByteArray Message = R"({"message":"x"})";
const QByteArray LongWork = R"({"steps":100,"seconds":60})";

/// A lab, a session and what the session said.
class Rig : public QObject {
public:
    explicit Rig(const LabSettings &settings = {}, bool start = true)
        : lab(settings)
        , session(&trace)
    {
        if (start && lab.listen())
            target.url = lab.url();
        target.network.proxy = NetworkSettings::Proxy::None;
        target.order = Ladder::Order::LegacyFirst; // this is about sessions
        target.credentials.bearer = settings.bearer;
        connect(&session, &Session::toolsListed, this,
                [this](const ToolList &list) { tools = list; });
        connect(
            &session, &Session::callFinished, this,
            [this](Ticket ticket, const CallResult &result) { results.insert(ticket, result); });
        connect(&session, &Session::callProgress, this, [this] { ++progress; });
    }

    ~Rig() override
    {
        // Whatever the test was about: what we sent was valid.
        const sightglass::test::SentMessages sent = sightglass::test::sentMessages(trace);
        QVERIFY2(sent.invalid.isEmpty(), qPrintable(sent.invalid.join(u'\n')));
    }

    bool reach(SessionPhase phase)
    {
        return QTest::qWaitFor([&] { return session.state().phase == phase; }, Patience);
    }
    bool connectNow()
    {
        session.connectTo(target);
        return reach(SessionPhase::Ready);
    }
    CallResult call(const QString &tool, const QByteArray &arguments)
    {
        return wait(session.callTool(tool, arguments));
    }
    CallResult wait(Ticket ticket)
    {
        if (!QTest::qWaitFor([&] { return results.contains(ticket); }, Patience)) {
            CallResult never;
            never.failure.emplace().code = u"never-answered"_s;
            return never;
        }
        return results.value(ticket);
    }
    QList<ExchangeId> ofKind(ExchangeKind kind) const
    {
        QList<ExchangeId> found;
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
            if (trace.summary(id).kind == kind)
                found << id;
        }
        return found;
    }
    QList<ExchangeId> named(const QString &what) const
    {
        QList<ExchangeId> found;
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
            if (trace.request(id).what == what)
                found << id;
        }
        return found;
    }
    QByteArray header(ExchangeId id, const char *name) const
    {
        return HeaderList(trace.request(id).headers).value(name);
    }

    TraceStore trace;
    Lab lab;
    Session session;
    ServerTarget target;
    ToolList tools;
    QHash<Ticket, CallResult> results;
    int progress = 0;
};

LabSettings playing(const QString &fault, const QByteArray &bearer = {})
{
    LabSettings settings;
    if (!fault.isEmpty())
        settings.play = {fault};
    settings.bearer = bearer;
    return settings;
}

QString said(const CallResult &result)
{
    return result.failure ? result.failure->code + u": "_s + result.failure->sentence : QString();
}

} // namespace

class TestSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void connects_and_lists_all_pages();
    void every_list_can_be_had_and_a_missing_one_says_why();
    void log_messages_come_from_the_level_that_was_asked_for();
    void each_revision_is_spoken_as_it_is_dated_data();
    void each_revision_is_spoken_as_it_is_dated();
    void every_request_carries_the_same_credentials();
    void a_call_brings_its_result_and_its_exchange();
    void progress_and_cancelling();
    void an_answer_that_does_not_come_ends_by_the_clock();
    void what_is_given_up_is_told_to_the_server_before_the_end();
    void a_refusal_stands_in_the_trace();
    void an_expired_session_is_opened_anew();
    void what_was_asked_of_a_session_is_asked_of_the_next();
    void a_stream_that_ends_is_taken_up_again();
    void disconnecting_ends_calls_and_the_session();
    void a_second_connect_replaces_the_first();
    void a_server_that_dies_and_comes_back();
    void a_wrong_token_is_refused_once();
    void acting_is_explained_and_not_repeated();
    void failures_are_in_the_catalogue_data();
    void failures_are_in_the_catalogue();
    void nothing_listens();
    void cancelling_while_connecting();
};

void TestSession::connects_and_lists_all_pages()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    QCOMPARE(rig.session.state().revision, u"2025-11-25"_s);
    QVERIFY(!rig.session.state().sessionId.isEmpty());
    QVERIFY(!rig.session.state().serverName.isEmpty());
    rig.session.listTools();
    QTRY_VERIFY_WITH_TIMEOUT(rig.tools.complete, Patience);
    QVERIFY(rig.tools.tools.size() >= 12);
    QVERIFY(rig.tools.pages >= 2);
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state().stream.phase, StreamState::Phase::Open, Patience);
    QVERIFY(!rig.session.state().failure);
}

void TestSession::every_list_can_be_had_and_a_missing_one_says_why()
{
    Rig rig;
    QHash<ListKind, Listing> lists;
    connect(&rig.session, &Session::listed, this,
            [&lists](const Listing &listing) { lists.insert(listing.kind, listing); });
    rig.session.list(ListKind::Resources);
    QTRY_VERIFY_WITH_TIMEOUT(lists.value(ListKind::Resources).failure, Patience);
    QCOMPARE(lists.value(ListKind::Resources).failure->code, u"not-connected"_s);
    QVERIFY(rig.connectNow());
    for (const ListKind kind :
         {ListKind::Resources, ListKind::ResourceTemplates, ListKind::Tools}) {
        rig.session.list(kind);
        QTRY_VERIFY_WITH_TIMEOUT(lists.value(kind).complete, Patience);
    }
    QVERIFY(lists.value(ListKind::Resources).items.size() >= 2);
    QVERIFY(!lists.value(ListKind::Resources).items.constFirst().uri.isEmpty());
    const Listing tools = lists.value(ListKind::Tools);
    QCOMPARE(tools.items.size(), rig.tools.tools.size());
    QVERIFY(tools.pages.size() >= 2);
    QCOMPARE(std::accumulate(tools.pages.cbegin(), tools.pages.cend(), qsizetype(0),
                             [](qsizetype sum, const ListPage &page) { return sum + page.count; }),
             tools.items.size());
    rig.session.list(ListKind::Tasks);
    QTRY_VERIFY_WITH_TIMEOUT(
        lists.value(ListKind::Tasks).failure || lists.value(ListKind::Tasks).complete, Patience);
}

void TestSession::log_messages_come_from_the_level_that_was_asked_for()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    rig.session.setLogLevel("error");
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state().logLevel, "error"_ba, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(u"logging/setLevel error"_s).size(), 1, Patience);
    // The same once more is nothing new.
    rig.session.setLogLevel("error");
    QVERIFY(!rig.wait(rig.session.request("ping", {})).failure);
    QCOMPARE(rig.named(u"logging/setLevel error"_s).size(), 1);
}

void TestSession::each_revision_is_spoken_as_it_is_dated_data()
{
    QTest::addColumn<QString>("revision");
    QTest::addColumn<bool>("versionHeader");
    QTest::newRow("2025-03-26") << u"2025-03-26"_s << false;
    QTest::newRow("2025-06-18") << u"2025-06-18"_s << true;
    QTest::newRow("2025-11-25") << u"2025-11-25"_s << true;
}

void TestSession::each_revision_is_spoken_as_it_is_dated()
{
    QFETCH(QString, revision);
    QFETCH(bool, versionHeader);
    Rig rig;
    rig.target.revision = revision;
    QVERIFY(rig.connectNow());
    QCOMPARE(rig.session.state().revision, revision);
    QCOMPARE(said(rig.call(u"echo"_s, Message)), QString());
    for (ExchangeId id = 1; id <= rig.trace.exchangeCount(); ++id) {
        const bool carries = versionHeader && rig.trace.request(id).what != "initialize"_L1;
        QCOMPARE(rig.header(id, "MCP-Protocol-Version"),
                 carries ? revision.toLatin1() : QByteArray());
    }
}

void TestSession::every_request_carries_the_same_credentials()
{
    LabSettings settings = playing(u"closes-stream"_s, "lab-token");
    settings.apiKey = "X-Api-Key: k1";
    Rig rig(settings);
    rig.target.credentials.headers = {{"X-Api-Key", "k1", HeaderSource::User, true}};
    QVERIFY(rig.connectNow());
    QTRY_VERIFY_WITH_TIMEOUT(!rig.ofKind(ExchangeKind::Reconnect).isEmpty(), Patience);
    rig.session.disconnectFrom();
    QVERIFY(rig.reach(SessionPhase::Idle));
    for (const ExchangeKind kind : {ExchangeKind::Post, ExchangeKind::Stream,
                                    ExchangeKind::Reconnect, ExchangeKind::Delete}) {
        QVERIFY2(!rig.ofKind(kind).isEmpty(), exchangeKindName(kind).constData());
        for (const ExchangeId id : rig.ofKind(kind)) {
            QCOMPARE(rig.header(id, "Authorization"), QByteArray("Bearer lab-token"));
            QCOMPARE(rig.header(id, "X-Api-Key"), QByteArray("k1"));
        }
    }
}

void TestSession::a_call_brings_its_result_and_its_exchange()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    const QByteArray numbers = R"({"a":3,"b":4})";
    const CallResult add = rig.call(u"add"_s, numbers);
    QVERIFY2(add.result.contains("3 + 4 = 7"), qPrintable(said(add)));
    QVERIFY(!add.isError);
    QCOMPARE(rig.trace.request(add.exchange).what, u"tools/call add"_s);
    const CallResult error = rig.call(u"error"_s, "{}");
    QVERIFY(error.isError && !error.failure);
    const CallResult refused = rig.call(u"fail"_s, "{}");
    QVERIFY(refused.failure && refused.errorCode);
}

void TestSession::progress_and_cancelling()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    const Ticket call = rig.session.callTool(u"long-running"_s, LongWork);
    QTRY_VERIFY_WITH_TIMEOUT(rig.progress > 0, Patience);
    rig.session.cancel(call);
    QCOMPARE(rig.wait(call).failure->kind, FailureKind::Cancelled);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(u"notifications/cancelled"_s).size(), 1, Patience);
    QCOMPARE(rig.session.state().phase, SessionPhase::Ready);
}

void TestSession::an_answer_that_does_not_come_ends_by_the_clock()
{
    Rig rig(playing(u"no-answer@tools/call"_s));
    rig.target.requestTimeoutMs = 1500;
    QVERIFY(rig.connectNow());
    const CallResult late = rig.call(u"echo"_s, Message);
    QCOMPARE(late.failure->kind, FailureKind::TimedOut);
    // A recording tells the same.
    QCOMPARE(rig.trace.failure(late.exchange), late.failure);
    rig.lab.setPlay({});
    QCOMPARE(said(rig.call(u"echo"_s, Message)), QString());
}

void TestSession::what_is_given_up_is_told_to_the_server_before_the_end()
{
    Rig rig(playing(u"no-answer@tools/call"_s));
    rig.target.requestTimeoutMs = 1500;
    QVERIFY(rig.connectNow());
    connect(
        &rig.session, &Session::callFinished, &rig, [&rig] { rig.session.disconnectFrom(); },
        Qt::DirectConnection);
    QCOMPARE(rig.call(u"echo"_s, Message).failure->kind, FailureKind::TimedOut);
    QVERIFY(rig.reach(SessionPhase::Idle));
    const QList<ExchangeId> told = rig.named(u"notifications/cancelled"_s);
    QCOMPARE(told.size(), 1);
    QCOMPARE(rig.trace.summary(told.first()).status, 202);
}

void TestSession::a_refusal_stands_in_the_trace()
{
    Rig rig(playing({}, "right"));
    rig.target.credentials.bearer = "mistaken";
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    const std::optional<Failure> recorded = rig.trace.failure(rig.named(u"initialize"_s).first());
    QVERIFY(recorded);
    QCOMPARE(recorded->kind, FailureKind::Refused);
    QCOMPARE(recorded->code, u"unauthorized"_s);
    // That a server offers no stream is none.
    Rig without(playing(u"AF-80"_s));
    QVERIFY(without.connectNow());
    QTRY_COMPARE_WITH_TIMEOUT(without.session.state().stream.phase, StreamState::Phase::NotOffered,
                              Patience);
    const ExchangeId get = without.ofKind(ExchangeKind::Stream).first();
    QCOMPARE(without.trace.summary(get).status, 405);
    QVERIFY(!without.trace.failure(get));
}

void TestSession::an_expired_session_is_opened_anew()
{
    Rig rig(playing(u"AF-81"_s));
    QVERIFY(rig.connectNow());
    const QByteArray first = rig.session.state().sessionId;
    for (int i = 0; i < 20 && rig.named(u"initialize"_s).size() < 2; ++i)
        QCOMPARE(said(rig.call(u"echo"_s, Message)), QString());
    QVERIFY(rig.named(u"initialize"_s).size() >= 2);
    QVERIFY(rig.session.state().sessionId != first);
    // The new handshake does not carry the old session.
    QVERIFY(rig.header(rig.named(u"initialize"_s).at(1), "Mcp-Session-Id").isEmpty());
}

void TestSession::what_was_asked_of_a_session_is_asked_of_the_next()
{
    const QString level = u"logging/setLevel error"_s;
    const QString resource = u"resources/subscribe lab://notes/welcome"_s;
    Rig rig(playing(u"AF-81:14"_s));
    QVERIFY(rig.connectNow());
    rig.session.setLogLevel("error");
    rig.session.subscribe(u"lab://notes/welcome"_s, true);
    rig.session.subscribe(u"lab://notes/ideas"_s, true);
    rig.session.subscribe(u"lab://notes/ideas"_s, false);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(resource).size(), 1, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(level).size(), 1, Patience);
    for (int i = 0; i < 30 && rig.named(u"initialize"_s).size() < 2; ++i)
        QCOMPARE(said(rig.call(u"echo"_s, Message)), QString());
    QCOMPARE(rig.named(u"initialize"_s).size(), 2);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(level).size(), 2, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(resource).size(), 2, Patience);
    QVERIFY(!rig.wait(rig.session.request("ping", {})).failure);
    QCOMPARE(rig.named(u"resources/subscribe lab://notes/ideas"_s).size(), 1);
}

void TestSession::a_stream_that_ends_is_taken_up_again()
{
    Rig rig(playing(u"closes-stream"_s));
    QVERIFY(rig.connectNow());
    QTRY_VERIFY_WITH_TIMEOUT(rig.ofKind(ExchangeKind::Reconnect).size() >= 2, Patience);
    const ExchangeId again = rig.ofKind(ExchangeKind::Reconnect).first();
    const ExchangeId stream = rig.ofKind(ExchangeKind::Stream).first();
    QCOMPARE(rig.trace.request(again).cause, stream);
    QVERIFY(rig.trace.summary(stream).frames > 0);
    QVERIFY(!rig.header(again, "Last-Event-ID").isEmpty());
    QCOMPARE(rig.session.state().phase, SessionPhase::Ready);
}

void TestSession::disconnecting_ends_calls_and_the_session()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    const Ticket call = rig.session.callTool(u"long-running"_s, LongWork);
    QTRY_VERIFY_WITH_TIMEOUT(rig.progress > 0, Patience);
    rig.session.disconnectFrom();
    QVERIFY(rig.reach(SessionPhase::Idle));
    QCOMPARE(rig.wait(call).failure->kind, FailureKind::Cancelled);
    QCOMPARE(rig.ofKind(ExchangeKind::Delete).size(), 1);
    for (ExchangeId id = 1; id <= rig.trace.exchangeCount(); ++id)
        QVERIFY2(rig.trace.summary(id).finished, qPrintable(rig.trace.request(id).what));
}

void TestSession::a_second_connect_replaces_the_first()
{
    Rig rig;
    rig.session.connectTo(rig.target);
    rig.session.connectTo(rig.target);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(u"initialize"_s).size(), 2, Patience);
    QVERIFY(rig.reach(SessionPhase::Ready));
    rig.session.connectTo(rig.target);
    QTRY_COMPARE_WITH_TIMEOUT(rig.named(u"initialize"_s).size(), 3, Patience);
    QVERIFY(rig.reach(SessionPhase::Ready));
    QVERIFY(!rig.ofKind(ExchangeKind::Delete).isEmpty());
    QVERIFY(!rig.session.state().failure);
}

void TestSession::a_server_that_dies_and_comes_back()
{
    Rig rig;
    QVERIFY(rig.connectNow());
    LabSettings settings;
    settings.port = quint16(rig.lab.url().port());
    rig.lab.close();
    const CallResult dead = rig.call(u"echo"_s, Message);
    QVERIFY(dead.failure);
    QCOMPARE(dead.failure->kind, FailureKind::Unreachable);
    QVERIFY(rig.session.state().failure);

    Lab risen(settings);
    QVERIFY(risen.listen());
    QCOMPARE(said(rig.call(u"echo"_s, Message)), QString());
    QVERIFY(rig.reach(SessionPhase::Ready));
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state().stream.phase, StreamState::Phase::Open, Patience);
}

void TestSession::a_wrong_token_is_refused_once()
{
    Rig rig(playing({}, "right"));
    rig.target.credentials.bearer = "mistaken";
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    QCOMPARE(rig.session.state().failure->kind, FailureKind::Refused);
    QCOMPARE(rig.named(u"initialize"_s).size(), 1);
    QVERIFY(!rig.session.state().failure->sentence.contains("mistaken"_L1));
}

void TestSession::acting_is_explained_and_not_repeated()
{
    Rig rig(playing({}, "lab-token"));
    rig.target.acting = u"AF-01"_s;
    QVERIFY(rig.connectNow());
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state().stream.phase, StreamState::Phase::Refused,
                              Patience);
    QCOMPARE(explained(rig.trace, *rig.session.state().stream.failure).finding, u"AF-01"_s);
    QCOMPARE(rig.ofKind(ExchangeKind::Stream).size(), 1);
    QVERIFY(rig.ofKind(ExchangeKind::Reconnect).isEmpty());
}

void TestSession::failures_are_in_the_catalogue_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QByteArray>("bearer");
    QTest::addColumn<QString>("finding");
    QTest::newRow("AF-20") << u"AF-20"_s << QByteArray("right") << u"AF-20"_s;
    QTest::newRow("AF-67") << u"AF-67"_s << QByteArray("right") << u"AF-67"_s;
    QTest::newRow("AF-85") << u"AF-85"_s << QByteArray() << u"AF-85"_s;
    QTest::newRow("AF-91") << u"AF-91"_s << QByteArray() << u"AF-91"_s;
    QTest::newRow("empty body") << u"empty-body"_s << QByteArray() << u"AF-91"_s;
    QTest::newRow("AF-92") << u"AF-92"_s << QByteArray() << u"AF-92"_s;
    QTest::newRow("AF-98") << u"AF-98"_s << QByteArray() << u"AF-98"_s;
    QTest::newRow("AF-99") << u"AF-99"_s << QByteArray() << u"AF-99"_s;
}

void TestSession::failures_are_in_the_catalogue()
{
    QFETCH(QString, fault);
    QFETCH(QByteArray, bearer);
    Rig rig(playing(fault, bearer));
    rig.target.credentials.bearer.clear();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    QVERIFY(rig.session.state().failure);
    QTEST(explained(rig.trace, *rig.session.state().failure).finding, "finding");
    QVERIFY(rig.session.state().failure->exchange > 0);
}

void TestSession::nothing_listens()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    Rig rig({}, false);
    rig.target.url = QUrl(u"http://127.0.0.1:%1/mcp"_s.arg(taken.serverPort()));
    taken.close();
    rig.session.connectTo(rig.target);
    QVERIFY(rig.reach(SessionPhase::Failed));
    QCOMPARE(rig.session.state().failure->kind, FailureKind::Unreachable);
    QCOMPARE(rig.session.state().failure->finding, u"AF-99"_s);
}

void TestSession::cancelling_while_connecting()
{
    // Accepts and says nothing.
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Rig rig({}, false);
    rig.target.url = QUrl(u"http://127.0.0.1:%1/mcp"_s.arg(silent.serverPort()));
    rig.session.connectTo(rig.target);
    QTRY_COMPARE_WITH_TIMEOUT(rig.trace.exchangeCount(), 1, Patience);
    rig.session.cancelAll();
    QVERIFY(rig.reach(SessionPhase::Failed));
    QCOMPARE(rig.session.state().failure->kind, FailureKind::Cancelled);
    QTRY_VERIFY_WITH_TIMEOUT(rig.trace.summary(1).finished, Patience);
}

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
