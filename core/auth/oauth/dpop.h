// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/jose.h"

#include <QUrl>

namespace sightglass {

/// The request that a proof is for.
struct DpopRequest {
    QByteArray method; ///< as on the request line
    QUrl url; ///< as asked; the proof has it without user, query and fragment
    QByteArray accessToken; ///< that goes with the request; empty: none, as at the token endpoint
    QByteArray nonce; ///< the server's last DPoP-Nonce; empty: none
    QByteArray jti; ///< unguessable, another for each proof: at least 96 random bits as text
    qint64 iat = 0; ///< seconds since 1970: now

    bool operator==(const DpopRequest &) const = default;
};

/// The value of a DPoP header (RFC 9449, 4.2). Empty where the key is none.
QByteArray dpopProof(const SigningKey &key, const DpopRequest &request);

/// What "htu" has of a URL (RFC 9449, 4.2), normalised as RFC 3986, 6.2.2 and 6.2.3 have it: a
/// server that compares texts has it so from the request.
QByteArray dpopTarget(const QUrl &url);

} // namespace sightglass
