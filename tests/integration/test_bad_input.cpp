// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/lab/lab.h"

#include <QFile>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <csignal>
#include <memory>

using namespace sightglass;

namespace {

/// Long enough that only a program that hangs needs it.
constexpr int patience = 60'000;

struct Outcome {
    int code = -1;
    bool ended = false;
    QByteArray out;
    QByteArray err;
};

QString quoted(const Outcome &outcome)
{
    return QStringLiteral("exit %1, stdout: %2, stderr: %3")
        .arg(outcome.code)
        .arg(QString::fromUtf8(outcome.out.left(300)), QString::fromUtf8(outcome.err.left(600)));
}

} // namespace

/// Whatever a server sends or a person types, the program ends by itself with the exit code that
/// its help promises and one clear sentence, and the recording has what came.
class TestBadInput : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(folder.isValid());
        lab = new Lab(
            LabSettings{.retryMs = 50, .pingMs = 0, .revisions = {QStringLiteral("2025-11-25")}});
        lab->moveToThread(&thread);
        connect(&thread, &QThread::finished, lab, &QObject::deleteLater);
        thread.start();
        QVERIFY(lab->listen());
    }
    void cleanupTestCase()
    {
        thread.quit();
        QVERIFY(thread.wait());
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &arguments, const char *says) {
            QTest::newRow(name) << arguments << QString::fromUtf8(says);
        };
        const QString url = QStringLiteral("http://127.0.0.1:1/mcp");
        row("no command", {}, "");
        row("unknown command", {QStringLiteral("fly")}, "fly");
        row("no URL", {QStringLiteral("tools")}, "");
        row("wrong scheme", {QStringLiteral("tools"), QStringLiteral("ftp://127.0.0.1/mcp")},
            "ftp");
        row("unknown option", {QStringLiteral("tools"), url, QStringLiteral("--fast")}, "fast");
        row("header with a line end",
            {QStringLiteral("tools"), url, QStringLiteral("--header"),
             QStringLiteral("X-A: 1\r\nX-B: 2")},
            "X-A");
        row("header without a name",
            {QStringLiteral("tools"), url, QStringLiteral("--header"), QStringLiteral(": 1")}, "");
        row("unset variable",
            {QStringLiteral("tools"), url, QStringLiteral("--bearer-env"),
             QStringLiteral("NO_SUCH_VARIABLE_HERE")},
            "NO_SUCH_VARIABLE_HERE");
        row("unknown revision",
            {QStringLiteral("tools"), url, QStringLiteral("--revision"),
             QStringLiteral("1999-01-01")},
            "1999-01-01");
        row("arguments that are no JSON",
            {QStringLiteral("call"), url, QStringLiteral("echo"), QStringLiteral("--args"),
             QStringLiteral("{\"a\":")},
            "");
        row("unknown fault",
            {QStringLiteral("lab"), QStringLiteral("--play"), QStringLiteral("AF-00")}, "AF-00");
    }
    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.ended, qPrintable(quoted(outcome)));
        QVERIFY2(outcome.code == 2, qPrintable(quoted(outcome)));
        QVERIFY(!outcome.err.isEmpty());
        QVERIFY2(QString::fromUtf8(outcome.err).contains(says), qPrintable(quoted(outcome)));
    }

    void serversThatAreNotThere_data()
    {
        QTest::addColumn<QString>("url");
        // Port 1 of loopback is nobody's; ".invalid" is no name by RFC 6761.
        QTest::newRow("closed port") << QStringLiteral("http://127.0.0.1:1/mcp");
        QTest::newRow("unknown host") << QStringLiteral("http://nobody.invalid/mcp");
    }
    void serversThatAreNotThere()
    {
        QFETCH(QString, url);
        const Outcome outcome =
            run({QStringLiteral("tools"), url, QStringLiteral("--proxy"), QStringLiteral("none")});
        QVERIFY2(outcome.ended && outcome.code == 3, qPrintable(quoted(outcome)));
        QVERIFY2(QString::fromUtf8(outcome.err).contains(QUrl(url).host()),
                 qPrintable(quoted(outcome)));
    }

    /// What the lab plays, and what the program makes of it.
    void servers_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says"); ///< on stderr, or on stdout where the code is 0
        const auto tools = [](const char *fault, int code, const char *says) {
            QTest::addRow("%s, tools", fault) << QString::fromUtf8(fault) << QStringLiteral("tools")
                                              << code << QString::fromUtf8(says);
        };
        const auto call = [](const char *fault, int code, const char *says) {
            QTest::addRow("%s, call", fault) << QString::fromUtf8(fault) << QStringLiteral("call")
                                             << code << QString::fromUtf8(says);
        };
        tools("", 0, "echo");
        call("", 0, "hello");
        // Refused
        tools("AF-20", 4, "AF-20");
        tools("AF-67", 4, "AF-67");
        // Other things than MCP
        tools("html", 5, "web page");
        tools("AF-91", 5, "AF-91");
        tools("empty-body", 5, "empty body");
        tools("wrong-content-type", 5, "text/plain");
        tools("AF-92", 5, "AF-92");
        tools("AF-85", 5, "AF-85");
        tools("AF-98", 5, "Retry-After");
        tools("redirect-loop", 5, "loop");
        tools("redirect-307", 0, "echo");
        tools("AF-93", 0, "echo");
        // Connections
        tools("AF-99", 3, "AF-99");
        tools("reset", 3, "closed before an answer");
        call("AF-99@tools/call", 3, "AF-99");
        call("lying-content-length", 3, "cut off");
        call("lying-content-length-short", 5, "not valid");
        call("chunked-broken-off", 3, "cut off");
        call("slow-bytes:1", 0, "hello");
        tools("no-answer", 6, "not answered within");
        call("stall", 6, "not answered within");
        call("half-answer", 6, "the rest was waited for");
        // JSON
        call("truncated-json", 5, "not valid");
        tools("truncated-json@tools/list", 5, "not valid");
        tools("truncated-json@initialize", 5, "not valid");
        call("deep-nesting", 0, "This goes deep.");
        call("invalid-utf8", 5, "UTF-8");
        call("big-numbers", 0, "Some numbers are big.");
        call("duplicate-keys", 0, "the second");
        // JSON-RPC and MCP
        call("unknown-id", 5, "AF-97");
        call("AF-97", 0, "hello");
        call("answers-twice", 0, "hello");
        call("error-without-code", 5, "without a code");
        call("notification-with-id", 0, "hello");
        tools("tool-without-name", 0, "faulty");
        tools("schema-not-object", 0, "faulty");
        tools("endless-pages", 5, "1000 pages");
        tools("AF-81:3", 0, "echo");
        tools("AF-80", 0, "echo");
        // Event streams
        call("malformed-events", 0, "hello");
        call("AF-96", 6, "AF-96");
        call("dies-mid-event", 0, "hello");
        call("AF-88", 0, "hello");
    }
    void servers()
    {
        QFETCH(QString, fault);
        QFETCH(QString, command);
        QFETCH(int, code);
        QFETCH(QString, says);
        lab->setPlay(fault.isEmpty() ? QStringList() : QStringList{fault});
        QStringList arguments{command, lab->url().toString()};
        if (command == QLatin1String("call"))
            arguments += {QStringLiteral("echo"), QStringLiteral("--args"),
                          QStringLiteral("{\"message\":\"hello\"}")};
        // Where waiting is the point, not for long.
        arguments +=
            {QStringLiteral("--timeout"), code == 6 ? QStringLiteral("2") : QStringLiteral("30")};
        const QString trace = folder.filePath(QStringLiteral("bad.trace"));
        QFile::remove(trace);
        arguments += {QStringLiteral("--trace"), trace};
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.ended, qPrintable(quoted(outcome)));
        QVERIFY2(outcome.code == code, qPrintable(quoted(outcome)));
        const QString told = QString::fromUtf8(code == 0 ? outcome.out : outcome.err);
        QVERIFY2(told.contains(says), qPrintable(quoted(outcome)));
        if (code != 0) {
            QVERIFY2(outcome.out.isEmpty() || command == QLatin1String("tools"),
                     qPrintable(quoted(outcome)));
            const QRegularExpression evidence(QStringLiteral("\\[exchange \\d+"));
            QVERIFY2(evidence.match(told).hasMatch(), qPrintable(quoted(outcome)));
        }
        // The recording can be read, and each of its lines is JSON.
        const Outcome read = run({QStringLiteral("trace"), trace, QStringLiteral("--json")});
        QVERIFY2(read.ended && read.code == 0, qPrintable(quoted(read)));
        const QList<QByteArray> lines = read.out.trimmed().split('\n');
        for (const QByteArray &line : lines) {
            // Qt reads neither 1e400 nor a thousand levels; what is in a body is text here.
            QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.left(300));
        }
        QVERIFY(lines.first().contains("server/discover"));
        // Every request that had an answer is there with it, and the one that failed says so.
        bool failed = false;
        for (const QByteArray &line : lines) {
            const QJsonObject exchange = QJsonDocument::fromJson(line).object();
            failed = failed || exchange.value(QLatin1String("failure")).isObject();
            QVERIFY2(exchange.value(QLatin1String("response")).isObject()
                         || exchange.value(QLatin1String("failure")).isObject(),
                     line.left(600));
        }
        if (code == 3)
            QVERIFY2(failed, read.out.left(600));
    }

    /// The work was done all the same, and the person is told what the server did.
    void whatIsOddIsANote_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("says");
        QTest::newRow("answers twice")
            << QStringLiteral("answers-twice") << QStringLiteral("once more");
        QTest::newRow("unknown id") << QStringLiteral("AF-97") << QStringLiteral("never sent");
        QTest::newRow("malformed events")
            << QStringLiteral("malformed-events") << QStringLiteral("not valid");
        QTest::newRow("duplicate keys") << QStringLiteral("duplicate-keys@tools/call") << QString();
        QTest::newRow("notification with an id")
            << QStringLiteral("notification-with-id") << QStringLiteral("id");
    }
    void whatIsOddIsANote()
    {
        QFETCH(QString, fault);
        QFETCH(QString, says);
        lab->setPlay({fault});
        const Outcome outcome =
            run({QStringLiteral("call"), lab->url().toString(), QStringLiteral("echo"),
                 QStringLiteral("--args"), QStringLiteral("{\"message\":\"hello\"}")});
        QVERIFY2(outcome.ended && outcome.code == 0, qPrintable(quoted(outcome)));
        const QString err = QString::fromUtf8(outcome.err);
        QVERIFY2(says.isEmpty() || (err.contains(QLatin1String("note: ")) && err.contains(says)),
                 qPrintable(quoted(outcome)));
    }

    void whatCameBeforeTheEndIsRecorded_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("body");
        QTest::newRow("cut off") << QStringLiteral("lying-content-length")
                                 << QStringLiteral("hello");
        QTest::newRow("truncated")
            << QStringLiteral("truncated-json") << QStringLiteral("\"result\":{\"content\"");
        QTest::newRow("web page") << QStringLiteral("html")
                                  << QStringLiteral("not the MCP endpoint");
        QTest::newRow("malformed events")
            << QStringLiteral("malformed-events") << QStringLiteral("data: this is no JSON");
    }
    void whatCameBeforeTheEndIsRecorded()
    {
        QFETCH(QString, fault);
        QFETCH(QString, body);
        lab->setPlay({fault});
        const QString trace = folder.filePath(QStringLiteral("body.trace"));
        QFile::remove(trace);
        const Outcome outcome =
            run({QStringLiteral("call"), lab->url().toString(), QStringLiteral("echo"),
                 QStringLiteral("--args"), QStringLiteral("{\"message\":\"hello\"}"),
                 QStringLiteral("--trace"), trace});
        QVERIFY2(outcome.ended, qPrintable(quoted(outcome)));
        const Outcome read = run({QStringLiteral("trace"), trace, QStringLiteral("--json")});
        bool found = false;
        for (const QByteArray &line : read.out.split('\n')) {
            const QJsonObject response =
                QJsonDocument::fromJson(line).object().value(QLatin1String("response")).toObject();
            found = found || response.value(QLatin1String("body")).toString().contains(body);
        }
        QVERIFY2(found, qPrintable(quoted(read)));
    }

    void whatIsToldOfAnExchangeStandsInTheRecording_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QString>("finding");
        const QStringList call{QStringLiteral("call"), QStringLiteral("echo"),
                               QStringLiteral("--args"), QStringLiteral("{\"message\":\"hello\"}")};
        const QStringList tools{QStringLiteral("tools")};
        QTest::newRow("cut off") << QStringLiteral("truncated-json") << call
                                 << QStringLiteral("AF-96");
        QTest::newRow("unknown id")
            << QStringLiteral("unknown-id") << call << QStringLiteral("AF-97");
        QTest::newRow("length too short")
            << QStringLiteral("lying-content-length-short") << call << QStringLiteral("AF-96");
        QTest::newRow("endless pages") << QStringLiteral("endless-pages") << tools << QString();
        QTest::newRow("no way to authorise")
            << QStringLiteral("AF-20") << tools << QStringLiteral("AF-20");
    }
    void whatIsToldOfAnExchangeStandsInTheRecording()
    {
        QFETCH(QString, fault);
        QFETCH(QStringList, command);
        QFETCH(QString, finding);
        lab->setPlay({fault});
        const QString trace = folder.filePath(QStringLiteral("told.trace"));
        QFile::remove(trace);
        command.insert(1, lab->url().toString());
        command << QStringLiteral("--trace") << trace;
        const Outcome outcome = run(command);
        QVERIFY2(outcome.ended && outcome.code != 0, qPrintable(quoted(outcome)));
        const QRegularExpression number(QStringLiteral("\\[exchange ([0-9]+)"));
        const QStringList lines = QString::fromUtf8(outcome.err).split(u'\n', Qt::SkipEmptyParts);
        QString id;
        for (const QString &line : lines) {
            const QRegularExpressionMatch match = number.match(line);
            if (match.hasMatch() && !line.startsWith(QLatin1String("note")))
                id = match.captured(1);
        }
        QVERIFY2(!id.isEmpty(), qPrintable(quoted(outcome)));

        const Outcome read = run({QStringLiteral("trace"), trace, QStringLiteral("--json")});
        QJsonObject failure;
        for (const QByteArray &line : read.out.split('\n')) {
            const QJsonObject exchange = QJsonDocument::fromJson(line).object();
            if (QString::number(exchange.value(QLatin1String("id")).toInt()) == id)
                failure = exchange.value(QLatin1String("failure")).toObject();
        }
        QVERIFY2(!failure.isEmpty(), qPrintable(id + quoted(outcome)));
        QVERIFY(QString::fromUtf8(outcome.err)
                    .contains(failure.value(QLatin1String("sentence")).toString().left(40)));
        QCOMPARE(failure.value(QLatin1String("finding")).toString(), finding);
        // In the table once.
        const Outcome table = run({QStringLiteral("trace"), trace});
        const QByteArray sentence =
            failure.value(QLatin1String("sentence")).toString().left(40).toUtf8();
        QVERIFY2(table.out.count(sentence) == 1, table.out.constData());
    }

    void hugeAnswersAreTaken()
    {
        lab->setPlay({QStringLiteral("huge-body:200")});
        const Outcome outcome =
            run({QStringLiteral("call"), lab->url().toString(), QStringLiteral("echo"),
                 QStringLiteral("--args"), QStringLiteral("{\"message\":\"hello\"}")});
        QVERIFY(outcome.ended);
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.size() > 199'000'000);
    }

    void exitCodesKeepTheirPromise_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<int>("code");
        QTest::newRow("done") << QByteArray("get-image") << 0;
        QTest::newRow("isError") << QByteArray("error") << 1;
        QTest::newRow("JSON-RPC error") << QByteArray("fail") << 5;
        QTest::newRow("no such tool") << QByteArray("no-such-tool") << 5;
    }
    void exitCodesKeepTheirPromise()
    {
        QFETCH(QByteArray, tool);
        QFETCH(int, code);
        lab->setPlay({});
        const Outcome outcome =
            run({QStringLiteral("call"), lab->url().toString(), QString::fromUtf8(tool)});
        QVERIFY2(outcome.ended && outcome.code == code, qPrintable(quoted(outcome)));
    }
    void interruptedIs130()
    {
        lab->setPlay({QStringLiteral("no-answer@tools/call")});
        QStringList heard;
        connect(lab, &Lab::log, this, [&heard](const QString &line) { heard += line; });
        QProcess process;
        process.start(program(),
                      {QStringLiteral("call"), lab->url().toString(), QStringLiteral("echo"),
                       QStringLiteral("--args"), QStringLiteral("{\"message\":\"x\"}")});
        QVERIFY(process.waitForStarted());
        // The session's stream or its notification tells that it is under way.
        QTRY_VERIFY_WITH_TIMEOUT(!heard.filter(QStringLiteral("initialized 202")).isEmpty(),
                                 patience);
        QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(patience));
        lab->disconnect(this);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
    }
    void serversThatAcceptAndSayNothing()
    {
        // Not even an HTTP server.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const Outcome outcome =
            run({QStringLiteral("tools"),
                 QStringLiteral("http://127.0.0.1:%1/mcp").arg(server.serverPort()),
                 QStringLiteral("--timeout"), QStringLiteral("1")});
        QVERIFY2(outcome.ended && outcome.code == 6, qPrintable(quoted(outcome)));
    }

private:
    static QString program() { return QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"); }
    static Outcome run(const QStringList &arguments)
    {
        QProcess process;
        process.start(program(), arguments);
        Outcome outcome;
        outcome.ended =
            process.waitForFinished(patience) && process.exitStatus() == QProcess::NormalExit;
        outcome.code = process.exitCode();
        outcome.out = process.readAllStandardOutput();
        outcome.err = process.readAllStandardError();
        return outcome;
    }

    QTemporaryDir folder;
    QThread thread;
    Lab *lab = nullptr;
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "test_bad_input.moc"
