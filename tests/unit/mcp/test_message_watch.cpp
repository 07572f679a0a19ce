// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/message_watch.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

namespace {

QStringList look(MessageWatch &watch, const QByteArray &text, const QByteArray &answered = {})
{
    return watch.look("2025-06-18", scanEnvelope(text), text, answered);
}

} // namespace

class TestMessageWatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachKindOfFaultIsToldOnce()
    {
        MessageWatch watch;
        const QByteArray noText =
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text"}]}})";
        const QStringList first = look(watch, noText, "tools/call");
        QCOMPARE(first,
                 QStringList({u"CallToolResult is not valid by the schema of 2025-06-18: at "
                              "/result/content/0: The member \"text\" is required, and missing. "
                              "(rule /definitions/TextContent/required)"_s}));
        QCOMPARE(look(watch, noText, "tools/call"), QStringList());
        QCOMPARE(
            look(watch, R"({"jsonrpc":"2.0","id":2,"result":{"content":7}})", "tools/call").size(),
            1);
    }
    void aStreamIsNotJudgedToTheLast()
    {
        const QByteArray good =
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}})";
        const QByteArray bad =
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}})";
        for (const auto &[before, told] :
             {std::pair(0, 1), std::pair(19, 1), std::pair(20, 0), std::pair(63, 0),
              std::pair(64, 1), std::pair(65, 0), std::pair(1024, 1)}) {
            MessageWatch watch;
            for (int i = 0; i < before; ++i)
                QCOMPARE(look(watch, good), QStringList());
            QVERIFY2(look(watch, bad).size() == told, QByteArray::number(before).constData());
            // As a connection asks: what is passed over is what nothing is said of.
            MessageWatch asked;
            int passed = 0;
            for (int i = 0; i < before; ++i) {
                if (asked.passesOver(scanEnvelope(good)))
                    ++passed;
                else
                    QCOMPARE(look(asked, good), QStringList());
            }
            QCOMPARE(passed > 0, before > 20);
            const bool over = asked.passesOver(scanEnvelope(bad));
            QCOMPARE(over, told == 0);
            if (!over)
                QCOMPARE(look(asked, bad).size(), told);
        }
    }
    void ofOneMessageAFewFaultsAreTold()
    {
        MessageWatch watch;
        const QByteArray many =
            R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"capabilities":{"tools":1,"prompts":2,"resources":3,"logging":4},"serverInfo":7,"instructions":8}})";
        const QStringList told = look(watch, many, "initialize");
        QCOMPARE(told.size(), MessageWatch::MostFaults);
    }
    void whatCouldNotBeJudgedIsNoFault()
    {
        const QByteArray deep = R"({"jsonrpc":"2.0","id":1,"result":{"content":[],"_meta":{"a":)"
            + QByteArray(600, '[') + QByteArray(600, ']') + "}}}";
        MessageWatch watch;
        QStringList unjudged;
        QCOMPARE(watch.look("2025-06-18", scanEnvelope(deep), deep, "tools/call", &unjudged),
                 QStringList());
        QVERIFY(!unjudged.isEmpty());
        QVERIFY2(unjudged.first().contains(u"nested deeper than 512 levels"_s)
                     && !unjudged.first().contains(u"at The"_s),
                 qPrintable(unjudged.first()));
        // Each kind once.
        unjudged.clear();
        watch.look("2025-06-18", scanEnvelope(deep), deep, "tools/call", &unjudged);
        QVERIFY(unjudged.isEmpty());
    }
    void madeUpMethodsDoNotFillTheMemory()
    {
        MessageWatch watch;
        for (int i = 0; i < 3000; ++i)
            QCOMPARE(
                look(watch, "{\"jsonrpc\":\"2.0\",\"method\":\"m" + QByteArray::number(i) + "\"}"),
                QStringList());
    }
};

QTEST_GUILESS_MAIN(TestMessageWatch)
#include "test_message_watch.moc"
