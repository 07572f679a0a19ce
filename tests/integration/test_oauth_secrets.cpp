// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Whole log-ins with marked secrets: nothing that is written, shown to other programs or handed to
// the browser has one.

#include "core/trace/trace_file.h"
#include "core/trace/trace_text.h"
#include "tests/support/oauth_wire.h"
#include "tests/support/recording_bytes.h"

#include <QDir>
#include <QDirIterator>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

constexpr int Patience = 30'000;

QByteArray fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? plainRecording(file.readAll()) : QByteArray();
}

/// A log-in that is recorded to a file as the programs do it, and all that can be made of it.
class Recorded {
public:
    Recorded()
        : m_redactor("a salt of the test")
    {
        addKnownSecrets(&m_redactor, wire.target);
        auto writer = TraceFileWriter::create(m_folder.filePath(u"run.sightglass"_s),
                                              wire.probe.trace().began(), m_redactor, false);
        if (!writer)
            return;
        m_writer = std::move(*writer);
        trace().addSink(m_writer.get());
    }
    QByteArray written()
    {
        if (!m_writer)
            return {};
        trace().removeSink(m_writer.get());
        m_writer->close();
        QByteArray text = fileText(m_folder.filePath(u"run.sightglass"_s));
        for (ExchangeId id = 1; id <= trace().exchangeCount(); ++id) {
            text += exchangeToJson(trace(), id, &m_redactor);
            text += exchangeToCurl(trace(), id, &m_redactor);
        }
        return text;
    }

    OAuthWire wire;

private:
    TraceStore &trace() { return const_cast<TraceStore &>(wire.probe.trace()); }

    QTemporaryDir m_folder;
    Redactor m_redactor;
    std::unique_ptr<TraceFileWriter> m_writer;
};

} // namespace

class OAuthSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_command_line_writes_no_secret();
    void a_recording_has_no_secret_of_a_client_that_was_registered();
    void what_a_server_repeats_is_no_less_secret();
};

void OAuthSecrets::the_command_line_writes_no_secret()
{
    OAuthWire wire;
    wire.token = "marked-access-4711.a-b";
    wire.tokenMembers["access_token"] = '"' + wire.token + '"';
    wire.tokenMembers["refresh_token"] = R"("marked-refresh-4711")";
    wire.tokenMembers["id_token"] = R"("marked-id-4711")";
    wire.serverMembers["token_endpoint_auth_methods_supported"] = R"(["client_secret_post"])";
    QByteArrayList secrets{wire.token, "marked-refresh-4711", "marked-id-4711",
                           "marked-secret-4711", "marked-code-4711"};
    wire.asPages["/authorize"] = [](RawConnection &to, const RawRequest &request) {
        const QUrlQuery query(QUrl::fromEncoded(request.target()).query(QUrl::FullyEncoded));
        to.answer(
            302, {},
            "Location: " + query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded).toLatin1()
                + "?code=marked-code-4711&state=" + query.queryItemValue(u"state"_s).toLatin1()
                + "\r\n");
    };

    QTemporaryDir home;
    QDir(home.path()).mkdir(u"bin"_s);
    // A desktop, whose browser writes down what it is told.
    QFile opener(home.filePath(u"bin/xdg-open"_s));
    QVERIFY(opener.open(QIODevice::WriteOnly));
    opener.write(
        "#!/bin/sh\n{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; } > \""
        + home.filePath(u"opened.part"_s).toUtf8() + "\"\nmv \""
        + home.filePath(u"opened.part"_s).toUtf8() + "\" \"" + home.filePath(u"opened"_s).toUtf8()
        + "\"\n");
    opener.close();
    opener.setPermissions(opener.permissions() | QFileDevice::ExeOwner);
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, home.filePath(u"bin"_s) + u':' + qEnvironmentVariable("PATH"));
    environment.insert(u"HOME"_s, home.path());
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME",
                             "XDG_RUNTIME_DIR", "TMPDIR"})
        environment.insert(QString::fromLatin1(name), home.path());
    environment.insert(u"DISPLAY"_s, u":47"_s);
    environment.insert(u"THE_SECRET"_s, u"marked-secret-4711"_s);

    const QString target = wire.mcp.url().toString();
    QByteArray written;
    const auto run = [&](const QStringList &arguments, bool logsIn) {
        QProcess process;
        process.setProcessEnvironment(environment);
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass-cli"), arguments);
        QByteArray err;
        const auto read = [&] {
            written += process.readAllStandardOutput();
            err += process.readAllStandardError();
        };
        if (logsIn) {
            static const QRegularExpression line(u"\\n  (http://\\S+)\\n"_s);
            const bool told = QTest::qWaitFor(
                [&] {
                    read();
                    return line.match(QString::fromUtf8(err)).hasMatch()
                        && QFile::exists(home.filePath(u"opened"_s));
                },
                Patience);
            if (!told)
                return err;
            const QUrl url(line.match(QString::fromUtf8(err)).captured(1), QUrl::StrictMode);
            const QString id = QString::number(process.processId());
            written += fileText(u"/proc/"_s + id + u"/cmdline"_s) + '\n';
            // The very address, as one argument, and nothing that it need not know.
            const QByteArray opened = fileText(home.filePath(u"opened"_s));
            if (!opened.contains('\n' + url.toEncoded() + '\n'))
                return "the browser was told: " + opened;
            wire.browser.open(url);
        }
        const bool ended =
            QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, Patience);
        read();
        written += err;
        return ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0
            ? QByteArray()
            : err + '!';
    };
    // First at a server that repeats a secret that it gave out, where nothing says that it is one.
    const OAuthWire::Page right = wire.asPages["/token"];
    const OAuthWire::Page registers = wire.asPages["/register"];
    wire.asPages["/register"] =
        OAuthWire::answering(201,
                             R"({"client_id":"client-2","client_secret":"marked-registered-4711",)"
                             R"("token_endpoint_auth_method":"client_secret_post"})");
    wire.asPages["/token"] = OAuthWire::answering(
        401,
        R"({"error":"invalid_client","error_description":"not marked-registered-4711 marked-code-4711"})");
    secrets << "marked-registered-4711";
    const QByteArray refused = run({u"login"_s, target, u"--proxy"_s, u"none"_s, u"--trace"_s,
                                    home.filePath(u"refused.sightglass"_s)},
                                   true);
    QVERIFY2(refused.contains("invalid_client"), refused);
    QVERIFY(OAuthWire::got(wire.as, "/token").constFirst().body.contains("marked-registered"));
    QVERIFY(QFile::remove(home.filePath(u"opened"_s)));
    wire.asPages["/token"] = right;
    wire.asPages["/register"] = registers;

    const QString trace = home.filePath(u"login.sightglass"_s);
    const QByteArray login = run({u"login"_s, target, u"--client-id"_s, u"client-1"_s,
                                  u"--client-secret-env"_s, u"THE_SECRET"_s, u"--proxy"_s,
                                  u"none"_s, u"--trace"_s, trace, u"--dpop"_s, u"never"_s},
                                 true);
    QVERIFY2(login.isEmpty(), login);
    const QList<RawRequest> tokenRequests = OAuthWire::got(wire.as, "/token");
    QCOMPARE(tokenRequests.size(), 2);
    for (const auto &[name, value] : formDecoded(tokenRequests.constLast().body)) {
        if (name == "code_verifier"_L1)
            secrets << value.toUtf8();
    }
    QCOMPARE(secrets.size(), 7);
    // They were there to be written.
    QVERIFY(tokenRequests.constLast().body.contains("marked-secret-4711"));
    QVERIFY(tokenRequests.constLast().body.contains("marked-code-4711"));

    environment.insert(u"THE_TOKEN"_s, QString::fromLatin1(wire.token));
    const QString use = home.filePath(u"use.sightglass"_s);
    const QByteArray tools = run({u"tools"_s, target, u"--bearer-env"_s, u"THE_TOKEN"_s,
                                  u"--proxy"_s, u"none"_s, u"--trace"_s, use},
                                 false);
    QVERIFY2(tools.isEmpty(), tools);
    for (const QString &file : {trace, use}) {
        for (const QStringList &more : {QStringList(), QStringList{u"--json"_s}}) {
            const QByteArray told = run(QStringList{u"trace"_s, file} + more, false);
            QVERIFY2(told.isEmpty(), told);
        }
    }
    // What they find and say, whatever that is.
    for (const QStringList &arguments :
         {QStringList{u"explain"_s, trace}, QStringList{u"explain"_s, trace, u"--json"_s},
          QStringList{u"explain"_s, target, u"--seconds"_s, u"1"_s, u"--proxy"_s, u"none"_s,
                      u"--bearer-env"_s, u"THE_TOKEN"_s},
          QStringList{u"auth"_s, target, u"--proxy"_s, u"none"_s, u"--json"_s}})
        run(arguments, false);
    QVERIFY(fileText(trace).size() > 1000);
    int files = 0;
    for (QDirIterator it(home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         it.hasNext(); ++files)
        written += fileText(it.next()) + '\n';
    QVERIFY(files >= 4);
    for (const QByteArray &secret : std::as_const(secrets)) {
        QVERIFY(secret.size() > 10);
        const qsizetype at = written.indexOf(secret);
        QVERIFY2(at < 0, written.mid(std::max<qsizetype>(0, at - 60), 80 + secret.size()));
        QVERIFY2(!written.contains(secret.toBase64().chopped(4)), secret);
    }
}

void OAuthSecrets::a_recording_has_no_secret_of_a_client_that_was_registered()
{
    Recorded recorded;
    OAuthWire &wire = recorded.wire;
    wire.serverMembers["token_endpoint_auth_methods_supported"] = R"(["client_secret_post"])";
    wire.asPages["/register"] =
        OAuthWire::answering(201,
                             R"({"client_id":"client-1","client_secret":"marked-registered-4711",)"
                             R"("token_endpoint_auth_method":"client_secret_post",)"
                             R"("registration_access_token":"marked-management-4711"})");
    QVERIFY(wire.probe.connectTo(wire.target));
    wire.probe.disconnectFrom();
    QVERIFY(OAuthWire::got(wire.as, "/token").constFirst().body.contains("marked-registered-4711"));
    const QByteArray written = recorded.written();
    QVERIFY(written.size() > 1000);
    QVERIFY(!written.contains("marked-registered-4711"));
    QVERIFY(!written.contains("marked-management-4711"));
}

void OAuthSecrets::what_a_server_repeats_is_no_less_secret()
{
    Recorded recorded;
    OAuthWire &wire = recorded.wire;
    wire.serverMembers["token_endpoint_auth_methods_supported"] = R"(["client_secret_post"])";
    wire.asPages["/register"] =
        OAuthWire::answering(201,
                             R"({"client_id":"client-1","client_secret":"marked-registered-4711",)"
                             R"("token_endpoint_auth_method":"client_secret_post"})");
    QByteArray verifier;
    wire.asPages["/token"] = [&verifier](RawConnection &to, const RawRequest &request) {
        for (const auto &[name, value] : formDecoded(request.body)) {
            if (name == "code_verifier"_L1)
                verifier = value.toUtf8();
        }
        to.answer(400,
                  R"({"error":"invalid_grant","error_description":"refused: )" + request.body
                      + R"("})",
                  "Content-Type: application/json\r\n");
    };
    QVERIFY(!wire.probe.connectTo(wire.target));
    QVERIFY(verifier.size() > 20);
    const QByteArray written = recorded.written();
    QVERIFY(written.size() > 1000);
    for (const QByteArray &secret : {QByteArray("marked-registered-4711"), verifier}) {
        const qsizetype at = written.indexOf(secret);
        QVERIFY2(at < 0, written.mid(std::max<qsizetype>(0, at - 300), 300 + secret.size()));
    }
}

QTEST_GUILESS_MAIN(OAuthSecrets)
#include "test_oauth_secrets.moc"
