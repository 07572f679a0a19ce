// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/output_lines.h"

#include <QTest>

using namespace sightglass;

class TestOutputLines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_line_is_what_it_begins_with_data();
    void a_line_is_what_it_begins_with();
    void what_may_still_become_a_message_is_undecided_data();
    void what_may_still_become_a_message_is_undecided();
    void a_budget_is_spent_once();
};

void TestOutputLines::a_line_is_what_it_begins_with_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<LineKind>("kind");
    const auto row = [](const char *name, const QByteArray &line, LineKind kind) {
        QTest::newRow(name) << line << kind;
    };
    row("empty", "\r\n", LineKind::Blank);
    row("blanks", " \t\n", LineKind::Blank);
    row("object", "{\"a\":1}\n", LineKind::Message);
    row("empty object", " {}\n", LineKind::Message);
    row("beginning of one laid out", "{\n", LineKind::Message);
    row("cut off", "{\"jsonrpc\":\"2.0\",\"id\":1,\"res", LineKind::Message);
    row("batch", "[{}]\n", LineKind::Message);
    row("mark of the byte order", "\xEF\xBB\xBF{\"a\":1}\n", LineKind::Message);
    row("glued", "Loading... {\"jsonrpc\":\"2.0\"}\n", LineKind::Message);
    row("words", "Server listening...\n", LineKind::Text);
    row("words in brackets", "[dotenv@1] injecting env\n", LineKind::Text);
    row("time in brackets", "[2026-11-27] up\n", LineKind::Text);
    row("an object of JavaScript", "{ port: 3000 }\n", LineKind::Text);
    row("number", "3\n", LineKind::Text);
    row("no UTF-8", "\xff\xfe\n", LineKind::Text);
    row("long words", QByteArray(LineStart + 1, 'x'), LineKind::Text);
    row("more blanks than are looked at", QByteArray(LineStart + 1, ' ') + '\n', LineKind::Text);
    row("the same before a message", QByteArray(LineStart, ' ') + "{\"jsonrpc\":\"2.0\"}\n",
        LineKind::Text);
}

void TestOutputLines::a_line_is_what_it_begins_with()
{
    QFETCH(QByteArray, line);
    QFETCH(LineKind, kind);
    QCOMPARE(int(lineKind(line, true)), int(kind));
}

void TestOutputLines::what_may_still_become_a_message_is_undecided_data()
{
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<LineKind>("kind");
    QTest::newRow("nothing") << QByteArray() << LineKind::Undecided;
    QTest::newRow("blanks") << QByteArray("  ") << LineKind::Undecided;
    QTest::newRow("half of a name") << QByteArray("{\"jso") << LineKind::Message;
    QTest::newRow("a brace") << QByteArray("{ ") << LineKind::Undecided;
    QTest::newRow("words") << QByteArray("Loading... ") << LineKind::Undecided;
    QTest::newRow("many words") << QByteArray(LineStart, 'x') << LineKind::Text;
    QTest::newRow("many blanks") << QByteArray(LineStart, ' ') << LineKind::Text;
}

void TestOutputLines::what_may_still_become_a_message_is_undecided()
{
    QFETCH(QByteArray, part);
    QFETCH(LineKind, kind);
    QCOMPARE(int(lineKind(part, false)), int(kind));
}

void TestOutputLines::a_budget_is_spent_once()
{
    OutputBudget budget;
    budget.count(OutputBudget::MostBytes - 1, 1);
    QVERIFY(!budget.wasSpentNow());
    budget.count(1, 0);
    QVERIFY(budget.wasSpentNow());
    budget.count(5, 2);
    QVERIFY(!budget.wasSpentNow());
    QVERIFY(budget.isSpent());
    QCOMPARE(budget.keptBytes(), OutputBudget::MostBytes);
    QCOMPARE(budget.bytes(), OutputBudget::MostBytes + 5);
    QCOMPARE(budget.lines(), qint64(3));
    OutputBudget lines;
    lines.count(OutputBudget::MostLines, OutputBudget::MostLines);
    QVERIFY(lines.wasSpentNow());
}

QTEST_APPLESS_MAIN(TestOutputLines)
#include "test_output_lines.moc"
