// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace sightglass {

/// How to get to one server: TLS, proxy, HTTP version, times. A plain value;
/// the password of the proxy lives in memory only.
struct NetworkSettings {
    enum class Proxy : quint8 { System, None, Given };

    bool http2 = false; ///< negotiate HTTP/2 (over TLS by ALPN); HTTP/1.1 otherwise
    Proxy proxy = Proxy::System;
    QString proxyUrl; ///< "http://host:port" or "socks5://host:port", user info taken out
    QString proxyUser;
    QString proxyPassword;
    QString caFile; ///< PEM; trusted besides the system's store
    QString clientCertificateFile; ///< PEM; its chain may follow in the same file
    QString clientKeyFile; ///< PEM; may be the same file
    QString clientKeyPassword;
    /// Accept exactly this certificate of the server (32 bytes), whatever is wrong with it, and no
    /// other, on every connection.
    QByteArray pinnedSha256;
    QByteArray pinnedOrigin; ///< whom the pin is for, as Origin::toString(); empty: serverOrigin
    /// The server, as Origin::toString(). The client certificate is shown to it alone, and a pin
    /// holds for nobody else: where it is empty, for nobody.
    QByteArray serverOrigin;
    int answerTimeoutMs = 30000; ///< until the head of an answer is there; 0: wait for ever

    bool operator==(const NetworkSettings &) const = default;
};

} // namespace sightglass
