// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/cli_run.h"
#include "tests/support/raw_server.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

/// What a sound server answers to this request, as bytes of HTTP.
QByteArray soundAnswer(const RawRequest &request, bool stream)
{
    const QJsonObject message = QJsonDocument::fromJson(request.body).object();
    const QString method = message.value("method"_L1).toString();
    const QByteArray id = QByteArray::number(message.value("id"_L1).toInteger());
    QByteArray result;
    if (request.method() == "GET") {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
               "id: 1\nretry: 20\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}\n\n"
               ": comment\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":"
               "\"notifications/tools/list_changed\"}\n\n";
    }
    if (method == "initialize"_L1)
        result = R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":)"
                 R"({"name":"random","version":"1"}})";
    else if (method == "tools/list"_L1)
        result = R"({"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"b"}]})";
    else if (method == "tools/call"_L1)
        result =
            R"({"content":[{"type":"text","text":"hello"}],"structuredContent":{"a":[1,2.5]}})";
    else
        return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    QByteArray body = R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + '}';
    if (stream)
        body = "id: 1\ndata: " + body + "\n\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: "
        + QByteArray(stream ? "text/event-stream" : "application/json")
        + "\r\nMcp-Session-Id: 1\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"
        + body;
}

class Chance {
public:
    explicit Chance(quint32 seed)
        : m_random(seed)
    {
    }
    int below(int bound) { return int(m_random.bounded(bound)); }
    QByteArray bytes(int most)
    {
        QByteArray bytes(1 + below(most), '\0');
        for (char &byte : bytes)
            byte = char(below(256));
        return bytes;
    }
    /// Text that parsers care about, in any order.
    QByteArray tokens(int most)
    {
        static const QByteArrayList words{"{",           "}",
                                          "[",           "]",
                                          ":",           ",",
                                          "\"",          "\\u12",
                                          "\n",          "\r\n",
                                          "\r\n\r\n",    "data: ",
                                          "id: ",        "retry: ",
                                          "event: ",     "\"id\":",
                                          "\"result\":", "null",
                                          "-1e999",      "\xEF\xBB\xBF",
                                          "\xFF",        "\"error\":",
                                          "\"method\":", "true",
                                          "1",           "Content-Length: 5",
                                          "0\r\n\r\n",   "HTTP/1.1 200 OK"};
        QByteArray text;
        for (int i = below(most); i >= 0; --i)
            text += words.at(below(int(words.size())));
        return text;
    }
    QByteArray spoiled(QByteArray text, qsizetype from, int times)
    {
        for (int i = 0; i < times; ++i) {
            const qsizetype at = from + below(int(text.size() - from));
            switch (below(4)) {
            case 0:
                text[at] = char(below(256));
                break;
            case 1:
                text.remove(at, 1 + below(20));
                break;
            case 2:
                text.insert(at, tokens(3));
                break;
            default:
                text.insert(at, bytes(4));
                break;
            }
            if (text.size() <= from)
                return text;
        }
        return text;
    }

private:
    QRandomGenerator m_random;
};

} // namespace

/// A server whose answers are random, or random damage to sound ones, neither crashes nor hangs the
/// program; it ends with one of its exit codes, says why, and the recording can be read. The seed
/// is fixed, so that a failure can be had again.
class TestRandomServer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_program_ends_with_a_sentence_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<QString>("manner");
        for (const char *manner :
             {"bytes at once", "bytes", "tokens", "random body", "random events", "spoiled head",
              "spoiled body", "spoiled events"}) {
            for (int seed = 1; seed <= 5; ++seed)
                QTest::addRow("%s, %d", manner, seed) << seed << QString::fromLatin1(manner);
        }
    }
    void the_program_ends_with_a_sentence()
    {
        QFETCH(int, seed);
        QFETCH(QString, manner);
        Chance chance(quint32(seed * 7919));
        RawServer server;
        if (manner == "bytes at once"_L1) {
            server.setParsing(false);
            server.onConnection([&](RawConnection &to) {
                to.write(chance.bytes(2000));
                to.close();
            });
        }
        server.onRequest([&](RawConnection &to, const RawRequest &request) {
            const bool events = manner.endsWith("events"_L1);
            QByteArray answer = soundAnswer(request, events);
            const qsizetype body = answer.indexOf("\r\n\r\n") + 4;
            // Where all answers were damaged the handshake would be the only thing that is tried.
            const bool sound = manner.startsWith("spoiled"_L1) && chance.below(3) > 0;
            if (manner == "bytes"_L1)
                answer = chance.bytes(2000);
            else if (manner == "tokens"_L1)
                answer = "HTTP/1.1 200 OK\r\n" + chance.tokens(60);
            else if (manner.startsWith("random"_L1))
                answer = "HTTP/1.1 200 OK\r\nContent-Type: "
                    + QByteArray(events ? "text/event-stream" : "application/json")
                    + "\r\nConnection: close\r\n\r\n" + chance.tokens(80) + chance.bytes(40);
            else if (!sound && manner == "spoiled head"_L1)
                answer = chance.spoiled(answer, 0, 1 + chance.below(6));
            else if (!sound && body < answer.size())
                answer = chance.spoiled(answer, body, 1 + chance.below(6));
            to.write(answer);
            if (chance.below(4) > 0)
                to.close();
        });
        QVERIFY(server.listen());

        const QString trace = m_folder.filePath(u"random.trace"_s);
        QFile::remove(trace);
        const QString url = server.url().toString();
        const QList<QStringList> commands{{u"tools"_s, url},
                                          {u"call"_s, url, u"a"_s, u"--json"_s},
                                          {u"listen"_s, url, u"--seconds"_s, u"1"_s}};
        const CliRun run = runCli(commands.at(seed % 3)
                                  + QStringList{u"--timeout"_s, u"1"_s, u"--trace"_s, trace});
        const QByteArray told = "exit " + QByteArray::number(run.exitCode) + ", stderr: " + run.err;
        QVERIFY2(run.exitCode == 0 || (run.exitCode >= 3 && run.exitCode <= 6), told);
        QVERIFY2(run.exitCode == 0 || run.err.contains("sightglass-cli: "), told);
        // What a server sends reaches the terminal as text.
        for (const char byte : run.err)
            QVERIFY2(quint8(byte) >= 0x20 || byte == '\n' || byte == '\t', told);

        const CliRun read = runCli({u"trace"_s, trace, u"--json"_s});
        QVERIFY2(read.exitCode == 0 && read.err.isEmpty(), read.err);
        const QByteArrayList lines = read.out.trimmed().split('\n');
        for (const QByteArray &line : lines)
            QVERIFY2(QJsonDocument::fromJson(line).isObject(), line.left(400));
        QVERIFY(lines.first().contains("server/discover"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestRandomServer)
#include "test_random_server.moc"
