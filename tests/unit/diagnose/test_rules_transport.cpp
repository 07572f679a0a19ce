// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Session = "Mcp-Session-Id: s1";
const QByteArray Version = "MCP-Protocol-Version: 2025-11-25";
const QByteArray Json = "Content-Type: application/json";
const QByteArray Events = "Content-Type: text/event-stream";
const QByteArray Answer = R"({"jsonrpc":"2.0","id":1,"result":{}})";
const QByteArray Event = "data: " + Answer + "\n\n";
const QByteArray Html = "<html>Welcome</html>";

QByteArray error(const QByteArray &message, int code = -32000)
{
    return R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + QByteArray::number(code)
        + R"(,"message":")" + message + R"("}})";
}

void initialise(MadeTrace &t, const QByteArray &revision = "2025-11-25")
{
    t.add({.what = u"initialize"_s,
           .gets = {Json, Session},
           .answer =
               R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":")" + revision + R"("}})"});
}

Made of(int status, const QByteArray &answer = {},
        const QByteArrayList &sends = {MadeToken, Session, Version})
{
    return {.sends = sends, .status = status, .gets = {Json}, .answer = answer};
}

Made stream(int status = 200, const QByteArrayList &gets = {Events})
{
    return {.kind = ExchangeKind::Stream,
            .what = u"event stream"_s,
            .sends = {MadeToken, Session, Version},
            .status = status,
            .gets = gets};
}

Made ofTool()
{
    return {.what = u"tools/call slow"_s, .sends = {MadeToken, Session, Version}, .gets = {Events}};
}

void listenIdly(MadeTrace &t, int seconds, bool keptAlive = false)
{
    const ExchangeId id = t.begin(stream());
    t.frame(id, FrameKind::Retry, "retry: 1000\n\n");
    t.later(seconds * 500);
    if (keptAlive)
        t.frame(id, FrameKind::Comment, ": still here\n");
    t.later(seconds * 500);
    t.store.finish(id);
}

} // namespace

/// AF-80 to AF-99: sessions, headers of the protocol, streams, redirects, the network.
class TestRulesTransport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void transport_data();
    void transport();
    void a_stream_that_is_not_offered_is_no_failure();
    void whose_side_accept_is_on_data();
    void whose_side_accept_is_on();
};

void TestRulesTransport::transport_data()
{
    QTest::addColumn<Story>("story");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, Story story, const QStringList &ids) {
        QTest::newRow(name) << story << ids;
    };
    row("healthy",
        [](MadeTrace &t) {
            initialise(t);
            const ExchangeId id = t.begin(stream());
            t.frame(id, FrameKind::Retry, "retry: 1000\n\n");
            t.add(of(200, Answer));
            t.frame(id, FrameKind::Event, Event);
            t.store.finish(
                id, Failure{FailureKind::Cancelled, u"closed"_s, u"It was closed."_s, {}, id, {}});
            t.add({.kind = ExchangeKind::Delete,
                   .what = u"end"_s,
                   .sends = {MadeToken, Session, Version}});
        },
        {});
    row("AF-80",
        [](MadeTrace &t) {
            initialise(t);
            t.add(stream(405, {}));
        },
        {u"AF-80"_s});
    row("AF-80, by 404",
        [](MadeTrace &t) {
            initialise(t);
            t.add(stream(404, {}));
            t.add(of(200, Answer));
        },
        {u"AF-80"_s});
    row("AF-81",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(404));
        },
        {u"AF-81"_s});
    row("AF-81, the stream",
        [](MadeTrace &t) {
            initialise(t);
            t.add(stream());
            t.add(stream(404, {}));
        },
        {u"AF-81"_s});
    row("no session to end",
        [](MadeTrace &t) {
            initialise(t);
            t.add({.kind = ExchangeKind::Delete,
                   .what = u"end"_s,
                   .sends = {MadeToken, Session, Version},
                   .status = 405});
            t.add({.kind = ExchangeKind::Delete,
                   .what = u"end"_s,
                   .sends = {MadeToken, Session, Version},
                   .status = 404});
        },
        {});
    row("AF-82",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(400, error("Bad Request: No valid session ID provided")));
        },
        {u"AF-82"_s});
    row("400 for anything else",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(400, error("Bad arguments")));
            t.add(of(400, Html));
        },
        {});
    row("AF-83",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(404, error("Session not found")));
            t.add(of(200, Answer));
        },
        {u"AF-83"_s});
    row("AF-83, by 400",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(400, error("Unknown session")));
            t.add(of(200, Answer));
        },
        {u"AF-83"_s});
    row("a lost session, and a new one",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(404, error("Session not found")));
            t.add(of(200, Answer, {MadeToken, "Mcp-Session-Id: s2", Version}));
        },
        {u"AF-81"_s});
    row("AF-84",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(401));
            t.add(of(200, Answer));
        },
        {u"AF-84"_s});
    row("AF-84, of several requests",
        [](MadeTrace &t) {
            const QByteArrayList sends{MadeToken};
            t.add({.what = u"server/discover"_s, .sends = sends});
            t.add({.what = u"ping"_s, .sends = sends, .status = 401});
            t.add({.sends = sends});
            t.add({.sends = sends, .status = 401});
        },
        {u"AF-84"_s});
    row("AF-83, at the stream",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            Made get = stream(404, {Json});
            get.answer = error("There is no session with this id");
            t.add(get);
            t.add(of(200, Answer));
        },
        {u"AF-83"_s});
    row("a tool that is protected",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add({.what = u"tools/call secret"_s,
                   .sends = {MadeToken, Session, Version},
                   .status = 401});
            t.add(of(200, Answer));
        },
        {});
    row("401 from some time on",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(200, Answer));
            t.add(of(200, Answer));
            t.add(of(401));
        },
        {});
    row("AF-85",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .sends = {"Accept: application/json"}, .status = 406});
        },
        {u"AF-85"_s});
    row("AF-85, by 400",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Accept: application/json"},
                   .status = 400,
                   .gets = {Json},
                   .answer = error("Accept must list text/event-stream")});
        },
        {u"AF-85"_s});
    row("AF-86, absent",
        [](MadeTrace &t) {
            initialise(t, "2025-06-18");
            t.add(of(200, Answer, {MadeToken, Session}));
            t.add(of(200, Answer, {MadeToken, Session}));
        },
        {u"AF-86"_s});
    row("AF-86, absent after an answer on a stream",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin({.what = u"initialize"_s, .gets = {Events, Session}});
            t.frame(id, FrameKind::Event,
                    R"(data: {"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}})"
                    "\n\n");
            t.store.finish(id);
            t.add(of(200, Answer, {MadeToken, Session}));
        },
        {u"AF-86"_s});
    row("AF-86, refused",
        [](MadeTrace &t) {
            initialise(t);
            t.add(of(400, error("Bad Request: Unsupported protocol version")));
        },
        {u"AF-86"_s});
    row("a revision that has no such header",
        [](MadeTrace &t) {
            initialise(t, "2025-03-26");
            t.add(of(200, Answer, {MadeToken, Session}));
        },
        {});
    row("AF-87",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .answer = "Invalid Host header"});
        },
        {u"AF-87"_s});
    row("AF-87, by 421",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 421,
                   .answer = "Invalid Host header"});
        },
        {u"AF-87"_s});
    row("AF-87, an Origin that was not sent",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .answer = "Origin not allowed"});
        },
        {u"AF-87"_s});
    row("AF-87, an invalid Origin",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .answer = "Invalid origin"});
        },
        {u"AF-87"_s});
    row("AF-87, no Origin",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .answer = "Invalid Origin header: null"});
        },
        {u"AF-87"_s});
    row("AF-87, Origin is wanted",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .answer = "Origin header is required"});
        },
        {u"AF-87"_s});
    row("AF-87, Host by 400",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 400,
                   .answer = "Invalid Host header"});
        },
        {u"AF-87"_s});
    row("AF-87, Host by 400, as Django has it",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 400,
                   .answer = "<h1>DisallowedHost</h1> Invalid HTTP_HOST header: mcp.example. You "
                             "may need to add it."});
        },
        {u"AF-87"_s});
    row("an origin server that does not answer",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 400,
                   .answer = "The origin server did not answer"});
        },
        {});
    row("an argument that is a host",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 400,
                   .answer = "Missing host"});
        },
        {});
    row("a page of 403 that speaks of an origin",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .sends = {"Host: mcp.example"},
                   .status = 403,
                   .gets = {"Content-Type: text/html"},
                   .answer = "<html>Error 1006: the origin has banned you</html>"});
        },
        {u"AF-31"_s});
    row("AF-98 where the issuer's metadata should be",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.url = MadeIssuerPlace,
                   .kind = ExchangeKind::Discovery,
                   .what = u"metadata"_s,
                   .status = 503,
                   .gets = {"Retry-After: 5"}});
        },
        {u"AF-98"_s});
    row("busy, and then not",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.url = MadeIssuerPlace,
                   .kind = ExchangeKind::Discovery,
                   .what = u"metadata"_s,
                   .status = 503,
                   .gets = {"Retry-After: 5"}});
            t.metadata(MadeIssuer, MadeIssuerPlace);
        },
        {});
    row("AF-98 at the token endpoint",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 401, .gets = {MadeChallenge}});
            t.metadata(MadeResource, MadePlace);
            t.add({.url = u"https://as.example/token"_s,
                   .kind = ExchangeKind::Token,
                   .what = u"token request"_s,
                   .body =
                       "grant_type=authorization_code&client_id=c&resource=https://mcp.example/mcp",
                   .status = 503,
                   .gets = {"Retry-After: 5", "Content-Type: text/html"},
                   .answer = "<html>Busy</html>"});
        },
        {u"AF-98"_s});
    row("AF-88",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.later(3000);
            t.frame(id, FrameKind::Retry, "retry: 1000\n\n");
            t.frame(id, FrameKind::Event, Event);
            t.store.finish(id);
        },
        {u"AF-88"_s});
    row("AF-88, without a greeting",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.later(3000);
            for (int i = 0; i < 4; ++i)
                t.frame(id, FrameKind::Event, Event);
            t.store.finish(id);
        },
        {u"AF-88"_s});
    row("a tool that takes its time",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.later(3000);
            t.frame(id, FrameKind::Event, Event);
            t.frame(id, FrameKind::Event, Event);
            t.store.finish(id);
        },
        {});
    row("events as they happen",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.frame(id, FrameKind::Retry, "retry: 1000\n\n");
            for (int i = 0; i < 4; ++i) {
                t.later(3000);
                t.frame(id, FrameKind::Event, Event);
            }
            t.store.finish(id);
        },
        {});
    row("AF-89",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(stream(200, {Events, "Content-Encoding: gzip"}));
            t.store.finish(id);
        },
        {u"AF-89"_s});
    row("AF-89, and held back",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(stream(200, {Events, "Content-Encoding: br"}));
            t.later(3000);
            t.frame(id, FrameKind::Retry, "retry: 1000\n\n");
            t.frame(id, FrameKind::Event, Event);
            t.store.finish(id);
        },
        {u"AF-89"_s});
    row("a body that is compressed, or not at all",
        [](MadeTrace &t) {
            t.add({.gets = {Json, "Content-Encoding: gzip"}, .answer = Answer});
            t.store.finish(t.begin(stream(200, {Events, "Content-Encoding: identity"})));
        },
        {});
    row("AF-90",
        [](MadeTrace &t) {
            listenIdly(t, 60);
            listenIdly(t, 60);
        },
        {u"AF-90"_s});
    row("streams that end now and then",
        [](MadeTrace &t) {
            listenIdly(t, 60);
            listenIdly(t, 95);
            listenIdly(t, 30);
        },
        {});
    row("streams that were kept alive",
        [](MadeTrace &t) {
            listenIdly(t, 60, true);
            listenIdly(t, 60, true);
        },
        {});
    row("streams that a server closes at once",
        [](MadeTrace &t) {
            listenIdly(t, 1);
            listenIdly(t, 1);
            listenIdly(t, 1);
        },
        {});
    row("AF-91",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .gets = {"Content-Type: text/html"}, .answer = Html});
        },
        {u"AF-91"_s});
    row("AF-92",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .status = 302,
                   .gets = {"Location: https://login.example/signin?next=/mcp"}});
        },
        {u"AF-92"_s});
    row("AF-92, followed",
        [](MadeTrace &t) {
            const ExchangeId hop =
                t.add({.what = u"initialize"_s, .status = 302, .gets = {"Location: /login"}});
            t.add({.url = u"https://mcp.example/login"_s,
                   .what = u"initialize"_s,
                   .gets = {"Content-Type: text/html"},
                   .answer = Html,
                   .cause = hop});
        },
        {u"AF-92"_s});
    row("a redirect to something else",
        [](MadeTrace &t) {
            t.add(
                {.what = u"initialize"_s, .status = 302, .gets = {"Location: /catalogin/blogins"}});
        },
        {});
    row("AF-93",
        [](MadeTrace &t) {
            const ExchangeId hop =
                t.add({.what = u"initialize"_s, .status = 307, .gets = {"Location: /mcp/"}});
            t.add({.url = u"https://mcp.example/mcp/"_s,
                   .what = u"initialize"_s,
                   .gets = {Json},
                   .answer = Answer,
                   .cause = hop});
        },
        {u"AF-93"_s});
    row("a redirect to another path",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 307, .gets = {"Location: /v2/mcp/"}});
        },
        {});
    row("AF-94",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin({.what = u"initialize"_s, .status = 0});
            t.store.finish(id,
                           Failure{FailureKind::Unreachable, u"certificate-expired"_s,
                                   u"It expired."_s, u"Renew it."_s, id, u"AF-94"_s});
        },
        {u"AF-94"_s});
    row("AF-95",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .status = 407,
                   .gets = {"Proxy-Authenticate: Basic realm=\"p\""}});
        },
        {u"AF-95"_s});
    row("AF-96, no JSON",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(stream());
            t.frame(id, FrameKind::Event, "data: this is no JSON\n\n");
            t.store.finish(id);
        },
        {u"AF-96"_s});
    row("AF-96, no blank line at the end",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.frame(id, FrameKind::Incomplete, "data: " + Answer + '\n');
            t.store.finish(id);
        },
        {u"AF-96"_s});
    row("events of other types, and half of one that we left",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(stream());
            t.frame(id, FrameKind::Event, "event: endpoint\ndata: /messages?x=1\n\n");
            t.frame(id, FrameKind::Event, "id: 7\ndata:\n\n");
            t.frame(id, FrameKind::Comment, ": hello\n");
            t.frame(id, FrameKind::Incomplete, "data: {\"json");
            t.store.finish(
                id, Failure{FailureKind::Cancelled, u"closed"_s, u"It was closed."_s, {}, id, {}});
        },
        {});
    row("AF-98",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s, .status = 503, .gets = {"Retry-After: 30"}});
        },
        {u"AF-98"_s});
    row("500 without more", [](MadeTrace &t) { t.add({.what = u"initialize"_s, .status = 500}); },
        {});
    row("AF-99",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin({.what = u"initialize"_s, .status = 0});
            t.store.finish(id,
                           Failure{FailureKind::Unreachable, u"connection-refused"_s,
                                   u"Nobody listens."_s, u"Start it."_s, id, u"AF-99"_s});
        },
        {u"AF-99"_s});
    row("a call that was taken up again",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(ofTool());
            t.store.finish(id,
                           Failure{FailureKind::Unreachable, u"cut-off"_s, u"It broke."_s,
                                   u"Look."_s, id, u"AF-99"_s});
            Made resumed = stream();
            resumed.kind = ExchangeKind::Reconnect;
            resumed.cause = id;
            t.store.finish(t.begin(resumed));
        },
        {});
    row("an answer that the client could not read agrees on nothing",
        [](MadeTrace &t) {
            t.add({.what = u"initialize"_s,
                   .gets = {"Content-Type: text/plain", Session},
                   .answer =
                       R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}})"});
            t.add({.kind = ExchangeKind::Delete, .what = u"end"_s, .sends = {MadeToken, Session}});
        },
        {});
    row("a stream that breaks off",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(stream());
            t.store.finish(id,
                           Failure{FailureKind::Unreachable, u"connection-closed"_s, u"It broke."_s,
                                   u"Look."_s, id, u"AF-99"_s});
        },
        {});
    row("ways to connect that were left",
        [](MadeTrace &t) {
            const ExchangeId id = t.add({.what = u"server/discover"_s,
                                         .status = 400,
                                         .gets = {Json},
                                         .answer = error("Unsupported protocol version")});
            t.store.note(QLatin1String(LeftNote), u"It is older."_s, id);
            initialise(t);
        },
        {});
    row("a program",
        [](MadeTrace &t) {
            const ExchangeId id = t.begin(
                {.url = u"stdio:x"_s, .kind = ExchangeKind::Process, .what = u"x"_s, .status = 0});
            t.frame(id, FrameKind::NoMessage, "hello, I print\n");
            t.frame(id, FrameKind::Line, Answer + '\n');
            t.store.finish(id);
        },
        {});
}

void TestRulesTransport::transport()
{
    QFETCH(Story, story);
    QFETCH(QStringList, ids);
    MadeTrace trace;
    story(trace);
    QCOMPARE(trace.ids(), ids);
    QCOMPARE(faultOf(trace, {"token-of-ada"}), QString());
}

void TestRulesTransport::a_stream_that_is_not_offered_is_no_failure()
{
    MadeTrace trace;
    initialise(trace);
    trace.add(stream(405, {}));
    QCOMPARE(trace.findings().constFirst().weight, Weight::Normal);
    QVERIFY(!anyMatters(trace.findings()));
    trace.add({.what = u"x"_s, .status = 503, .gets = {"Retry-After: 30"}});
    QVERIFY(anyMatters(trace.findings()));
    QCOMPARE(trace.findings().constLast().id, u"AF-80"_s);
}

void TestRulesTransport::whose_side_accept_is_on_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<Side>("side");
    QTest::newRow("one is lacking") << "Accept: application/json"_ba << Side::Client;
    QTest::newRow("none is lacking")
        << "Accept: application/json, text/event-stream"_ba << Side::Server;
}

void TestRulesTransport::whose_side_accept_is_on()
{
    QFETCH(QByteArray, accept);
    QFETCH(Side, side);
    MadeTrace trace;
    trace.add({.what = u"initialize"_s, .sends = {accept}, .status = 406});
    QCOMPARE(trace.ids(), QStringList{u"AF-85"_s});
    QCOMPARE(trace.findings().constFirst().side, side);
}

QTEST_APPLESS_MAIN(TestRulesTransport)
#include "test_rules_transport.moc"
