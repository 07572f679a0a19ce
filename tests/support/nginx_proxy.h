// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.h"

#include <QTemporaryDir>

namespace sightglass::test {

/// nginx on loopback as a reverse proxy with TLS and HTTP/2 in front of a server. Its certificate
/// is made anew, signed by an authority of its own that nobody else trusts.
class NginxProxy {
public:
    /// False with the reason in problem().
    bool start(const QUrl &server);
    QUrl url() const { return m_url; } ///< https://127.0.0.1:PORT/mcp
    QString caFile() const { return m_folder.filePath(QStringLiteral("ca.pem")); }
    QByteArray problem() const { return m_problem; }

private:
    bool makeCertificates();
    bool openssl(const QStringList &arguments);
    bool listens(quint16 port);

    QTemporaryDir m_folder;
    ChildProcess m_nginx;
    QUrl m_url;
    QByteArray m_problem;
};

} // namespace sightglass::test
