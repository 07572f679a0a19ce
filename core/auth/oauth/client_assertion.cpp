// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/client_assertion.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

QByteArray signedAssertion(const SigningKey &key, const ClientAssertion &assertion)
{
    if (key.isNull())
        return {};
    JsonWriter header;
    header.beginObject();
    header.key(u"typ").value("JWT");
    header.key(u"alg").value(QString::fromLatin1(key.algorithm()));
    if (!assertion.keyId.isEmpty())
        header.key(u"kid").value(assertion.keyId);
    header.endObject();

    JsonWriter claims;
    claims.beginObject();
    claims.key(u"iss").value(assertion.clientId);
    claims.key(u"sub").value(assertion.clientId);
    claims.key(u"aud").value(assertion.audience);
    claims.key(u"jti").value(QString::fromUtf8(assertion.jti));
    claims.key(u"iat").value(assertion.iat);
    claims.key(u"exp").value(assertion.iat + assertion.lifetime);
    claims.endObject();
    return signJwt(key, header.text(), claims.text());
}

} // namespace sightglass
