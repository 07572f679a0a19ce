// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/credential_index.h"
#include "core/trace/credential_matrix.h"
#include "core/trace/trace_text.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;
using State = MatrixCell::State;

Q_DECLARE_METATYPE(sightglass::ExchangeKind)

namespace {

const QByteArray Salt = "0123456789abcdef";
const Header Token{"Authorization", "Bearer first-token", HeaderSource::Credential, true};
const Header Other{"Authorization", "Bearer second-token", HeaderSource::Credential, true};
const Header Key{"X-Api-Key", "key", HeaderSource::Credential, true};
const Header SessionId{"Mcp-Session-Id", "41c0e6d2-93be", HeaderSource::Session, false};
const Header Version{"MCP-Protocol-Version", "2025-11-25", HeaderSource::Protocol, false};
constexpr auto Server = "http://127.0.0.1:4780/mcp";

/// Requests to one server, one after another.
class Story {
public:
    TraceStore trace;

    RequestRecord request(ExchangeKind kind, const QList<Header> &headers,
                          const QString &what = u"tools/list"_s) const
    {
        RequestRecord request;
        request.kind = kind;
        request.method = kind == ExchangeKind::Post ? "POST"
            : kind == ExchangeKind::Delete          ? "DELETE"
                                                    : "GET";
        request.url = QUrl(QString::fromLatin1(Server));
        request.what = what;
        request.headers = headers;
        return request;
    }
    ExchangeId add(const RequestRecord &request, int status)
    {
        const ExchangeId id = trace.begin(request, {});
        if (status)
            trace.respond(id, {status, {}, "HTTP/1.1", {}});
        if (status)
            trace.finish(id);
        return id;
    }
    ExchangeId add(ExchangeKind kind, const QList<Header> &headers, int status)
    {
        return add(request(kind, headers), status);
    }
    ExchangeId initialize(const QList<Header> &headers, int status = 200)
    {
        return add(request(ExchangeKind::Post, headers, u"initialize"_s), status);
    }
    CredentialMatrix matrix() const { return credentialMatrix(trace, Redactor(Salt)); }
    MatrixCell cell(const QString &row, const QByteArray &column) const
    {
        const CredentialMatrix m = matrix();
        for (const MatrixRow &one : m.rows) {
            const qsizetype at = m.columns.indexOf(column);
            if (one.what == row && at >= 0)
                return one.cells.at(at);
        }
        return {};
    }
};

QByteArray mark(const QByteArray &secret)
{
    return Redactor(Salt).fingerprint(secret);
}

} // namespace

class TestCredentialMatrix : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_was_refused_and_taken_up_lacks_nothing_data();
    void what_was_refused_and_taken_up_lacks_nothing();
    void an_empty_trace_has_no_rows();
    void the_picture_of_the_design();
    void each_state_of_a_cell();
    void the_worst_of_a_row_is_shown_with_its_exchanges();
    void each_kind_has_its_row_in_order_data();
    void each_kind_has_its_row_in_order();
    void columns_are_in_order_and_as_first_spelled();
    void different_tokens_are_told_apart_and_equal_ones_are_equal();
    void what_a_cell_says_of_its_value_data();
    void what_a_cell_says_of_its_value();
    void acting_like_a_faulty_client_is_missing_with_its_reason();
    void withheld_of_another_origin_is_no_fault();
    void a_new_session_may_have_other_credentials();
    void another_origin_is_no_comparison();
    void default_ports_and_case_are_the_same_origin();
    void authorisation_servers_need_not_get_what_others_got();
    void the_credential_that_lacks_is_blamed_not_the_one_that_is_there();
    void a_cell_is_judged_anew_when_the_answer_comes();
    void what_a_refusal_asks_for_is_missing();
    void a_refusal_that_is_explained_asks_for_nothing();
    void answers_are_all_that_occurred();
    void the_connections_of_a_trace();
    void a_range_is_the_matrix_of_its_exchanges();
    void glance_data();
    void glance();
    void the_builder_grows_as_the_whole_would_be_data();
    void the_builder_grows_as_the_whole_would_be();
    void another_trace_starts_it_anew();
    void more_columns_than_can_be_kept_are_left_out();
    void the_index_finds_the_nearest_that_was_accepted();
    void the_index_tells_what_changed();
    void as_text();
    void how_many_carried_it_is_told();
};

void TestCredentialMatrix::an_empty_trace_has_no_rows()
{
    const Story story;
    QVERIFY(story.matrix() == CredentialMatrix());
    QCOMPARE(matrixToText(story.trace, Redactor(Salt)), QByteArray("No requests.\n"));
    CredentialMatrixBuilder builder{Redactor(Salt)};
    QVERIFY(builder.matrix() == CredentialMatrix());
    QVERIFY(builder.glance(1) == CredentialGlance());
    QVERIFY(builder.glance(0) == CredentialGlance());
}

/// The matrix of screens.md.
void TestCredentialMatrix::the_picture_of_the_design()
{
    Story story;
    story.initialize({Token, Key});
    story.add(ExchangeKind::Post, {Token, Key, SessionId, Version}, 200);
    story.add(ExchangeKind::Stream, {Key, SessionId, Version}, 401);
    story.add(ExchangeKind::Reconnect, {Key, SessionId, Version}, 401);
    story.add(ExchangeKind::Delete, {Token, Key, SessionId, Version}, 200);
    const CredentialMatrix matrix = story.matrix();
    QCOMPARE(matrix.columns,
             QList<QByteArray>(
                 {"Authorization", "X-Api-Key", "Mcp-Session-Id", "MCP-Protocol-Version"}));
    QStringList rows;
    QList<int> answers;
    QByteArray states;
    for (const MatrixRow &row : matrix.rows) {
        rows += QString::fromLatin1(row.method) + u' ' + row.what;
        answers += row.status;
        for (const MatrixCell &cell : row.cells)
            states += "-nCMWR"[int(cell.state)];
        states += ' ';
    }
    QCOMPARE(rows,
             QStringList({u"POST initialize"_s, u"POST messages"_s, u"GET event stream"_s,
                          u"GET reconnect"_s, u"DELETE end of session"_s}));
    QCOMPARE(answers, QList<int>({200, 200, 401, 401, 200}));
    QCOMPARE(states, QByteArray("CCnn CCCC MCCC MCCC CCCC "));
    QCOMPARE(story.cell(u"messages"_s, "Mcp-Session-Id").text, QByteArray("41c0"));
    QCOMPARE(story.cell(u"messages"_s, "MCP-Protocol-Version").text, QByteArray("2025-11-25"));
    QCOMPARE(story.cell(u"messages"_s, "Authorization").text, mark("first-token"));
}

void TestCredentialMatrix::each_state_of_a_cell()
{
    Story story;
    // Carried; the stream lacks it; the discovery of another origin withholds it; None, NotYet.
    story.initialize({Token});
    story.add(ExchangeKind::Stream, {}, 200);
    RequestRecord discovery = story.request(ExchangeKind::Discovery, {});
    discovery.url = QUrl(u"https://as.example/x"_s);
    discovery.withheld = {{"Authorization", u"another origin (https://as.example)"_s}};
    story.add(discovery, 200);
    story.add(ExchangeKind::Delete, {Token}, 403);
    story.add(story.request(ExchangeKind::Token, {}), 200);
    QCOMPARE(story.cell(u"initialize"_s, "Authorization").state, State::Carried);
    QCOMPARE(story.cell(u"initialize"_s, "Mcp-Session-Id").state, State::NotYet);
    QCOMPARE(story.cell(u"event stream"_s, "Authorization").state, State::Missing);
    QCOMPARE(story.cell(u"event stream"_s, "Mcp-Session-Id").state, State::None);
    const MatrixCell withheld = story.cell(u"discovery"_s, "Authorization");
    QCOMPARE(withheld.state, State::Withheld);
    QCOMPARE(withheld.why, u"another origin (https://as.example)"_s);
    QCOMPARE(withheld.exchanges, QList<ExchangeId>{3});
    const MatrixCell refused = story.cell(u"end of session"_s, "Authorization");
    QCOMPARE(refused.state, State::Refused);
    QCOMPARE(refused.text, mark("first-token"));
    QCOMPARE(story.cell(u"token"_s, "Authorization").state, State::None);
}

void TestCredentialMatrix::the_worst_of_a_row_is_shown_with_its_exchanges()
{
    Story story;
    story.initialize({Token});
    story.add(ExchangeKind::Post, {Token}, 200); // 2
    story.add(ExchangeKind::Post, {Token}, 200);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").state, State::Carried);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").exchanges, QList<ExchangeId>({2, 3}));
    story.add(ExchangeKind::Post, {Other}, 401); // 4
    QCOMPARE(story.cell(u"messages"_s, "Authorization").state, State::Refused);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").text, mark("second-token"));
    QCOMPARE(story.cell(u"messages"_s, "Authorization").exchanges, QList<ExchangeId>{4});
    story.add(ExchangeKind::Post, {}, 401); // 5
    story.add(ExchangeKind::Post, {Token}, 200);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").state, State::Missing);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").exchanges, QList<ExchangeId>{5});
    const MatrixRow row = story.matrix().rows.at(1);
    QCOMPARE(row.count, 5);
    QCOMPARE(row.status, 200); // of the newest answer
}

void TestCredentialMatrix::each_kind_has_its_row_in_order_data()
{
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("row");
    QTest::addColumn<int>("place");
    const auto row = [](ExchangeKind kind, const char *what, const char *name, int place) {
        QTest::newRow(name) << kind << QString::fromLatin1(what) << QString::fromLatin1(name)
                            << place;
    };
    row(ExchangeKind::Post, "initialize", "initialize", 0);
    row(ExchangeKind::Post, "tools/call initialize", "messages", 1);
    row(ExchangeKind::Stream, "event stream", "event stream", 2);
    row(ExchangeKind::Reconnect, "event stream", "reconnect", 3);
    row(ExchangeKind::Discovery, "x", "discovery", 4);
    row(ExchangeKind::Registration, "x", "registration", 5);
    row(ExchangeKind::Token, "x", "token", 6);
    row(ExchangeKind::Delete, "end of session", "end of session", 7);
    row(ExchangeKind::Other, "initialize", "other requests", 8);
}

void TestCredentialMatrix::each_kind_has_its_row_in_order()
{
    QFETCH(ExchangeKind, kind);
    QFETCH(QString, what);
    QFETCH(int, place);
    Story alone;
    alone.add(alone.request(kind, {}, what), 200);
    QCOMPARE(alone.matrix().rows.size(), 1);
    QTEST(alone.matrix().rows.constFirst().what, "row");
    QCOMPARE(alone.matrix().rows.constFirst().kind, kind);

    // Among all others, which came the other way round.
    Story all;
    for (int i = int(ExchangeKind::Other); i >= 0; --i)
        all.add(ExchangeKind(i), {}, 200);
    all.initialize({});
    const CredentialMatrix matrix = all.matrix();
    QCOMPARE(matrix.rows.size(), 9);
    QTEST(matrix.rows.at(place).what, "row");
}

void TestCredentialMatrix::columns_are_in_order_and_as_first_spelled()
{
    Story story;
    story.initialize({{"x-API-key", "k", HeaderSource::Credential, false},
                      {"Cookie", "a=b", HeaderSource::Credential, false},
                      {"X-Tenant", "blue", HeaderSource::User, false},
                      {"X-Private", "p", HeaderSource::User, true},
                      {"authorization", "Bearer t", HeaderSource::Credential, false}});
    story.add(ExchangeKind::Post, {Token, Key, SessionId}, 200);
    // What is neither a credential nor marked secret has no column.
    QCOMPARE(story.matrix().columns,
             QList<QByteArray>({"authorization", "x-API-key", "Cookie", "X-Private",
                                "Mcp-Session-Id", "MCP-Protocol-Version"}));
    QCOMPARE(story.cell(u"messages"_s, "x-API-key").state, State::Carried);
}

void TestCredentialMatrix::different_tokens_are_told_apart_and_equal_ones_are_equal()
{
    Story story;
    story.initialize({Token});
    story.add(ExchangeKind::Stream, {Token}, 200);
    story.add(ExchangeKind::Post, {Other}, 200);
    const QByteArray first = story.cell(u"initialize"_s, "Authorization").text;
    QCOMPARE(story.cell(u"event stream"_s, "Authorization").text, first);
    QVERIFY(story.cell(u"messages"_s, "Authorization").text != first);
    // In another recording the same token looks otherwise.
    const CredentialMatrix again = credentialMatrix(story.trace, Redactor("another-salt-16b"));
    QVERIFY(again.rows.at(0).cells.at(0).text != first);
    QVERIFY(!first.contains("first"));
}

void TestCredentialMatrix::what_a_cell_says_of_its_value_data()
{
    QTest::addColumn<Header>("header");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const Header &header, const QByteArray &text) {
        QTest::newRow(name) << header << text;
    };
    const auto credential = [](const char *name, const QByteArray &value) {
        return Header{name, value, HeaderSource::Credential, false};
    };
    row("bearer", Token, mark("first-token"));
    row("the scheme does not matter", credential("Authorization", "bearer first-token"),
        mark("first-token"));
    row("basic", credential("Authorization", "Basic YTpi"), mark("YTpi"));
    row("empty", credential("Authorization", ""), "(empty)");
    row("key", Key, mark("key"));
    row("one cookie", credential("Cookie", "sid=abc"), mark("abc"));
    row("two cookies", credential("Cookie", "sid=abc; b=c"), mark("sid=abc; b=c"));
    row("no secret", credential("X-Tenant", "blue"), "blue");
    row("marked secret", Header{"X-Tenant", "blue", HeaderSource::User, true}, mark("blue"));
    row("session id", SessionId, "41c0");
    row("session id of a recording without secrets",
        Header{"Mcp-Session-Id", "~25eb", HeaderSource::Session, false}, "~25eb");
    row("short session id", Header{"Mcp-Session-Id", "ab", HeaderSource::Session, false}, "ab");
    row("redacted already", credential("Authorization", "Bearer ~7f2a (40 bytes)"), "~7f2a");
}

void TestCredentialMatrix::what_a_cell_says_of_its_value()
{
    QFETCH(Header, header);
    Story story;
    story.add(ExchangeKind::Post, {header}, 200);
    QTEST(story.cell(u"messages"_s, header.name).text, "text");
}

void TestCredentialMatrix::acting_like_a_faulty_client_is_missing_with_its_reason()
{
    Story story;
    RequestRecord stream = story.request(ExchangeKind::Stream, {});
    stream.acting = u"AF-01"_s;
    stream.withheld = {{"Authorization", u"acting like AF-01"_s}};
    story.add(stream, 401);
    // Though no other request carried it.
    const MatrixCell cell = story.cell(u"event stream"_s, "Authorization");
    QCOMPARE(cell.state, State::Missing);
    QCOMPARE(cell.why, u"acting like AF-01"_s);
}

void TestCredentialMatrix::withheld_of_another_origin_is_no_fault()
{
    Story story;
    story.initialize({Token});
    RequestRecord hop = story.request(ExchangeKind::Post, {});
    hop.url = QUrl(u"http://other.example/mcp"_s);
    hop.withheld = {{"Authorization", u"another origin (http://other.example)"_s}};
    story.add(hop, 401);
    QCOMPARE(story.cell(u"messages"_s, "Authorization").state, State::Withheld);
    CredentialMatrixBuilder builder{Redactor(Salt)};
    builder.update(story.trace);
    QCOMPARE(builder.missingCount(), 0);
}

void TestCredentialMatrix::a_new_session_may_have_other_credentials()
{
    Story story;
    story.initialize({Token, Key});
    story.add(ExchangeKind::Post, {Token, Key, SessionId}, 200);
    story.initialize({Token});
    story.add(ExchangeKind::Post, {Token, SessionId}, 200);
    QCOMPARE(story.cell(u"initialize"_s, "X-Api-Key").state, State::Carried);
    QCOMPARE(story.cell(u"messages"_s, "X-Api-Key").state, State::Carried);
    QCOMPARE(story.cell(u"initialize"_s, "Mcp-Session-Id").state, State::NotYet);
}

void TestCredentialMatrix::another_origin_is_no_comparison()
{
    Story story;
    story.initialize({Token});
    for (const char *url :
         {"https://127.0.0.1:4780/mcp", "http://127.0.0.1:4781/mcp", "http://localhost:4780/mcp"}) {
        RequestRecord request = story.request(ExchangeKind::Stream, {});
        request.url = QUrl(QString::fromLatin1(url));
        story.add(request, 200);
        QCOMPARE(story.cell(u"event stream"_s, "Authorization").state, State::None);
    }
}

void TestCredentialMatrix::default_ports_and_case_are_the_same_origin()
{
    Story story;
    RequestRecord request = story.request(ExchangeKind::Post, {Token});
    request.url = QUrl(u"https://H.example/mcp"_s);
    story.add(request, 200);
    request = story.request(ExchangeKind::Stream, {});
    request.url = QUrl(u"HTTPS://h.example:443/other?x"_s);
    story.add(request, 200);
    QCOMPARE(story.cell(u"event stream"_s, "Authorization").state, State::Missing);
}

void TestCredentialMatrix::authorisation_servers_need_not_get_what_others_got()
{
    Story story;
    story.initialize({Token});
    for (const ExchangeKind kind : {ExchangeKind::Discovery, ExchangeKind::Registration,
                                    ExchangeKind::Token, ExchangeKind::Other})
        story.add(kind, {}, 401);
    const CredentialMatrix matrix = story.matrix();
    for (qsizetype row = 1; row < matrix.rows.size(); ++row)
        QCOMPARE(matrix.rows.at(row).cells.at(0).state, State::None);
}

void TestCredentialMatrix::the_credential_that_lacks_is_blamed_not_the_one_that_is_there()
{
    Story story;
    story.initialize({Token, Key});
    story.add(ExchangeKind::Stream, {Key}, 401);
    QCOMPARE(story.cell(u"event stream"_s, "Authorization").state, State::Missing);
    QCOMPARE(story.cell(u"event stream"_s, "X-Api-Key").state, State::Carried);
    story.add(ExchangeKind::Delete, {Token, Key}, 403);
    QCOMPARE(story.cell(u"end of session"_s, "Authorization").state, State::Refused);
    QCOMPARE(story.cell(u"end of session"_s, "X-Api-Key").state, State::Refused);
}

void TestCredentialMatrix::a_cell_is_judged_anew_when_the_answer_comes()
{
    Story story;
    CredentialMatrixBuilder builder{Redactor(Salt)};
    story.initialize({Token});
    const ExchangeId open = story.add(ExchangeKind::Post, {Token}, 0);
    QVERIFY(builder.update(story.trace));
    QVERIFY(!builder.update(story.trace));
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).state, State::Carried);
    QCOMPARE(builder.matrix().rows.at(1).status, 0);
    QCOMPARE(builder.glance(open).state, CredentialGlance::State::Carried);
    story.trace.respond(open, {403, {}, {}, {}});
    QVERIFY(builder.update(story.trace));
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).state, State::Refused);
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).exchanges, QList<ExchangeId>{open});
    QCOMPARE(builder.matrix().rows.at(1).status, 403);
    QCOMPARE(builder.glance(open).state, CredentialGlance::State::Refused);
    QCOMPARE(builder.glance(open).comparedWith, 1);
}

void TestCredentialMatrix::what_a_refusal_asks_for_is_missing()
{
    for (const int status : {401, 403}) {
        Story story;
        CredentialMatrixBuilder builder{Redactor(Salt)};
        const ExchangeId id =
            story.trace.begin(story.request(ExchangeKind::Post, {}, u"initialize"_s), {});
        builder.update(story.trace);
        QVERIFY(!builder.matrix().columns.contains("Authorization"));
        QCOMPARE(builder.missingCount(), 0);
        story.trace.respond(
            id,
            {status,
             {},
             "HTTP/1.1",
             {{"www-authenticate", "Bearer realm=\"x\"", HeaderSource::Server, false}}});
        story.trace.finish(id);
        QVERIFY(builder.update(story.trace));
        QVERIFY(builder.matrix() == story.matrix());
        QCOMPARE(builder.missingCount(), 1);
        QCOMPARE(story.matrix().columns.constFirst(), QByteArray("Authorization"));
        const MatrixCell cell = story.cell(u"initialize"_s, "Authorization");
        QCOMPARE(cell.state, State::Missing);
        QCOMPARE(cell.exchanges, QList<ExchangeId>{id});
        QCOMPARE(cell.refusedWith, status);
        QCOMPARE(cell.asksFor, QByteArray("Bearer"));
        QCOMPARE(builder.glance(id).state, CredentialGlance::State::Missing);
        QCOMPARE(builder.glance(id).text, QByteArray("Authorization"));
        QCOMPARE(builder.glance(id).comparedWith, 0);
    }
    // Without a challenge, too: there is nothing else that it could be.
    Story plain;
    plain.initialize({}, 401);
    QCOMPARE(plain.cell(u"initialize"_s, "Authorization").state, State::Missing);
    QVERIFY(plain.cell(u"initialize"_s, "Authorization").asksFor.isEmpty());
    Story healthy;
    healthy.initialize({});
    healthy.add(ExchangeKind::Stream, {SessionId}, 405);
    healthy.add(ExchangeKind::Discovery, {}, 404);
    QVERIFY(!healthy.matrix().columns.contains("Authorization"));
}

void TestCredentialMatrix::a_refusal_that_is_explained_asks_for_nothing()
{
    Story key;
    key.initialize({Key}, 401);
    QVERIFY(!key.matrix().columns.contains("Authorization"));
    QCOMPARE(key.cell(u"initialize"_s, "X-Api-Key").state, State::Refused);
    Story origin;
    origin.initialize({{"Origin", "http://evil.example", HeaderSource::Protocol, false}}, 403);
    QVERIFY(!origin.matrix().columns.contains("Authorization"));
    // A header that the person set may be what the server did not accept.
    for (const int status : {401, 403}) {
        Story own;
        own.initialize({{"X-Tenant", "blue", HeaderSource::User, false}}, status);
        QVERIFY(!own.matrix().columns.contains("Authorization"));
    }
    Story discovery;
    discovery.add(ExchangeKind::Discovery, {}, 401);
    QVERIFY(!discovery.matrix().columns.contains("Authorization"));
}

void TestCredentialMatrix::answers_are_all_that_occurred()
{
    Story story;
    story.initialize({}, 401);
    story.initialize({Token}, 200);
    story.initialize({Token}, 200);
    const MatrixRow row = story.matrix().rows.constFirst();
    QCOMPARE(row.statuses, QList<int>({401, 200}));
    QCOMPARE(row.status, 200);
    QVERIFY(matrixToText(story.trace, Redactor(Salt)).contains("401, 200\n"));
}

void TestCredentialMatrix::the_connections_of_a_trace()
{
    Story story;
    QVERIFY(traceConnections(story.trace) == QList<TraceConnection>{TraceConnection()});
    story.initialize({Token});
    story.trace.note(u"connect"_s, u"first"_s);
    story.trace.note(u"connect"_s, u"second"_s);
    story.initialize({Token});
    story.add(ExchangeKind::Stream, {}, 401);
    story.trace.note(u"connect"_s, u"third"_s);
    QList<TraceConnection> found = traceConnections(story.trace);
    QCOMPARE(found.size(), 3);
    QCOMPARE(found.at(0).first, 1);
    QCOMPARE(found.at(0).last, 1);
    QCOMPARE(found.at(1).target, u"second"_s);
    QCOMPARE(found.at(1).first, 2);
    QCOMPARE(found.at(1).last, 3);
    QCOMPARE(found.at(2).target, u"third"_s);
    QCOMPARE(found.at(2).first, 4);
    QCOMPARE(found.at(2).last, 0);
}

void TestCredentialMatrix::a_range_is_the_matrix_of_its_exchanges()
{
    Story story;
    story.initialize({Token});
    story.add(ExchangeKind::Stream, {}, 401);
    CredentialMatrixBuilder builder{Redactor(Salt)};
    builder.update(story.trace);
    QCOMPARE(builder.missingCount(), 1);
    builder.setRange(3);
    builder.update(story.trace);
    QCOMPARE(builder.missingCount(), 0);
    QVERIFY(builder.matrix().rows.isEmpty());
    story.initialize({Token});
    const ExchangeId open = story.add(ExchangeKind::Stream, {Token}, 0);
    while (builder.isBehind(story.trace))
        builder.update(story.trace, 1);
    story.trace.respond(open, {401, {}, "HTTP/1.1", {}});
    builder.update(story.trace);
    QCOMPARE(builder.matrix().rows.size(), 2);
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).state, State::Refused);
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).exchanges, QList<ExchangeId>{4});
    QCOMPARE(builder.glance(2).state, CredentialGlance::State::Missing);
    builder.setRange(1, 2);
    QVERIFY(builder.isBehind(story.trace));
    builder.update(story.trace);
    QCOMPARE(builder.missingCount(), 1);
    QCOMPARE(builder.matrix().rows.at(1).cells.at(0).state, State::Missing);
    builder.setRange(1);
    builder.update(story.trace);
    QVERIFY(builder.matrix() == story.matrix());
}

void TestCredentialMatrix::glance_data()
{
    QTest::addColumn<QList<Header>>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("state");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ExchangeId>("comparedWith");
    using Glance = CredentialGlance::State;
    using H = QList<Header>;
    const auto row = [](const char *name, const H &headers, int status, Glance state,
                        const QByteArray &text, ExchangeId with) {
        QTest::newRow(name) << headers << status << int(state) << text << with;
    };
    row("carried", {Token, Key}, 200, Glance::Carried, mark("first-token"), 0);
    row("missing", {Key}, 401, Glance::Missing, "Authorization", 1);
    row("missing, though accepted", {Key}, 200, Glance::Missing, "Authorization", 1);
    row("the first that lacks", {}, 401, Glance::Missing, "Authorization", 1);
    row("the other lacks", {Token}, 401, Glance::Missing, "X-Api-Key", 1);
    row("refused", {Other, Key}, 401, Glance::Refused, mark("second-token"), 1);
}

void TestCredentialMatrix::glance()
{
    QFETCH(QList<Header>, headers);
    QFETCH(int, status);
    Story story;
    story.initialize({Token, Key});
    const ExchangeId id = story.add(ExchangeKind::Stream, headers, status);
    const CredentialGlance glance = credentialGlance(story.trace, id, Redactor(Salt));
    QTEST(int(glance.state), "state");
    QTEST(glance.text, "text");
    QTEST(glance.comparedWith, "comparedWith");

    Story none;
    QCOMPARE(credentialGlance(none.trace, none.initialize({}), Redactor(Salt)).state,
             CredentialGlance::State::NoneNeeded);
    RequestRecord hop = none.request(ExchangeKind::Post, {});
    hop.withheld = {{"Authorization", u"another origin"_s}};
    const CredentialGlance withheld =
        credentialGlance(none.trace, none.add(hop, 401), Redactor(Salt));
    QCOMPARE(withheld.state, CredentialGlance::State::Withheld);
    QCOMPARE(withheld.text, QByteArray("Authorization"));
}

void TestCredentialMatrix::the_builder_grows_as_the_whole_would_be_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestCredentialMatrix::the_builder_grows_as_the_whole_would_be()
{
    QFETCH(int, seed);
    QRandomGenerator random(static_cast<quint32>(seed));
    Story story;
    CredentialMatrixBuilder builder{Redactor(Salt)};
    QList<ExchangeId> open;
    for (int step = 0; step < 120; ++step) {
        QList<Header> headers;
        for (const Header &header : {random.bounded(2) ? Token : Other, Key, SessionId}) {
            if (random.bounded(4))
                headers += header;
        }
        const auto kind = ExchangeKind(random.bounded(int(ExchangeKind::Other) + 1));
        RequestRecord request =
            story.request(kind, headers, random.bounded(6) ? u"tools/list"_s : u"initialize"_s);
        if (!random.bounded(8))
            request.url = QUrl(u"http://other.example/mcp"_s);
        if (!random.bounded(8))
            request.withheld = {{"Cookie", u"another origin"_s}};
        const int status = random.bounded(2) ? 200 : random.bounded(2) ? 401 : 0;
        const ExchangeId id = story.add(request, status);
        if (!status)
            open += id;
        if (!open.isEmpty() && !random.bounded(3)) {
            const ExchangeId late = open.takeAt(random.bounded(int(open.size())));
            if (random.bounded(3))
                story.trace.respond(late, {random.bounded(2) ? 200 : 403, {}, {}, {}});
            else
                story.trace.finish(late, Failure());
        }
        if (random.bounded(3))
            continue;
        builder.update(story.trace);
        QVERIFY(builder.matrix() == story.matrix());
        for (ExchangeId one = 1; one <= story.trace.exchangeCount(); one += 7)
            QVERIFY(builder.glance(one) == credentialGlance(story.trace, one, Redactor(Salt)));
    }
}

void TestCredentialMatrix::another_trace_starts_it_anew()
{
    Story one;
    one.initialize({Token});
    Story other;
    other.initialize({Key});
    CredentialMatrixBuilder builder{Redactor(Salt)};
    builder.update(one.trace);
    QVERIFY(builder.update(other.trace));
    QVERIFY(builder.matrix() == other.matrix());
    QVERIFY(builder.update(one.trace));
    QVERIFY(builder.matrix() == one.matrix());
}

void TestCredentialMatrix::more_columns_than_can_be_kept_are_left_out()
{
    QList<Header> many;
    for (int i = 0; i < 200; ++i)
        many.append({"X-Secret-" + QByteArray::number(i), "x", HeaderSource::Credential, true});
    Story story;
    story.initialize(many);
    story.add(ExchangeKind::Stream, {}, 401);
    const CredentialMatrix matrix = story.matrix();
    QCOMPARE(matrix.columns.size(), 64);
    QCOMPARE(matrix.rows.size(), 2);
    QCOMPARE(story.cell(u"event stream"_s, "X-Secret-0").state, State::Missing);
}

void TestCredentialMatrix::the_index_finds_the_nearest_that_was_accepted()
{
    Story story;
    story.initialize({Token}); // 1
    story.add(ExchangeKind::Post, {Token}, 401); // 2
    story.add(ExchangeKind::Post, {Token}, 200); // 3
    story.add(ExchangeKind::Stream, {}, 401); // 4
    story.add(ExchangeKind::Post, {}, 200); // 5
    story.add(ExchangeKind::Post, {Token}, 302); // 6
    CredentialIndex index;
    index.update(story.trace);
    const int column = index.columnOf("AUTHORIZATION");
    QVERIFY(column >= 2);
    QCOMPARE(index.columnName(column), QByteArray("Authorization"));
    QCOMPARE(index.columnOf("X-Api-Key"), -1);
    QCOMPARE(index.nearestAccepted(4, column), 3);
    QCOMPARE(index.nearestAccepted(5, column), 6);
    QCOMPARE(index.nearestAccepted(2, column), 1);
    QCOMPARE(index.nearestAccepted(4, CredentialIndex::SessionColumn), 0);
}

void TestCredentialMatrix::the_index_tells_what_changed()
{
    Story story;
    CredentialIndex index;
    QList<ExchangeId> changed;
    story.initialize({Token});
    const ExchangeId open = story.add(ExchangeKind::Post, {Token}, 0);
    const ExchangeId broken = story.add(ExchangeKind::Post, {Token}, 0);
    index.update(story.trace, &changed);
    QCOMPARE(changed, QList<ExchangeId>({1, open, broken}));
    changed.clear();
    index.update(story.trace, &changed);
    QVERIFY(changed.isEmpty());
    story.trace.respond(open, {200, {}, {}, {}});
    story.trace.finish(broken, Failure());
    const ExchangeId next = story.add(ExchangeKind::Delete, {Token}, 200);
    index.update(story.trace, &changed);
    QCOMPARE(changed, QList<ExchangeId>({open, next}));
    QCOMPARE(index.entry(open).status, 200);
    QVERIFY(index.entry(open).wasAccepted());
    QVERIFY(!index.entry(broken).wasAccepted() && !index.entry(broken).wasRefused());
}

void TestCredentialMatrix::as_text()
{
    Story story;
    story.initialize({Token});
    story.add(ExchangeKind::Stream, {}, 401);
    story.add(ExchangeKind::Post, {Other, SessionId}, 0);
    const QByteArray a = mark("first-token");
    const QByteArray b = mark("second-token");
    QCOMPARE(matrixToText(story.trace, Redactor(Salt)),
             "                        Authorization  Mcp-Session-Id  MCP-Protocol-Version  answer\n"
             "POST  initialize    x1  ok "
                 + a
                 + "       not yet         not yet               200\n"
                   "POST  messages      x1  ok "
                 + b
                 + "       ok 41c0         -                     none\n"
                   "GET   event stream  x1  MISSING        -               -                     "
                   "401\n");
}

void TestCredentialMatrix::how_many_carried_it_is_told()
{
    Story story;
    const ExchangeId refused =
        story.add(story.request(ExchangeKind::Post, {}, u"initialize"_s), 401);
    RequestRecord again = story.request(ExchangeKind::Post, {Token}, u"initialize"_s);
    again.cause = refused;
    const ExchangeId accepted = story.add(again, 200);
    QCOMPARE(story.cell(u"initialize"_s, "Authorization").exchanges, QList<ExchangeId>{accepted});
    const QByteArray text = matrixToText(story.trace, Redactor(Salt));
    QVERIFY2(text.contains("ok " + mark("first-token") + " (1 of 2)"), text);
}

void TestCredentialMatrix::what_was_refused_and_taken_up_lacks_nothing_data()
{
    QTest::addColumn<bool>("stepwise"); // looked at after each exchange
    QTest::addColumn<bool>("hadToken"); // an old one
    QTest::addColumn<bool>("takenUp");
    for (const bool stepwise : {false, true}) {
        for (const bool hadToken : {false, true}) {
            for (const bool takenUp : {false, true}) {
                QTest::addRow("%d%d%d", stepwise, hadToken, takenUp)
                    << stepwise << hadToken << takenUp;
            }
        }
    }
}

void TestCredentialMatrix::what_was_refused_and_taken_up_lacks_nothing()
{
    QFETCH(bool, stepwise);
    QFETCH(bool, hadToken);
    QFETCH(bool, takenUp);
    Story story;
    CredentialMatrixBuilder builder((Redactor(Salt)));
    RequestRecord first =
        story.request(ExchangeKind::Post, hadToken ? QList<Header>{Token} : QList<Header>());
    const ExchangeId refused = story.trace.begin(first, {});
    if (stepwise)
        builder.update(story.trace);
    story.trace.respond(
        refused,
        {401, {}, "HTTP/1.1", {{"WWW-Authenticate", "Bearer", HeaderSource::Server, false}}});
    story.trace.finish(refused);
    if (stepwise) {
        builder.update(story.trace);
        QCOMPARE(builder.missingCount(), hadToken ? 0 : 1);
    }
    RequestRecord again = story.request(ExchangeKind::Post, {Other});
    again.cause = takenUp ? refused : 0;
    story.add(again, 200);
    builder.update(story.trace);
    QCOMPARE(builder.missingCount(), takenUp || hadToken ? 0 : 1);
    const CredentialMatrix matrix = builder.matrix();
    QCOMPARE(matrix.columns.constFirst(), QByteArray("Authorization"));
    const MatrixCell cell = matrix.rows.constFirst().cells.constFirst();
    const State expected = takenUp ? State::Carried : hadToken ? State::Refused : State::Missing;
    QCOMPARE(cell.state, expected);
    QCOMPARE(matrix, credentialMatrix(story.trace, Redactor(Salt)));
}

QTEST_APPLESS_MAIN(TestCredentialMatrix)
#include "test_credential_matrix.moc"
