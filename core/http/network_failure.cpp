// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/network_failure.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QSslCertificate>

#include <algorithm>

namespace sightglass {

namespace {

Failure make(FailureKind kind, const char *code, const QString &sentence, const QString &advice,
             const char *finding = "")
{
    Failure failure;
    failure.kind = kind;
    failure.code = QLatin1String(code);
    failure.sentence = sentence;
    failure.advice = advice;
    failure.finding = QLatin1String(finding);
    return failure;
}

Failure unreachable(const char *code, const QString &sentence, const QString &advice,
                    const char *finding = "")
{
    return make(FailureKind::Unreachable, code, sentence, advice, finding);
}

/// OpenSSL's texts for the alerts by which a server asks for a client certificate.
bool asksForCertificate(const QString &said)
{
    return said.contains(QLatin1String("certificate required"), Qt::CaseInsensitive)
        || said.contains(QLatin1String("alert handshake failure"), Qt::CaseInsensitive)
        || said.contains(QLatin1String("alert bad certificate"), Qt::CaseInsensitive)
        || said.contains(QLatin1String("alert unknown ca"), Qt::CaseInsensitive);
}

Failure tlsFailure(const Breakage &b)
{
    if (asksForCertificate(b.said)) {
        return unreachable(
            "client-certificate-asked",
            b.clientCertificate
                ? QStringLiteral("%1: the server %2 did not accept the client certificate (%3).")
                      .arg(b.name, b.host, b.said)
                : QStringLiteral("%1: the server %2 asks for a client certificate, and none was "
                                 "given (%3).")
                      .arg(b.name, b.host, b.said),
            b.clientCertificate
                ? QStringLiteral("Choose the certificate and key that this server knows.")
                : QStringLiteral("Give a client certificate and its key for this server."),
            "AF-94");
    }
    return unreachable("tls-failed",
                       QStringLiteral("%1: no secure connection to %2 came about: %3.")
                           .arg(b.name, b.host, b.said),
                       QStringLiteral("Check that this port speaks TLS, and with which versions."),
                       "AF-94");
}

QString nameOf(const QSslCertificate &certificate, bool issuer)
{
    const auto info = [&](QSslCertificate::SubjectInfo what) {
        return (issuer ? certificate.issuerInfo(what) : certificate.subjectInfo(what)).value(0);
    };
    const QString common = info(QSslCertificate::CommonName);
    if (!common.isEmpty())
        return common;
    const QString organisation = info(QSslCertificate::Organization);
    return organisation.isEmpty() ? QStringLiteral("no name") : organisation;
}

QString day(const QDateTime &time)
{
    return time.toUTC().date().toString(Qt::ISODate);
}

QString fingerprint(const QByteArray &digest)
{
    return QString::fromLatin1(digest.toHex(':').toUpper());
}

struct Rule {
    const char *code;
    QString sentence;
};

Rule ruleOf(QSslError::SslError error, const QSslCertificate &certificate, const QString &host)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return {"certificate-expired",
                QStringLiteral("it expired on %1").arg(day(certificate.expiryDate()))};
    case QSslError::CertificateNotYetValid:
        return {"certificate-not-yet-valid",
                QStringLiteral("it is not valid before %1").arg(day(certificate.effectiveDate()))};
    case QSslError::HostNameMismatch: {
        QStringList names = certificate.subjectAlternativeNames().values();
        if (names.isEmpty())
            names = certificate.subjectInfo(QSslCertificate::CommonName);
        return {
            "certificate-wrong-host",
            QStringLiteral("it is for %1, not for %2")
                .arg(names.isEmpty() ? QStringLiteral("no host") : names.join(QLatin1String(", ")),
                     host)};
    }
    case QSslError::SelfSignedCertificate:
        return {"certificate-self-signed",
                QStringLiteral("it is signed by itself and by no authority that is trusted here")};
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
    case QSslError::InvalidCaCertificate:
        return {"certificate-unknown-issuer",
                QStringLiteral("its issuer %1 is not trusted here").arg(nameOf(certificate, true))};
    case QSslError::CertificateRevoked:
        return {"certificate-revoked", QStringLiteral("it was revoked")};
    default:
        return {"certificate-refused", QSslError(error).errorString()};
    }
}

} // namespace

bool isTransportError(QNetworkReply::NetworkError error)
{
    return (error > QNetworkReply::NoError && error < QNetworkReply::ContentAccessDenied
            && error != QNetworkReply::ProxyAuthenticationRequiredError)
        || error == QNetworkReply::ContentReSendError || error == QNetworkReply::ProtocolFailure
        || error == QNetworkReply::ProtocolUnknownError;
}

Failure networkFailure(const Breakage &b)
{
    if (b.headSeen && b.error != QNetworkReply::ProxyAuthenticationRequiredError)
        return bodyCutOff(b);
    const QString check = QStringLiteral("Check host, port and scheme, and that the server runs.");
    switch (b.error) {
    case QNetworkReply::ConnectionRefusedError:
        return unreachable("connection-refused",
                           QStringLiteral("%1 did not get through: nothing accepts connections at "
                                          "%2.")
                               .arg(b.name, b.host),
                           check, "AF-99");
    case QNetworkReply::HostNotFoundError:
        return unreachable("host-not-found",
                           QStringLiteral("%1 did not get through: there is no host with the name "
                                          "of %2.")
                               .arg(b.name, b.host),
                           QStringLiteral("Check the spelling of the name, and whether a VPN is "
                                          "needed to know it."),
                           "AF-99");
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
        if (asksForCertificate(b.said))
            return tlsFailure(b);
        return unreachable(
            "connection-closed",
            QStringLiteral("%1: connection closed before an answer.").arg(b.name),
            QStringLiteral("It was sent once; whether the server acted on it is not known. See "
                           "the server's log, then send it again if that does no harm."),
            "AF-99");
    case QNetworkReply::TimeoutError:
        return make(
            FailureKind::TimedOut, "connect-timeout",
            QStringLiteral("%1: no connection to %2 came about in time.").arg(b.name, b.host),
            QStringLiteral("A firewall may drop the packets. ") + check, "AF-99");
    case QNetworkReply::SslHandshakeFailedError:
        return tlsFailure(b);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::UnknownProxyError:
        return unreachable(
            "proxy-unreachable",
            QStringLiteral("%1 did not get through the proxy %2: %3.").arg(b.name, b.proxy, b.said),
            QStringLiteral("Check the proxy's address, or connect without it."));
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return proxyRefused(b);
    case QNetworkReply::ProtocolFailure:
        return make(FailureKind::Protocol, "answer-malformed",
                    QStringLiteral("%1 was answered with something that is not HTTP: %2.")
                        .arg(b.name, b.said),
                    QStringLiteral("Another program may listen at %1.").arg(b.host));
    default:
        break;
    }
    if (asksForCertificate(b.said))
        return tlsFailure(b);
    return unreachable(
        "connection-lost",
        QStringLiteral("%1: the connection to %2 broke: %3.").arg(b.name, b.host, b.said), check,
        "AF-99");
}

Failure bodyCutOff(const Breakage &b)
{
    const QString came = b.announced >= 0
        ? QStringLiteral("%1 of %2 bytes came").arg(b.received).arg(b.announced)
        : QStringLiteral("%1 bytes came, without the end").arg(b.received);
    return unreachable("body-cut-off",
                       QStringLiteral("%1: the answer was cut off: %2.").arg(b.name, came),
                       QStringLiteral("What came is kept. The server, or a proxy before it, closed "
                                      "the connection too early or announced a wrong length."),
                       "AF-99");
}

Failure answerTimeout(const QString &name, int milliseconds)
{
    const QString time = milliseconds % 1000 == 0 ? QStringLiteral("%1 s").arg(milliseconds / 1000)
                                                  : QStringLiteral("%1 ms").arg(milliseconds);
    return make(FailureKind::TimedOut, "answer-timeout",
                QStringLiteral("%1: no answer within %2.").arg(name, time),
                QStringLiteral("See whether the server still works on it, or allow more time."));
}

Failure proxyRefused(const Breakage &b)
{
    return unreachable(
        "proxy-authentication-required",
        b.proxy.isEmpty()
            ? QStringLiteral("%1 was answered with 407: a proxy on the way wants credentials.")
                  .arg(b.name)
            : QStringLiteral("%1 did not get through: the proxy %2 wants credentials (407).")
                  .arg(b.name, b.proxy),
        QStringLiteral("Give the proxy's own user name and password; the server's credentials are "
                       "never sent to a proxy."),
        "AF-95");
}

Failure certificateFailure(const QString &name, const QString &host, const QList<QSslError> &errors,
                           const QSslCertificate &leaf, const QByteArray &pinned)
{
    const QString subject = leaf.isNull()
        ? QStringLiteral("no certificate")
        : QStringLiteral("the certificate of %1 (valid %2 to %3, issued by %4)")
              .arg(nameOf(leaf, false), day(leaf.effectiveDate()), day(leaf.expiryDate()),
                   nameOf(leaf, true));
    const QByteArray digest =
        leaf.isNull() ? QByteArray() : leaf.digest(QCryptographicHash::Sha256);
    if (!pinned.isEmpty()) {
        return unreachable(
            "certificate-not-pinned",
            QStringLiteral("%1 was not sent: the server shows %2, which is not the one that was "
                           "accepted for it.")
                .arg(name, subject),
            QStringLiteral("If the server's certificate was renewed, accept the new one: its "
                           "SHA-256 fingerprint is %1 (accepted was %2).")
                .arg(fingerprint(digest), fingerprint(pinned)),
            "AF-94");
    }
    // What a person can mend first: dates and names before trust.
    QList<Rule> rules;
    for (const QSslError &error : errors) {
        const QSslCertificate &about = error.certificate().isNull() ? leaf : error.certificate();
        const Rule rule = ruleOf(error.error(), about, host);
        const bool known = std::any_of(rules.cbegin(), rules.cend(), [&rule](const Rule &other) {
            return qstrcmp(other.code, rule.code) == 0;
        });
        if (!known)
            rules.append(rule);
    }
    if (rules.isEmpty())
        rules.append({"certificate-refused", QStringLiteral("it was not accepted")});
    QStringList sentences;
    for (const Rule &rule : std::as_const(rules))
        sentences.append(rule.sentence);
    return unreachable(
        rules.first().code,
        QStringLiteral("%1 was not sent: the server shows %2; %3.")
            .arg(name, subject, sentences.join(QLatin1String("; "))),
        QStringLiteral("Trust its issuer with a CA file, or accept exactly this certificate: its "
                       "SHA-256 fingerprint is %1.")
            .arg(fingerprint(digest)),
        "AF-94");
}

} // namespace sightglass
