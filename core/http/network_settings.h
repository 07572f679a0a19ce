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
    QString clientCertificateFile; ///< PEM
    QString clientKeyFile; ///< PEM; may be the same file
    QString clientKeyPassword;
    QByteArray
        pinnedSha256; ///< accept exactly this leaf certificate whatever else is wrong (32 bytes)
    int answerTimeoutMs = 30000; ///< until the head of an answer is there; 0: wait for ever

    bool operator==(const NetworkSettings &) const = default;
};

} // namespace sightglass
