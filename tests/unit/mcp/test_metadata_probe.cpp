// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/oauth/oauth_metadata.h"
#include "core/mcp/metadata_probe.h"
#include "tests/support/gate_probe.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray AtPath = "/.well-known/oauth-protected-resource/mcp";
const QByteArray AtRoot = "/.well-known/oauth-protected-resource";
const QByteArray AtIssuer = "/.well-known/oauth-authorization-server";
const QByteArray AtOpenId = "/.well-known/openid-configuration";
const QByteArray Metadata = R"({"resource":"http://h/mcp","authorization_servers":["http://as"]})";

struct Answer {
    int status = 404;
    QByteArray type;
    QByteArray body;
    QByteArray headers; ///< further lines
};
Answer json(const QByteArray &body)
{
    return {200, "application/json", body, {}};
}
Answer redirect(const QByteArray &location)
{
    return {302, {}, {}, "Location: " + location + "\r\n"};
}

/// A server that gives each path its answer, and the probe that asks it.
class Rig : public QObject {
public:
    Rig()
        : gate(&trace)
        , probe(&gate)
    {
        gate.setNetworkSettings(direct());
        // The refusal that made it ask.
        trace.finish(trace.begin(RequestRecord{}, {}));
        server.onRequest([this](RawConnection &connection, const RawRequest &request) {
            asked += request.target();
            const Answer answer = answers.value(request.target());
            if (answer.status == 0) {
                connection.reset();
                return;
            }
            QByteArray headers = answer.headers;
            if (!answer.type.isEmpty())
                headers += "Content-Type: " + answer.type + "\r\n";
            connection.answer(answer.status, answer.body, headers);
        });
        connect(&probe, &MetadataProbe::done, this, [this](const Failure &failure) {
            ++dones;
            told = failure;
        });
    }
    bool run(const QString &path = u"/mcp"_s)
    {
        Failure refusal{
            FailureKind::Refused, u"unauthorized"_s, u"It was refused."_s, u"Give one."_s, 1, {}};
        probe.start(server.url(path), refusal);
        return QTest::qWaitFor([this] { return dones > 0; }, 30'000);
    }
    QString url(const QByteArray &target) const
    {
        return server.url(QString::fromLatin1(target)).toString();
    }

    TraceStore trace;
    HttpGate gate;
    MetadataProbe probe;
    RawServer server;
    QHash<QByteArray, Answer> answers;
    QByteArrayList asked;
    Failure told;
    int dones = 0;
};

} // namespace

class TestMetadataProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_is_metadata_data();
    void what_is_metadata();
    void both_are_asked_in_order_and_it_is_told_that_none_is_there();
    void a_server_of_2025_03_26_is_its_own_issuer();
    void the_first_that_has_it_ends_the_search();
    void the_root_is_asked_where_the_path_has_none();
    void what_else_answers_is_named_data();
    void what_else_answers_is_named();
    void something_else_at_the_path_does_not_hide_the_root();
    void ten_megabytes_are_not_read_to_the_end();
    void redirects_are_followed_and_told();
    void a_redirect_to_a_login_page_is_no_metadata();
    void what_cannot_be_found_out_is_said_data();
    void what_cannot_be_found_out_is_said();
    void its_exchanges_are_discovery_and_name_their_cause();
};

void TestMetadataProbe::what_is_metadata_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("instead"); // empty: it is
    const auto row = [](const char *name, const QByteArray &type, const QByteArray &body,
                        const char *instead) {
        QTest::newRow(name) << type << body << QString::fromUtf8(instead);
    };
    const QByteArray app = "application/json";
    row("metadata", app, Metadata, "");
    row("the least", app, R"({"resource":"x"})", "");
    row("web page", "text/html", "<html>", "a web page (text/html)");
    row("metadata as a web page", "text/html", Metadata, "a web page (text/html)");
    row("text", "text/plain", Metadata, "text/plain instead of application/json");
    row("no type", "", Metadata, "a document without Content-Type");
    row("empty", app, "", "something that is no JSON object");
    row("cut off", app, Metadata.left(20), "something that is no JSON object");
    row("array", app, "[" + Metadata + "]", "something that is no JSON object");
    row("string", app, "\"x\"", "something that is no JSON object");
    row("null", app, "null", "something that is no JSON object");
    row("not UTF-8", app, "{\"resource\":\"\xff\"}", "something that is no JSON object");
    row("deep", app, QByteArray(100'000, '['), "something that is no JSON object");
    row("no resource", app, R"({"Resource":"x","issuer":"y"})",
        "JSON that has no member “resource”");
    for (const char *value : {"1", "null", "true", "[\"x\"]", "{}", "\"\""})
        row(value, app, "{\"resource\":" + QByteArray(value) + '}',
            "JSON whose member “resource” is no URL");
}

void TestMetadataProbe::what_is_metadata()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QTEST(MetadataProbe::insteadOfMetadata(type, body), "instead");
}

void TestMetadataProbe::both_are_asked_in_order_and_it_is_told_that_none_is_there()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtRoot, {410, {}, {}, {}});
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList({AtPath, AtRoot, AtIssuer, AtOpenId}));
    QCOMPARE(rig.told.finding, u"AF-20"_s);
    QCOMPARE(rig.told.sentence, u"It was refused. Nor is there metadata at the well-known URLs."_s);
    // The evidence is the refusal.
    QCOMPARE(rig.told.exchange, 1);
    QCOMPARE(rig.told.code, u"unauthorized"_s);
    QCOMPARE(rig.dones, 1);
}

void TestMetadataProbe::a_server_of_2025_03_26_is_its_own_issuer()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtIssuer,
                       json(R"({"issuer":"http://h","token_endpoint":"http://h/token"})"));
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, (QByteArrayList{AtPath, AtRoot, AtIssuer}));
    QCOMPARE(rig.told.finding, QString());
    QVERIFY2(rig.told.sentence.contains(rig.url(AtIssuer) + u" (exchange 4)."_s),
             qPrintable(rig.told.sentence));
    QVERIFY2(rig.told.advice.startsWith(u"Log in there"_s), qPrintable(rig.told.advice));

    // Something else that answers there is none.
    Rig page;
    QVERIFY(page.server.listen());
    page.answers.insert(AtIssuer, {200, "text/html", "<html>", {}});
    QVERIFY(page.run());
    QCOMPARE(page.told.finding, u"AF-20"_s);
}

void TestMetadataProbe::the_first_that_has_it_ends_the_search()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtPath, json(Metadata));
    rig.answers.insert(AtRoot, json(Metadata));
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList{AtPath});
    QCOMPARE(rig.told.finding, QString());
    QCOMPARE(
        rig.told.sentence,
        u"It was refused. Metadata for authorisation stands at %1 (exchange 2) all the same."_s.arg(
            rig.url(AtPath)));
}

void TestMetadataProbe::the_root_is_asked_where_the_path_has_none()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtRoot, {200, "application/json; charset=utf-8", Metadata, {}});
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList({AtPath, AtRoot}));
    QVERIFY(rig.told.sentence.contains(rig.url(AtRoot) + u" (exchange 3) all the same"_s));

    Rig root;
    QVERIFY(root.server.listen());
    QVERIFY(root.run(u"/"_s));
    QCOMPARE(root.asked, (QByteArrayList{AtRoot, AtIssuer, AtOpenId}));
}

void TestMetadataProbe::what_else_answers_is_named_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("HTML") << QByteArray("text/html; charset=utf-8")
                          << QByteArray("<!doctype html><title>App</title>")
                          << u"answers with a web page (text/html) (exchange 3)."_s;
    QTest::newRow("wrong types") << QByteArray("application/json")
                                 << QByteArray(R"({"resource":["a"]})")
                                 << u"answers with JSON whose member “resource” is no URL"_s;
    QTest::newRow("text") << QByteArray("text/plain") << Metadata
                          << u"answers with text/plain instead of application/json"_s;
    QTest::newRow("empty") << QByteArray("application/json") << QByteArray()
                           << u"answers with something that is no JSON object"_s;
}

void TestMetadataProbe::what_else_answers_is_named()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    Rig rig;
    QVERIFY(rig.server.listen());
    // As the web applications do that answer every path.
    rig.answers.insert(AtPath, {200, type, body, {}});
    rig.answers.insert(AtRoot, {200, type, body, {}});
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList({AtPath, AtRoot}));
    QCOMPARE(rig.told.finding, u"AF-27"_s);
    QVERIFY2(rig.told.sentence.contains(rig.url(AtRoot) + u' ' + says),
             qPrintable(rig.told.sentence));
    QVERIFY(!rig.told.sentence.contains("all the same"_L1));
}

void TestMetadataProbe::something_else_at_the_path_does_not_hide_the_root()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtPath, {200, "text/html", "<html>", {}});
    rig.answers.insert(AtRoot, json(Metadata));
    QVERIFY(rig.run());
    QVERIFY(rig.told.sentence.contains(rig.url(AtRoot) + u" (exchange 3) all the same"_s));
    QCOMPARE(rig.told.finding, QString());
}

void TestMetadataProbe::ten_megabytes_are_not_read_to_the_end()
{
    Rig rig;
    rig.server.onRequest([&rig](RawConnection &connection, const RawRequest &request) {
        rig.asked += request.target();
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                         "Content-Length: 10000000\r\n\r\n");
        connection.stream(10'000'000);
    });
    QVERIFY(rig.server.listen());
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList({AtPath, AtRoot}));
    QCOMPARE(rig.told.finding, u"AF-27"_s);
    QVERIFY2(rig.told.sentence.contains(u"answers with more than 1 MiB"_s),
             qPrintable(rig.told.sentence));
    // What had come is kept, which is little more than the limit.
    QVERIFY(rig.trace.summary(2).responseBytes > MostMetadataBytes);
    QVERIFY(rig.trace.summary(2).responseBytes < 5'000'000);
}

void TestMetadataProbe::redirects_are_followed_and_told()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtPath, redirect("/elsewhere?key=hidden"));
    rig.answers.insert("/elsewhere?key=hidden", json(Metadata));
    QVERIFY(rig.run());
    QCOMPARE(rig.asked, QByteArrayList({AtPath, "/elsewhere?key=hidden"}));
    QVERIFY2(rig.told.sentence.contains(u"stands at %1, to which %2 redirects (exchange 3)"_s.arg(
                 rig.url("/elsewhere"), rig.url(AtPath))),
             qPrintable(rig.told.sentence));
    QVERIFY(!rig.told.sentence.contains("hidden"_L1));

    // Round and round: no answer, and an end.
    Rig round;
    QVERIFY(round.server.listen());
    round.answers.insert(AtPath, redirect(AtRoot));
    round.answers.insert(AtRoot, redirect(AtPath));
    QVERIFY(round.run());
    QCOMPARE(round.told.finding, QString());
    QVERIFY(round.told.sentence.contains(u"is not known"_s));
}

void TestMetadataProbe::a_redirect_to_a_login_page_is_no_metadata()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    for (const QByteArray &place : {AtPath, AtRoot})
        rig.answers.insert(place, redirect("/login"));
    rig.answers.insert("/login", {200, "text/html", "<form>", {}});
    QVERIFY(rig.run());
    QCOMPARE(rig.told.finding, u"AF-27"_s);
    QVERIFY(rig.told.sentence.contains(u"a web page (text/html)"_s));
}

void TestMetadataProbe::what_cannot_be_found_out_is_said_data()
{
    QTest::addColumn<int>("status"); // 0: the connection is reset
    QTest::addColumn<QString>("says");
    QTest::newRow("500") << 500 << u"was answered with 500 (exchange 3)"_s;
    QTest::newRow("401") << 401 << u"was answered with 401 (exchange 3)"_s;
    QTest::newRow("403") << 403 << u"was answered with 403 (exchange 3)"_s;
    QTest::newRow("204") << 204 << u"was answered with 204 (exchange 3)"_s;
    QTest::newRow("reset") << 0 << u"gave no whole answer (exchange "_s;
}

void TestMetadataProbe::what_cannot_be_found_out_is_said()
{
    QFETCH(int, status);
    QFETCH(QString, says);
    Rig rig;
    QVERIFY(rig.server.listen());
    rig.answers.insert(AtRoot, {status, {}, {}, {}});
    QVERIFY(rig.run());
    QCOMPARE(rig.told.finding, QString());
    QVERIFY2(rig.told.sentence.contains(rig.url(AtRoot) + u' ' + says),
             qPrintable(rig.told.sentence));
    QCOMPARE(rig.told.advice, u"Give one."_s);
}

void TestMetadataProbe::its_exchanges_are_discovery_and_name_their_cause()
{
    Rig rig;
    QVERIFY(rig.server.listen());
    QVERIFY(rig.run());
    QCOMPARE(rig.trace.exchangeCount(), 5);
    for (const ExchangeId id : {2, 3}) {
        const RequestRecord &request = rig.trace.request(id);
        QCOMPARE(request.kind, ExchangeKind::Discovery);
        QCOMPARE(request.method, QByteArray("GET"));
        QCOMPARE(request.cause, 1);
        QCOMPARE(HeaderList(request.headers).value("Accept"), QByteArray("application/json"));
    }
}

QTEST_GUILESS_MAIN(TestMetadataProbe)
#include "test_metadata_probe.moc"
