// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"
#include "tests/support/cli_run.h"
#include "tests/support/jose_vectors.h"
#include "tests/support/odd_server.h"
#include "tests/support/quick_browser.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QXmlStreamReader>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Token = "sesame-opens-0123";
const QByteArray Key = "key-of-the-house-42";
const QString Bearer = u"--bearer-env"_s;

/// The lab in a thread of its own: the program is waited for in this one.
class LabThread {
public:
    explicit LabThread(const LabSettings &settings)
        : m_lab(new Lab(settings))
    {
        m_lab->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_lab, &QObject::deleteLater);
        m_thread.start();
        QString problem;
        if (!m_lab->listen(&problem))
            qFatal("%s", qPrintable(problem));
    }
    ~LabThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    QString url() const { return m_lab->url().toString(); }
    QString sseUrl() const { return m_lab->sseUrl().toString(); }

private:
    QThread m_thread;
    Lab *m_lab;
};

const QStringList &secrets()
{
    static const QStringList environment{
        u"SG_TOKEN=sesame-opens-0123"_s, u"SG_KEY=key-of-the-house-42"_s,
        u"SG_QUOTED=\"sesame-opens-0123\""_s, u"SG_COOKIE=crumbs-of-cookie"_s,
        u"SG_SERVICE=of-the-service-0815"_s};
    return environment;
}

CliRun explain(const QStringList &arguments, const QString &secret = {})
{
    return runCli(QStringList{u"explain"_s} + arguments,
                  secret.isEmpty() ? secrets() : secrets() + QStringList{secret});
}

struct Told {
    QStringList ids;
    QList<QJsonObject> findings;
};

/// Exactly the documented form, or nothing.
std::optional<Told> toldBy(const QByteArray &out)
{
    const QJsonDocument json = QJsonDocument::fromJson(out);
    if (json.object().keys() != QStringList{u"findings"_s})
        return {};
    Told told;
    const QJsonArray list = json.object().value("findings"_L1).toArray();
    for (const QJsonValue &one : list) {
        const QJsonObject finding = one.toObject();
        if (finding.keys()
                != QStringList{u"advice"_s, u"exchanges"_s, u"id"_s, u"sentence"_s, u"side"_s}
            || !finding.value("exchanges"_L1).isArray())
            return {};
        told.ids.append(finding.value("id"_L1).toString());
        told.findings.append(finding);
    }
    told.ids.sort();
    return told;
}

LabSettings playing(const QString &play, bool wantsToken)
{
    LabSettings settings;
    if (!play.isEmpty())
        settings.play = {play};
    if (wantsToken)
        settings.bearer = Token;
    settings.retryMs = 50;
    return settings;
}

/// A failure that the lab plays, or a faulty client.
struct Played {
    QString play = {};
    bool wantsToken = true;
    bool oauth = false; ///< it has an authorisation server
    QByteArray wantsBesides = {};
    QStringList options = {}; ///< of explain
    QByteArray jwt = {}; ///< claims of the token in SG_JWT
    QString id = {};
    QString side = {};
    int code = 4;
};

} // namespace
Q_DECLARE_METATYPE(Played)

/// `sightglass-cli explain`: each failure that the lab can play is found when it is played, and
/// nothing is when it is not.
class TestExplain : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void each_id_is_found_alone_when_it_is_played_data();
    void each_id_is_found_alone_when_it_is_played();
    void a_log_in_that_fails_is_found_in_its_recording_data();
    void a_log_in_that_fails_is_found_in_its_recording();
    void nobody_listens();
    void what_is_healthy_has_no_finding_data();
    void what_is_healthy_has_no_finding();
    void a_failure_without_a_finding_keeps_its_exit_code();
    void that_acting_needs_a_token_is_said_where_there_is_none();
    void a_recording_that_ends_with_a_refusal_is_not_well();
    void people_read_the_same();
    void the_files_are_what_they_say();
    void a_file_that_cannot_be_written_is_told();
    void wrong_use_is_told_data();
    void wrong_use_is_told();
};

void TestExplain::each_id_is_found_alone_when_it_is_played_data()
{
    QTest::addColumn<Played>("c");
    const auto row = [](const Played &c, const char *what = "") {
        QTest::addRow("%s%s", qPrintable(c.id), what) << c;
    };
    const QStringList withToken{Bearer, u"SG_TOKEN"_s};
    const QStringList withKey = withToken + QStringList{u"--header-env"_s, u"X-Api-Key: SG_KEY"_s};
    const QString brief = u"--seconds=1"_s;
    const auto like = [](const QString &id) { return QStringList{u"--like"_s, id}; };
    row({.options = withToken + like(u"AF-01"_s), .id = u"AF-01"_s, .side = u"client"_s});
    row({.play = u"AF-02:100"_s,
         .options = withToken + like(u"AF-02"_s),
         .id = u"AF-02"_s,
         .side = u"client"_s});
    row({.options = withToken + like(u"AF-03"_s), .id = u"AF-03"_s, .side = u"client"_s});
    row({.wantsBesides = "X-Api-Key: " + Key,
         .options = withKey + like(u"AF-04"_s),
         .id = u"AF-04"_s,
         .side = u"client"_s});
    row({.wantsBesides = "Cookie: sid=crumbs-of-cookie",
         .options =
             withToken + QStringList{u"--cookie-env"_s, u"sid=SG_COOKIE"_s} + like(u"AF-05"_s),
         .id = u"AF-05"_s,
         .side = u"client"_s});
    row({.options = withToken + like(u"AF-06"_s), .id = u"AF-06"_s, .side = u"client"_s});
    row({.options = {Bearer, u"SG_QUOTED"_s}, .id = u"AF-07"_s, .side = u"person"_s});
    row({.play = u"redirect-other-origin"_s,
         .options = withToken,
         .id = u"AF-08"_s,
         .side = u"person"_s});
    row({.play = u"AF-09"_s,
         .options = withToken + like(u"AF-09"_s),
         .id = u"AF-09"_s,
         .side = u"client"_s});
    row({.play = u"AF-20"_s, .wantsToken = false, .id = u"AF-20"_s, .side = u"server"_s});
    // Found in what the server says of authorisation, for which explain asks when it is refused.
    for (const char *id : {"AF-21", "AF-22", "AF-23", "AF-25", "AF-26", "AF-27", "AF-31"}) {
        const QString play = QString::fromLatin1(id);
        row({.play = play,
             .wantsToken = false,
             .oauth = true,
             .id = play,
             .side = play == "AF-31"_L1 ? u"network"_s : u"server"_s});
    }
    row({.play = u"AF-24"_s,
         .wantsToken = false,
         .oauth = true,
         .id = u"AF-24"_s,
         .side = u"server"_s});
    row({.play = u"AF-23:1"_s,
         .wantsToken = false,
         .oauth = true,
         .id = u"AF-23"_s,
         .side = u"server"_s},
        ", another path");
    row({.play = u"AF-08"_s, .wantsToken = false, .id = u"AF-08"_s, .side = u"person"_s},
        ", without credentials");
    // Tokens by hand: what they say is not in the recording, but why they are refused is.
    const QStringList byHand{Bearer, u"SG_JWT"_s};
    row({.options = byHand,
         .jwt = R"({"aud":"https://other.example/mcp"})",
         .id = u"AF-10"_s,
         .side = u"person"_s});
    row({.oauth = true,
         .options = byHand,
         .jwt = R"({"aud":["a","b"]})",
         .id = u"AF-10"_s,
         .side = u"person"_s},
        ", of no URL");
    row({.oauth = true,
         .options = byHand,
         .jwt = R"({"iss":"https://evil.example"})",
         .id = u"AF-10"_s,
         .side = u"person"_s},
        ", another issuer");
    row({.options = byHand, .jwt = R"({"exp":1000})", .id = u"AF-11"_s, .side = u"person"_s});
    row({.options = byHand, .jwt = R"({"nbf":99999999999})", .id = u"AF-11"_s, .side = u"person"_s},
        ", not yet");
    for (const char *id : {"AF-28", "AF-29", "AF-30"}) {
        const QString play = QString::fromLatin1(id);
        row({.play = play,
             .wantsToken = false,
             .oauth = true,
             .id = play,
             .side = u"authorization server"_s});
    }
    row({.play = u"AF-40"_s,
         .wantsToken = false,
         .oauth = true,
         .id = u"AF-40"_s,
         .side = u"person"_s});
    row({.play = u"AF-82:1"_s, .options = withToken, .id = u"AF-82"_s, .side = u"server"_s});
    row({.play = u"AF-83"_s, .options = withToken, .id = u"AF-83"_s, .side = u"network"_s});
    row({.play = u"AF-84"_s, .options = withToken, .id = u"AF-84"_s, .side = u"server"_s});
    row({.play = u"AF-86"_s, .options = withToken, .id = u"AF-86"_s, .side = u"client"_s});
    row({.play = u"AF-87"_s, .options = withToken, .id = u"AF-87"_s, .side = u"server"_s});
    row({.play = u"AF-89:500@GET"_s, .options = withToken, .id = u"AF-89"_s, .side = u"network"_s});
    row({.play = u"AF-95"_s, .options = withToken, .id = u"AF-95"_s, .side = u"network"_s});
    row({.play = u"AF-67"_s, .wantsToken = false, .id = u"AF-67"_s, .side = u"server"_s});
    row({.play = u"AF-80"_s,
         .options = withToken + QStringList{brief},
         .id = u"AF-80"_s,
         .side = u"server"_s,
         .code = 0});
    row({.play = u"AF-81:0@tools/list"_s,
         .options = withToken,
         .id = u"AF-81"_s,
         .side = u"server"_s});
    row({.play = u"AF-81:1"_s, .options = withToken, .id = u"AF-81"_s, .side = u"server"_s},
        ", at the stream");
    row({.play = u"AF-85"_s, .options = withToken, .id = u"AF-85"_s, .side = u"server"_s});
    row({.play = u"AF-88:1500@GET"_s,
         .options = withToken,
         .id = u"AF-88"_s,
         .side = u"network"_s});
    row({.play = u"AF-91"_s, .options = withToken, .id = u"AF-91"_s, .side = u"person"_s});
    row({.play = u"html"_s, .options = withToken, .id = u"AF-91"_s, .side = u"person"_s},
        ", everywhere");
    row({.play = u"empty-body"_s, .options = withToken, .id = u"AF-91"_s, .side = u"person"_s},
        ", empty");
    row({.play = u"AF-92"_s, .options = withToken, .id = u"AF-92"_s, .side = u"network"_s});
    row({.play = u"AF-93"_s,
         .options = withToken + QStringList{brief},
         .id = u"AF-93"_s,
         .side = u"person"_s});
    row({.play = u"AF-94"_s, .options = withToken, .id = u"AF-94"_s, .side = u"server"_s});
    row({.play = u"AF-96@tools/list"_s,
         .options = withToken + QStringList{brief, u"--timeout"_s, u"4"_s},
         .id = u"AF-96"_s,
         .side = u"server"_s});
    row({.play = u"malformed-events@GET"_s,
         .options = withToken + QStringList{brief},
         .id = u"AF-96"_s,
         .side = u"server"_s},
        ", on the stream");
    row({.play = u"AF-97@tools/list"_s,
         .options = withToken + QStringList{brief},
         .id = u"AF-97"_s,
         .side = u"server"_s});
    row({.play = u"AF-98:3"_s, .options = withToken, .id = u"AF-98"_s, .side = u"server"_s});
    row({.play = u"AF-99"_s, .options = withToken, .id = u"AF-99"_s, .side = u"network"_s});
    row({.play = u"reset"_s, .options = withToken, .id = u"AF-99"_s, .side = u"network"_s},
        ", reset");
}

void TestExplain::each_id_is_found_alone_when_it_is_played()
{
    QFETCH(Played, c);
    LabSettings settings = playing(c.play, c.wantsToken);
    settings.apiKey = c.wantsBesides;
    settings.oauth.on = c.oauth;
    const LabThread lab(settings);
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"run.sgtrace"_s);
    const CliRun live = explain(QStringList{lab.url(), u"--json"_s, u"--trace"_s, file} + c.options,
                                u"SG_JWT="_s + QString::fromLatin1(unsignedToken(c.jwt)));
    const std::optional<Told> told = toldBy(live.out);
    QVERIFY2(told, live.out + live.err);
    QVERIFY2(told->ids == QStringList{c.id}, live.out);
    QCOMPARE(told->findings.constFirst().value("side"_L1).toString(), c.side);
    QVERIFY(!told->findings.constFirst().value("exchanges"_L1).toArray().isEmpty());
    QCOMPARE(live.exitCode, c.code);
    for (const QByteArray &secret : {Token, Key, "crumbs-of"_ba, unsignedToken(c.jwt)})
        QVERIFY2(!live.out.contains(secret) && !live.err.contains(secret), live.out + live.err);

    // The recording says the same: it has no secrets, and needs none.
    const CliRun recorded = explain({file, u"--json"_s});
    QVERIFY2(toldBy(recorded.out), recorded.out + recorded.err);
    QVERIFY2(toldBy(recorded.out)->ids == QStringList{c.id}, recorded.out);
    QCOMPARE(recorded.exitCode, c.code);
}

void TestExplain::a_log_in_that_fails_is_found_in_its_recording_data()
{
    QTest::addColumn<QString>("play");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("none") << QString() << QStringList();
    for (const char *id : {"AF-41", "AF-42", "AF-43", "AF-46", "AF-47", "AF-49"})
        QTest::newRow(id) << QString::fromLatin1(id) << QStringList{QString::fromLatin1(id)};
}

void TestExplain::a_log_in_that_fails_is_found_in_its_recording()
{
    QFETCH(QString, play);
    QFETCH(QStringList, ids);
    LabSettings settings = playing(play, false);
    settings.oauth.on = true;
    const LabThread lab(settings);
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"run.sgtrace"_s);
    QProcess login;
    login.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"),
                {u"login"_s, lab.url(), u"--no-browser"_s, u"--trace"_s, file});
    // Some fail before there is a page to open, with some the browser never comes back.
    QByteArray said;
    const auto address = [&said] {
        const qsizetype start = said.indexOf("\n  http") + 3;
        const qsizetype end = said.indexOf('\n', start);
        return start < 3 || end < 0 ? QUrl()
                                    : QUrl(QString::fromUtf8(said.mid(start, end - start)));
    };
    QTRY_VERIFY_WITH_TIMEOUT((said += login.readAllStandardError(),
                              login.state() == QProcess::NotRunning || !address().isEmpty()),
                             20'000);
    QuickBrowser browser;
    QSignalSpy arrived(&browser, &QuickBrowser::arrived);
    if (!address().isEmpty() && login.state() != QProcess::NotRunning) {
        browser.open(address());
        QTRY_VERIFY_WITH_TIMEOUT(!arrived.isEmpty() || login.state() == QProcess::NotRunning,
                                 20'000);
    }
    if (play == "AF-42"_L1)
        login.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(login.state(), QProcess::NotRunning, 20'000);
    const CliRun recorded = explain({file, u"--json"_s});
    QVERIFY2(toldBy(recorded.out), recorded.out + recorded.err);
    QVERIFY2(toldBy(recorded.out)->ids == ids, recorded.out + said);
}

void TestExplain::nobody_listens()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const QString url = u"http://127.0.0.1:%1/mcp"_s.arg(taken.serverPort());
    taken.close();
    const CliRun run = explain({url, u"--json"_s});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(toldBy(run.out)->ids, QStringList{u"AF-99"_s});
}

void TestExplain::what_is_healthy_has_no_finding_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("play");
    const QString brief = u"--seconds=1"_s;
    QTest::newRow("auto") << QStringList{} << QString();
    for (const char *revision :
         {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
        QTest::newRow(revision) << QStringList{u"--revision"_s, QString::fromLatin1(revision),
                                               brief}
                                << QString();
    QTest::newRow("sse") << QStringList{u"--transport"_s, u"sse"_s, brief} << QString();
    QTest::newRow("307") << QStringList{brief} << u"redirect-307"_s;
    QTest::newRow("a stream that is closed and opened again")
        << QStringList{} << u"closes-stream:300"_s;
}

void TestExplain::what_is_healthy_has_no_finding()
{
    QFETCH(QStringList, options);
    QFETCH(QString, play);
    LabSettings settings = playing(play, true);
    settings.apiKey = "X-Api-Key: " + Key;
    const LabThread lab(settings);
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"run.sgtrace"_s);
    const QString url = options.contains(u"sse"_s) ? lab.sseUrl() : lab.url();
    const CliRun live =
        explain(QStringList{url, u"--json"_s, u"--trace"_s, file, Bearer, u"SG_TOKEN"_s,
                            u"--header-env"_s, u"X-Api-Key: SG_KEY"_s}
                + options);
    QCOMPARE(live.out.trimmed(), R"({"findings":[]})"_ba);
    QVERIFY2(live.exitCode == 0, live.err);
    const CliRun recorded = explain({file});
    QCOMPARE(recorded.out.trimmed(), "Nothing was found that is wrong."_ba);
    QCOMPARE(recorded.exitCode, 0);
}

void TestExplain::a_failure_without_a_finding_keeps_its_exit_code()
{
    OddServer odd;
    QVERIFY(odd.listening);
    odd.on(u"initialize"_s, [](const OddServer::Message &message) { message.to.answer(500); });
    // The server lives in this thread: the program is waited for in the event loop.
    QThread *waiter = nullptr;
    CliRun run;
    waiter = QThread::create([&] { run = explain({odd.server.url().toString(), u"--json"_s}); });
    waiter->start();
    QVERIFY(QTest::qWaitFor([&] { return waiter->isFinished(); }, 60'000));
    delete waiter;
    QCOMPARE(run.out.trimmed(), R"({"findings":[]})"_ba);
    QCOMPARE(run.exitCode, 5);
    QVERIFY2(run.err.contains("500"), run.err);
}

void TestExplain::that_acting_needs_a_token_is_said_where_there_is_none()
{
    const QByteArray says = "AF-01 makes no difference without";
    const QStringList like{u"--like"_s, u"AF-01"_s, u"--json"_s, u"--seconds=1"_s};
    {
        const LabThread open(playing({}, false));
        const CliRun run = explain(QStringList{open.url()} + like);
        QVERIFY2(run.err.contains(says), run.err);
        QCOMPARE(run.exitCode, 0);
    }
    // A token may come of a log-in: then it does make a difference.
    LabSettings settings = playing({}, false);
    settings.oauth.on = true;
    settings.oauth.serviceSecret = "of-the-service-0815";
    const LabThread lab(settings);
    const CliRun run =
        explain(QStringList{lab.url(), u"--grant"_s, u"client-credentials"_s, u"--client-id"_s,
                            u"practice-service"_s, u"--client-secret-env"_s, u"SG_SERVICE"_s}
                + like);
    QVERIFY2(toldBy(run.out), run.out + run.err);
    QVERIFY2(toldBy(run.out)->ids == QStringList{u"AF-01"_s}, run.out + run.err);
    QVERIFY2(!run.err.contains(says), run.err);
}

void TestExplain::a_recording_that_ends_with_a_refusal_is_not_well()
{
    const LabThread lab(playing({}, true));
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"run.sgtrace"_s);
    runCli({u"tools"_s, lab.url(), u"--trace"_s, file, Bearer, u"SG_KEY"_s}, secrets());
    const CliRun recorded = explain({file});
    QCOMPARE(recorded.exitCode, 0);
    QVERIFY2(recorded.out.startsWith("No failure that is known was found. Its last request was "
                                     "refused all the same (401, exchange "),
             recorded.out);
}

void TestExplain::people_read_the_same()
{
    const LabThread lab(playing({}, true));
    const CliRun run =
        explain({lab.url(), Bearer, u"SG_TOKEN"_s, u"--like"_s, u"AF-01"_s, u"--seconds=1"_s});
    QCOMPARE(run.exitCode, 4);
    for (const char *part : {"AF-01  Credentials are left off the event stream",
                             "The event stream was refused (GET, 401). It carried no Authorization",
                             "What to do: ", "Side: the client", "Authorization: none",
                             "Authorization: \u201cBearer ~"})
        QVERIFY2(run.out.contains(part), run.out);
    QVERIFY2(!run.err.contains("sightglass-cli:"), run.err);
}

void TestExplain::the_files_are_what_they_say()
{
    const LabThread lab(playing({}, true));
    const QTemporaryDir folder;
    const QString junit = folder.filePath(u"a.xml"_s);
    const QString sarif = folder.filePath(u"a.sarif"_s);
    const CliRun run = explain({lab.url(), Bearer, u"SG_TOKEN"_s, u"--like"_s, u"AF-01"_s,
                                u"--seconds=1"_s, u"--junit"_s, junit, u"--sarif"_s, sarif});
    QCOMPARE(run.exitCode, 4);

    QFile xmlFile(junit);
    QVERIFY(xmlFile.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&xmlFile);
    int cases = 0;
    int announced = -1;
    QStringList failed;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement())
            continue;
        if (xml.name() == "testsuite"_L1)
            announced = xml.attributes().value("tests"_L1).toInt();
        else if (xml.name() == "testcase"_L1)
            ++cases;
        else if (xml.name() == "failure"_L1)
            failed.append(xml.attributes().value("type"_L1).toString());
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(cases, announced);
    QVERIFY(cases > 50);
    QCOMPARE(failed, QStringList{u"AF-01"_s});

    QFile sarifFile(sarif);
    QVERIFY(sarifFile.open(QIODevice::ReadOnly));
    const QJsonObject log = QJsonDocument::fromJson(sarifFile.readAll()).object();
    QCOMPARE(log.value("version"_L1).toString(), u"2.1.0"_s);
    const QJsonObject one = log.value("runs"_L1).toArray().at(0).toObject();
    const QJsonObject driver = one.value("tool"_L1).toObject().value("driver"_L1).toObject();
    QCOMPARE(driver.value("name"_L1).toString(), u"Sightglass"_s);
    QCOMPARE(driver.value("rules"_L1).toArray().at(0).toObject().value("id"_L1).toString(),
             u"AF-01"_s);
    const QJsonArray results = one.value("results"_L1).toArray();
    QCOMPARE(results.size(), 1);
    const QJsonObject result = results.at(0).toObject();
    QCOMPARE(result.value("ruleId"_L1).toString(), u"AF-01"_s);
    QCOMPARE(result.value("ruleIndex"_L1).toInt(-1), 0);
    QCOMPARE(result.value("level"_L1).toString(), u"error"_s);
    QVERIFY(result.value("message"_L1).toObject().value("text"_L1).toString().contains("401"_L1));
    const QJsonObject location = result.value("locations"_L1).toArray().at(0).toObject();
    QCOMPARE(location.value("physicalLocation"_L1)
                 .toObject()
                 .value("artifactLocation"_L1)
                 .toObject()
                 .value("uri"_L1)
                 .toString(),
             lab.url());
}

void TestExplain::a_file_that_cannot_be_written_is_told()
{
    const LabThread lab(playing({}, false));
    const CliRun run =
        explain({lab.url(), u"--seconds=1"_s, u"--junit"_s, u"/no/such/folder/a.xml"_s});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains("/no/such/folder/a.xml cannot be written"), run.err);
}

void TestExplain::wrong_use_is_told_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("nothing") << QStringList{} << "explain FILE|TARGET"_ba;
    QTest::newRow("no such file") << QStringList{u"/no/such.sgtrace"_s} << "/no/such.sgtrace"_ba;
    QTest::newRow("no recording") << QStringList{u"/etc/hostname"_s} << "/etc/hostname"_ba;
    QTest::newRow("empty name") << QStringList{u"x.sgtrace"_s, u"--junit"_s, QString()}
                                << "--junit"_ba;
}

void TestExplain::wrong_use_is_told()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const CliRun run = explain(arguments);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains(says), run.err);
    QVERIFY(run.out.isEmpty());
}

QTEST_GUILESS_MAIN(TestExplain)
#include "test_explain.moc"
