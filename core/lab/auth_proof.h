// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/auth_document.h"

#include <QSet>

namespace sightglass {

struct LabRequest;

/// Remembers what was used, so that it is good once; the oldest is forgotten.
class LabOnce {
public:
    /// False: it was used before.
    bool use(const QByteArray &what);

private:
    QSet<QByteArray> m_used;
    QList<QByteArray> m_order;
};

/// What one server, the authorisation server or the resource, asks of proofs of possession
/// (RFC 9449, sections 4.3, 8 and 9), with nonces of its own that change.
class LabProofs {
public:
    static constexpr qint64 nonceSeconds = 300; ///< that a nonce is given out; it is good as long
                                                ///< again
    struct Checked {
        LabRefusal refusal; ///< invalid_dpop_proof or use_dpop_nonce
        QByteArray thumbprint; ///< of the key (RFC 7638)
    };
    /// `url`: of the request, without its query; `token`: that came with it, empty at the token
    /// endpoint; `now`: seconds since 1970.
    Checked check(const LabRequest &request, const QByteArray &url, const QByteArray &token,
                  qint64 now);
    /// That the next proof is to have.
    QByteArray nonce(qint64 now);

    /// The algorithms that are taken.
    static QStringList algorithms();

private:
    QByteArray m_nonce;
    QByteArray m_lastNonce;
    qint64 m_since = 0;
    LabOnce m_used;
};

/// What a client says of itself with private_key_jwt (RFC 7523, section 3).
struct LabAssertion {
    QString clientId; ///< as it says; empty: it is no assertion
    QByteArray jti;
    qint64 expires = 0; ///< seconds since 1970
    QStringList audience;

    /// Reads it without checking who made it.
    static LabAssertion read(const QByteArray &jwt);
};
/// It was signed by a key of the set.
bool labSignedBy(const QByteArray &jwt, const QByteArray &jwks);

} // namespace sightglass
