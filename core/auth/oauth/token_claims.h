// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What single claims mean, for token_view.h.

#include "core/auth/oauth/token_view.h"
#include "core/jsonrpc/json_text.h"

namespace sightglass {

/// The members of an object of a token, each with its meaning, in order. `header`: of a JOSE header
/// (RFC 7515, 4.1), else claims.
QList<ClaimView> viewMembers(const JsonText &json, bool header, qint64 now);

/// The time of a claim, also where it is spelled as a text; nothing where it is none.
std::optional<qint64> claimTime(const JsonText &json, QStringView name);
/// A claim that is a text or a list of texts; what is neither is left out.
QStringList claimTexts(const JsonText &json, QStringView name);
/// Of a JWT what tells why a server refuses it and is no secret, as the text of a JSON object: iss,
/// aud, exp, nbf and iat, where they are of the right type and not too long. Whom it is about and
/// what it allows is left out, and so is its signature. Empty where nothing of it is there, and of
/// what is no JWT.
QByteArray claimsWithoutSecrets(QByteArrayView token);
/// Untrusted text, cut to what a page can show.
QString shownClaim(const QString &text);

} // namespace sightglass
