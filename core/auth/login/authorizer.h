// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/credentials.h"
#include "core/auth/login/callback_server.h"
#include "core/auth/oauth/oauth_flow.h"

#include <QPointer>
#include <QTimer>

#include <vector>

namespace sightglass {

/// The tokens of one access, without the tokens.
struct TokenFacts {
    QString type; ///< "Bearer", "DPoP"
    QString scope;
    QString requestedScope;
    QString resource;
    QString issuer;
    QString clientId;
    qint64 received = 0; ///< seconds since 1970, UTC
    std::optional<qint64> expires; ///< likewise; nothing: not told
    bool refreshable = false;
    int refreshes = 0; ///< since the log-in

    bool operator==(const TokenFacts &) const = default;
};

/// What the authorisation server tells of the tokens that it issued.
struct TokenInspection {
    QByteArray keys; ///< a JWK set as it came; empty: none
    ExchangeId keysExchange = 0;
    QByteArray introspection; ///< the answer about the access token (RFC 7662, 2.2); empty: none
    ExchangeId introspectionExchange = 0;
    QStringList problems; ///< why something of it is not there; sentences

    bool operator==(const TokenInspection &) const = default;
};

/// A snapshot of authorising at one server. It holds secrets, in facts that are marked as such, and
/// in `browse`.
struct OAuthState {
    enum class Phase : quint8 {
        Idle, ///< nothing was asked for
        Running,
        Browser, ///< a person has to open `browse`
        Question, ///< a person has to answer `question`
        Authorized,
        Failed,
    };
    Phase phase = Phase::Idle;
    QUrl server;
    QList<OAuthStep> steps;
    QUrl browse; ///< to open; empty where nothing is to be
    QUrl redirectUri; ///< where the browser is awaited
    std::optional<OAuthAsk> question;
    std::optional<TokenFacts> tokens;
    QString challengedScope;
    std::optional<Failure> failure;

    bool waitsForPerson() const { return phase == Phase::Browser || phase == Phase::Question; }
    bool operator==(const OAuthState &) const = default;
};

/// All that is secret in a flow: fingerprints stand in its place wherever it is shown or kept.
QList<QByteArray> secretsOf(const OAuthState &state, const TokenSet &tokens);

/// Carries out an OAuthFlow for one server, and gives its tokens to whatever is sent there: runs
/// its requests through the gate, waits for the browser, renews tokens before they expire or when
/// one is refused, one renewal at a time, and has every refused request wait for that.
///
/// Lives in the thread of its gate.
class Authorizer : public QObject, public TokenSource {
    Q_OBJECT
public:
    /// The gate is not owned, and outlives this.
    Authorizer(HttpGate *gate, OAuthEnvironment environment, QObject *parent = nullptr);
    ~Authorizer() override;

    /// The server that it is about from now on; what runs for another is ended, and its tokens are
    /// forgotten.
    void setTarget(const QUrl &server, const OAuthSettings &settings);
    QUrl server() const { return m_server; }
    /// How long an answer of the authorisation server may take to its end; 0: for ever.
    void setTimeout(int milliseconds) { m_timeoutMs = milliseconds; }
    /// Where log-ins are kept between runs. Each calls back later, once, in this thread.
    struct Kept {
        /// What is kept for a server. Asked once for each, and not before that wants a token.
        std::function<void(const QUrl &, const std::function<void(const KeptLogin &)> &)> load;
        /// Nothing where nothing is known to be kept: asked for each server at first.
        std::function<void(const QUrl &,
                           const std::function<void(const std::optional<KeptLogin> &)> &)>
            find;
        /// For whoever renews the tokens of a server; false: that takes too long. unlock() follows.
        std::function<void(const QUrl &, const std::function<void(bool)> &)> lock;
        std::function<void(const QUrl &)> unlock;
    };
    void setKept(Kept kept) { m_kept = std::move(kept); }
    /// Has the tokens ready that are kept for the server, renewed where their time is over; then
    /// calls back, perhaps at once. Nobody is asked for anything.
    void prepare(const std::function<void()> &then);

    // What a person may want. Each tells by `changed` what came of it.
    /// Begins, also where nothing was refused. `probe` is sent without a token first, for the
    /// server's challenge.
    void logIn(const HttpRequest &probe);
    /// Up to the authorisation server's metadata, and no further: changes nothing anywhere.
    void explore(const HttpRequest &probe);
    void runAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings);
    void refreshNow();
    void expireLocally();
    /// Asks the authorisation server for its keys and for what it knows of the access token;
    /// `inspected` follows, once. Its metadata has to be known.
    void inspectTokens();
    /// Revokes what can be revoked, and forgets the tokens; `loggedOut` follows.
    void logOut();
    void cancel();
    /// The address to which the browser was sent, where it could not come (a remote desktop).
    void takeCallback(const QUrl &url);
    void answerQuestion(bool agreed);

    OAuthState state() const;
    const OAuthFlow &flow() const { return m_flow; }
    bool isRunning() const { return m_flow.isRunning() || m_fetch || m_loading; }
    /// Why the last refusal stands; nothing where nothing was tried.
    const std::optional<Failure> &failure() const { return m_flow.failure(); }

    // TokenSource
    QList<Header> lines(const QUrl &url, const QByteArray &method) const override;
    void received(const AnswerHead &head) override;
    bool refused(const RefusedRequest &request, const std::function<void(bool)> &decide) override;

Q_SIGNALS:
    void changed();
    /// A person is to open this in a browser: https, or http on loopback.
    void browserWanted(const QUrl &url);
    /// Tokens came, or were renewed; or are gone. To be kept.
    void tokensChanged();
    /// A client is not known to its authorisation server any more, or was logged out.
    void clientForgotten(const sightglass::ClientIdentity &client);
    /// Registered, to be kept.
    void clientChanged();
    /// `remark`: what is to be known where nothing failed, as a sentence; mostly empty.
    void loggedOut(const std::optional<sightglass::Failure> &failure, const QString &remark);
    void inspected(const sightglass::TokenInspection &found);

private:
    static constexpr int MostTries = 5;

    struct Waiter {
        QPointer<QObject> who;
        std::function<void(bool)> decide;
    };
    /// The newest that may be used; true where there was one.
    bool restore(const KeptLogin &login);
    void restore(const TokenSet &tokens, const QList<ClientIdentity> &clients);
    void challenge(const HttpRequest &probe, OAuthStepKind last);
    /// What is kept of earlier runs first, if that was not asked for yet.
    void afterLoading(const std::function<void()> &then);
    bool canRenew() const { return !m_flow.tokens().refreshToken.isEmpty(); }
    /// Gets new tokens for the refresh token that there is; or takes those that another program has
    /// got meanwhile, unless a person wants them new (`m_byHand`).
    void renew(const OAuthRefusal &refusal);
    void renewLocked(const OAuthRefusal &refusal, const KeptLogin &login);
    void unlock();
    void revokeNext();
    void revoke();
    void finishLogOut();
    /// Sends it, bounded in time and size; `then` is told of the exchange when it has ended.
    HttpExchange *dispatch(const OAuthFetch &fetch,
                           const std::function<void(HttpExchange *)> &then);
    void introspect(TokenInspection found);
    void wait(const RefusedRequest &request, const std::function<void(bool)> &decide);
    void proceed();
    void send(const OAuthFetch &fetch);
    void endInTime(HttpExchange *http);
    void ended();
    void dropFetch();
    void decideAll(bool again);
    void note();
    void planRefresh();
    enum class Begun : quint8 { No, Flow, Renewal };
    Begun begins(const RefusedRequest &request);
    void carryOn(Begun begun);
    QByteArray authorization() const;
    bool mayBegin() const;

    HttpGate *m_gate;
    OAuthEnvironment m_environment;
    OAuthFlow m_flow;
    QUrl m_server;
    OAuthSettings m_settings;
    CallbackServer m_callback;
    QPointer<HttpExchange> m_fetch;
    Kept m_kept;
    int m_run = 0; ///< what was begun before that was given up
    bool m_loaded = false;
    bool m_loading = false;
    bool m_loggingOut = false;
    QUrl m_locked; ///< server whose tokens are renewed by us alone; empty: none
    std::vector<std::function<void()>> m_prepared; ///< to be called when the renewal has ended
    KeptLogin m_leaving; ///< log-ins that are still to be revoked
    std::optional<Failure> m_notRevoked; ///< one of them, and why
    QString m_notOffered; ///< why one of them cannot be; a sentence
    bool m_muted = false; ///< no token is given out, to be challenged
    mutable QByteArray m_sentNonce; ///< by the newest proof
    int m_timeoutMs = 30'000;
    QTimer m_renewal;
    QTimer m_patience; ///< with the browser
    std::vector<Waiter> m_waiters;
    bool m_fresh = false; ///< the token was issued for a log-in, and no answer was seen to it yet
    bool m_refreshed = false; ///< the token comes from a renewal, and no answer was seen to it yet
    OAuthRefusal m_refusal; ///< that was answered last
    bool m_byHand = false; ///< what runs was wanted by a person, not by a refusal
    int m_refreshes = 0;
    QByteArray m_nonce; ///< for proofs to the MCP server (RFC 9449, 9)
    QByteArray m_told; ///< steps that were noted, so that each is noted once
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::OAuthState)
Q_DECLARE_METATYPE(sightglass::TokenInspection)
