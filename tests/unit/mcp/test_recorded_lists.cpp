// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/recorded_lists.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

ExchangeId ask(TraceStore &trace, const QString &method, int id, const QByteArray &params,
               const QByteArray &answer, const QString &host = u"127.0.0.1"_s)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.what = method;
    request.url = QUrl(u"http://%1:4780/mcp"_s.arg(host));
    const QByteArray body = "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id)
        + ",\"method\":\"" + method.toUtf8() + '"'
        + (params.isEmpty() ? QByteArray() : ",\"params\":" + params) + '}';
    const ExchangeId exchange = trace.begin(request, body);
    ResponseRecord response;
    response.status = answer.isEmpty() ? 202 : 200;
    trace.respond(exchange, response);
    trace.append(exchange, answer.constData(), answer.size());
    trace.finish(exchange);
    return exchange;
}

QByteArray result(int id, const QByteArray &members)
{
    return "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"result\":{" + members
        + "}}";
}

void addEvent(TraceStore &trace, ExchangeId id, const QByteArray &message)
{
    const QByteArray bytes = "data: " + message + "\n\n";
    const qint64 start = trace.summary(id).responseBytes;
    trace.append(id, bytes.constData(), bytes.size());
    trace.frame(id, {FrameKind::Event, start, start + bytes.size(), 0, -1, 0});
}

/// "tools: a b; prompts: c (not whole)".
QString words(const TraceReader &trace)
{
    QStringList lists;
    for (const Listing &list : recordedLists(trace)) {
        QStringList names;
        for (const ListItem &item : list.items)
            names << item.name;
        lists << listKey(list.kind) + u": "_s + names.join(u' ')
                + (list.complete ? QString() : u" (not whole)"_s);
    }
    return lists.join(u"; "_s);
}

} // namespace

class TestRecordedLists : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pages_are_one_list_and_know_their_exchanges();
    void the_newest_whole_list_counts();
    void an_event_and_another_stream_answer_as_well();
    void what_is_no_list_gives_none();
    void lists_are_those_of_the_server_asked_last();
};

void TestRecordedLists::pages_are_one_list_and_know_their_exchanges()
{
    TraceStore trace;
    ask(trace, u"tools/list"_s, 1, {},
        result(1, "\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"2\""));
    QCOMPARE(words(trace), u"tools: a (not whole)"_s);
    ask(trace, u"prompts/list"_s, 2, {}, result(2, "\"prompts\":[{\"name\":\"p\"}]"));
    ask(trace, u"tools/list"_s, 3, "{\"cursor\":\"2\"}", result(3, "\"tools\":[{\"name\":\"b\"}]"));
    QCOMPARE(words(trace), u"tools: a b; prompts: p"_s);
    const QList<Listing> lists = recordedLists(trace);
    QCOMPARE(lists.at(0).pages.size(), 2);
    QCOMPARE(lists.at(0).pages.at(0).exchange, 1);
    QCOMPARE(lists.at(0).pages.at(1).exchange, 3);
}

void TestRecordedLists::the_newest_whole_list_counts()
{
    TraceStore trace;
    ask(trace, u"tools/list"_s, 1, {}, result(1, "\"tools\":[{\"name\":\"old\"}]"));
    ask(trace, u"tools/list"_s, 2, {}, result(2, "\"tools\":[{\"name\":\"new\"}]"));
    QCOMPARE(words(trace), u"tools: new"_s);
    ask(trace, u"tools/list"_s, 3, {},
        result(3, "\"tools\":[{\"name\":\"part\"}],\"nextCursor\":\"x\""));
    QCOMPARE(words(trace), u"tools: new"_s);
    ask(trace, u"tools/list"_s, 4, {}, result(4, "\"tools\":[]"));
    QCOMPARE(words(trace), u"tools: "_s);
}

void TestRecordedLists::an_event_and_another_stream_answer_as_well()
{
    TraceStore trace;
    RequestRecord request;
    request.kind = ExchangeKind::Stream;
    request.what = u"event stream"_s;
    request.url = QUrl(u"http://127.0.0.1:4780/sse"_s);
    const ExchangeId stream = trace.begin(request, {});
    addEvent(trace, stream, "{\"method\":\"notifications/message\"}");
    ask(trace, u"tools/list"_s, 7, {}, {});
    QCOMPARE(words(trace), QString());
    addEvent(trace, stream, result(7, "\"tools\":[{\"name\":\"far\"}]"));
    QCOMPARE(words(trace), u"tools: far"_s);
    QCOMPARE(recordedLists(trace).at(0).pages.at(0).exchange, stream);
    const ExchangeId own = ask(trace, u"resources/list"_s, 8, {}, {});
    addEvent(trace, own, "{\"method\":\"notifications/progress\"}");
    addEvent(trace, own, result(8, "\"resources\":[{\"uri\":\"a://b\",\"name\":\"r\"}]"));
    QCOMPARE(words(trace), u"tools: far; resources: r"_s);
}

void TestRecordedLists::what_is_no_list_gives_none()
{
    TraceStore trace;
    QCOMPARE(words(trace), QString());
    ask(trace, u"tools/list"_s, 1, {},
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}");
    ask(trace, u"tools/list"_s, 2, {}, result(3, "\"tools\":[{\"name\":\"for another\"}]"));
    ask(trace, u"tools/list"_s, 4, {}, result(4, "\"tools\":7"));
    ask(trace, u"tools/list"_s, 5, {}, "<html>");
    ask(trace, u"tools/call x"_s, 6, {}, result(6, "\"tools\":[{\"name\":\"a\"}]"));
    QCOMPARE(words(trace), QString());
}

void TestRecordedLists::lists_are_those_of_the_server_asked_last()
{
    TraceStore trace;
    ask(trace, u"tools/list"_s, 1, {}, result(1, "\"tools\":[{\"name\":\"first\"}]"));
    ask(trace, u"prompts/list"_s, 2, {}, result(2, "\"prompts\":[{\"name\":\"first\"}]"));
    ask(trace, u"tools/list"_s, 1, {}, result(1, "\"tools\":[{\"name\":\"second\"}]"),
        u"other.example"_s);
    QCOMPARE(words(trace), u"tools: second"_s);
}

QTEST_GUILESS_MAIN(TestRecordedLists)
#include "test_recorded_lists.moc"
