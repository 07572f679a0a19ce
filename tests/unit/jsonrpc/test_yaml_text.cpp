// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/yaml_text.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// The value as one line: plain scalars bare, others in quotes, [a, b], {k: v}.
QString written(const YamlValue &value)
{
    QStringList parts;
    switch (value.kind) {
    case YamlValue::Kind::Scalar:
        return value.isPlain ? value.text : u'"' + value.text + u'"';
    case YamlValue::Kind::Sequence:
        for (const YamlValue &child : value.children)
            parts.append(written(child));
        return u'[' + parts.join(u", "_s) + u']';
    case YamlValue::Kind::Mapping:
        for (qsizetype i = 0; i < value.keys.size(); ++i)
            parts.append(value.keys.at(i) + u": "_s + written(value.children.at(i)));
        return u'{' + parts.join(u", "_s) + u'}';
    }
    return {};
}

} // namespace

class TestYamlText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_what_people_write_in_settings_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *name, const QString &text, const QString &value) {
            QTest::newRow(name) << text << value;
        };
        row("nothing", {}, {});
        row("comments alone", u"# a\n\n  # b\n"_s, {});
        row("scalar", u"word"_s, u"word"_s);
        row("mapping", u"name: a\ndescription: b c\n"_s, u"{name: a, description: b c}"_s);
        row("windows line ends", u"a: 1\r\nb: 2\r\n"_s, u"{a: 1, b: 2}"_s);
        row("empty value", u"a:\nb: 1"_s, u"{a: , b: 1}"_s);
        row("comment behind a value", u"a: b # c\nd: e#f"_s, u"{a: b, d: e#f}"_s);
        row("colon within a word", u"a: http://b:1/c"_s, u"{a: http://b:1/c}"_s);
        row("nested", u"a:\n  b:\n    c: 1\n  d: 2\ne: 3"_s, u"{a: {b: {c: 1}, d: 2}, e: 3}"_s);
        row("list", u"- a\n- b\n"_s, u"[a, b]"_s);
        row("list below its key", u"a:\n- b\n- c\nd: e"_s, u"{a: [b, c], d: e}"_s);
        row("indented list", u"a:\n  - b\n  - c\nd: e"_s, u"{a: [b, c], d: e}"_s);
        row("list of mappings", u"- a: 1\n  b: 2\n- a: 3"_s, u"[{a: 1, b: 2}, {a: 3}]"_s);
        row("list of lists", u"- - a\n  - b\n- - c"_s, u"[[a, b], [c]]"_s);
        row("empty entries", u"-\n- a\n-"_s, u"[, a, ]"_s);
        row("entry on the next line", u"-\n  a: 1"_s, u"[{a: 1}]"_s);
        row("plain text over lines", u"a: one\n  two\n\n  three\nb: 1"_s,
            u"{a: one two\nthree, b: 1}"_s);
        row("dash within text", u"a: one - two"_s, u"{a: one - two}"_s);
        row("single quotes", u"a: 'it''s: # this'"_s, u"{a: \"it's: # this\"}"_s);
        row("double quotes", u"a: \"b\\n\\t\\\"\\u00e4\\x41\\\\\""_s,
            u"{a: \"b\n\t\"\u00e4A\\\"}"_s);
        row("quotes over lines", u"a: \"one\n  two\n\n  three\\\n  four\""_s,
            u"{a: \"one two\nthreefour\"}"_s);
        row("quoted key", u"\"a: b\": c\n'd' : e"_s, u"{a: b: c, d: e}"_s);
        row("literal", u"a: |\n  one\n    two\n\n  three\nb: 1"_s,
            u"{a: \"one\n  two\n\nthree\n\", b: 1}"_s);
        row("literal, stripped", u"a: |-\n  one\n\n"_s, u"{a: \"one\"}"_s);
        row("literal, kept", u"a: |+\n  one\n\nb: 1"_s, u"{a: \"one\n\n\", b: 1}"_s);
        row("literal with a given indent", u"a: |2\n    one\n"_s, u"{a: \"  one\n\"}"_s);
        row("folded", u"a: >\n  one\n  two\n\n  three\n    four\n  five\n"_s,
            u"{a: \"one two\nthree\n  four\nfive\n\"}"_s);
        row("flow list", u"a: [b, 'c, d', [e], {f: g}]"_s, u"{a: [b, \"c, d\", [e], {f: g}]}"_s);
        row("flow mapping", u"{a: b c, \"d\": , e}"_s, u"{a: b c, d: , e: }"_s);
        row("flow over lines", u"a: [b, # c\n  d\n  e,\n]"_s, u"{a: [b, d e]}"_s);
        row("empty flows", u"a: []\nb: {}"_s, u"{a: [], b: {}}"_s);
        row("not only Latin", u"Grüße: 世界"_s, u"{Grüße: 世界}"_s);
    }
    void reads_what_people_write_in_settings()
    {
        QFETCH(QString, text);
        const YamlDocument document = readYaml(text);
        QCOMPARE(document.problem, QString());
        QTEST(written(document.value), "value");
    }

    void refuses_what_it_does_not_know_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("problem");
        QTest::addColumn<int>("line");
        const auto row = [](const char *name, const QString &text, const QString &problem,
                            int line) { QTest::newRow(name) << text << problem << line; };
        row("anchor", u"a: 1\nb: &x y"_s, u"anchors and aliases"_s, 2);
        row("anchor of a list", u"a: 1\nb: &x [y]"_s, u"anchors and aliases"_s, 2);
        row("alias", u"b: *x"_s, u"anchors and aliases"_s, 1);
        row("tag", u"b: !!str 1"_s, u"tags"_s, 1);
        row("tag of a mapping", u"b: !x {}"_s, u"tags"_s, 1);
        row("key that is a list", u"? [a]\n: b"_s, u"a key is no text"_s, 1);
        row("key twice", u"a: 1\nb: 2\na: 3"_s, u"“a” stands twice"_s, 3);
        row("two documents", u"a: 1\n---\nb: 2"_s, u"more than one document"_s, 2);
        // In the library's own words.
        for (const char *text :
             {"a:\n\tb: 1", "a: 1\nb", "a: b: c", "a: \"b\nc: d", "a: [b, c", "a: [\"b\" c]",
              "a: \"\\q\"", "a: \"\\u12\"", "a: |x\n  b", "%", "@"})
            row(text, QString::fromUtf8(text), u" "_s, -1);
    }
    void refuses_what_it_does_not_know()
    {
        QFETCH(QString, text);
        QFETCH(QString, problem);
        const YamlDocument document = readYaml(text);
        QVERIFY2(document.problem.contains(problem), qPrintable(document.problem));
        QFETCH(int, line);
        if (line >= 0)
            QCOMPARE(document.line, line);
        else
            QVERIFY(document.line >= 1);
    }

    void depth_is_bounded()
    {
        QVERIFY(readYaml(QString(100'000, u'[')).problem.contains("too deeply"_L1));
        QVERIFY(readYaml(u"- "_s.repeated(100'000) + u'a').problem.contains("too deeply"_L1));
        QString deep;
        for (int i = 0; i < 300; ++i)
            deep += QString(i, u' ') + u"a:\n"_s;
        QVERIFY(readYaml(deep).problem.contains("too deeply"_L1));
    }

    void comes_to_an_end_with_every_piece_of_a_text()
    {
        const QString text = u"a: [b, {c: 'd'}]\ne:\n  - \"f\\u0041\n    g\"\n  - |+\n    h\n\n"
                             "i: >-\n  j\n  k # l\n? m\n&n *o !p"_s;
        for (qsizetype from = 0; from < text.size(); ++from) {
            for (qsizetype count = 1; count <= text.size() - from; ++count)
                readYaml(text.mid(from, count));
        }
    }
};

QTEST_APPLESS_MAIN(TestYamlText)
#include "test_yaml_text.moc"
