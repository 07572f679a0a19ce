// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/network_settings.h"
#include "core/trace/failure.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QUrl>

#include <optional>

namespace sightglass {

/// What NetworkSettings mean for TLS: whom to trust, what to show to whom, and which single
/// certificate passes where one was pinned. Reads the files once, when it is made.
class TlsSettings {
public:
    explicit TlsSettings(const NetworkSettings &settings);

    /// Why the settings cannot be used: ca-file-unreadable, client-certificate-unreadable,
    /// client-key-unreadable.
    const std::optional<Failure> &problem() const { return m_problem; }

    QSslConfiguration configurationFor(const QUrl &url) const;
    /// The SHA-256 of the one certificate that passes for this URL; empty: authorities decide.
    QByteArray pinFor(const QUrl &url) const;
    bool showsCertificateTo(const QUrl &url) const;

private:
    void readAuthorities(const QString &path);
    void readClientCertificate(const NetworkSettings &settings);
    void fail(const char *code, const QString &sentence);

    std::optional<Failure> m_problem;
    QSslConfiguration m_everyone;
    QList<QSslCertificate> m_clientChain;
    QSslKey m_clientKey;
    QByteArray m_server;
    QByteArray m_pinned;
    QByteArray m_pinnedOrigin;
};

} // namespace sightglass
