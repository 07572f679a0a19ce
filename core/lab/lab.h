// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QStringList>
#include <QUrl>

#include <memory>

namespace sightglass {

/// A failure that the lab can play. It is asked for as ID, or in full as ID[:NUMBER][@WHERE]:
/// "AF-81:5" forgets a session after 5 requests, "truncated-json@tools/list" plays at that method
/// only; WHERE may also be GET, POST, DELETE or "request" (any JSON-RPC request).
struct LabFault {
    QString id; ///< "AF-20", or a word for what is not in the catalogue: "stall", "huge-body"
    QString title;
    QString description;
};
QList<LabFault> labFaults();
/// One sentence if nothing can be played by this name; else empty.
QString labPlayProblem(const QString &entry);

/// The lab's own authorisation server, which gives out the tokens that its MCP endpoint then
/// demands, so that all of OAuth for MCP can be practised (2026-07-28, basic/authorization).
/// Scopes: "lab:read" for lists, resources and prompts, "lab:call" for tools/call, "lab:write"
/// besides for tools that change something; the first two are asked for at first, so that calling
/// such a tool leads to 403 insufficient_scope.
struct LabOAuth {
    bool on = false; ///< also switched on by the faults that need it
    enum class Place : quint8 {
        OtherOrigin, ///< at a port of its own, told by the metadata of the protected resource
        SameOrigin, ///< as 2025-03-26 has it: its metadata at the MCP server's own origin
        SameOriginUnannounced, ///< the same without metadata: /authorize, /token, /register there
    };
    Place place = Place::OtherOrigin;
    quint16 port = 0; ///< of the port of its own; 0: any free one
    /// A page with Allow and Deny, unless a client asks with the `prompt` "none"; else everybody
    /// has consented, whatever is asked.
    bool asksConsent = false;
    int tokenSeconds = 3600; ///< that an access token lives
    int codeSeconds = 60; ///< that an authorisation code lives
    /// Behind the origin, in the issuer: "/tenant"; the metadata is then where RFC 8414 and OpenID
    /// Connect Discovery put it.
    QString issuerPath = {};
    /// https URLs are client ids (Client ID Metadata Documents). The lab fetches nothing from other
    /// computers: it takes the document as read, with redirects on loopback.
    bool takesClientDocuments = false;
    /// Access tokens are random text that says nothing; else JWTs (RFC 9068), signed with ES256.
    bool opaqueTokens = false;
    /// Tokens are bound to a key, of which every request proves possession, with nonces (RFC 9449).
    bool dpop = false;
    /// The secret of the client "practice-service", for client credentials; empty: there is none.
    QByteArray serviceSecret = {};
};

/// What the lab asks of its clients, and where.
struct LabSettings {
    quint16 port = 0; ///< 0: any free one; always on 127.0.0.1
    QStringList play = {}; ///< ids of faults
    /// The token that every request must carry; empty: no check.
    QByteArray bearer = {};
    /// Extra header that every request must carry besides, as "X-Api-Key: value"; empty: none.
    /// "Cookie: name=value" asks for that cookie among whatever else the client sends.
    QByteArray apiKey = {};
    int retryMs = 1500; ///< what `retry:` tells clients at the start of a stream
    int pingMs = 30000; ///< between two pings of a listening client; 0: none
    int keepAliveMs = 15000; ///< between two comments on a listening stream; 0: none
    int askTimeoutMs = 600000; ///< until a question to the client is withdrawn
    int idleMs = 1800000; ///< until a session that nobody uses is forgotten
    /// The dated revisions that it speaks; empty: all. Without the first of all it offers no
    /// HTTP+SSE, with that one alone nothing else.
    QStringList revisions = {};
    /// Where tokens come from, and whether. While it is on, `bearer` is not looked at.
    LabOAuth oauth = {};
};

/// A small MCP server on loopback with its own HTTP/1.1, which can misbehave
/// on purpose. The demo, the tests and `sightglass-cli lab` use the same one.
/// It speaks every dated revision: 2024-11-05 over HTTP+SSE, the later ones over Streamable HTTP;
/// those with a handshake and the one without at the same endpoint. (LabStdio speaks the same on
/// standard streams, LabTransport without any.)
///
/// It works in the thread it lives in, which needs an event loop. Once moved into a QThread that
/// runs, its functions may be called from any thread; they wait for the lab's own. Delete it in its
/// thread (`connect(&thread, &QThread::finished, lab, &QObject::deleteLater)`).
class Lab : public QObject {
    Q_OBJECT
public:
    explicit Lab(const LabSettings &settings = {}, QObject *parent = nullptr);
    ~Lab() override;

    /// False with one sentence: the port is taken, or a fault is unknown.
    bool listen(QString *problem = nullptr);
    void close();
    /// http://127.0.0.1:PORT/mcp; https where AF-94 plays; sseUrl() where it offers nothing else.
    QUrl url() const;
    QUrl sseUrl() const; ///< the stream of HTTP+SSE: http://127.0.0.1:PORT/sse
    /// Of its authorisation server; empty: there is none.
    QUrl issuer() const;
    LabSettings settings() const;
    void setPlay(const QStringList &ids); ///< from the next request on; unknown ids are logged

Q_SIGNALS:
    /// One line per request, for a person to read: "POST tools/call add 200 12 ms". It has no
    /// secrets. Sent from the lab's thread.
    void log(const QString &line);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
