// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_proof.h"

#include "core/lab/auth_secrets.h"
#include "core/lab/http_request.h"

#include "core/auth/jose.h"
#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostUsed = 10'000;
constexpr qint64 mostSkew = 300; ///< seconds that clocks may differ
constexpr qsizetype longestProof = 8192;

/// RFC 7638, 3.2: the members that make a key, in the order of their names. Empty: it is no public
/// key that is known here.
QByteArray thumbprintOf(const JsonText &json, JsonText::Node key)
{
    const QString type = json.string(json.member(key, u"kty"));
    const QStringList names = type == "EC"_L1 ? QStringList{u"crv"_s, u"kty"_s, u"x"_s, u"y"_s}
        : type == "RSA"_L1                    ? QStringList{u"e"_s, u"kty"_s, u"n"_s}
        : type == "OKP"_L1                    ? QStringList{u"crv"_s, u"kty"_s, u"x"_s}
                                              : QStringList();
    if (names.isEmpty() || json.member(key, u"d") >= 0)
        return {};
    JsonWriter members;
    members.beginObject();
    for (const QString &name : names) {
        const JsonText::Node value = json.member(key, name);
        if (!json.isString(value))
            return {};
        members.key(name).value(QStringView(json.string(value)));
    }
    members.endObject();
    return labDigest(members.text());
}

struct Proof {
    QString problem;
    QByteArray thumbprint;
    QByteArray jti;
    QString nonce;
};

Proof readProof(const QByteArray &header, const LabRequest &request, const QByteArray &url,
                const QByteArray &token, qint64 now)
{
    const std::optional<Jwt> jwt =
        header.size() <= longestProof ? readJwt(header) : std::optional<Jwt>();
    if (!jwt)
        return {u"DPoP is no single JWT."_s, {}, {}, {}};
    const JsonText head = JsonText::parse(jwt->header);
    const JsonText claims = JsonText::parse(jwt->claims);
    const auto text = [](const JsonText &json, QStringView name) {
        return json.string(json.member(json.root(), name));
    };
    Proof proof;
    const JsonText::Node key = head.member(head.root(), u"jwk");
    proof.thumbprint = thumbprintOf(head, key);
    proof.jti = text(claims, u"jti").toUtf8();
    proof.nonce = text(claims, u"nonce");
    const std::optional<qint64> issued = claims.integer(claims.member(claims.root(), u"iat"));
    if (text(head, u"typ") != "dpop+jwt"_L1)
        proof.problem = u"typ of the proof is not dpop+jwt."_s;
    else if (!LabProofs::algorithms().contains(text(head, u"alg")))
        proof.problem = u"alg of the proof is none that is taken here."_s;
    else if (proof.thumbprint.isEmpty())
        proof.problem = u"jwk of the proof is no public key."_s;
    else if (text(claims, u"htm").toUtf8() != request.method)
        proof.problem = u"htm of the proof is not the method."_s;
    else if (text(claims, u"htu").toUtf8() != url)
        proof.problem = u"htu of the proof is not the URL of this request."_s;
    else if (!issued || *issued < now - mostSkew || *issued > now + mostSkew)
        proof.problem = u"iat of the proof is missing, or too far from the clock of this server."_s;
    else if (proof.jti.isEmpty())
        proof.problem = u"jti of the proof is missing."_s;
    else if (!token.isEmpty() && text(claims, u"ath").toUtf8() != labDigest(token))
        proof.problem = u"ath of the proof is not the digest of the access token."_s;
    else if (!labSignedBy(header, R"({"keys":[)" + head.raw(key).toByteArray() + "]}"))
        proof.problem = u"The signature of the proof is not that of its key."_s;
    return proof;
}

} // namespace

bool LabOnce::use(const QByteArray &what)
{
    const QByteArray name = labDigest(what);
    if (m_used.contains(name))
        return false;
    if (m_order.size() >= mostUsed)
        m_used.remove(m_order.takeFirst());
    m_used.insert(name);
    m_order.append(name);
    return true;
}

QStringList LabProofs::algorithms()
{
    return {u"ES256"_s, u"ES384"_s, u"ES512"_s, u"RS256"_s, u"EdDSA"_s};
}

QByteArray LabProofs::nonce(qint64 now)
{
    if (m_nonce.isEmpty() || now >= m_since + nonceSeconds) {
        m_lastNonce = m_nonce;
        m_nonce = labRandomText();
        m_since = now;
    }
    return m_nonce;
}

LabProofs::Checked LabProofs::check(const LabRequest &request, const QByteArray &url,
                                    const QByteArray &token, qint64 now)
{
    if (!request.has("DPoP"))
        return {{"invalid_dpop_proof", u"DPoP is missing: a proof of possession is demanded."_s},
                {}};
    const Proof proof = readProof(request.header("DPoP"), request, url, token, now);
    if (!proof.problem.isEmpty())
        return {{"invalid_dpop_proof", proof.problem}, {}};
    const QByteArray wanted = nonce(now);
    const QByteArray given = proof.nonce.toUtf8();
    if (given.isEmpty() || (given != wanted && given != m_lastNonce))
        return {{"use_dpop_nonce", u"The proof has to carry the nonce of DPoP-Nonce."_s}, {}};
    if (!m_used.use(proof.thumbprint + proof.jti))
        return {{"invalid_dpop_proof", u"The proof was used before."_s}, {}};
    return {{}, proof.thumbprint};
}

LabAssertion LabAssertion::read(const QByteArray &text)
{
    LabAssertion assertion;
    const std::optional<Jwt> jwt =
        text.size() <= longestProof ? readJwt(text) : std::optional<Jwt>();
    if (!jwt)
        return assertion;
    const JsonText claims = JsonText::parse(jwt->claims);
    const auto claim = [&](QStringView name) { return claims.member(claims.root(), name); };
    if (claims.string(claim(u"iss")) != claims.string(claim(u"sub")))
        return assertion;
    assertion.clientId = claims.string(claim(u"sub"));
    assertion.jti = claims.string(claim(u"jti")).toUtf8();
    assertion.expires = claims.integer(claim(u"exp")).value_or(0);
    if (claims.isString(claim(u"aud")))
        assertion.audience.append(claims.string(claim(u"aud")));
    for (const JsonText::Node node : claims.children(claim(u"aud")))
        assertion.audience.append(claims.string(node));
    return assertion;
}

bool labSignedBy(const QByteArray &text, const QByteArray &jwks)
{
    const std::optional<Jwt> jwt = readJwt(text);
    return jwt && checkSignature(*jwt, jwks).state == SignatureCheck::State::Valid;
}

} // namespace sightglass
