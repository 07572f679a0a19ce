// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/lab/auth_document.h"

#include <QHash>

namespace sightglass {

/// A client as an authorisation server knows it (RFC 7591, section 2).
struct LabClient {
    QString id;
    QByteArray secret; ///< empty: it has none
    QString name; ///< for the consent page
    QStringList redirectUris;
    /// "none", "client_secret_basic", "client_secret_post", "private_key_jwt"
    QString authMethod;
    QStringList grantTypes;
    QByteArray jwks; ///< the public keys of private_key_jwt, as JSON

    bool operator==(const LabClient &) const = default;
};

/// Why a redirect URI cannot be registered, as a sentence; empty: it can. https, http on loopback
/// alone (RFC 8252, 7.3), or a scheme of the client's own with a dot in it (7.1); no fragment.
/// `web`: the client says that it is a web application, which has no loopback (OpenID Connect
/// Registration, section 2).
QString labRedirectProblem(const QString &uri, bool web);
/// The URI of a request is the one that was registered: by exact comparison, but for the port of a
/// loopback address, which a native client learns when it starts to listen (RFC 8252, 7.3).
/// `exact`: the port too.
bool labSameRedirect(const QString &registered, const QString &asked, bool exact);

/// The clients of one authorisation server, in memory.
class LabClients {
public:
    /// What a client may ask to be registered with.
    static QStringList authMethods();
    static QStringList grantTypes();

    /// Registers by the metadata that was sent (RFC 7591, section 3.1); null with a reason in
    /// `refusal` where it cannot be. When there are too many, the oldest is forgotten.
    /// `withoutPorts`: redirect URIs on loopback are kept without their ports (AF-42).
    const LabClient *registerClient(const QByteArray &metadata, bool withoutPorts,
                                    LabRefusal *refusal);
    /// One that is known beforehand.
    void add(const LabClient &client);
    const LabClient *find(const QString &id) const;

private:
    QHash<QString, LabClient> m_clients;
    QStringList m_order;
};

} // namespace sightglass
