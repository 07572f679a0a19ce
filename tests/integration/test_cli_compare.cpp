// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/http/header_list.h"
#include "core/jsonrpc/json_text.h"
#include "core/lab/lab.h"
#include "core/trace/trace_file.h"
#include "tests/support/cli_run.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray told(const CliRun &run)
{
    return "exit " + QByteArray::number(run.exitCode) + ", stdout: " + run.out.left(2000)
        + ", stderr: " + run.err.left(800);
}

} // namespace

/// Two recordings held against each other, and a request of one sent again, by the command line.
class TestCliCompare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theSameCommandTwiceDoesNotDiffer();
    void whatDiffersIsPrintedAndTheExitCodeIsDiffs();
    void jsonIsForScripts();
    void whatCannotBeReadIsTwo_data();
    void whatCannotBeReadIsTwo();
    void aRecordedRequestIsSentAgain();
    void itIsSentWithAnotherBodyAndMarked();
    void aHeaderForItGoesWithItAlone_data();
    void aHeaderForItGoesWithItAlone();
    void whatCannotBeSentIsTold_data();
    void whatCannotBeSentIsTold();

private:
    QString record(const QString &name, const QStringList &command);
    /// The number of the first exchange of the recording that asks `what`.
    static ExchangeId find(const QString &path, const QString &what);

    QTemporaryDir m_folder;
    Lab m_lab{LabSettings{.bearer = "compare-token-0123456789", .retryMs = 50, .pingMs = 0}};
    QString m_url;
    QString m_first;
    QStringList m_token;
};

void TestCliCompare::initTestCase()
{
    QVERIFY(m_lab.listen());
    m_url = m_lab.url().toString();
    qputenv("COMPARE_TOKEN", "compare-token-0123456789");
    m_token = {u"--bearer-env"_s, u"COMPARE_TOKEN"_s};
    m_first = record(u"first.sgtrace"_s,
                     {u"call"_s, m_url, u"add"_s, u"--args"_s, u"{\"a\":1,\"b\":2}"_s});
    QVERIFY(QFile::exists(m_first));
}

QString TestCliCompare::record(const QString &name, const QStringList &command)
{
    const QString path = m_folder.filePath(name);
    // One with sessions.
    const CliRun run = runCli(command + m_token
                              + QStringList{u"--revision"_s, u"2025-11-25"_s, u"--trace"_s, path});
    return run.exitCode == 0 || run.exitCode == 5 ? path : QString();
}

ExchangeId TestCliCompare::find(const QString &path, const QString &what)
{
    const Expected<Recording> recording = readTraceFile(path);
    for (ExchangeId id = 1; recording && id <= recording->trace->exchangeCount(); ++id) {
        if (recording->trace->request(id).what == what)
            return id;
    }
    return 0;
}

void TestCliCompare::theSameCommandTwiceDoesNotDiffer()
{
    const QString second = record(
        u"second.sgtrace"_s, {u"call"_s, m_url, u"add"_s, u"--args"_s, u"{\"b\":2, \"a\":1}"_s});
    const CliRun run = runCli({u"compare"_s, m_first, second});
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(run.out.contains("do not differ"), told(run));
    const CliRun itself = runCli({u"compare"_s, m_first, m_first});
    QVERIFY2(itself.exitCode == 0, told(itself));
}

void TestCliCompare::whatDiffersIsPrintedAndTheExitCodeIsDiffs()
{
    const QString other = record(u"other.sgtrace"_s,
                                 {u"call"_s, m_url, u"add"_s, u"--args"_s, u"{\"a\":1,\"b\":5}"_s});
    const CliRun run = runCli({u"compare"_s, m_first, other});
    QVERIFY2(run.exitCode == 1, told(run));
    QVERIFY2(run.out.contains("What was asked\n  ~ tools/call add /params/arguments/b: 2 → 5"),
             told(run));
    QVERIFY2(run.out.contains("What was answered"), told(run));
    QVERIFY2(run.out.contains("of the first, "), told(run));
    QVERIFY2(!run.out.contains("compare-token"), told(run));
}

void TestCliCompare::jsonIsForScripts()
{
    const QString fewer = record(u"fewer.sgtrace"_s, {u"ping"_s, m_url});
    const CliRun run = runCli({u"compare"_s, m_first, fewer, u"--json"_s});
    QVERIFY2(run.exitCode == 1, told(run));
    const JsonText json = JsonText::parse(run.out);
    QVERIFY2(json.isValid(), told(run));
    QCOMPARE(json.boolean(json.find("/same"), true), false);
    bool asked = false;
    for (const JsonText::Node node : json.children(json.find("/differences"))) {
        asked = asked
            || (json.string(json.member(node, u"subject")) == "tools/call add"_L1
                && json.string(json.member(node, u"change")) == "removed"_L1
                && json.string(json.member(node, u"area")) == "requests"_L1
                && json.integer(json.member(node, u"left")) == 1);
    }
    QVERIFY2(asked, told(run));
    QVERIFY2(!run.err.contains("makes no use"), told(run));
}

void TestCliCompare::whatCannotBeReadIsTwo_data()
{
    QTest::addColumn<QStringList>("files");
    QTest::newRow("none") << QStringList{u"/none.sgtrace"_s, u"/none.sgtrace"_s};
    QTest::newRow("one only") << QStringList{u"/none.sgtrace"_s};
    QTest::newRow("no recording") << QStringList{u"/etc/passwd"_s, u"/etc/passwd"_s};
    QTest::newRow("standard input twice") << QStringList{u"-"_s, u"-"_s};
}

void TestCliCompare::whatCannotBeReadIsTwo()
{
    QFETCH(QStringList, files);
    const CliRun run = runCli(QStringList{u"compare"_s} + files);
    QVERIFY2(run.exitCode == 2 && run.out.isEmpty() && !run.err.isEmpty(), told(run));
}

void TestCliCompare::aRecordedRequestIsSentAgain()
{
    const ExchangeId number = find(m_first, u"tools/call add"_s);
    QVERIFY(number > 0);
    const QString path = m_folder.filePath(u"sent.sgtrace"_s);
    const CliRun run = runCli(QStringList{u"send"_s, m_url, m_first, QString::number(number),
                                          u"--json"_s, u"--trace"_s, path}
                              + m_token);
    QVERIFY2(run.exitCode == 0, told(run));
    QVERIFY2(JsonText::parse(run.out).isValid() && run.out.contains("\"result\""), told(run));
    QVERIFY2(run.err.contains("HTTP 200 [exchange "), told(run));
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording);
    QStringList notes;
    for (qint64 i = 0; i < recording->trace->noteCount(); ++i) {
        if (recording->trace->note(i).name == "sent-again"_L1)
            notes << recording->trace->note(i).text;
    }
    QCOMPARE(notes,
             (QStringList{u"Exchange %1 of first.sgtrace, sent again by hand."_s.arg(number)}));
}

void TestCliCompare::itIsSentWithAnotherBodyAndMarked()
{
    const ExchangeId number = find(m_first, u"tools/call add"_s);
    const QString body = m_folder.filePath(u"body.json"_s);
    QFile file(body);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"nosuch"}})");
    file.close();
    const QString path = m_folder.filePath(u"edited.sgtrace"_s);
    const CliRun run = runCli(QStringList{u"send"_s, m_url, m_first, QString::number(number),
                                          u"--body"_s, u'@' + body, u"--trace"_s, path}
                              + m_token);
    QVERIFY2(run.exitCode == 5, told(run));
    QVERIFY2(run.out.contains("-32602"), told(run));
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY(recording);
    const ExchangeId sent = find(path, u"tools/call nosuch"_s);
    QVERIFY(sent > 0);
    bool marked = false;
    for (qint64 i = 0; i < recording->trace->noteCount(); ++i) {
        const Note note = recording->trace->note(i);
        marked = marked
            || (note.name == "edited"_L1 && note.exchange == sent
                && note.text.endsWith(u"edited by hand: body."_s));
    }
    QVERIFY(marked);

    // Any bytes, by another method, and no JSON.
    const CliRun odd = runCli(
        QStringList{u"send"_s, m_url, m_first, QString::number(number), u"--body"_s, u"{not json"_s}
        + m_token);
    QVERIFY2(odd.exitCode == 5, told(odd));
    const CliRun deleted = runCli(QStringList{u"send"_s, m_url, m_first, QString::number(number),
                                              u"--body"_s, u""_s, u"--method"_s, u"DELETE"_s}
                                  + m_token);
    QVERIFY2(deleted.exitCode == 0 && deleted.err.contains("HTTP 2"), told(deleted));
}

void TestCliCompare::aHeaderForItGoesWithItAlone_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("one that is new") << QByteArray("X-Try") << QByteArray("it");
    // The lab refuses it, also on the handshake.
    QTest::newRow("one that was recorded")
        << QByteArray("MCP-Protocol-Version") << QByteArray("1999-01-01");
    QTest::newRow("a credential") << QByteArray("Authorization")
                                  << QByteArray("Bearer other-01234");
}

void TestCliCompare::aHeaderForItGoesWithItAlone()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    const ExchangeId number = find(m_first, u"tools/call add"_s);
    const QString path = m_folder.filePath(QString::fromLatin1(name) + u".sgtrace"_s);
    const CliRun run = runCli(QStringList{u"send"_s, m_url, m_first, QString::number(number),
                                          u"--header"_s, QString::fromLatin1(name + ": " + value),
                                          u"--show-secrets"_s, u"--trace"_s, path}
                              + m_token);
    const Expected<Recording> recording = readTraceFile(path);
    QVERIFY2(recording, told(run));
    const ExchangeId sent = find(path, u"tools/call add"_s);
    QVERIFY2(sent > 1, told(run));
    for (ExchangeId id = 1; id <= recording->trace->exchangeCount(); ++id) {
        QByteArrayList values;
        for (const Header &line : recording->trace->request(id).headers) {
            if (sameHeaderName(line.name, name))
                values << line.value;
        }
        if (id == sent)
            QCOMPARE(values, QByteArrayList{value});
        else
            QVERIFY2(!values.contains(value), QByteArray::number(id) + ' ' + told(run));
    }
}

void TestCliCompare::whatCannotBeSentIsTold_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no such exchange") << QStringList{u"999"_s} << "no exchange"_ba;
    QTest::newRow("no number") << QStringList{u"x"_s} << "no exchange"_ba;
    QTest::newRow("no method") << QStringList{u"1"_s, u"--method"_s, u"po st"_s}
                               << "capital letters"_ba;
    QTest::newRow("no file") << QStringList{u"1"_s, u"--body"_s, u"@/none"_s} << "/none"_ba;
}

void TestCliCompare::whatCannotBeSentIsTold()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, says);
    const CliRun run = runCli(QStringList{u"send"_s, m_url, m_first} + words + m_token);
    QVERIFY2(run.exitCode == 2 && run.out.isEmpty() && run.err.contains(says), told(run));
}

QTEST_GUILESS_MAIN(TestCliCompare)
#include "test_cli_compare.moc"
