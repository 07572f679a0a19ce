// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/tls_settings.h"

#include "core/http/origin.h"

#include <QFile>

namespace sightglass {

namespace {

/// Certificate files are some kilobytes, a system's whole store half a megabyte.
constexpr qint64 mostPem = 16 * 1024 * 1024;

struct Contents {
    QByteArray bytes;
    QString problem; ///< why there are none, as a clause
};
Contents contentsOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, file.errorString()};
    const QByteArray bytes = file.read(mostPem);
    return {bytes, bytes.isEmpty() ? QStringLiteral("the file is empty") : QString()};
}

QSslKey keyIn(const QByteArray &pem, const QByteArray &password)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        const QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey, password);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

TlsSettings::TlsSettings(const NetworkSettings &settings)
    : m_everyone(QSslConfiguration::defaultConfiguration())
    , m_server(settings.serverOrigin)
    , m_pinned(settings.pinnedSha256)
    , m_pinnedOrigin(settings.pinnedOrigin.isEmpty() ? m_server : settings.pinnedOrigin)
{
    if (!settings.caFile.isEmpty())
        readAuthorities(settings.caFile);
    if (!settings.clientCertificateFile.isEmpty() || !settings.clientKeyFile.isEmpty())
        readClientCertificate(settings);
}

void TlsSettings::fail(const char *code, const QString &sentence)
{
    if (m_problem)
        return;
    m_problem.emplace();
    m_problem->kind = FailureKind::File;
    m_problem->code = QLatin1String(code);
    m_problem->sentence = sentence;
    m_problem->advice = QStringLiteral("Choose a readable file in PEM form.");
}

void TlsSettings::readAuthorities(const QString &path)
{
    const Contents pem = contentsOf(path);
    if (!pem.problem.isEmpty()) {
        fail("ca-file-unreadable",
             QStringLiteral("Nothing was sent: the CA file %1 cannot be read: %2.")
                 .arg(path, pem.problem));
        return;
    }
    const QList<QSslCertificate> own = QSslCertificate::fromData(pem.bytes, QSsl::Pem);
    if (own.isEmpty()) {
        fail("ca-file-unreadable",
             QStringLiteral("Nothing was sent: the CA file %1 has no certificate in PEM form.")
                 .arg(path));
        return;
    }
    m_everyone.setCaCertificates(QSslConfiguration::systemCaCertificates() + own);
}

void TlsSettings::readClientCertificate(const NetworkSettings &settings)
{
    if (settings.clientCertificateFile.isEmpty()) {
        fail("client-certificate-unreadable",
             QStringLiteral("Nothing was sent: the client key %1 was given without the certificate "
                            "that belongs to it.")
                 .arg(settings.clientKeyFile));
        return;
    }
    const Contents pem = contentsOf(settings.clientCertificateFile);
    if (pem.problem.isEmpty())
        m_clientChain = QSslCertificate::fromData(pem.bytes, QSsl::Pem);
    if (m_clientChain.isEmpty()) {
        fail("client-certificate-unreadable",
             pem.problem.isEmpty()
                 ? QStringLiteral("Nothing was sent: the client certificate file %1 has no "
                                  "certificate in PEM form.")
                       .arg(settings.clientCertificateFile)
                 : QStringLiteral("Nothing was sent: the client certificate file %1 cannot be "
                                  "read: %2.")
                       .arg(settings.clientCertificateFile, pem.problem));
        return;
    }
    const QString keyPath =
        settings.clientKeyFile.isEmpty() ? settings.clientCertificateFile : settings.clientKeyFile;
    const Contents key = contentsOf(keyPath);
    if (key.problem.isEmpty())
        m_clientKey = keyIn(key.bytes, settings.clientKeyPassword.toUtf8());
    if (m_clientKey.isNull()) {
        fail("client-key-unreadable",
             key.problem.isEmpty()
                 ? QStringLiteral("Nothing was sent: the client key file %1 has no RSA or EC key "
                                  "in PEM form that %2.")
                       .arg(keyPath,
                            settings.clientKeyPassword.isEmpty()
                                ? QStringLiteral("can be read without a password")
                                : QStringLiteral("the password given opens"))
                 : QStringLiteral("Nothing was sent: the client key file %1 cannot be read: %2.")
                       .arg(keyPath, key.problem));
    }
}

QByteArray TlsSettings::pinFor(const QUrl &url) const
{
    if (m_pinned.isEmpty() || m_pinnedOrigin.isEmpty()
        || Origin::of(url).toString() != m_pinnedOrigin)
        return {};
    return m_pinned;
}

bool TlsSettings::showsCertificateTo(const QUrl &url) const
{
    return !m_clientChain.isEmpty() && Origin::of(url).toString() == m_server;
}

QSslConfiguration TlsSettings::configurationFor(const QUrl &url) const
{
    QSslConfiguration configuration = m_everyone;
    if (showsCertificateTo(url)) {
        configuration.setLocalCertificateChain(m_clientChain);
        configuration.setPrivateKey(m_clientKey);
    }
    if (!pinFor(url).isEmpty()) {
        // With no authority trusted every handshake has an error, which comes to the check of the
        // pin; a resumed session would have none.
        configuration.setCaCertificates({});
        configuration.setSslOption(QSsl::SslOptionDisableSessionSharing, true);
        configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    }
    return configuration;
}

} // namespace sightglass
