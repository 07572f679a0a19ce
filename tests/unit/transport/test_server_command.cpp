// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/server_command.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestServerCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_are_read_as_a_shell_reads_them_data();
    void lines_are_read_as_a_shell_reads_them();
    void lines_written_read_back_the_same_data();
    void lines_written_read_back_the_same();
    void a_program_that_cannot_start_is_told_why();
};

void TestServerCommand::lines_are_read_as_a_shell_reads_them_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QStringList>("words"); // none: a failure
    const auto row = [](const char *name, const QString &line, const QStringList &words) {
        QTest::newRow(name) << line << words;
    };
    row("words", u"npx -y server  /tmp "_s, {u"npx"_s, u"-y"_s, u"server"_s, u"/tmp"_s});
    row("single quotes", u"a 'b  c' '\\n'"_s, {u"a"_s, u"b  c"_s, u"\\n"_s});
    row("double quotes", u"a \"b \\\"c\\\" \\x\""_s, {u"a"_s, u"b \"c\" \\x"_s});
    row("backslash", u"a b\\ c \\'"_s, {u"a"_s, u"b c"_s, u"'"_s});
    row("joined", u"a--b='c d'\"e f\""_s, {u"a--b=c de f"_s});
    row("empty word", u"a '' \"\""_s, {u"a"_s, QString(), QString()});
    row("nothing is expanded", u"a $HOME `id` $(id) *.c ~ a|b >c;d"_s,
        {u"a"_s, u"$HOME"_s, u"`id`"_s, u"$(id)"_s, u"*.c"_s, u"~"_s, u"a|b"_s, u">c;d"_s});
    row("open quote", u"a 'b"_s, {});
    row("open double quote", u"\"a"_s, {});
    row("nothing", u"   "_s, {});
    row("empty program", u"'' a"_s, {});
    row("backslash at the end", u"a b\\"_s, {u"a"_s, u"b\\"_s});
}

void TestServerCommand::lines_are_read_as_a_shell_reads_them()
{
    QFETCH(QString, line);
    QFETCH(QStringList, words);
    const Expected<ServerCommand> command = parseCommandLine(line);
    QCOMPARE(bool(command), !words.isEmpty());
    if (command) {
        QCOMPARE(QStringList(command->program) + command->arguments, words);
    } else {
        QCOMPARE(command.error().kind, FailureKind::Usage);
        QVERIFY(command.error().sentence.endsWith(u'.'));
    }
}

void TestServerCommand::lines_written_read_back_the_same_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("plain") << QStringList{u"npx"_s, u"-y"_s, u"@a/b@1.2"_s};
    QTest::newRow("odd") << QStringList{u"/a b/c"_s, QString(), u"'"_s, u"\"$x\\"_s, u"ä\n"_s};
}

void TestServerCommand::lines_written_read_back_the_same()
{
    QFETCH(QStringList, words);
    ServerCommand command;
    command.program = words.first();
    command.arguments = words.mid(1);
    const Expected<ServerCommand> read = parseCommandLine(commandLine(command));
    QVERIFY(read);
    QCOMPARE(*read, command);
}

void TestServerCommand::a_program_that_cannot_start_is_told_why()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"tool"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\n");
    file.close();
    const auto codeOf = [](const QString &program, const QString &workingFolder = {}) {
        ServerCommand command;
        command.program = program;
        command.workingFolder = workingFolder;
        const Expected<QString> found = findProgram(command);
        return found ? QString() : found.error().code;
    };
    QCOMPARE(codeOf(u"no-such-program-anywhere"_s), u"program-not-found"_s);
    QCOMPARE(codeOf(folder.filePath(u"none"_s)), u"program-not-found"_s);
    QCOMPARE(codeOf(folder.path()), u"program-not-executable"_s);
    QCOMPARE(codeOf(file.fileName()), u"program-not-executable"_s);
    QVERIFY(file.setPermissions(file.permissions() | QFile::ExeOwner));
    QCOMPARE(codeOf(file.fileName()), QString());
    QCOMPARE(codeOf(u"./tool"_s, folder.path()), QString());
    QCOMPARE(codeOf(u"sh"_s), QString());
    QCOMPARE(codeOf(u"sh"_s, folder.filePath(u"nowhere"_s)), u"no-folder"_s);
}

QTEST_APPLESS_MAIN(TestServerCommand)
#include "test_server_command.moc"
