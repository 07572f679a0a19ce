// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

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
#include "ui/widgets/rows_view.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTabBar>
#include <QUrlQuery>

namespace sightglass::test {

using namespace Qt::StringLiterals;

inline constexpr int patience = 15000; ///< ms
/// Begins every secret that a server made: also what is left of one that was cut is found.
inline const QString mark = u"Mrk4711"_s;

// What the MCP server says, with SENT in place of the Authorization.
inline constexpr char initialized[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{"tools":{},"logging":{},"experimental":{"x":{"is":"told SENT"}}},"serverInfo":{"name":"wire","version":"1"},)"
    R"("instructions":"You sent SENT"}})";
inline constexpr char listedTools[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"tools":[{"name":"whoami","title":"Of SENT",)"
    R"("description":"says SENT","inputSchema":{"type":"object","properties":)"
    R"({"n":{"type":"string","description":"not SENT"}}}}]}})";
inline constexpr char callError[] =
    R"({"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"no SENT",)"
    R"("data":{"sent":"SENT"}}})";
inline constexpr char callResult[] =
    R"({"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"you sent SENT"}],)"
    R"("structuredContent":{"sent":"SENT"}}})";
inline constexpr char logNotice[] = R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
                                    R"({"level":"info","data":"logs SENT"}})";
inline constexpr char elicitation[] =
    R"({"jsonrpc":"2.0","id":7001,"method":"elicitation/create","params":)"
    R"({"message":"wants SENT","requestedSchema":{"type":"object","properties":{}}}})";
inline constexpr char sampling[] =
    R"({"jsonrpc":"2.0","id":7002,"method":"sampling/createMessage","params":)"
    R"({"maxTokens":9,"messages":[],"systemPrompt":"be SENT"}})";

/// A window at servers whose secrets all begin with `mark`, and which say again what they were
/// sent.
struct SecretScene {
    SecretScene();

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

inline SecretScene::SecretScene()
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

inline void SecretScene::answerToken(RawConnection &to, const RawRequest &request)
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

inline void SecretScene::answerMcp(RawConnection &to, const RawRequest &request) const
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

inline QPushButton *SecretScene::button(const QString &text, const QWidget *within) const
{
    const auto all = within->findChildren<QPushButton *>();
    for (QPushButton *button : all) {
        if (button->text() == text && button->isVisible())
            return button;
    }
    return nullptr;
}

inline RowsView *SecretScene::exchanges() const
{
    const auto all = traffic()->findChildren<RowsView *>();
    for (RowsView *view : all) {
        if (view->accessibleName() == u"Exchanges"_s)
            return view;
    }
    return nullptr;
}

inline bool SecretScene::agrees() const
{
    if (!QTest::qWaitFor([this] { return oauth().phase == OAuthState::Phase::Browser; }, patience))
        return false;
    QPushButton *open = button(u"Open browser"_s, probe.part<LogInPrompt>());
    if (open)
        open->click();
    return open;
}

inline bool SecretScene::authorized(int tokens) const
{
    return QTest::qWaitFor(
        [this, tokens] {
            return issued == tokens && oauth().phase == OAuthState::Phase::Authorized
                && probe.session->tokens().accessToken == accessToken();
        },
        patience);
}

inline bool SecretScene::callsTool() const
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

inline void SecretScene::lookAtTraffic(ScreenText *seen) const
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

inline void SecretScene::look(ScreenText *seen) const
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

inline QStringList SecretScene::unmarked() const
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

} // namespace sightglass::test
