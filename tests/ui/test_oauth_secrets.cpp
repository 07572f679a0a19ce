// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Whole log-ins with marked secrets in the real window: nothing that it shows, tells a screen
// reader, copies by default, remembers or records has one.

#include "core/auth/oauth/oauth_messages.h"
#include "tests/support/oauth_wire.h"
#include "tests/support/odd_server.h"
#include "tests/ui/screen_text.h"
#include "tests/ui/window_probe.h"
#include "ui/models/oauth_steps_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/oauth_section.h"
#include "ui/pages/tool_panel.h"
#include "ui/pages/traffic_page.h"
#include "ui/widgets/log_in_prompt.h"
#include "ui/widgets/oauth_step_view.h"
#include "ui/widgets/rows_view.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTabBar>
#include <QUrlQuery>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 15000; ///< ms
/// Begins every secret that a server made: also what is left of one that was cut is found.
const QString mark = u"Mrk4711"_s;
/// Of the client, by hand.
const QString givenSecret = u"Mrk4711given"_s;

// What the MCP server says, with SENT in place of the Authorization.
constexpr char initialized[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{"tools":{},"logging":{},"experimental":{"x":{"is":"told SENT"}}},"serverInfo":{"name":"wire","version":"1"},)"
    R"("instructions":"You sent SENT"}})";
constexpr char listedTools[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"tools":[{"name":"whoami","title":"Of SENT",)"
    R"("description":"says SENT","inputSchema":{"type":"object","properties":)"
    R"({"n":{"type":"string","description":"not SENT"}}}}]}})";
constexpr char callError[] =
    R"({"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"no SENT",)"
    R"("data":{"sent":"SENT"}}})";
constexpr char callResult[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"you sent SENT"}],)"
    R"("structuredContent":{"sent":"SENT"}}})";
constexpr char logNotice[] = R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                             R"({"level":"info","data":"logs SENT"}})";
constexpr char elicitation[] =
    R"({"jsonrpc":"2.0","id":7001,"method":"elicitation/create","params":)"
    R"({"message":"wants SENT","requestedSchema":{"type":"object","properties":{}}}})";
constexpr char sampling[] =
    R"({"jsonrpc":"2.0","id":7002,"method":"sampling/createMessage","params":)"
    R"({"maxTokens":9,"messages":[],"systemPrompt":"be SENT"}})";

QStringList &logged()
{
    static QStringList lines;
    return lines;
}

void keepLogged(QtMsgType, const QMessageLogContext &context, const QString &text)
{
    logged().append(QString::fromUtf8(context.category) + u": "_s + text);
}

/// Everything in the files under a folder.
QByteArray written(const QString &folder)
{
    QByteArray all;
    for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         it.hasNext();) {
        QFile file(it.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll() + '\n';
    }
    return all;
}

/// A window at servers whose secrets all begin with `mark`, and which say again what they were
/// sent.
struct Scene {
    Scene();

    QPushButton *button(const QString &text, const QWidget *within) const;
    OAuthSection *section() const { return probe.part<OAuthSection>(); }
    TrafficPage *traffic() const { return probe.part<TrafficPage>(); }
    RowsView *exchanges() const;
    const OAuthState &oauth() const { return probe.session->oauth(); }
    /// Opens the browser by its button, in which somebody agrees.
    bool agrees() const;
    bool authorized(int tokens) const;
    bool callsTool() const;
    /// At every page, and every step of the log-in.
    void look(ScreenText *seen) const;
    /// At every exchange, in every form.
    void lookAtTraffic(ScreenText *seen) const;
    /// Those of which nobody could make `mark`s: verifiers, Basic, keys, and proofs of a key.
    QStringList unmarked() const;

    OAuthWire wire;
    int issued = 0; ///< access tokens
    bool revoked = false; ///< the newest access token is
    bool refuses = false; ///< the token endpoint, saying again what it was sent
    QByteArray accessToken() const { return "Mrk4711access" + QByteArray::number(issued); }
    WindowProbe probe;

private:
    void answerMcp(RawConnection &to, const RawRequest &request) const;
    void answerToken(RawConnection &to, const RawRequest &request);
};

Scene::Scene()
{
    wire.serverMembers["token_endpoint_auth_methods_supported"] =
        R"(["client_secret_post","client_secret_basic"])";
    wire.serverMembers["dpop_signing_alg_values_supported"] = R"(["ES256"])";
    wire.asPages["/register"] =
        OAuthWire::answering(201,
                             R"({"client_id":"client-1","client_secret":"Mrk4711registered",)"
                             R"("token_endpoint_auth_method":"client_secret_post",)"
                             R"("registration_access_token":"Mrk4711management"})");
    wire.asPages["/authorize"] = [](RawConnection &to, const RawRequest &request) {
        const QUrlQuery query(QUrl::fromEncoded(request.target()).query(QUrl::FullyEncoded));
        to.answer(302, {},
                  "Location: "
                      + query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded).toLatin1()
                      + "?code=Mrk4711code&state=" + query.queryItemValue(u"state"_s).toLatin1()
                      + "\r\n");
    };
    wire.asPages["/token"] = [this](RawConnection &to, const RawRequest &request) {
        answerToken(to, request);
    };
    wire.mcpPages["/mcp"] = [this](RawConnection &to, const RawRequest &request) {
        answerMcp(to, request);
    };
    probe.window->setBrowser([this](const QUrl &url) {
        wire.browser.open(url);
        return true;
    });
}

void Scene::answerToken(RawConnection &to, const RawRequest &request)
{
    const QByteArray type = "Content-Type: application/json\r\n";
    if (refuses) {
        to.answer(400,
                  R"({"error":"invalid_grant","error_description":"no good: )" + request.body + ' '
                      + request.header("Authorization") + R"("})",
                  type);
        return;
    }
    ++issued;
    revoked = false;
    to.answer(200,
              R"({"access_token":")" + accessToken() + R"(","token_type":")"
                  + (request.header("DPoP").isNull() ? "Bearer" : "DPoP")
                  + R"(","expires_in":3600,"scope":"read","id_token":"Mrk4711id)"
                  + QByteArray::number(issued) + R"(","refresh_token":"Mrk4711refresh)"
                  + QByteArray::number(issued) + R"("})",
              type);
}

void Scene::answerMcp(RawConnection &to, const RawRequest &request) const
{
    const QByteArray type = "Content-Type: application/json\r\n";
    const QByteArray authorization = request.header("Authorization");
    if (issued == 0 || revoked || !authorization.endsWith(' ' + accessToken())) {
        to.answer(401, {},
                  "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"refused "
                      + authorization + "\", resource_metadata=\""
                      + wire.mcp.url(QString::fromLatin1(OAuthWire::ResourcePath)).toEncoded()
                      + "\"\r\n");
        return;
    }
    const QJsonObject message = QJsonDocument::fromJson(request.body).object();
    const QString method = message.value("method"_L1).toString();
    const QByteArray id = QByteArray::number(message.value("id"_L1).toInteger());
    const auto said = [&](const char *text) {
        return QByteArray(text).replace("SENT", authorization).replace("ID", id);
    };
    if (request.method() == "GET")
        to.answer(405);
    else if (request.method() == "DELETE")
        to.answer(200);
    else if (method == "initialize"_L1)
        to.answer(200, said(initialized), type + "Mcp-Session-Id: session-1\r\n");
    else if (method == "tools/list"_L1)
        to.answer(200, said(listedTools), type);
    else if (method == "tools/call"_L1 && issued == 2)
        to.answer(200, said(callError), type);
    else if (method == "tools/call"_L1)
        to.answer(200,
                  sseEvent(said(logNotice)) + sseEvent(said(elicitation)) + sseEvent(said(sampling))
                      + sseEvent(said(callResult)),
                  "Content-Type: text/event-stream\r\n");
    else
        to.answer(202);
}

QPushButton *Scene::button(const QString &text, const QWidget *within) const
{
    const auto all = within->findChildren<QPushButton *>();
    for (QPushButton *button : all) {
        if (button->text() == text && button->isVisible())
            return button;
    }
    return nullptr;
}

RowsView *Scene::exchanges() const
{
    const auto all = traffic()->findChildren<RowsView *>();
    for (RowsView *view : all) {
        if (view->accessibleName() == u"Exchanges"_s)
            return view;
    }
    return nullptr;
}

bool Scene::agrees() const
{
    if (!QTest::qWaitFor([this] { return oauth().phase == OAuthState::Phase::Browser; }, patience))
        return false;
    QPushButton *open = button(u"Open browser"_s, probe.part<LogInPrompt>());
    if (open)
        open->click();
    return open;
}

bool Scene::authorized(int tokens) const
{
    return QTest::qWaitFor(
        [this, tokens] {
            return issued == tokens && oauth().phase == OAuthState::Phase::Authorized
                && probe.session->tokens().accessToken == accessToken();
        },
        patience);
}

bool Scene::callsTool() const
{
    const auto calls = [this] {
        const TraceReader &trace = *probe.session->trace();
        int found = 0;
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
            found += trace.request(id).what.startsWith("tools/call"_L1)
                    && trace.summary(id).finished && trace.summary(id).status == 200
                ? 1
                : 0;
        return found;
    };
    probe.window->showPage(u"tools"_s);
    auto *panel = probe.part<ToolPanel>();
    if (!QTest::qWaitFor([panel] { return panel->toolName() == u"whoami"_s; }, patience))
        return false;
    QPushButton *call = button(u"Call"_s, panel);
    const int before = calls();
    if (call)
        call->click();
    return call && QTest::qWaitFor([&] { return calls() > before; }, patience)
        && QTest::qWaitFor([this] { return probe.link(u"Copy"_s) != nullptr; }, patience);
}

void Scene::lookAtTraffic(ScreenText *seen) const
{
    probe.window->showPage(u"traffic"_s);
    RowsView *table = exchanges();
    auto *tabs = traffic()->findChild<QTabBar *>();
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        table->setCurrentRow(row);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            seen->look();
            seen->copyAll();
        }
        if (LinkButton *edit = probe.link(u"Edit and send"_s)) {
            edit->click();
            seen->look();
            seen->copyAll();
        }
    }
    tabs->setCurrentIndex(0);
    traffic()->compareWith(1);
    seen->look();
    seen->copyAll();
}

void Scene::look(ScreenText *seen) const
{
    for (const QString &page : MainWindow::pageNames()) {
        probe.window->showPage(page);
        seen->look();
        seen->copyAll();
    }
    probe.window->showPage(u"access"_s);
    for (int row = 0; row < section()->steps()->rowCount(); ++row) {
        section()->stepList()->setCurrentRow(row);
        if (LinkButton *edit = probe.link(u"Edit and run again…"_s))
            edit->click();
        seen->look();
        seen->copyAll();
    }
}

QStringList Scene::unmarked() const
{
    QStringList list;
    const QList<RawRequest> asked = OAuthWire::got(wire.as, "/token");
    for (const RawRequest &request : asked) {
        for (const auto &[name, value] : formDecoded(request.body)) {
            if (name == "code_verifier"_L1)
                list.append(value);
        }
        if (const QByteArray basic = request.header("Authorization"); !basic.isEmpty())
            list.append(QString::fromLatin1(basic.mid(6)));
        if (const QByteArray proof = request.header("DPoP"); !proof.isEmpty())
            list.append(QString::fromLatin1(proof.mid(proof.lastIndexOf('.') + 1)));
    }
    if (const SigningKey &key = probe.session->tokens().dpopKey; !key.isNull())
        list.append(QJsonDocument::fromJson(key.privateJwk()).object().value("d"_L1).toString());
    return list;
}

QString told(const ScreenText &seen, const QStringList &secrets)
{
    QStringList found;
    for (const QString &secret : secrets)
        found += seen.findings(secret);
    return found.join(u'\n');
}

} // namespace

class TestOAuthSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void nothingThatTheWindowShowsCopiesOrKeepsHasASecret();
    void secretsAreSeenWhereTheyAreAskedFor();
    void aRefusalThatRepeatsThemShowsNone();

private:
    QTemporaryDir m_home;
};

void TestOAuthSecrets::initTestCase()
{
    QVERIFY(m_home.isValid());
    // What views remember by themselves.
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_home.path());
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
    QCoreApplication::setOrganizationName(u"sightglass-test"_s);
    applyTheme(*qApp, ThemeChoice::Light);
    QAccessible::setActive(true);
}

void TestOAuthSecrets::nothingThatTheWindowShowsCopiesOrKeepsHasASecret()
{
    logged().clear();
    const QtMessageHandler before = qInstallMessageHandler(keepLogged);
    const auto restore = qScopeGuard([before] { qInstallMessageHandler(before); });
    ScreenText seen;
    Scene scene;
    QVERIFY(scene.wire.listens);
    const QString recording = scene.probe.folder.filePath(u"live.sightglass"_s);
    scene.probe.session->recordTo(recording, false);
    scene.probe.enter(scene.wire.mcp.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(scene.oauth().phase, OAuthState::Phase::Browser, patience);
    seen.look();
    seen.copyAll();

    // As a client that the server registered.
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(1));
    QVERIFY(scene.callsTool());
    seen.look();
    scene.probe.window->showPage(u"access"_s);
    scene.button(u"Refresh now"_s, scene.section())->click();
    QVERIFY(scene.authorized(2));
    QVERIFY(scene.callsTool());
    scene.look(&seen);

    // And as one with a secret that somebody typed, and tokens that are bound to a key.
    OAuthSettings settings = scene.probe.part<ConnectionLine>()->oauth();
    settings.clientId = u"client-2"_s;
    settings.clientSecret = givenSecret;
    settings.clientAuthentication = ClientAuthentication::Basic;
    settings.dpop = OAuthSettings::DPoP::Always;
    scene.probe.part<ConnectionLine>()->setOAuth(settings);
    scene.button(u"Log in again"_s, scene.section())->click();
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(3));
    QVERIFY(scene.callsTool());
    // One that is refused, and named in the refusal, is renewed.
    scene.revoked = true;
    QVERIFY(scene.callsTool());
    QVERIFY(scene.authorized(4));
    scene.look(&seen);
    QSignalSpy out(scene.probe.session.get(), &SessionController::loggedOut);
    const QStringList secrets = QStringList{mark} + scene.unmarked();
    const QString print =
        QString::fromLatin1(scene.probe.session->redactor()->fingerprint(scene.accessToken()));
    scene.button(u"Log out"_s, scene.section())->click();
    QVERIFY(out.wait(patience));
    QVERIFY(!OAuthWire::got(scene.wire.as, "/revoke").isEmpty());
    scene.look(&seen);
    scene.lookAtTraffic(&seen);

    // They were there to be shown.
    const QList<RawRequest> asked = OAuthWire::got(scene.wire.as, "/token");
    QCOMPARE(asked.size(), 4);
    QVERIFY(asked.at(0).body.contains("Mrk4711code"));
    QVERIFY(asked.at(0).body.contains("Mrk4711registered"));
    QVERIFY(asked.at(1).body.contains("Mrk4711refresh1"));
    QVERIFY(asked.at(2).header("Authorization").startsWith("Basic "));
    QVERIFY(!asked.at(2).header("DPoP").isNull());
    // The mark, two verifiers, Basic and a proof twice each, and the key.
    QCOMPARE(secrets.size(), 8);
    for (const QString &secret : secrets)
        QVERIFY(secret.size() >= mark.size());
    // And all channels were looked into: in place of the token stands its fingerprint.
    for (const QString &where :
         {u"widgets"_s, u"models"_s, u"painted"_s, u"accessible"_s, u"clipboard"_s}) {
        QVERIFY2(seen.has(where, print), qPrintable(where));
        QVERIFY2(seen.has(where, u"access_token"_s), qPrintable(where));
    }
    QVERIFY(seen.has(u"clipboard"_s, u"curl"_s));
    for (const char *words : {"You sent ", "Of ", "says ", "not ", "you sent ", "no ", "logs ",
                              "wants ", "be ", "told ", "refused "})
        QVERIFY2(seen.hasAnywhere(QString::fromLatin1(words) + u"DPoP ~"_s)
                     || seen.hasAnywhere(QString::fromLatin1(words) + u"Bearer ~"_s),
                 words);
    for (const QString &line : std::as_const(logged()))
        seen.add(u"log"_s, line);

    scene.probe.session->stopRecording();
    scene.probe.session->recordTo(scene.probe.folder.filePath(u"next.sightglass"_s), false);
    scene.probe.session->stopRecording();
    scene.probe.settings.sync();
    scene.probe.window->close();
    QVERIFY(QFileInfo(recording).size() > 1000);
    for (const QString &folder : {scene.probe.folder.path(), m_home.path()}) {
        const QByteArray files = written(folder);
        for (const QString &secret : secrets) {
            const qsizetype at = files.indexOf(secret.toLatin1());
            QVERIFY2(at < 0, files.mid(std::max<qsizetype>(0, at - 60), 140));
        }
    }
    QVERIFY(written(scene.probe.folder.path()).contains("client-2"));
    const QString found = told(seen, secrets);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

void TestOAuthSecrets::secretsAreSeenWhereTheyAreAskedFor()
{
    Scene scene;
    scene.probe.enter(scene.wire.mcp.url().toString());
    QVERIFY(scene.agrees());
    QVERIFY(scene.authorized(1));
    QVERIFY(scene.callsTool());
    const QString token = QString::fromLatin1(scene.accessToken());

    // The head of the call.
    scene.probe.window->showPage(u"traffic"_s);
    RowsView *table = scene.exchanges();
    QTRY_VERIFY(table->model()->rowCount() > 0);
    table->setCurrentRow(table->model()->rowCount() - 1);
    LinkButton *reveal = scene.probe.link(u"Reveal secrets"_s);
    QVERIFY(reveal);
    reveal->click();
    ScreenText head;
    head.look();
    head.copyAll();
    for (const QString &where : {u"widgets"_s, u"painted"_s, u"accessible"_s, u"clipboard"_s})
        QVERIFY2(head.has(where, u"Bearer "_s + token), qPrintable(where));
    // The answer, taken apart.
    scene.traffic()->showTab(DetailTab::Message);
    ScreenText body;
    QTRY_VERIFY((body.look(), body.has(u"models"_s, token)));

    // The step that brought it.
    scene.probe.window->showPage(u"access"_s);
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Token));
    ScreenText hidden;
    hidden.look();
    QVERIFY(!hidden.has(u"widgets"_s, u"Mrk4711refresh1"_s));
    scene.section()->stepView()->revealButton()->click();
    ScreenText step;
    step.look();
    step.copyAll();
    for (const QString &where : {u"widgets"_s, u"accessible"_s, u"clipboard"_s}) {
        QVERIFY2(step.has(where, token), qPrintable(where));
        QVERIFY2(step.has(where, u"Mrk4711refresh1"_s), qPrintable(where));
    }

    // And a recording with them.
    const QString path = scene.probe.folder.filePath(u"with.sightglass"_s);
    scene.probe.session->recordTo(path, true);
    scene.probe.session->recordTo(scene.probe.folder.filePath(u"next.sightglass"_s), false);
    scene.probe.session->stopRecording();
    QVERIFY(written(scene.probe.folder.path()).contains(token.toLatin1()));
}

void TestOAuthSecrets::aRefusalThatRepeatsThemShowsNone()
{
    ScreenText seen;
    Scene scene;
    scene.refuses = true;
    scene.probe.enter(scene.wire.mcp.url().toString());
    QVERIFY(scene.agrees());
    QTRY_COMPARE_WITH_TIMEOUT(scene.oauth().phase, OAuthState::Phase::Failed, patience);
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    scene.look(&seen);
    scene.lookAtTraffic(&seen);
    const QStringList secrets = QStringList{mark} + scene.unmarked();
    QCOMPARE(secrets.size(), 2);
    QVERIFY(seen.has(u"painted"_s, u"no good"_s));
    const QString found = told(seen, secrets);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

QTEST_MAIN(TestOAuthSecrets)
#include "test_oauth_secrets.moc"
