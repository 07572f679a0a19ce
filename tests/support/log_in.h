// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_messages.h"
#include "core/diagnose/rules.h"
#include "core/lab/lab.h"
#include "core/trace/trace_file.h"
#include "tests/support/quick_browser.h"
#include "tests/support/session_probe.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>

namespace sightglass::test {

using namespace Qt::StringLiterals;

/// A lab with an authorisation server, a session that logs in there with a browser, and a recording
/// of it without secrets.
class LogIn {
public:
    explicit LogIn(const LabSettings &settings)
        : lab(settings)
        , m_gate(&trace())
    {
        m_ready = lab.listen();
        target.url = lab.url();
        target.network.proxy = NetworkSettings::Proxy::None;
        target.revision = u"2025-11-25"_s;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        m_gate.setNetworkSettings(target.network);
        QObject::connect(&session(), &Session::browserWanted, &browser, [this](const QUrl &url) {
            ++asked;
            if (opens)
                browser.open(url);
        });
        QObject::connect(&session(), &Session::tokensChanged, &browser,
                         [this](const QUrl &, const TokenSet &tokens) {
                             m_secrets << tokens.accessToken << tokens.refreshToken;
                         });
        auto writer =
            TraceFileWriter::create(path(), trace().began(), Redactor("a salt of the file"), false);
        m_ready = m_ready && writer;
        if (!m_ready)
            return;
        m_writer = std::move(*writer);
        trace().addSink(m_writer.get());
    }
    ~LogIn()
    {
        if (m_writer)
            trace().removeSink(m_writer.get());
    }

    bool isReady() const { return m_ready; }
    Session &session() { return probe.session(); }
    TraceStore &trace() { return const_cast<TraceStore &>(probe.trace()); }
    bool connect() { return probe.connectTo(target); }
    OAuthState oauth() { return session().oauthState(); }
    /// The first tool that changes something and wants no arguments: calling it needs lab:write.
    QString writingTool()
    {
        const QList<Tool> tools = probe.tools().tools;
        const auto tool = std::find_if(tools.begin(), tools.end(), [](const Tool &one) {
            return !one.readOnly.value_or(true) && !one.inputSchema.contains("\"required\"");
        });
        return tool == tools.end() ? QString() : tool->name;
    }
    /// From now on nobody is asked, and a scope that lacks is not asked for.
    bool beSilent()
    {
        target.oauth.mode = OAuthSettings::Mode::Silent;
        const ExchangeId before = trace().exchangeCount();
        session().runOAuthAgain(OAuthStepKind::ServerMetadata, true, target.oauth);
        return probe.waitFor([&] {
            return trace().exchangeCount() > before
                && oauth().phase == OAuthState::Phase::Authorized;
        });
    }
    /// By hand, to its end: good or not.
    bool refresh()
    {
        const auto ended = [this] { return step(OAuthStepKind::Refresh).ended; };
        const qint64 before = ended();
        session().refreshTokens();
        return probe.waitFor(
            [&] { return ended() > before && oauth().phase != OAuthState::Phase::Running; });
    }
    OAuthStep step(OAuthStepKind kind) { return oauth().steps.value(int(kind)); }

    // Another client, which makes mistakes that ours does not, in the same trace.
    /// What a token endpoint answered.
    QByteArray askForToken(const FormFields &fields)
    {
        HttpRequest request;
        request.kind = ExchangeKind::Token;
        request.method = "POST";
        request.url = QUrl(lab.issuer().toString() + u"/token"_s);
        request.what = u"token refresh"_s;
        request.headers.add("Content-Type", "application/x-www-form-urlencoded",
                            HeaderSource::Protocol);
        request.body = formEncoded(fields);
        request.toAuthorizationServer = true;
        return send(request);
    }
    QByteArray post(const QByteArray &token)
    {
        HttpRequest request;
        request.kind = ExchangeKind::Post;
        request.method = "POST";
        request.url = lab.url();
        request.what = u"initialize"_s;
        request.headers.add("Content-Type", "application/json", HeaderSource::Protocol);
        request.headers.add("Accept", "application/json, text/event-stream",
                            HeaderSource::Protocol);
        if (!token.isEmpty())
            request.headers.add("Authorization", "Bearer " + token, HeaderSource::Credential);
        request.body =
            R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"other","version":"1"}}})";
        return send(request);
    }
    QByteArray discover(const QUrl &url)
    {
        HttpRequest request;
        request.kind = ExchangeKind::Discovery;
        request.method = "GET";
        request.url = url;
        request.what = url.path().mid(1);
        return send(request);
    }
    void isSecret(const QByteArray &secret) { m_secrets << secret; }

    /// What is found in the trace, and in the recording of it.
    struct Told {
        QList<Finding> live;
        QList<Finding> recorded;
        QString problem; ///< of the recording
        QByteArrayList secrets;
    };
    Told end()
    {
        if (probe.state().phase == SessionPhase::Ready)
            probe.disconnectFrom();
        trace().removeSink(m_writer.get());
        m_writer->close();
        Told told;
        told.secrets = m_secrets;
        told.secrets.removeAll(QByteArray());
        const Redactor redactor("0123456789abcdef");
        told.live = findings(trace(), redactor);
        auto recording = readTraceFile(path());
        m_writer.reset();
        if (!recording) {
            told.problem = recording.error().sentence;
            return told;
        }
        told.problem = recording->warning;
        told.recorded = findings(*recording->trace, redactor);
        return told;
    }

    Lab lab;
    SessionProbe probe;
    QuickBrowser browser;
    bool opens = true;
    int asked = 0;
    ServerTarget target;

private:
    QString path() const { return m_folder.filePath(u"run.sgtrace"_s); }
    QByteArray send(const HttpRequest &request)
    {
        HttpExchange *http = m_gate.send(request);
        QSignalSpy finished(http, &HttpExchange::finished);
        finished.wait(20'000);
        const ExchangeId id = http->id();
        http->deleteLater();
        return trace().responseBody(id);
    }

    QTemporaryDir m_folder;
    HttpGate m_gate;
    std::unique_ptr<TraceFileWriter> m_writer;
    QByteArrayList m_secrets;
    bool m_ready = false;
};

} // namespace sightglass::test
