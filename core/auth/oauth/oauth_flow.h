// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_messages.h"
#include "core/auth/oauth/oauth_metadata.h"
#include "core/auth/oauth/oauth_settings.h"
#include "core/auth/oauth/oauth_step.h"

#include <functional>
#include <variant>

namespace sightglass {

/// A request to send for the flow. It carries the authorisation server's credentials, never those
/// of the resource.
struct OAuthFetch {
    ExchangeKind kind = ExchangeKind::Discovery;
    QByteArray method = QByteArrayLiteral("GET");
    QUrl url;
    QList<Header> headers;
    QByteArray body;
    QString what;
    ExchangeId cause = 0;

    bool operator==(const OAuthFetch &) const = default;
};
/// A redirect URI on loopback is needed: OAuthFlow::listening() or cannotListen() is next.
struct OAuthListen {
    QString host;
    quint16 port = 0; ///< 0: any
    quint16 preferred = 0; ///< where any will do: the one that is registered; 0: none
    QString path;

    bool operator==(const OAuthListen &) const = default;
};
/// A person has to open this in a browser: calledBack() or cancel() is next.
struct OAuthBrowse {
    QUrl url; ///< https, or http on loopback; parsed and written anew
    QUrl redirectUri;

    bool operator==(const OAuthBrowse &) const = default;
};
/// Something that only a person can tell: answer() is next, or setSettings() and runAgain().
struct OAuthAsk {
    enum class About : quint8 {
        ClientId, ///< no way to get one by ourselves: AF-40
        PrivateAddress, ///< a public server leads to a private address
    };
    About about = About::ClientId;
    QString sentence;
    QUrl url;

    bool operator==(const OAuthAsk &) const = default;
};
/// Nothing: it has ended, with tokens or with a failure, or was told to stop here.
struct OAuthRest {
    bool operator==(const OAuthRest &) const = default;
};
using OAuthAction = std::variant<OAuthRest, OAuthFetch, OAuthListen, OAuthBrowse, OAuthAsk>;

/// What came of an OAuthFetch.
struct OAuthAnswer {
    ExchangeId exchange = 0;
    int status = 0;
    QList<Header> headers;
    QByteArray body; ///< at most MostMetadataBytes and one
    std::optional<Failure> failure; ///< it did not come, or not whole
};

/// The refusal that a flow answers; or none, where a person logs in of their own accord.
struct OAuthRefusal {
    ExchangeId exchange = 0; ///< 0: none
    int status = 0;
    QList<Header> headers;
    bool hadToken = false; ///< the request carried one
};

/// Where time and randomness come from.
struct OAuthEnvironment {
    std::function<QByteArray(int)> random; ///< so many bytes that nobody can guess
    std::function<qint64()> now; ///< milliseconds since 1970, UTC
};

/// Authorising at one MCP server (MCP, "Authorization"; OAuth 2.1), as a value: told what is known,
/// it says what is to be done next, and keeps of every step what went in, what came out, which rule
/// it was judged by, and every URL that was asked. No sockets, no clock: those are around it.
class OAuthFlow {
public:
    explicit OAuthFlow(OAuthEnvironment environment);

    void setSettings(const OAuthSettings &settings) { m_settings = settings; }
    const OAuthSettings &settings() const { return m_settings; }
    /// Registered with authorisation servers before; each is used with its own alone.
    void setKnownClients(const QList<ClientIdentity> &clients) { m_knownClients = clients; }
    /// The last step to take; by default all. Up to ServerMetadata nothing is changed anywhere.
    void setLast(OAuthStepKind last) { m_last = last; }

    /// Begins anew. `server` is the URL of the MCP endpoint.
    void begin(const QUrl &server, const OAuthRefusal &refusal);
    /// Of an earlier run: they can be refreshed.
    void restore(const QUrl &server, const TokenSet &tokens, const ClientIdentity &client);
    /// Another program has renewed them meanwhile.
    void takeRenewed(const TokenSet &tokens);
    /// Gets new tokens for the refresh token. False where there is none.
    bool refresh(const OAuthRefusal &refusal);
    /// More scopes are needed (403, insufficient_scope): the union of all so far is asked for.
    /// False where that was tried often enough, or would ask for nothing new.
    bool stepUp(const OAuthRefusal &refusal);
    /// The server could not be asked for a challenge.
    void failChallenge(const QUrl &server, const Failure &why);
    /// More scopes are needed, and nobody is there to be asked for them: fails with what to do.
    void lacksScopes(const OAuthRefusal &refusal);
    /// From a step on with what the steps before gave, perhaps with other settings; `alone`: that
    /// one and no further. Nothing before the first step that has what it needs.
    void runAgain(OAuthStepKind from, bool alone);
    /// Ends what runs.
    void cancel(const Failure &why);

    const OAuthAction &action() const { return m_action; }
    void answered(const OAuthAnswer &answer); ///< of an OAuthFetch
    void listening(const QUrl &redirectUri);
    void cannotListen(const QString &why);
    void calledBack(const QUrl &url);
    void notCalledBack(qint64 waitedMs); ///< nobody came in that time
    void answer(bool agreed); ///< of an OAuthAsk about a private address
    /// The refused request was sent again with the token.
    void used(const OAuthRefusal &outcome);

    bool isRunning() const { return !std::holds_alternative<OAuthRest>(m_action); }
    const std::optional<Failure> &failure() const { return m_failure; }
    const TokenSet &tokens() const { return m_tokens; } ///< empty: none
    void expireTokens(); ///< as if their time was over
    void dropTokens();
    const ClientIdentity &client() const { return m_client; }
    /// In their order; those that did not begin are Waiting.
    const QList<OAuthStep> &steps() const { return m_steps; }
    const std::optional<ServerMetadata> &serverMetadata() const { return m_server; }
    QString issuer() const { return m_issuer; }
    QString resource() const; ///< as it is sent; empty: it is not
    QString challengedScope() const { return m_challengedScope; }
    /// The error of the newest answer of a token endpoint (OAuth 2.1, 3.2.4): "invalid_grant";
    /// empty: none.
    const QString &tokenError() const { return m_tokenError; }
    /// The revocation of what is there (RFC 7009, 2.1): the refresh token, which ends the other, or
    /// that. Nothing where the server has no place for it.
    std::optional<OAuthFetch> revocation();
    /// The authorisation server's keys, to check signatures with (RFC 8414, 2: jwks_uri). Nothing
    /// where it names none, or one that may not be asked.
    std::optional<OAuthFetch> keys() const;
    /// What the authorisation server tells of the access token (RFC 7662, 2.1); likewise.
    std::optional<OAuthFetch> introspection();

    static constexpr int MostStepUps = 3;

private:
    /// Which answer is awaited.
    enum class Stage : quint8 {
        None,
        ResourceMetadata,
        OtherResource, ///< as ResourceMetadata, of the endpoint that is named in place of ours
        ServerMetadata,
        DefaultEndpoint, ///< of 2025-03-26: whether anything is there
        WrongPlaces, ///< as ServerMetadata, to tell why it was not found
        IdpMetadata,
        Registration,
        IdJag,
        Token,
        Refresh,
    };

    OAuthStep &step(OAuthStepKind kind) { return m_steps[int(kind)]; }
    OAuthStep &enter(OAuthStepKind kind, const QString &sentence);
    void leave(OAuthStepKind kind, const QString &sentence);
    void skip(OAuthStepKind kind, const QString &sentence);
    void fail(OAuthStepKind kind, Failure failure);
    void clearFrom(OAuthStepKind kind);
    /// True where this was the last step to take: it rests now.
    bool endsHere(OAuthStepKind kind);
    /// A public server leads to a private address, to which nobody agreed.
    bool leadsInside(const QUrl &url) const;
    /// True where a person is asked about that first.
    bool asksAbout(const QUrl &url);
    void fetch(OAuthStepKind kind, Stage stage, OAuthFetch wanted);
    void get(OAuthStepKind kind, Stage stage, const QUrl &url, const QString &what);
    /// A redirect of metadata is gone along with here, each hop as a URL that was asked.
    bool followed(const OAuthAnswer &answer);
    OAuthAttempt &attempt(const OAuthAnswer &answer, const QString &outcome);
    Failure refusedToken() const;
    /// The times of the token that came, against our clock and that of who sent it (AF-11).
    void judgeTimes(OAuthStepKind kind, const QList<Header> &headers);
    QString targetFinding() const;
    QString targetAdvice() const;

    // oauth_flow_discovery.cpp
    bool wasRefused() const;
    /// Whatever answered without asking for a token is an MCP server.
    bool wasAnswered() const;
    static QString challengedScope(const OAuthRefusal &refusal); ///< RFC 6750, 3; empty: none
    void foretell(); ///< what the steps behind the metadata would do
    void takeChallenge(const QUrl &server, const OAuthRefusal &refusal);
    void failUnanswered();
    void askResourceMetadata();
    void resourceAnswered(const OAuthAnswer &answer);
    void namedPlaceFailed(const OAuthAnswer &answer, const QString &outcome);
    void takeResource(const ResourceMetadata &document, ExchangeId exchange);
    void otherResourceAnswered(const OAuthAnswer &answer);
    void failResource(const ResourceMetadata &document, ExchangeId exchange,
                      const OAuthCheck &check);
    void withoutResourceMetadata();
    void chooseIssuer();
    void askServerMetadata();
    void serverAnswered(const OAuthAnswer &answer);
    void takeServer(const ServerMetadata &document, ExchangeId exchange);
    void takeDefaults(); ///< endpoints of 2025-03-26
    void defaultAnswered(const OAuthAnswer &answer);
    void wrongPlaceAnswered(const OAuthAnswer &answer);
    void noServerMetadata(const QString &found);
    void serverKnown();

    // oauth_flow_client.cpp
    /// One that was registered beforehand shows itself as the settings have it.
    void renewClient();
    void chooseClient();
    void registerClient();
    void forgetClient(); ///< that is registered with this issuer
    void registrationAnswered(const OAuthAnswer &answer);
    ClientAuthentication chosenAuthentication(bool hasSecret) const;
    QString clientIdWanted() const; ///< where we cannot register by ourselves
    OAuthCheck noWayToRegister() const;
    void clientKnown();
    QString scopeToRequest(QString *rule) const;
    void requestAuthorization();
    void takeCallback(const OAuthCallback &callback);

    // oauth_flow_token.cpp
    void requestToken();
    void requestIdJag();
    void idpAnswered(const OAuthAnswer &answer);
    void idJagAnswered(const OAuthAnswer &answer);
    /// Of the metadata: https, and no private address that nobody agreed to.
    bool mayAsk(const QUrl &url) const { return isSafeEndpoint(url) && !leadsInside(url); }
    /// A request about a token that is no grant; nothing where one cannot show who one is.
    std::optional<OAuthFetch> aboutToken(const QUrl &url, const QString &what, FormFields fields);
    void sendTokenRequest(OAuthStepKind kind, Stage stage, FormFields fields);
    bool authenticate(OAuthStepKind kind, const ClientIdentity &client, const QString &audience,
                      FormFields *fields, QList<Header> *headers);
    void tokenAnswered(OAuthStepKind kind, const OAuthAnswer &answer);
    void takeTokens(OAuthStepKind kind, const TokenAnswer &answer);
    /// What may be answered otherwise a little later.
    static bool isTemporary(const TokenAnswer &answer, const OAuthAnswer &http);
    Failure tokenFailure(OAuthStepKind kind, const TokenAnswer &answer, const OAuthAnswer &http);
    bool usesDPoP() const;

    QByteArray randomText(int bytes) { return base64Url(m_environment.random(bytes)); }
    bool isInteractive() const { return m_settings.grant == OAuthGrant::AuthorizationCode; }

    OAuthEnvironment m_environment;
    OAuthSettings m_settings;
    QList<ClientIdentity> m_knownClients;
    OAuthStepKind m_last = OAuthStepKind::StepUp;
    bool m_alone = false;

    QList<OAuthStep> m_steps;
    OAuthAction m_action;
    Stage m_stage = Stage::None;
    OAuthStepKind m_at = OAuthStepKind::Challenge;
    std::optional<Failure> m_failure;
    QUrl m_asked; ///< by the fetch that runs
    int m_hops = 0; ///< redirects on the way to it
    bool m_refreshing = false; ///< the metadata is read for a refresh

    QUrl m_url; ///< of the MCP endpoint
    OAuthRefusal m_refusal;
    QString m_challengedScope;
    QUrl m_challengedPlace; ///< resource_metadata
    bool m_atNamed = false; ///< that place is being asked, or where it redirects to
    std::optional<Failure> m_namedFailure; ///< why there was no metadata at that place
    bool m_challengedDPoP = false; ///< the scheme DPoP is offered (RFC 9449, 7.1)
    QList<QUrl> m_places; ///< still to be asked
    QStringList m_seen; ///< what stood at those that were, in words
    QString m_finding; ///< id that tells most of what was seen
    std::optional<ResourceMetadata> m_resource;
    ResourceMetadata m_otherResource; ///< of another endpoint of the same server, in place of ours
    ExchangeId m_otherExchange = 0;
    QString m_issuer;
    bool m_broken = false; ///< of the resource there is a document, which cannot be used
    bool m_fallback =
        false; ///< the authorisation server is at the MCP server's own origin (2025-03-26)
    bool m_defaults = false; ///< and has no metadata: its endpoints are a guess (2025-03-26)
    std::optional<ServerMetadata> m_server;
    ExchangeId m_serverExchange = 0;
    ClientIdentity m_client;
    QUrl m_redirectUri;
    QString m_requestedScope;
    QString m_scopeSoFar; ///< of steps up
    int m_stepUps = 0;
    Pkce m_pkce;
    QByteArray m_state;
    QString m_stateIssuer; ///< recorded with it (RFC 9207, 2.4)
    QString m_code;
    QString m_idpEndpoint;
    QByteArray m_idJag;
    SigningKey m_dpopKey;
    QByteArray m_dpopNonce; ///< of the authorisation server
    int m_nonceTries = 0;
    QString m_tokenError;
    QByteArray m_unanswered; ///< a refresh token that was sent, and no answer came
    FormFields m_tokenFields; ///< of the request that runs, to send it again with a nonce
    TokenSet m_tokens;
};

} // namespace sightglass
