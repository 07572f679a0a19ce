// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/transport/output_reader.h"

#include <QStringList>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

/// Lines as "KIND start end", and what was recorded.
class Told final : public OutputSink {
public:
    void onRecord(QByteArrayView bytes) override { recorded += bytes; }
    bool onLine(const OutputLine &line) override
    {
        const char *kind = line.kind == LineKind::Message ? "message"
            : line.kind == LineKind::Text                 ? "text"
                                                          : "blank";
        lines.append(u"%1 %2 %3"_s.arg(QLatin1StringView(kind)).arg(line.start).arg(line.end));
        return lines.size() < most;
    }

    QByteArray recorded;
    QStringList lines;
    qsizetype most = 1'000'000;
};

} // namespace

class TestOutputReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void any_cut_gives_the_same_lines_data();
    void any_cut_gives_the_same_lines();
    void the_last_line_needs_no_end();
    void of_a_flood_messages_alone_are_recorded();
    void who_has_heard_enough_hears_no_more();
};

void TestOutputReader::any_cut_gives_the_same_lines_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QStringList>("lines");
    QTest::newRow("nothing") << QByteArray() << QStringList{};
    QTest::newRow("messages between words")
        << QByteArray("up\n\n{\"a\":1}\r\n[{}]\n")
        << QStringList{u"text 0 3"_s, u"blank 3 4"_s, u"message 4 13"_s, u"message 13 18"_s};
    QTest::newRow("a long message") << "{\"a\":\"" + QByteArray(5000, 'x') + "\"}\n"
                                    << QStringList{u"message 0 5009"_s};
    QTest::newRow("a long text") << QByteArray(5000, 'x') + "\n{}\n"
                                 << QStringList{u"text 0 5001"_s, u"message 5001 5004"_s};
    QTest::newRow("more blanks than are looked at") << QByteArray(5000, ' ')
            + "\n{}\n" << QStringList{u"text 0 5001"_s, u"message 5001 5004"_s};
    QTest::newRow("just as many blanks as are looked at") << QByteArray(LineStart - 1, ' ') + '\n'
                                                          << QStringList{u"blank 0 4096"_s};
    QTest::newRow("one more") << QByteArray(LineStart, ' ') + '\n' << QStringList{u"text 0 4097"_s};
}

void TestOutputReader::any_cut_gives_the_same_lines()
{
    QFETCH(QByteArray, output);
    QFETCH(QStringList, lines);
    for (const qsizetype size : {qsizetype(1 << 20), qsizetype(1), qsizetype(7), LineStart}) {
        Told told;
        OutputReader reader;
        for (qsizetype at = 0; at < output.size(); at += size)
            reader.feed(QByteArrayView(output).sliced(at).first(std::min(size, output.size() - at)),
                        told);
        reader.finish(told);
        QCOMPARE(told.lines, lines);
        QCOMPARE(told.recorded, output);
    }
}

void TestOutputReader::the_last_line_needs_no_end()
{
    Told told;
    OutputReader reader;
    reader.feed("{\"jsonrpc\":\"2.0\"}\nbye", told);
    QCOMPARE(told.lines, QStringList{u"message 0 18"_s});
    reader.finish(told);
    QCOMPARE(told.lines, QStringList({u"message 0 18"_s, u"text 18 21"_s}));
    QCOMPARE(reader.besides().bytes(), 3);
    QCOMPARE(reader.besides().lines(), 1);
}

void TestOutputReader::of_a_flood_messages_alone_are_recorded()
{
    Told told;
    OutputReader reader;
    const QByteArray block(1 << 20, 'x');
    for (int i = 0; i < 64; ++i)
        reader.feed(block, told);
    QVERIFY(reader.besides().wasSpentNow());
    const qsizetype before = told.recorded.size();
    reader.feed("still the same line\n{\"a\"", told);
    reader.feed(":1}\nwords\n", told);
    QCOMPARE(told.recorded.mid(before), QByteArray("{\"a\":1}\n"));
    const QString start = QString::number(before);
    QCOMPARE(told.lines,
             QStringList({u"text 0 "_s + start,
                          u"message "_s + start + u' ' + QString::number(before + 8),
                          u"text %1 %1"_s.arg(before + 8)}));
}

void TestOutputReader::who_has_heard_enough_hears_no_more()
{
    Told told;
    told.most = 1;
    OutputReader reader;
    reader.feed("{}\n{}\n", told);
    QCOMPARE(told.lines.size(), 1);
}

QTEST_APPLESS_MAIN(TestOutputReader)
#include "test_output_reader.moc"
