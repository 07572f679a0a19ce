// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/listener.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

namespace sightglass {

namespace {

// For the lab alone. Whoever trusted this certificate would trust everybody: its key is below.
constexpr const char *labCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIB7TCCAZSgAwIBAgIUUw0untpL18w8JWjsp79Xdw/qZRYwCgYIKoZIzj0EAwIw\n"
    "PTEmMCQGA1UEAwwdUHJhY3RpY2Ugc2VydmVyIG9mIFNpZ2h0Z2xhc3MxEzARBgNV\n"
    "BAoMClNpZ2h0Z2xhc3MwIBcNMjYwMTAxMDAwMDAwWhgPMjA3NjAxMDEwMDAwMDBa\n"
    "MD0xJjAkBgNVBAMMHVByYWN0aWNlIHNlcnZlciBvZiBTaWdodGdsYXNzMRMwEQYD\n"
    "VQQKDApTaWdodGdsYXNzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERH3JQfH6\n"
    "yUX5O1WHiR4JHN3mFnehO7CN/xh0uhIfeVlEhrMi9iVgyiVdWCRQ+EiZ7Ej8xV/f\n"
    "xGxsrr9+r6nt2qNwMG4wDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYD\n"
    "VR0lBAwwCgYIKwYBBQUHAwEwGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MB0G\n"
    "A1UdDgQWBBTkSeuu+A81zPo8TCgZeqsKLO61nTAKBggqhkjOPQQDAgNHADBEAiBq\n"
    "50npVLfdkycXoF+dveMpV9GlE0fjOPIQ7/ZPknWuEAIgQwNgRUi9uw4oUmKyknpK\n"
    "ehsSUonvX8EEYaTAD1QBNfg=\n"
    "-----END CERTIFICATE-----\n";
constexpr const char *labKey = "-----BEGIN PRIVATE KEY-----\n"
                               "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7+315zVLENc7R6bd\n"
                               "Mj07nanL9HIhQ8xlb5nrCFsc3hehRANCAAREfclB8frJRfk7VYeJHgkc3eYWd6E7\n"
                               "sI3/GHS6Eh95WUSGsyL2JWDKJV1YJFD4SJnsSPzFX9/EbGyuv36vqe3a\n"
                               "-----END PRIVATE KEY-----\n";

} // namespace

QByteArray LabListener::origin() const
{
    return (m_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + QByteArray::number(serverPort());
}

void LabListener::incomingConnection(qintptr descriptor)
{
    if (!m_tls) {
        QTcpServer::incomingConnection(descriptor);
        return;
    }
    auto *socket = new QSslSocket(this);
    socket->setLocalCertificate(QSslCertificate(QByteArray(labCertificate)));
    socket->setPrivateKey(QSslKey(QByteArray(labKey), QSsl::Ec));
    socket->setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    socket->startServerEncryption();
    addPendingConnection(socket);
}

} // namespace sightglass
