// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/acting.h"
#include "core/http/header_list.h"
#include "core/http/http_gate.h"

#include <functional>
#include <memory>

namespace sightglass {

/// The credentials that a person gave for one server. A plain value.
struct Credentials {
    QByteArray bearer; ///< the bare token; empty: none
    QString basicUser; ///< empty with an empty password: none
    QString basicPassword;
    QList<Header> headers; ///< custom headers in order; duplicates allowed
    QList<QByteArray> cookies; ///< "name=value", in order

    bool isEmpty() const;
    /// An Authorization is among them: no other is looked for.
    bool hasAuthorization() const;
    bool operator==(const Credentials &) const = default;
};

/// What a person should know about a token before it is sent: AF-06 ("Bearer" typed before the
/// token), AF-07 (quotes, spaces, a line end, non-ASCII).
struct CredentialWarning {
    QString field; ///< "bearer", "header X-Api-Key", "cookie"
    qsizetype position = 0; ///< byte at fault in its value
    bool fatal = false; ///< it cannot be sent
    QString finding; ///< AF-06, AF-07 or empty
    QString sentence;
};
QList<CredentialWarning> checkCredentials(const Credentials &credentials);

/// Where tokens come from that nobody gave by hand: OAuth.
class TokenSource {
public:
    virtual ~TokenSource() = default;
    /// The lines that carry the token on this request: Authorization, and a proof where there is
    /// one. Empty: there is no token.
    virtual QList<Header> lines(const QUrl &url, const QByteArray &method) const = 0;
    virtual void received(const AnswerHead &head) = 0; ///< of the server's origin
    /// See CredentialSource::refused().
    virtual bool refused(const RefusedRequest &request,
                         const std::function<void(bool)> &decide) = 0;
};

/// Stamps one server's credentials on every request to that server's origin,
/// and on nothing else. Keeps the cookies that the server sets.
class CredentialSet final : public CredentialSource {
public:
    CredentialSet(const QUrl &server, Credentials credentials);
    ~CredentialSet() override;

    /// Gives the Authorization where the person gave none. Not owned, and outlives this; may be
    /// null.
    void setTokens(TokenSource *tokens);

    /// Called with the secret headers (Set-Cookie, …) of each answer that has such, before its
    /// body.
    void setOnSecrets(std::function<void(const QList<Header> &)> onSecrets);

    const Origin &origin() const;
    const Credentials &credentials() const;
    Stamp stamp(const QUrl &url, const QByteArray &method) const override;
    void received(const AnswerHead &head) override;
    bool refused(const RefusedRequest &request, const std::function<void(bool)> &decide) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
