// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/quick_browser.h"
#include "tests/support/raw_server.h"
#include "tests/support/session_probe.h"

#include <QHash>

#include <functional>

namespace sightglass::test {

/// An MCP server and its authorisation server over real sockets, whose pages a test replaces one by
/// one, a session, and a person with a browser. Any code is good for a token, and one token is
/// good.
class OAuthWire {
public:
    using Page = std::function<void(RawConnection &to, const RawRequest &request)>;
    /// Members of a JSON object, raw.
    using Members = QMap<QByteArray, QByteArray>;

    OAuthWire();

    /// By path without its query, at either server; else 404.
    QHash<QByteArray, Page> mcpPages;
    QHash<QByteArray, Page> asPages;
    /// What the documents say where no page is put in their place.
    Members resourceMembers;
    Members serverMembers;
    Members tokenMembers;
    QByteArray token = "good-token"; ///< that the MCP server takes
    bool answersAnybody = false; ///< the MCP server, whatever they come with

    QByteArray issuer() const;
    QByteArray resource() const { return mcp.url().toEncoded(); }
    static QByteArray json(const Members &members);
    static Page answering(int status, const QByteArray &body,
                          const QByteArray &type = "application/json");
    /// Says that it is longer than it is, and closes.
    static Page truncated();
    /// Of `total` bytes, for whoever reads so much.
    static Page endless(qint64 total);
    static Page redirecting(const QByteArray &location);
    static Page resetting();
    /// Requests to either server with that path, in order.
    static QList<RawRequest> got(const RawServer &server, const QByteArray &path);

    OAuthState state() { return probe.session().oauthState(); }
    OAuthStep step(OAuthStepKind kind) { return state().steps.at(int(kind)); }
    /// The step that failed; nothing where none did.
    std::optional<OAuthStep> failed();
    /// From a step on, with the settings of `target`; true once there are tokens.
    bool goesOnFrom(OAuthStepKind step);

    RawServer mcp;
    RawServer as;
    bool listens = false;
    SessionProbe probe;
    QuickBrowser browser;
    bool opens = true; ///< the browser can
    QList<QUrl> asked; ///< that the session wanted opened
    ServerTarget target;

    static constexpr char ResourcePath[] = "/.well-known/oauth-protected-resource/mcp";
    static constexpr char ResourceRootPath[] = "/.well-known/oauth-protected-resource";
    static constexpr char ServerPath[] = "/.well-known/oauth-authorization-server";
    static constexpr char OpenIdPath[] = "/.well-known/openid-configuration";

private:
    void serve(const QHash<QByteArray, Page> &pages, RawConnection &to, const RawRequest &request);
    void answerMcp(RawConnection &to, const RawRequest &request);
    void authorize(RawConnection &to, const RawRequest &request);
};

} // namespace sightglass::test
