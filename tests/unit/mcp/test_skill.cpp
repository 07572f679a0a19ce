// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/front_matter.h"
#include "core/mcp/skill.h"

#include <QCryptographicHash>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Head = "---\nname: pdf\ndescription: Fill forms\n---\n\nBody.\n";
const QByteArray FrontMatter = R"({"name":"pdf","description":"Fill forms"})";
const QString HeadUri = u"skill://pdf/SKILL.md"_s;
const QString OtherUri = u"skill://pdf/data.bin"_s;

QByteArray sha256(const QByteArray &content)
{
    return "sha256:" + QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
}

QByteArray fileEntry(const QString &uri, const QByteArray &content)
{
    return "{\"uri\":\"" + uri.toUtf8() + "\",\"digest\":\"" + sha256(content)
        + "\",\"size\":" + QByteArray::number(content.size()) + '}';
}

QByteArray entry(const QByteArray &resources, const QByteArray &frontMatter = FrontMatter)
{
    return "{\"uri\":\"" + HeadUri.toUtf8() + "\",\"frontmatter\":" + frontMatter
        + ",\"resources\":" + resources + '}';
}

Skill skill(const QByteArray &entryText)
{
    return readSkills("{\"skill\":" + entryText + '}').value(0);
}

QByteArray asText(const QString &uri, const QByteArray &content)
{
    JsonWriter json;
    json.beginObject().key(u"contents").beginArray().beginObject();
    json.key(u"uri").value(uri).key(u"text").value(QString::fromUtf8(content));
    json.endObject().endArray().endObject();
    return json.text();
}

QByteArray asBlob(const QString &uri, const QByteArray &content)
{
    return "{\"contents\":[{\"uri\":\"" + uri.toUtf8() + "\",\"blob\":\"" + content.toBase64()
        + "\"}]}";
}

} // namespace

class TestSkill : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_server_declares_skills_as_an_extension()
    {
        QVERIFY(offersSkills(R"({"extensions":{"io.modelcontextprotocol/skills":{}}})"));
        QVERIFY(!offersSkills(R"({"extensions":{}})"));
        QVERIFY(!offersSkills(R"({"skills":{}})"));
        QVERIFY(!offersSkills({}));
    }

    void entries_are_read_from_lists_and_alone()
    {
        const QByteArray one =
            entry('[' + fileEntry(HeadUri, Head) + ',' + fileEntry(OtherUri, "x") + ']');
        const QList<Skill> listed = readSkills("{\"skills\":[" + one + ',' + one + "]}");
        QCOMPARE(listed.size(), 2);
        QCOMPARE(listed.first(), skill(one));
        QCOMPARE(listed.first().problem, QString());
        QCOMPARE(listed.first().name, u"pdf"_s);
        QCOMPARE(listed.first().description, u"Fill forms"_s);
        QCOMPARE(listed.first().files.size(), 2);
        QCOMPARE(listed.first().file(OtherUri)->size, std::optional<qint64>(1));
        QVERIFY(!listed.first().file(u"skill://pdf/other"_s));
        QVERIFY(readSkills("{\"skills\":7}").isEmpty());
        QVERIFY(readSkills("no JSON").isEmpty());
    }

    void an_entry_that_must_not_be_loaded_says_why_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("problem");
        const QByteArray file = '[' + fileEntry(HeadUri, Head) + ']';
        QTest::newRow("no object") << "7"_ba << QString();
        QTest::newRow("no uri") << R"({"frontmatter":{},"resources":[]})"_ba << u"no uri"_s;
        QTest::newRow("no frontmatter") << entry(file, "[]") << u"no object"_s;
        QTest::newRow("no name") << entry(file, R"({"description":"d"})") << u"no name"_s;
        QTest::newRow("no resources") << entry("null") << u"neither a list"_s;
        QTest::newRow("other resources") << entry("\"static\"") << u"neither a list"_s;
        QTest::newRow("without its head")
            << entry('[' + fileEntry(OtherUri, "x") + ']') << u"do not list its own"_s;
        QTest::newRow("dynamic") << entry("\"dynamic\"") << QString();
    }
    void an_entry_that_must_not_be_loaded_says_why()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, problem);
        const Skill read = skill(text);
        if (problem.isEmpty())
            QCOMPARE(read.problem, QString());
        else
            QVERIFY2(read.problem.contains(problem), qPrintable(read.problem));
    }

    void files_are_what_their_entry_says_data()
    {
        QTest::addColumn<QByteArray>("resources");
        QTest::addColumn<QString>("uri");
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<QString>("problem");
        const QByteArray binary("\x00\xff\x01", 3);
        const QByteArray both =
            '[' + fileEntry(HeadUri, Head) + ',' + fileEntry(OtherUri, binary) + ']';
        const auto row = [](const char *name, const QByteArray &resources, const QString &uri,
                            const QByteArray &result, const QString &problem = {}) {
            QTest::newRow(name) << resources << uri << result << problem;
        };
        row("text", both, HeadUri, asText(HeadUri, Head));
        row("text in base64", both, HeadUri, asBlob(HeadUri, Head));
        row("binary", both, OtherUri, asBlob(OtherUri, binary));
        row("a file that is not listed", both, u"skill://pdf/x"_s, asText(u"skill://pdf/x"_s, "x"));
        row("another length", both, HeadUri, asText(HeadUri, Head + "!"),
            u"has 50 bytes, and its entry announces 49"_s);
        row("another byte", both, OtherUri, asBlob(OtherUri, "abc"), u"its digest is"_s);
        row("no content", both, HeadUri, R"({"contents":[]})", u"no readable content"_s);
        row("no base64", both, OtherUri, R"({"contents":[{"blob":"?"}]})",
            u"no readable content"_s);
        row("no result", both, HeadUri, "7", u"no readable content"_s);
        row("no size",
            "[{\"uri\":\"" + HeadUri.toUtf8() + "\",\"digest\":\"" + sha256(Head) + "\"}]", HeadUri,
            asText(HeadUri, Head), u"no size"_s);
        const QByteArray changed = "---\nname: pdf\ndescription: Send keys\n---\n";
        row("another head", '[' + fileEntry(HeadUri, changed) + ']', HeadUri,
            asText(HeadUri, changed), u"“description” in its front matter"_s);
        row("dynamic", "\"dynamic\"", HeadUri, asText(HeadUri, Head));
        row("dynamic, another head", "\"dynamic\"", HeadUri, asText(HeadUri, changed),
            u"“description” in its front matter"_s);
        row("dynamic, another file", "\"dynamic\"", OtherUri, asText(OtherUri, "x"));
    }
    void files_are_what_their_entry_says()
    {
        QFETCH(QByteArray, resources);
        QFETCH(QString, uri);
        QFETCH(QByteArray, result);
        QFETCH(QString, problem);
        const QString found = skillFileProblem(skill(entry(resources)), uri, result);
        if (problem.isEmpty())
            QCOMPARE(found, QString());
        else
            QVERIFY2(found.contains(problem), qPrintable(found));
    }

    void front_matter_is_compared_by_value_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("differs");
        const auto row = [](const char *name, const char *yaml, const char *json,
                            const QString &differs = {}) {
            QTest::newRow(name) << QByteArray(yaml) << QByteArray(json) << differs;
        };
        row("another order", "a: x\nb: y", R"({"b":"y","a":"x"})");
        row("numbers", "a: 1\nb: 2.50\nc: 0x10\nd: -3", R"({"a":1,"b":2.5,"c":16,"d":-3.0})");
        row("a number as it was written", "version: 1.10", R"({"version":"1.10"})");
        row("truths and nothing", "a: true\nb: False\nc:\nd: ~",
            R"({"a":true,"b":false,"c":null,"d":null})");
        row("quoted is text", "a: \"true\"\nb: '1'", R"({"a":"true","b":"1"})");
        row("quoted is no truth", "a: \"true\"", R"({"a":true})", u"“a”"_s);
        row("deep", "a:\n  b:\n  - c: d", R"({"a":{"b":[{"c":"d"}]}})");
        row("deep difference", "a:\n  b:\n  - c: d", R"({"a":{"b":[{"c":"e"}]}})", u"“a/b/0/c”"_s);
        row("one more", "a: x\nb: y", R"({"a":"x"})", u"“b”"_s);
        row("one less", "a: x", R"({"a":"x","b":"y"})", u"“b”"_s);
        row("a list that is longer", "a: [x, y]", R"({"a":["x"]})", u"“a”"_s);
        row("a list that is none", "a: [x]", R"({"a":{"0":"x"}})", u"“a”"_s);
        row("not readable", "a: &b c", R"({"a":"c"})", u"line 2"_s);
        row("no object", "a: b", "[]", u"“.”"_s);
    }
    void front_matter_is_compared_by_value()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, json);
        QFETCH(QString, differs);
        const QString found = frontMatterDifference("---\n" + yaml + "\n---\ntext\n", json);
        if (differs.isEmpty())
            QCOMPARE(found, QString());
        else
            QVERIFY2(found.contains(differs), qPrintable(found));
    }

    void front_matter_stands_between_dashes()
    {
        QCOMPARE(frontMatterDifference("\xEF\xBB\xBF---\r\na: b\r\n---\r\n", R"({"a":"b"})"),
                 QString());
        QVERIFY(!frontMatterDifference("a: b\n", R"({"a":"b"})").isEmpty());
        QVERIFY(!frontMatterDifference("---\na: b\n", R"({"a":"b"})").isEmpty());
        QVERIFY(!frontMatterDifference({}, "{}").isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestSkill)
#include "test_skill.moc"
