// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/edited_request.h"

#include "core/http/request_head.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const Header Accept{"Accept", "application/json", HeaderSource::Protocol, false};
const Header SessionId{"Mcp-Session-Id", "41c0", HeaderSource::Session, false};
const Header Token{"Authorization", "Bearer abc", HeaderSource::Credential, true};
const Header Trace{"X-Trace", "1", HeaderSource::User, false};
const Header Agent{"User-Agent", "Sightglass", HeaderSource::Library, false};
const QByteArray Body = "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{"
                        "\"name\":\"add\"}}";

ExchangeId record(TraceStore &trace)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.what = u"tools/call add"_s;
    request.headers = {Accept, SessionId, Token, Trace, Agent};
    return trace.begin(request, Body);
}

} // namespace

class TestEditedRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void what_was_not_changed_goes_as_it_went();
    void what_was_changed_is_from_the_person();
    void the_title_follows_the_message();
    void another_origin_gets_nothing_of_the_first();
    void what_was_changed_is_told_in_words();
    void a_request_of_a_recording_is_of_the_session_of_today();
    void where_a_recorded_request_goes_data();
    void where_a_recorded_request_goes();
};

void TestEditedRequest::what_was_not_changed_goes_as_it_went()
{
    TraceStore trace;
    const EditedRequest same = uneditedRequest(trace, record(trace));
    QCOMPARE(same.headers, (QList<Header>{Accept, SessionId, Trace}));
    const HttpRequest request = editedRequest(trace, same);
    QCOMPARE(request.headers.lines(), same.headers);
    QCOMPARE(request.method, "POST"_ba);
    QCOMPARE(request.kind, ExchangeKind::Post);
    QCOMPARE(request.url, same.url);
    QCOMPARE(request.body, Body);
    QCOMPARE(request.what, u"tools/call add"_s);
    QCOMPARE(request.cause, 1);
    QVERIFY(request.withheld.isEmpty());
}

void TestEditedRequest::what_was_changed_is_from_the_person()
{
    TraceStore trace;
    EditedRequest edited = uneditedRequest(trace, record(trace));
    edited.headers = {{"Accept", "*/*"}, SessionId, {"Authorization", "Bearer other"}};
    const HttpRequest request = editedRequest(trace, edited);
    QCOMPARE(request.headers.lines().at(0).source, HeaderSource::User);
    QCOMPARE(request.headers.lines().at(1), SessionId);
    QCOMPARE(request.headers.lines().at(2).source, HeaderSource::User);
    QCOMPARE(request.withheld, (QList<Withheld>{{"X-Trace", u"you took it away"_s}}));
    // What the gate makes of it: the typed credential goes instead of the stored one.
    const RequestRecord sent = buildRequest(request, {{Token}, {}}, {});
    int tokens = 0;
    for (const Header &line : sent.headers) {
        if (line.name == "Authorization") {
            ++tokens;
            QCOMPARE(line.value, "Bearer other"_ba);
            QCOMPARE(line.source, HeaderSource::User);
        }
    }
    QCOMPARE(tokens, 1);
    QVERIFY(sent.withheld.contains(Withheld{"X-Trace", u"you took it away"_s}));
    // What HTTP wants all the same was not held back.
    edited.headers.clear();
    HttpRequest bare = editedRequest(trace, edited);
    bare.withheld.append({"Content-Type", u"you took it away"_s});
    const RequestRecord bareSent = buildRequest(bare, {}, {});
    QVERIFY(bareSent.withheld.contains(Withheld{"Accept", u"you took it away"_s}));
    for (const Withheld &held : bareSent.withheld)
        QVERIFY(held.name != "Content-Type");
}

void TestEditedRequest::the_title_follows_the_message()
{
    TraceStore trace;
    EditedRequest edited = uneditedRequest(trace, record(trace));
    edited.body = "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"prompts/get\",\"params\":{\"name\":"
                  "\"greet\"}}";
    QCOMPARE(editedRequest(trace, edited).what, u"prompts/get greet"_s);
    edited.body = "{ not JSON";
    QCOMPARE(editedRequest(trace, edited).what, u"request by hand"_s);
    edited.method = "DELETE";
    edited.body.clear();
    QCOMPARE(editedRequest(trace, edited).kind, ExchangeKind::Delete);
    edited.method = "PUT";
    QCOMPARE(editedRequest(trace, edited).kind, ExchangeKind::Other);
}

void TestEditedRequest::another_origin_gets_nothing_of_the_first()
{
    TraceStore trace;
    EditedRequest edited = uneditedRequest(trace, record(trace));
    edited.url = QUrl(u"http://127.0.0.1:4781/mcp"_s);
    const HttpRequest request = editedRequest(trace, edited);
    QCOMPARE(request.headers.lines(), QList<Header>{Accept});
    const QString why = u"another origin (http://127.0.0.1:4781)"_s;
    QCOMPARE(request.withheld, (QList<Withheld>{{"Mcp-Session-Id", why}, {"X-Trace", why}}));
}

void TestEditedRequest::what_was_changed_is_told_in_words()
{
    TraceStore trace;
    EditedRequest edited = uneditedRequest(trace, record(trace));
    QCOMPARE(editWords(trace, edited), QString());
    edited.method = "PUT";
    edited.url.setPath(u"/other"_s);
    edited.headers = {Accept, SessionId, {"X-Trace", "2"}, {"X-New", ""}};
    edited.body = "{}";
    QCOMPARE(editWords(trace, edited), u"method, URL, header X-Trace, header X-New, body"_s);
}

void TestEditedRequest::a_request_of_a_recording_is_of_the_session_of_today()
{
    TraceStore recording;
    const ExchangeId number = record(recording);
    RequestRecord later = recording.request(number);
    later.headers.append({"MCP-Protocol-Version", "2025-06-18", HeaderSource::Protocol, false});
    later.headers.append({"X-Api-Key", "~7f2a (19 bytes)", HeaderSource::User, true});
    recording.begin(later, Body);
    recording.setRedacted(true);

    TraceStore today; // has none of these exchanges
    EditedRequest edited =
        requestOfRecording(recording, 2, u"call.sgtrace"_s, QUrl(u"http://127.0.0.1:4780/mcp"_s));
    QCOMPARE(edited.from, 0);
    QCOMPARE(edited.recorded->number, 2);
    QCOMPARE(editWords(today, edited), QString());
    const HttpRequest request = editedRequest(today, edited, {"new-id", "2025-11-25"});
    QCOMPARE(request.cause, 0);
    QCOMPARE(request.what, u"tools/call add"_s);
    QCOMPARE(request.headers.value("Mcp-Session-Id"), "new-id"_ba);
    QCOMPARE(request.headers.value("MCP-Protocol-Version"), "2025-11-25"_ba);
    QCOMPARE(request.headers.value("X-Trace"), "1"_ba);
    QCOMPARE(request.withheld,
             (QList<Withheld>{{"X-Api-Key", u"the recording has only its fingerprint"_s}}));

    // There is no session: none of another one goes out.
    const HttpRequest alone = editedRequest(today, edited, {});
    QVERIFY(alone.headers.value("Mcp-Session-Id").isEmpty());
    QCOMPARE(alone.headers.value("MCP-Protocol-Version"), "2025-06-18"_ba);
    QVERIFY(alone.withheld.contains({"Mcp-Session-Id", u"it is of the recorded session"_s}));

    // What the person typed goes as it was typed.
    for (Header &line : edited.headers) {
        if (line.name == "Mcp-Session-Id")
            line.value = "typed";
    }
    edited.body = "{}";
    QCOMPARE(editedRequest(today, edited, {"new-id", {}}).headers.value("Mcp-Session-Id"),
             "typed"_ba);
    QCOMPARE(editWords(today, edited), u"header Mcp-Session-Id, body"_s);

    // To another server the person's headers of then do not go.
    const EditedRequest elsewhere =
        requestOfRecording(recording, 1, u"call.sgtrace"_s, QUrl(u"https://other.example/mcp"_s));
    QCOMPARE(elsewhere.url, QUrl(u"https://other.example/mcp"_s));
    const HttpRequest away = editedRequest(today, elsewhere, {"new-id", {}});
    QVERIFY(away.headers.value("X-Trace").isEmpty());
    QCOMPARE(away.headers.value("Mcp-Session-Id"), "new-id"_ba);
    QCOMPARE(away.headers.value("Accept"), "application/json"_ba);
}

void TestEditedRequest::where_a_recorded_request_goes_data()
{
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<QString>("was");
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("goes");
    const QString old = u"http://127.0.0.1:4780/mcp?x=1"_s;
    const QString other = u"https://other.example/mcp"_s;
    QTest::newRow("a message to another server") << ExchangeKind::Post << old << other << other;
    QTest::newRow("the stream") << ExchangeKind::Stream << old << other << other;
    QTest::newRow("the same server")
        << ExchangeKind::Post << old << u"http://127.0.0.1:4780/other"_s << old;
    QTest::newRow("no server is named") << ExchangeKind::Post << old << QString() << old;
    QTest::newRow("metadata") << ExchangeKind::Discovery << old << other << old;
    QTest::newRow("a token") << ExchangeKind::Token << old << other << old;
}

void TestEditedRequest::where_a_recorded_request_goes()
{
    QFETCH(ExchangeKind, kind);
    QFETCH(QString, was);
    QFETCH(QString, server);
    RequestRecord request;
    request.kind = kind;
    request.url = QUrl(was);
    QTEST(urlAtServer(request, QUrl(server)).toString(), "goes");
}

QTEST_GUILESS_MAIN(TestEditedRequest)
#include "test_edited_request.moc"
