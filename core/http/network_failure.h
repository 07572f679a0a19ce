// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <QNetworkReply>
#include <QSslError>

namespace sightglass {

// Sentences for what went wrong on the way, as pure functions of what the library said.

/// What is known when an exchange broke.
struct Breakage {
    QString name; ///< the request, see requestName()
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
    QString said; ///< the library's own words
    QString host; ///< "example.org:8080"
    QString proxy; ///< "http://proxy:3128"; empty: none in use
    bool headSeen = false;
    qint64 received = 0; ///< bytes of the body
    qint64 announced = -1; ///< Content-Length; -1: none
    bool lengthMalformed = false; ///< there is a Content-Length, but it is no length
    bool tls = false; ///< https
    bool sent = false; ///< the request was written to the connection
    bool begun = false; ///< some of it was, or may have been
    bool clientCertificate = false; ///< one was there to be shown
};
Failure networkFailure(const Breakage &breakage);

/// The exchange ended without an error of the library, but the body is shorter than announced.
Failure bodyCutOff(const Breakage &breakage);
/// Content-Length was no number, or several that differ: where the body ends is a guess.
Failure lengthMalformed(const QString &name, const QByteArray &value);
/// The head came with a status and not one header: the library drops all of them for one that it
/// does not take.
Failure headersUnreadable(const QString &name, int status);
/// 101, 102, 103 …: the library ends an exchange with it, so that the answer behind it is lost.
Failure interimAnswer(const QString &name, int status);
/// Over HTTP/2 nobody read the answer, and no more is kept than this.
Failure unreadTooMuch(const Breakage &breakage, qint64 limit);
/// No head of an answer in time: told by how far it came, which may be no further than TLS.
Failure answerTimeout(const Breakage &breakage, int milliseconds);
/// 407 by the proxy (AF-95).
Failure proxyRefused(const Breakage &breakage);
/// A failed check of the server's certificate (AF-94). `pinned` is the fingerprint that was
/// wanted, or empty.
Failure certificateFailure(const QString &name, const QString &host, const QList<QSslError> &errors,
                           const QSslCertificate &leaf, const QByteArray &pinned);

/// True if the error is about the connection and not made from an HTTP status.
bool isTransportError(QNetworkReply::NetworkError error);

} // namespace sightglass
