// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.h"

namespace sightglass::test {

/// `openssl s_server` on loopback: a TLS server that is not Qt's, for what QSslServer cannot be
/// made to do (alerts as the standard wants them, old versions, weak keys).
class OpensslServer {
public:
    /// `certificate` is one of tests/support/certs, as "good"; `more` goes to s_server. False if it
    /// does not come to listen; see output(). It answers every GET with a page.
    bool start(const QString &certificate, const QStringList &more);
    QUrl url() const;
    QByteArray output() { return m_process.output(); }

private:
    ChildProcess m_process;
    quint16 m_port = 0;
};

} // namespace sightglass::test
