// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_completion.h"

#include "core/filter/filter_syntax.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

void fill(TraceStore &trace)
{
    RequestRecord request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = QUrl(u"http://127.0.0.1:4780/mcp"_s);
    request.headers = {{"Authorization", "Bearer hidden-token", HeaderSource::Credential, true},
                       {"Accept", "hidden/accept"}};
    for (const char *what : {"initialize", "tools/call add", "tools/call add two", "tools/list"}) {
        request.what = QString::fromLatin1(what);
        const ExchangeId id = trace.begin(request, {}, 0);
        trace.respond(id, {what == "initialize"_ba ? 200 : 418, {}, {}, {{"X-Odd", "hidden"}}}, 0);
        trace.finish(id, {}, 1);
    }
    const QByteArray bytes = "event: tick\ndata: {\"method\":\"notifications/odd\"}\n\n";
    trace.note(u"deviation"_s, u"odd"_s, 1, -1, u"AF-07"_s);
    request.kind = ExchangeKind::Stream;
    const ExchangeId id = trace.begin(request, {}, 0);
    trace.append(id, bytes.constData(), bytes.size(), 0);
    trace.frame(id, {FrameKind::Event, 0, bytes.size(), 0, -1, 0});
}

} // namespace

class TestFilterCompletion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fill(m_trace);
        QVERIFY(!m_seen.update(m_trace, 100));
    }
    void what_may_follow_is_suggested_data();
    void what_may_follow_is_suggested();
    void what_is_taken_is_right();
    void every_key_is_found_by_its_beginning();
    void values_are_taken_in_by_parts_and_without_secrets();

private:
    TraceStore m_trace;
    SeenValues m_seen;
};

void TestFilterCompletion::what_may_follow_is_suggested_data()
{
    QTest::addColumn<QString>("text"); // the cursor is at "|"
    QTest::addColumn<QString>("labels"); // the first ones
    const auto row = [](const char *text, const char *labels) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(labels);
    };
    row("|", "");
    row("a |", "");
    row("sta|", "status:");
    row("st|us", "status:");
    row("-sta|", "status:");
    row("(sta|", "status:");
    row("kind:post sta|", "status:");
    row("to|", "tool:");
    row("m|", "method: missing: ms>");
    row("ms|", "ms>");
    row("time|", "time>");
    row("typ|", "event.type:");
    row("an|", "and");
    row("no|", "note: not");
    row("not|", "note:");
    row("or|", "error:");
    row("zzz|", "");
    row("\"sta|", "");
    row("/sta/|", "");
    row("http:sta|", "");
    row("status:|", "200 418 2xx 3xx 4xx 5xx none");
    row("status:4|", "418 4xx");
    row("status=4|", "418 4xx");
    row("status:418|", "");
    row("tool:|", "add add two");
    row("tool:add|", "add two");
    row("tool:\"add |", "add two");
    row("tool:x|", "");
    row("kind:r|", "reconnect registration");
    row("is:|", "failed error open stream acting marked");
    row("method:|", "POST GET DELETE");
    row("finding:|", "AF-07");
    row("missing:|", "authorization any cookie x-api-key");
    row("event.type:|", "tick message");
    row("rpc.method:n|", "notifications/odd notifications/progress notifications/message");
    row("header.|", "header.accept header.authorization");
    row("header.au|", "header.authorization");
    row("response.header.|", "response.header.x-odd");
    row("response.h|", "response.header.");
    row("size>|", "200, 10kB, 1MB, 1MiB");
    row("at:|", "10s, 500ms, 2m");
    row("body/|", "");
    row("bod|", "body: body/");
}

void TestFilterCompletion::what_may_follow_is_suggested()
{
    QFETCH(QString, text);
    QFETCH(QString, labels);
    const qsizetype cursor = text.indexOf(u'|');
    text.remove(cursor, 1);
    QStringList found;
    for (const FilterSuggestion &one : filterSuggestions(text, cursor, m_seen)) {
        QVERIFY(one.start >= 0 && one.start + one.length <= cursor);
        found << one.label;
    }
    if (labels.isEmpty())
        QVERIFY2(found.isEmpty() || text.startsWith(u"body/"_s), qPrintable(found.join(u' ')));
    else
        QVERIFY2(found.join(u' ').startsWith(labels), qPrintable(found.join(u' ')));
    // Without a word there, all keys, where they are asked for.
    if (text.isEmpty())
        QCOMPARE(filterSuggestions(text, cursor, m_seen, true).size(), filterKeys().size());
}

void TestFilterCompletion::what_is_taken_is_right()
{
    const auto taken = [&](const QString &text, const QString &label) {
        for (const FilterSuggestion &one : filterSuggestions(text, text.size(), m_seen)) {
            if (one.label == label)
                return QString(text).replace(one.start, one.length, one.insert);
        }
        return QString();
    };
    QCOMPARE(taken(u"a -too"_s, u"tool:"_s), u"a -tool:"_s);
    QCOMPARE(taken(u"tool:a"_s, u"add"_s), u"tool:add"_s);
    QCOMPARE(taken(u"tool:a"_s, u"add two"_s), u"tool:\"add two\""_s);
    QCOMPARE(taken(u"tool:\"add t"_s, u"add two"_s), u"tool:\"add two\""_s);
    QCOMPARE(taken(u"not header.AU"_s, u"header.authorization"_s), u"not header.authorization"_s);
    QCOMPARE(taken(u"a o"_s, u"or"_s), u"a or "_s);
    QCOMPARE(filterQuoted(u"plain"_s), u"plain"_s);
    for (const QString &value : {u"a b"_s, u"a\"b"_s, u"a\\b"_s, u"/a/"_s, u"a)"_s, u"(a"_s}) {
        const FilterSyntax syntax = parseFilter(u"(tool:"_s + filterQuoted(value) + u')');
        QVERIFY(syntax.problems.isEmpty());
        QCOMPARE(syntax.root->term.value.text, value);
        QVERIFY(!syntax.root->term.value.regex);
    }
    // Behind "=" it would make "==", which means the same as one.
    QCOMPARE(parseFilter(u"tool="_s + filterQuoted(u"=a"_s)).root->term.value.text, u"=a"_s);
}

void TestFilterCompletion::every_key_is_found_by_its_beginning()
{
    for (const FilterKey &key : filterKeys()) {
        const QString begun = key.name.left(2);
        const auto list = filterSuggestions(begun, 2, m_seen);
        QVERIFY2(std::any_of(list.begin(), list.end(),
                             [&](const FilterSuggestion &one) {
                                 return one.insert.startsWith(key.name) && one.goesOn
                                     && one.description.contains(key.example);
                             }),
                 qPrintable(key.name));
    }
}

void TestFilterCompletion::values_are_taken_in_by_parts_and_without_secrets()
{
    SeenValues seen;
    QVERIFY(seen.update(m_trace, 2));
    QCOMPARE(seen.of(FilterField::Tool), QStringList{u"add"_s});
    QVERIFY(!seen.update(m_trace, 3));
    QCOMPARE(seen.of(FilterField::Tool), (QStringList{u"add"_s, u"add two"_s}));
    for (int field = 0; field <= int(FilterField::Note); ++field) {
        for (const QString &value : seen.of(FilterField(field)))
            QVERIFY2(!value.contains("hidden"_L1), qPrintable(value));
    }
    TraceStore other;
    QVERIFY(!seen.update(other, 10));
    QVERIFY(seen.of(FilterField::Tool).isEmpty());
}

QTEST_APPLESS_MAIN(TestFilterCompletion)
#include "test_filter_completion.moc"
