// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/uri_template.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

/// The examples of RFC 6570 that have texts as values, and what servers get wrong.
class TestUriTemplate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void expandsAsTheRfcSays_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("uri");
        const std::pair<const char *, const char *> rows[] = {
            {"{var}", "value"},
            {"{hello}", "Hello%20World%21"},
            {"{+var}", "value"},
            {"{+hello}", "Hello%20World!"},
            {"{+path}/here", "/foo/bar/here"},
            {"here?ref={+path}", "here?ref=/foo/bar"},
            {"{#hello}", "#Hello%20World!"},
            {"map?{x,y}", "map?1024,768"},
            {"{x,hello,y}", "1024,Hello%20World%21,768"},
            {"{+x,hello,y}", "1024,Hello%20World!,768"},
            {"{#path,x}/here", "#/foo/bar,1024/here"},
            {"X{.var}", "X.value"},
            {"X{.x,y}", "X.1024.768"},
            {"{/var}", "/value"},
            {"{/var,x}/here", "/value/1024/here"},
            {"{;x,y}", ";x=1024;y=768"},
            {"{;x,y,empty}", ";x=1024;y=768;empty"},
            {"{?x,y}", "?x=1024&y=768"},
            {"{?x,y,empty}", "?x=1024&y=768&empty="},
            {"?fixed=yes{&x}", "?fixed=yes&x=1024"},
            {"{&x,y,empty}", "&x=1024&y=768&empty="},
            {"{var:3}", "val"},
            {"{var:30}", "value"},
            {"{+path:6}/here", "/foo/b/here"},
            {"{/var:1,var}", "/v/value"},
            {"{?var:3}", "?var=val"},
            {"O{empty}X", "OX"},
            {"O{undef}X", "OX"},
            {"{x,undef,y}", "1024,768"},
            {"{?x,undef}", "?x=1024"},
            {"{?undef}", ""},
            {"{var*}", "value"},
            {"{+half}", "50%25"},
            {"{half}", "50%25"},
            {"{+done}", "a%20b"},
            {"{smile:1}", "%F0%9F%99%82"},
            {"file:///{var}.txt", "file:///value.txt"},
            {"plain://without/any", "plain://without/any"},
            {"caf\303\251/{var}", "caf%C3%A9/value"},
        };
        for (const auto &[text, uri] : rows)
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(uri);
    }
    void expandsAsTheRfcSays()
    {
        QFETCH(QString, text);
        QFETCH(QString, uri);
        const UriTemplate parsed = UriTemplate::parse(text);
        QCOMPARE(parsed.problem(), QString());
        QCOMPARE(parsed.expand({{u"var"_s, u"value"_s},
                                {u"hello"_s, u"Hello World!"_s},
                                {u"path"_s, u"/foo/bar"_s},
                                {u"x"_s, u"1024"_s},
                                {u"y"_s, u"768"_s},
                                {u"half"_s, u"50%"_s},
                                {u"done"_s, u"a%20b"_s},
                                {u"smile"_s, u"\U0001F642\U0001F642"_s},
                                {u"empty"_s, u""_s}}),
                 uri);
    }

    void namesEachVariableOnceInOrder()
    {
        const UriTemplate parsed = UriTemplate::parse(u"{b}/{a}{?b,c.d,e_%41}"_s);
        QCOMPARE(parsed.variables(), (QStringList{u"b"_s, u"a"_s, u"c.d"_s, u"e_%41"_s}));
    }

    void tellsWhatIsMalformedAndKeepsIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("uri");
        QTest::newRow("never closed") << u"a/{b"_s << u"no closing"_s << u"a/%7Bb"_s;
        QTest::newRow("never opened") << u"a}/b"_s << u"no opening"_s << u"a%7D/b"_s;
        QTest::newRow("empty") << u"a/{}"_s << u"names no variable"_s << u"a/%7B%7D"_s;
        QTest::newRow("operator alone") << u"{?}"_s << u"names no variable"_s << u"%7B?%7D"_s;
        QTest::newRow("reserved operator") << u"{=a}"_s << u"operator"_s << u"%7B=a%7D"_s;
        QTest::newRow("space") << u"{a b}"_s << u"names no variable"_s << u"%7Ba%20b%7D"_s;
        QTest::newRow("dots") << u"{a..b}"_s << u"names no variable"_s << u"%7Ba..b%7D"_s;
        QTest::newRow("prefix") << u"{a:0}"_s << u"1 to 9999"_s << u"%7Ba:0%7D"_s;
        QTest::newRow("large prefix") << u"{a:10000}"_s << u"1 to 9999"_s << u"%7Ba:10000%7D"_s;
        QTest::newRow("nested") << u"{a{b}}"_s << u"no opening"_s << u"%7Ba%7Bb%7D%7D"_s;
    }
    void tellsWhatIsMalformedAndKeepsIt()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        QFETCH(QString, uri);
        const UriTemplate parsed = UriTemplate::parse(text);
        QVERIFY2(parsed.problem().contains(says), qPrintable(parsed.problem()));
        QCOMPARE(parsed.expand({{u"a"_s, u"1"_s}, {u"b"_s, u"2"_s}}), uri);
    }
};

QTEST_GUILESS_MAIN(TestUriTemplate)
#include "test_uri_template.moc"
