// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>

namespace sightglass {

/// No name of a secret is longer.
constexpr qsizetype longestSecretName = 64;

/// A header whose value is secret by its name.
bool isSecretHeaderName(QByteArrayView name);
/// A JSON member (or a parameter in any text) whose string value is secret: access_token, apiKey,
/// client_secret, … Letters compare without case, '_' and '-' do not count.
bool isSecretMemberName(QByteArrayView name);
/// A parameter of a form or a query: those and the short names that mean secrets only there (code,
/// key, sig).
bool isSecretParameterName(QByteArrayView name);
/// An option of a program or a variable of its environment: --api-key, --auth-token, MY_TOKEN,
/// dbPassword. Word by word; what counts or names secrets (--max-tokens, TOKEN_FILE) is none.
bool isSecretSettingName(QByteArrayView name);
/// A byte that a name may have.
constexpr bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '-' || c == '.';
}

/// Length of the authentication scheme and the spaces after it at the start of a header value
/// ("Bearer ", also twice: "Bearer Bearer "); 0 where none that is known stands there, so that
/// the first word of a secret is never taken for a scheme.
qsizetype schemeLength(QByteArrayView value);

/// Length of a fingerprint "~7f2a" that the bytes are, with the '*' or the note on length that may
/// follow it; 0 where they are something else.
qsizetype fingerprintLength(QByteArrayView value);

} // namespace sightglass
