// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/ladder.h"

#include <QTest>

using namespace sightglass;

namespace {

const QByteArray Modern = "2026-07-28";
const QByteArray Legacy = "2025-11-25";

RungFailure http(int status, std::optional<qint64> code = {},
                 const QList<QByteArray> &supported = {})
{
    RungFailure failure;
    failure.status = status;
    failure.errorCode = code;
    failure.supported = supported;
    if (status == 401 || status == 403)
        failure.kind = FailureKind::Refused;
    return failure;
}

RungFailure rpc(qint64 code)
{
    return http(0, code);
}

RungFailure unreachable()
{
    RungFailure failure;
    failure.kind = FailureKind::Unreachable;
    return failure;
}

RungFailure silence()
{
    RungFailure failure;
    failure.kind = FailureKind::TimedOut;
    failure.silent = true;
    return failure;
}

RungFailure ended()
{
    RungFailure failure = unreachable();
    failure.ended = true;
    return failure;
}

RungFailure answered(const QList<QByteArray> &supported = {})
{
    RungFailure failure;
    failure.supported = supported;
    failure.answered = true;
    return failure;
}

using Kind = Ladder::Step::Kind;
using Way = Rung::Way;

} // namespace

class TestLadder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void each_rung_has_its_transport();
    void begins_where_the_choice_says_data();
    void begins_where_the_choice_says();
    void climbs_as_the_table_says_data();
    void climbs_as_the_table_says();
    void the_legacy_era_may_come_first();
    void a_refused_handshake_leaves_the_modern_era_open_data();
    void a_refused_handshake_leaves_the_modern_era_open();
    void a_rung_that_nothing_speaks_for_is_a_guess();
    void every_step_says_why();
    void comes_to_an_end_whatever_the_server_says();
    void choices_have_names();
};

void TestLadder::begins_where_the_choice_says_data()
{
    QTest::addColumn<TransportChoice>("transport");
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<Rung>("first");
    const auto row = [](const char *name, TransportChoice transport, const QByteArray &revision,
                        const Rung &first) {
        QTest::newRow(name) << transport << revision << first;
    };
    row("auto", TransportChoice::Auto, "auto", {Way::Discover, Modern});
    row("stdio", TransportChoice::Stdio, "auto", {Way::Discover, Modern});
    row("sse has no modern era", TransportChoice::HttpSse, "auto", {Way::HttpSse, Legacy});
    row("pinned modern", TransportChoice::Auto, Modern, {Way::Discover, Modern});
    row("pinned legacy", TransportChoice::Auto, "2025-03-26", {Way::Initialize, "2025-03-26"});
    row("pinned oldest", TransportChoice::Auto, "2024-11-05", {Way::Initialize, "2024-11-05"});
    row("pinned on sse", TransportChoice::HttpSse, "2024-11-05", {Way::HttpSse, "2024-11-05"});
}

void TestLadder::begins_where_the_choice_says()
{
    QFETCH(TransportChoice, transport);
    QFETCH(QByteArray, revision);
    QFETCH(Rung, first);
    const Ladder ladder(transport, revision);
    QCOMPARE(rungName(ladder.rung()), rungName(first));
    QCOMPARE(ladder.isPinned(), revision != "auto");
}

void TestLadder::climbs_as_the_table_says_data()
{
    QTest::addColumn<TransportChoice>("transport");
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QList<RungFailure>>("seen");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Rung>("rung");
    const auto row = [](const char *name, TransportChoice transport, const QByteArray &revision,
                        const QList<RungFailure> &seen, Kind kind, const Rung &rung = {}) {
        QTest::newRow(name) << transport << revision << seen << kind << rung;
    };
    constexpr auto Auto = TransportChoice::Auto;
    constexpr auto Streamable = TransportChoice::StreamableHttp;
    constexpr auto Stdio = TransportChoice::Stdio;

    // What a program answers that is no error.
    row("a result that names a legacy revision", Stdio, "auto", {answered({"2025-06-18"})},
        Kind::Next, {Way::Initialize, "2025-06-18"});
    row("a result that names a legacy revision, pinned", Stdio, Modern, {answered({"2025-06-18"})},
        Kind::Stop);
    row("a result that names nothing that we speak", Stdio, "auto", {answered({"2099-01-01"})},
        Kind::Stop);
    row("a result that cannot be used", Stdio, "auto", {answered()}, Kind::Next,
        {Way::Initialize, Legacy});
    row("initialize, too", Stdio, "auto", {rpc(-32601), answered()}, Kind::Stop);

    // What the modern rung says.
    row("400 with an empty body", Auto, "auto", {http(400)}, Kind::Next, {Way::Initialize, Legacy});
    row("400 with an error of the server's own", Auto, "auto", {http(400, -32000)}, Kind::Next,
        {Way::Initialize, Legacy});
    row("200 with method not found", Auto, "auto", {http(200, -32601)}, Kind::Next,
        {Way::Initialize, Legacy});
    row("404 without a body", Auto, "auto", {http(404)}, Kind::Next, {Way::Initialize, Legacy});
    row("405", Auto, "auto", {http(405)}, Kind::Next, {Way::Initialize, Legacy});
    row("500", Auto, "auto", {http(500)}, Kind::Next, {Way::Initialize, Legacy});
    row("404 with method not found", Auto, "auto", {http(404, -32601)}, Kind::Undiscovered);
    row("header mismatch", Auto, "auto", {http(400, -32020)}, Kind::Stop);
    row("capability missing", Auto, "auto", {http(400, -32021)}, Kind::Stop);
    row("unsupported, names a legacy one", Auto, "auto",
        {http(400, -32022, {"2025-06-18", "2024-11-05"})}, Kind::Next,
        {Way::Initialize, "2025-06-18"});
    row("unsupported, names both eras", Auto, "auto", {http(400, -32022, {Legacy, Modern})},
        Kind::Next, {Way::Discover, Modern});
    row("unsupported, names what was refused, twice", Auto, "auto",
        {http(400, -32022, {Modern}), http(400, -32022, {Modern})}, Kind::Stop);
    row("unsupported, names nothing that we speak", Auto, "auto",
        {http(400, -32022, {"2030-01-01"})}, Kind::Stop);
    row("unsupported, names nothing", Auto, "auto", {http(400, -32022)}, Kind::Stop);
    row("unsupported, pinned", Auto, Modern, {http(400, -32022, {Legacy})}, Kind::Stop);
    row("401", Auto, "auto", {http(401)}, Kind::Stop);
    row("403", Auto, "auto", {http(403)}, Kind::Stop);
    row("401 with a modern error", Auto, "auto", {http(401, -32022, {Modern})}, Kind::Stop);
    row("not reached", Auto, "auto", {unreachable()}, Kind::Stop);
    row("silent on HTTP", Auto, "auto", {silence()}, Kind::Stop);
    row("pinned modern on a legacy server", Auto, Modern, {http(400)}, Kind::Stop);

    // What initialize says.
    row("initialize 400", Auto, "auto", {http(400), http(400)}, Kind::Next, {Way::HttpSse, Legacy});
    row("initialize 404", Auto, "auto", {http(404), http(404)}, Kind::Next, {Way::HttpSse, Legacy});
    row("initialize 405", Auto, "auto", {http(405), http(405)}, Kind::Next, {Way::HttpSse, Legacy});
    row("initialize 500", Auto, "auto", {http(500), http(500)}, Kind::Stop);
    row("initialize 401", Auto, "auto", {http(404), http(401)}, Kind::Stop);
    row("initialize 405, streamable alone", Streamable, "auto", {http(405), http(405)}, Kind::Stop);
    row("initialize refused, names another", Auto, "auto",
        {http(400), http(200, -32602, {"2024-11-05"})}, Kind::Next,
        {Way::Initialize, "2024-11-05"});
    row("initialize refused by a modern server", Auto, Legacy, {http(400, -32022, {Modern})},
        Kind::Stop);
    // What it was asked for is what it names: a server may refuse once, and is asked once more.
    row("pinned, refused but named", Auto, Modern, {http(400, -32022, {Modern})}, Kind::Next,
        {Way::Discover, Modern});
    row("pinned, refused but named twice", Auto, Modern,
        {http(400, -32022, {Modern}), http(400, -32022, {Modern})}, Kind::Stop);
    row("pinned 2024-11-05", Auto, "2024-11-05", {http(405)}, Kind::Next,
        {Way::HttpSse, "2024-11-05"});
    row("sse as well", Auto, "auto", {http(405), http(405), http(404)}, Kind::Stop);

    // stdio.
    row("stdio, method not found", Stdio, "auto", {rpc(-32601)}, Kind::Next,
        {Way::Initialize, Legacy});
    row("stdio, invalid parameters", Stdio, "auto", {rpc(-32602)}, Kind::Next,
        {Way::Initialize, Legacy});
    row("stdio, silence", Stdio, "auto", {silence()}, Kind::Next, {Way::Initialize, Legacy});
    row("stdio, modern error", Stdio, "auto", {rpc(-32021)}, Kind::Stop);
    row("stdio, the program could not be started", Stdio, "auto", {unreachable()}, Kind::Stop);
    row("stdio, the program ended", Stdio, "auto", {ended()}, Kind::Next,
        {Way::Initialize, Legacy});
    row("stdio, the program ended twice", Stdio, "auto", {ended(), ended()}, Kind::Stop);
    row("stdio, silence twice", Stdio, "auto", {silence(), silence()}, Kind::Stop);
    row("stdio, pinned", Stdio, Modern, {silence()}, Kind::Stop);
}

void TestLadder::climbs_as_the_table_says()
{
    QFETCH(TransportChoice, transport);
    QFETCH(QByteArray, revision);
    QFETCH(QList<RungFailure>, seen);
    QFETCH(Kind, kind);
    QFETCH(Rung, rung);
    Ladder ladder(transport, revision);
    Ladder::Step step;
    for (qsizetype i = 0; i < seen.size(); ++i) {
        step = ladder.after(seen.at(i));
        if (i + 1 < seen.size())
            QCOMPARE(int(step.kind), int(Kind::Next));
    }
    QCOMPARE(int(step.kind), int(kind));
    if (kind == Kind::Next)
        QCOMPARE(rungName(ladder.rung()), rungName(rung));
}

void TestLadder::the_legacy_era_may_come_first()
{
    constexpr auto Legacyfirst = Ladder::Order::LegacyFirst;
    Ladder ladder(TransportChoice::Auto, "auto", Legacyfirst);
    QCOMPARE(rungName(ladder.rung()), rungName({Way::Initialize, Legacy}));
    QCOMPARE(int(ladder.after(http(400, -32020)).kind), int(Kind::Next));
    QCOMPARE(rungName(ladder.rung()), rungName({Way::Discover, Modern}));
    // And not back again.
    QCOMPARE(int(ladder.after(http(400, -32020)).kind), int(Kind::Stop));

    Ladder older(TransportChoice::Auto, "auto", Legacyfirst);
    QCOMPARE(int(older.after(http(404)).kind), int(Kind::Next));
    QCOMPARE(rungName(older.rung()), rungName({Way::Discover, Modern}));
    QCOMPARE(int(older.after(http(404)).kind), int(Kind::Next));
    QCOMPARE(rungName(older.rung()), rungName({Way::HttpSse, Legacy}));

    Ladder pinned(TransportChoice::Auto, Modern, Legacyfirst);
    QCOMPARE(rungName(pinned.rung()), rungName({Way::Discover, Modern}));
}

void TestLadder::a_refused_handshake_leaves_the_modern_era_open_data()
{
    QTest::addColumn<TransportChoice>("transport");
    QTest::addColumn<QByteArray>("revision");
    QTest::addColumn<QList<RungFailure>>("seen");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Rung>("rung");
    const auto row = [](const char *name, TransportChoice transport, const QByteArray &revision,
                        const QList<RungFailure> &seen, Kind kind, const Rung &rung = {}) {
        QTest::newRow(name) << transport << revision << seen << kind << rung;
    };
    constexpr auto Auto = TransportChoice::Auto;
    constexpr auto Streamable = TransportChoice::StreamableHttp;
    const Rung discover{Way::Discover, Modern};
    const Rung older{Way::HttpSse, Legacy};

    for (const int status : {400, 404, 405, 406, 415, 501}) {
        const QByteArray name = "initialize " + QByteArray::number(status);
        row(name, Auto, "auto", {http(status)}, Kind::Next, discover);
        row(name + ", streamable alone", Streamable, "auto", {http(status)}, Kind::Next, discover);
    }
    row("200 with method not found", Auto, "auto", {http(200, -32601)}, Kind::Next, discover);
    row("404 with method not found", Auto, "auto", {http(404, -32601)}, Kind::Next, discover);
    row("400 with invalid parameters", Auto, "auto", {http(400, -32602)}, Kind::Next, discover);
    row("500 with an error", Auto, "auto", {http(500, -32603)}, Kind::Next, discover);
    row("400 with a header mismatch", Auto, "auto", {http(400, -32020)}, Kind::Next, discover);

    row("401", Auto, "auto", {http(401)}, Kind::Stop);
    row("403 with an error", Auto, "auto", {http(403, -32601)}, Kind::Stop);
    row("500", Auto, "auto", {http(500)}, Kind::Stop);
    row("200 without a message", Auto, "auto", {http(200)}, Kind::Stop);
    row("not reached", Auto, "auto", {unreachable()}, Kind::Stop);
    row("silence", Auto, "auto", {silence()}, Kind::Stop);
    row("pinned", Auto, Legacy, {http(406)}, Kind::Stop);
    row("pinned, method not found", Auto, Legacy, {http(200, -32601)}, Kind::Stop);
    row("pinned, 404", Auto, Legacy, {http(404, -32601)}, Kind::Next, older);

    row("modern without discovery", Auto, "auto", {http(404), http(404, -32601)},
        Kind::Undiscovered);
    row("modern, and refuses", Auto, "auto", {http(404), http(400, -32021)}, Kind::Stop);
    row("neither, 400", Auto, "auto", {http(400), http(400)}, Kind::Next, older);
    row("neither, 404 with an error", Auto, "auto", {http(404, -32601), http(200, -32601)},
        Kind::Next, older);
    row("neither, 405", Auto, "auto", {http(405), http(500)}, Kind::Next, older);
    // What counts is what initialize was answered with.
    row("neither, 406", Auto, "auto", {http(406), http(405)}, Kind::Stop);
    row("neither, method not found", Auto, "auto", {http(200, -32601), http(404)}, Kind::Stop);
    row("neither, streamable alone", Streamable, "auto", {http(405), http(405)}, Kind::Stop);
    row("credentials are wanted then", Auto, "auto", {http(405), http(401)}, Kind::Stop);
    row("not reached then", Auto, "auto", {http(405), unreachable()}, Kind::Stop);
    row("all three", Auto, "auto", {http(405), http(405), http(404)}, Kind::Stop);
    row("names an older one", Auto, "auto", {http(200, -32602, {"2024-11-05"})}, Kind::Next,
        {Way::Initialize, "2024-11-05"});
}

void TestLadder::a_refused_handshake_leaves_the_modern_era_open()
{
    QFETCH(TransportChoice, transport);
    QFETCH(QByteArray, revision);
    QFETCH(QList<RungFailure>, seen);
    QFETCH(Kind, kind);
    QFETCH(Rung, rung);
    Ladder ladder(transport, revision, Ladder::Order::LegacyFirst);
    Ladder::Step step;
    for (qsizetype i = 0; i < seen.size(); ++i) {
        step = ladder.after(seen.at(i));
        if (i + 1 < seen.size())
            QCOMPARE(int(step.kind), int(Kind::Next));
    }
    QCOMPARE(int(step.kind), int(kind));
    QVERIFY(!step.why.isEmpty());
    if (kind == Kind::Next)
        QCOMPARE(rungName(ladder.rung()), rungName(rung));
}

void TestLadder::a_rung_that_nothing_speaks_for_is_a_guess()
{
    constexpr auto First = Ladder::Order::LegacyFirst;
    Ladder guessed(TransportChoice::Auto, "auto", First);
    QVERIFY(!guessed.isGuess());
    QCOMPARE(guessed.after(http(405)).why,
             QStringLiteral("initialize (2025-11-25) was left: the answer was HTTP 405, which a "
                            "server of the modern era may answer."));
    QVERIFY(guessed.isGuess());
    QCOMPARE(guessed.after(http(405)).kind, Kind::Next);
    QVERIFY(guessed.isGuess());

    Ladder told(TransportChoice::Auto, "auto", First);
    QCOMPARE(told.after(http(400, -32020)).kind, Kind::Next);
    QVERIFY(!told.isGuess());
    Ladder named(TransportChoice::Auto, "auto", First);
    QCOMPARE(named.after(http(400, -32022, {Modern})).kind, Kind::Next);
    QVERIFY(!named.isGuess());
}

void TestLadder::every_step_says_why()
{
    Ladder ladder(TransportChoice::Auto, "auto");
    const Ladder::Step first = ladder.after(http(400, -32000));
    QCOMPARE(first.why,
             QStringLiteral("server/discover (2026-07-28) was left: the answer was HTTP 400, error "
                            "-32000, so the server is of the legacy era."));
    QCOMPARE(ladder.after(http(405)).why,
             QStringLiteral("initialize (2025-11-25) was left: the answer was HTTP 405, so the "
                            "older HTTP+SSE transport is tried."));
    QVERIFY(!ladder.after(http(404)).why.isEmpty());
    const QString unknown =
        Ladder(TransportChoice::Auto, "auto").after(http(400, -32022, {"2031-01-01"})).why;
    QVERIFY2(unknown.startsWith(QStringLiteral("The server speaks 2031-01-01, and Sightglass 20")),
             qPrintable(unknown));
}

void TestLadder::comes_to_an_end_whatever_the_server_says()
{
    // A server that names another revision each time cannot keep us climbing.
    const QList<RungFailure> answers{
        http(400, -32022, {Modern}),       http(400, -32022, {Legacy}),
        http(400, -32022, {"2025-06-18"}), http(400, -32022, {"2025-03-26"}),
        http(400, -32022, {"2024-11-05"}), http(400),
    };
    for (const RungFailure &start : answers) {
        Ladder ladder(TransportChoice::Auto, "auto");
        RungFailure seen = start;
        int steps = 0;
        while (ladder.after(seen).kind == Kind::Next) {
            seen = answers.at(++steps % answers.size());
            QVERIFY(steps < 20);
        }
    }
}

void TestLadder::choices_have_names()
{
    for (const TransportChoice choice : {TransportChoice::Auto, TransportChoice::StreamableHttp,
                                         TransportChoice::HttpSse, TransportChoice::Stdio})
        QCOMPARE(transportChoiceFromName(transportChoiceName(choice)), std::optional(choice));
    QVERIFY(!transportChoiceFromName("carrier pigeon"));
}

void TestLadder::each_rung_has_its_transport()
{
    Ladder ladder(TransportChoice::Auto, "auto", Ladder::Order::LegacyFirst);
    QCOMPARE(ladder.transport(), TransportChoice::StreamableHttp);
    QCOMPARE(ladder.after(http(404)).kind, Kind::Next);
    QCOMPARE(ladder.transport(), TransportChoice::StreamableHttp);
    QCOMPARE(ladder.after(http(404)).kind, Kind::Next);
    QCOMPARE(ladder.transport(), TransportChoice::HttpSse);
    QCOMPARE(Ladder(TransportChoice::HttpSse, "auto").transport(), TransportChoice::HttpSse);
    QCOMPARE(Ladder(TransportChoice::Stdio, "auto").transport(), TransportChoice::Stdio);
}

QTEST_APPLESS_MAIN(TestLadder)
#include "test_ladder.moc"
