// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/dpop.h"

#include "core/jsonrpc/json_text.h"

#include <QCryptographicHash>

namespace sightglass {

using namespace Qt::StringLiterals;

QByteArray dpopTarget(const QUrl &url)
{
    QUrl target = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    if ((target.scheme() == "https"_L1 && target.port() == 443)
        || (target.scheme() == "http"_L1 && target.port() == 80))
        target.setPort(-1);
    if (target.path().isEmpty())
        target.setPath(u"/"_s);
    return target.toEncoded(QUrl::FullyEncoded);
}

QByteArray dpopProof(const SigningKey &key, const DpopRequest &request)
{
    if (key.isNull())
        return {};
    JsonWriter header;
    header.beginObject();
    header.key(u"typ").value("dpop+jwt");
    header.key(u"alg").value(QString::fromLatin1(key.algorithm()));
    header.key(u"jwk").raw(key.publicJwk());
    header.endObject();

    JsonWriter claims;
    claims.beginObject();
    claims.key(u"jti").value(QString::fromUtf8(request.jti));
    claims.key(u"htm").value(QString::fromUtf8(request.method));
    claims.key(u"htu").value(QString::fromUtf8(dpopTarget(request.url)));
    claims.key(u"iat").value(request.iat);
    if (!request.accessToken.isEmpty())
        claims.key(u"ath").value(QString::fromLatin1(
            base64Url(QCryptographicHash::hash(request.accessToken, QCryptographicHash::Sha256))));
    if (!request.nonce.isEmpty())
        claims.key(u"nonce").value(QString::fromUtf8(request.nonce));
    claims.endObject();
    return signJwt(key, header.text(), claims.text());
}

} // namespace sightglass
