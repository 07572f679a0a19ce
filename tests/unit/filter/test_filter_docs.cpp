// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// What is written of the filter language is made from its table. SIGHTGLASS_WRITE_DOCS=1 in the
// environment writes it anew.
#include "core/filter/filter_docs.h"

#include <QFile>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestFilterDocs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void files_have_what_the_table_says_data();
    void files_have_what_the_table_says();
    void the_help_fits_a_terminal();
};

void TestFilterDocs::files_have_what_the_table_says_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("begin");
    QTest::addColumn<QString>("end");
    QTest::newRow("manual page") << u"/packaging/sightglass-cli.1.in"_s << filterManText()
                                 << u".\\\" Made from the table of keys: "
                                    "core/filter/filter_keys.cpp\n"_s
                                 << u".\\\" The end of what is made\n"_s;
    QTest::newRow("README")
        << u"/README.md"_s << filterMarkdown()
        << u"<!-- Made from the table of keys: core/filter/filter_keys.cpp -->\n"_s
        << u"<!-- The end of what is made -->\n"_s;
}

void TestFilterDocs::files_have_what_the_table_says()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(QString, begin);
    QFETCH(QString, end);
    QFile file(QStringLiteral(SIGHTGLASS_SOURCE_DIR) + path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QString all = QString::fromUtf8(file.readAll());
    file.close();
    const qsizetype from = all.indexOf(begin) + begin.size();
    const qsizetype to = all.indexOf(end);
    QVERIFY(from >= begin.size() && to >= from);
    if (qEnvironmentVariableIntValue("SIGHTGLASS_WRITE_DOCS") == 1) {
        all.replace(from, to - from, text);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(all.toUtf8());
        return;
    }
    QVERIFY2(all.mid(from, to - from) == text,
             "not what the table says: run this test with SIGHTGLASS_WRITE_DOCS=1");
}

void TestFilterDocs::the_help_fits_a_terminal()
{
    const QString help = filterHelpText();
    for (const QString &line : help.split(u'\n'))
        QVERIFY2(line.size() <= 80, qPrintable(line));
    for (const FilterKey &key : filterKeys()) {
        QVERIFY(help.contains(key.name));
        QVERIFY2(help.contains(key.example.section(u' ', 0, 0)), qPrintable(key.example));
    }
}

QTEST_APPLESS_MAIN(TestFilterDocs)
#include "test_filter_docs.moc"
