// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_settings.h"
#include "core/trace/records.h"

namespace sightglass {

// What OAuth's requests and answers say, as values. Pure.

/// name=value pairs as application/x-www-form-urlencoded (RFC 6749, appendix B), in order.
using FormFields = QList<std::pair<QByteArray, QString>>;
QByteArray formEncoded(const FormFields &fields);
/// What a query or form says; names and values decoded. '+' is a space.
QList<std::pair<QString, QString>> formDecoded(QByteArrayView text);

/// PKCE (RFC 7636): a secret, and what is told of it beforehand.
struct Pkce {
    QByteArray verifier;
    QByteArray challenge; ///< S256

    bool operator==(const Pkce &) const = default;
};
/// `random`: 32 bytes and more.
Pkce pkceFrom(QByteArrayView random);

/// The words of a scope, each once, in the order in which they first stand.
QStringList scopeWords(const QString &scope);
/// Both, each word once, those of `a` first.
QString scopeUnion(const QString &a, const QString &b);
/// Every word of `some` is one of `all`.
bool scopeHolds(const QString &all, const QString &some);

/// Takes the same time for every value of the same length.
bool sameSecret(QByteArrayView a, QByteArrayView b);

/// What a browser brought back (RFC 6749, 4.1.2; RFC 9207, 2). Values are as decoded, and come from
/// whoever called the URL.
struct OAuthCallback {
    std::optional<QString> code;
    std::optional<QString> state;
    std::optional<QString> issuer;
    QString error;
    QString errorDescription;
    QStringList repeated; ///< parameters that stand there more than once (RFC 6749, 3.1)

    bool operator==(const OAuthCallback &) const = default;
};
OAuthCallback readCallback(const QUrl &url);

/// The answer of a token endpoint (RFC 6749, 5.1 and 5.2).
struct TokenAnswer {
    TokenSet tokens; ///< without what the answer does not say of itself
    std::optional<QString> scope; ///< as told
    QString issuedType; ///< RFC 8693, 2.2.1: of an exchange; empty: not told
    QString error; ///< "invalid_grant"; empty: none
    QString errorDescription;
    QString problem; ///< why it is neither tokens nor an error, as a clause; empty: it is one
    bool isPage = false; ///< a web page or text instead of JSON: AF-49
    QStringList oddities; ///< what is not as it has to be, though it can be used; sentences

    bool operator==(const TokenAnswer &) const = default;
};
TokenAnswer readTokenAnswer(int status, const QByteArray &mediaType, const QByteArray &body);

/// The answer of a registration endpoint (RFC 7591, 3.2).
struct RegistrationAnswer {
    ClientIdentity client;
    QStringList redirectUris; ///< that it says are registered
    QString error;
    QString errorDescription;
    QString problem;

    bool operator==(const RegistrationAnswer &) const = default;
};
RegistrationAnswer readRegistrationAnswer(int status, const QByteArray &mediaType,
                                          const QByteArray &body);

/// What is registered (RFC 7591, 2; MCP 2026-07-28, "Dynamic Client Registration").
struct RegistrationWish {
    QString redirectUri;
    ClientAuthentication authentication = ClientAuthentication::None;
    QString scope; ///< empty: none
    bool refresh = true;
    bool dpop = false;
};
QByteArray registrationBody(const RegistrationWish &wish);

/// The media type of an answer, in lower case and without parameters.
QByteArray mediaTypeOf(const QList<Header> &headers);
/// The value of the first header of that name; empty where there is none.
QByteArray headerOf(const QList<Header> &headers, QByteArrayView name);

/// 429 or 503 with Retry-After (RFC 9110, 10.2.3): AF-98.
bool isBusyAnswer(int status, const QList<Header> &headers);
inline const QString BusyAdvice =
    QStringLiteral("The server is busy or limits its callers: wait, then try again.");
/// "The token request was answered with 503, and Retry-After: 5."
QString busyWords(const QString &request, int status, const QList<Header> &headers);

} // namespace sightglass
