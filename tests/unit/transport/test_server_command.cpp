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
    void secrets_of_a_command_are_found_data();
    void secrets_of_a_command_are_found();
    void variables_named_as_secrets_are_found();
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

void TestServerCommand::secrets_of_a_command_are_found_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected"); // what stands before each, and it
    const auto row = [](const char *name, const QStringList &arguments,
                        const QStringList &expected) {
        QTest::newRow(name) << arguments << expected;
    };
    row("the word behind", {u"--token"_s, u"T1"_s, u"x"_s}, {u"--token |T1"_s});
    row("one hyphen", {u"-apiKey"_s, u"K"_s}, {u"-apiKey |K"_s});
    row("behind an equals sign", {u"--api-key=K"_s}, {u"--api-key=|K"_s});
    row("named after something", {u"--github-token"_s, u"T"_s, u"--db-password"_s, u"-p"_s},
        {u"--github-token |T"_s, u"--db-password |-p"_s});
    row("an option follows", {u"--password"_s, u"--verbose"_s, u"x"_s}, {});
    row("at the end", {u"--secret"_s}, {});
    row("a setting", {u"-e"_s, u"API_TOKEN=a=b"_s}, {u"API_TOKEN=|a=b"_s});
    row("a header", {u"--header"_s, u"Authorization: Bearer abc"_s},
        {u"Authorization: Bearer |abc"_s});
    row("a header without a space", {u"-H"_s, u"X-Api-Key:abc"_s}, {u"X-Api-Key:|abc"_s});
    row("a URL's password", {u"postgres://me:pw@host/db"_s}, {u"postgres://me:|pw"_s});
    row("what counts tokens",
        {u"--max-tokens"_s, u"4096"_s, u"--token-file"_s, u"f"_s, u"--keyboard=de"_s}, {});
    row("plain", {u"-y"_s, u"server"_s, u"a:b"_s, u"c=d"_s, u"http://h:80/x"_s}, {});
}

void TestServerCommand::secrets_of_a_command_are_found()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, expected);
    ServerCommand command;
    command.program = u"server"_s;
    command.arguments = arguments;
    QStringList found;
    for (const CommandSecret &secret : secretsOf(command)) {
        found << secret.before + u'|' + secret.value;
        QVERIFY(arguments.at(secret.argument).endsWith(secret.value)
                || arguments.at(secret.argument).contains(secret.before + secret.value));
    }
    QCOMPARE(found, expected);
}

void TestServerCommand::variables_named_as_secrets_are_found()
{
    ServerCommand command;
    command.environment = {{u"MY_TOKEN"_s, u"t"_s, false},
                           {u"PGPASSWORD"_s, u"p"_s, false},
                           {u"NODE_ENV"_s, u"test"_s, false},
                           {u"MARKED"_s, u"m"_s, true},
                           {u"OPENAI_API_KEY"_s, u"k"_s, false},
                           {u"EMPTY_TOKEN"_s, {}, false},
                           {u"DATABASE_URL"_s, u"pg://u:dbpw@h/"_s, false}};
    QStringList found;
    for (const CommandSecret &secret : secretsOf(command)) {
        QCOMPARE(secret.argument, -1);
        found << secret.value;
    }
    QCOMPARE(found, QStringList({u"t"_s, u"p"_s, u"m"_s, u"k"_s, u"dbpw"_s}));
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
