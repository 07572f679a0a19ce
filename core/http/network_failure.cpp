// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/network_failure.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QSslCertificate>
#include <QSslKey>

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

bool says(const QString &said, const char *words)
{
    return said.contains(QLatin1String(words), Qt::CaseInsensitive);
}

/// What OpenSSL's words for a TLS handshake that failed mean.
enum class TlsReason {
    None,
    OtherKey,
    CertificateWanted,
    CertificateRefused,
    Refused,
    Version,
    NoTls
};
TlsReason tlsReason(const QString &said)
{
    if (says(said, "key values mismatch"))
        return TlsReason::OtherKey;
    if (says(said, "certificate required"))
        return TlsReason::CertificateWanted;
    // These alerts are about the client's certificate: the server's own is judged here.
    for (const char *alert :
         {"alert bad certificate", "alert unsupported certificate", "alert certificate revoked",
          "alert certificate expired", "alert certificate unknown", "alert unknown ca",
          "alert access denied", "alert decrypt error"}) {
        if (says(said, alert))
            return TlsReason::CertificateRefused;
    }
    if (says(said, "alert handshake failure"))
        return TlsReason::Refused;
    if (says(said, "alert protocol version") || says(said, "unsupported protocol"))
        return TlsReason::Version;
    if (says(said, "wrong version number") || says(said, "http request")
        || says(said, "packet length too long") || says(said, "unexpected message"))
        return TlsReason::NoTls;
    return TlsReason::None;
}

Failure tlsFailure(const Breakage &b)
{
    const auto failure = [](const char *code, const QString &sentence, const QString &advice) {
        return unreachable(code, sentence, advice, "AF-94");
    };
    switch (tlsReason(b.said)) {
    case TlsReason::OtherKey: {
        Failure mismatch = failure(
            "client-key-mismatch",
            QStringLiteral("%1 was not sent: the key of the client certificate is that of another "
                           "certificate (%2).")
                .arg(b.name, b.said),
            QStringLiteral("Choose the certificate and the key that were made together."));
        mismatch.kind = FailureKind::File;
        return mismatch;
    }
    case TlsReason::CertificateWanted:
    case TlsReason::CertificateRefused:
        if (b.clientCertificate)
            return failure("client-certificate-refused",
                           QStringLiteral("%1: the server %2 refused the client certificate (%3).")
                               .arg(b.name, b.host, b.said),
                           QStringLiteral("Choose the certificate and key that this server knows, "
                                          "and see that they have not expired."));
        return failure("client-certificate-asked",
                       QStringLiteral("%1: the server %2 asks for a client certificate, and none "
                                      "was given (%3).")
                           .arg(b.name, b.host, b.said),
                       QStringLiteral("Give a client certificate and its key for this server."));
    case TlsReason::Refused:
        // Before TLS 1.3 a missing client certificate has no alert of its own.
        if (b.clientCertificate)
            return failure("tls-refused",
                           QStringLiteral("%1 was not sent: the server %2 broke the TLS handshake "
                                          "off (%3): it refused the client certificate, or shares "
                                          "no cipher with this program.")
                               .arg(b.name, b.host, b.said),
                           QStringLiteral("Choose the certificate and key that this server knows; "
                                          "see its log for the reason."));
        return failure("tls-refused",
                       QStringLiteral("%1 was not sent: the server %2 broke the TLS handshake off "
                                      "(%3). Up to TLS 1.2 this is how a server asks for a client "
                                      "certificate that it was not given; else it shares no cipher "
                                      "with this program.")
                           .arg(b.name, b.host, b.said),
                       QStringLiteral("Give a client certificate and its key if this server wants "
                                      "one; see its log for the reason."));
    case TlsReason::Version:
        return failure("tls-version-too-old",
                       QStringLiteral("%1 was not sent: the server %2 accepts neither TLS 1.2 nor "
                                      "TLS 1.3, only versions that are no longer safe (%3).")
                           .arg(b.name, b.host, b.said),
                       QStringLiteral("The server has to offer TLS 1.2 or later."));
    case TlsReason::NoTls:
        return failure(
            "no-tls",
            QStringLiteral("%1 was not sent: what listens at %2 does not speak TLS (%3).")
                .arg(b.name, b.host, b.said),
            QStringLiteral("Check the port, or try the URL with http://."));
    case TlsReason::None:
        break;
    }
    return failure("tls-failed",
                   QStringLiteral("%1: no secure connection to %2 came about: %3.")
                       .arg(b.name, b.host, b.said),
                   QStringLiteral("Check that this port speaks TLS, and with which versions."));
}

/// The connection went before the handshake was through, without a word.
Failure closedInHandshake(const Breakage &b)
{
    return unreachable("tls-closed",
                       QStringLiteral("%1 was not sent: %2 closed the connection in the TLS "
                                      "handshake.")
                           .arg(b.name, b.host),
                       QStringLiteral("Check that this port speaks TLS; a server may also close "
                                      "like this when it wants a client certificate or does not "
                                      "know the host name."),
                       "AF-94");
}

/// The request never left for the server: the proxy, or the way to it, is at fault.
Failure proxyFailure(const Breakage &b)
{
    if (says(b.said, "denied") || says(b.said, "not allowed"))
        return unreachable("proxy-refused",
                           QStringLiteral("%1 was not sent: the proxy %2 does not let connections "
                                          "to %3 pass (%4).")
                               .arg(b.name, b.proxy, b.host, b.said),
                           QStringLiteral("Ask who runs the proxy to allow this host and port, or "
                                          "connect without it."));
    if (b.error == QNetworkReply::ProxyConnectionClosedError)
        return unreachable(
            "proxy-closed",
            QStringLiteral("%1 was not sent: the proxy %2 closed the connection when "
                           "it was asked for one to %3.")
                .arg(b.name, b.proxy, b.host),
            QStringLiteral("See the proxy's log: it may not allow this host and "
                           "port. Or connect without it."));
    if (says(b.said, "communicating with"))
        return unreachable("proxy-failed",
                           QStringLiteral("%1 was not sent: the proxy %2 answered the wish for a "
                                          "connection to %3 with an error (%4).")
                               .arg(b.name, b.proxy, b.host, b.said),
                           QStringLiteral("The proxy may not reach that host: see its log, or "
                                          "connect without it."));
    // The library's words name the server where the proxy is meant.
    QString why = b.said;
    if (says(b.said, "refused"))
        why = QStringLiteral("nothing accepts connections there");
    else if (says(b.said, "not found"))
        why = QStringLiteral("there is no host of that name");
    return unreachable(
        "proxy-unreachable",
        QStringLiteral("%1 did not get through the proxy %2: %3.").arg(b.name, b.proxy, why),
        QStringLiteral("Check the proxy's address, or connect without it."));
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

/// Names that a certificate is for: the first few, they can be hundreds.
QString namesIn(const QSslCertificate &certificate)
{
    constexpr qsizetype most = 5;
    QStringList names = certificate.subjectAlternativeNames().values();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    if (names.isEmpty())
        return QStringLiteral("no host");
    names.sort();
    const qsizetype more = names.size() - most;
    QString text = names.mid(0, most).join(QLatin1String(", "));
    if (more > 0)
        text += QStringLiteral(" and %1 more").arg(more);
    return text;
}

/// "RSA, 1024 bits" of a key that no TLS library of today takes; else empty.
QString weakKey(const QSslCertificate &certificate)
{
    const QSslKey key = certificate.publicKey();
    if (key.algorithm() == QSsl::Rsa && key.length() < 2048)
        return QStringLiteral("RSA, %1 bits").arg(key.length());
    if (key.algorithm() == QSsl::Ec && key.length() < 224)
        return QStringLiteral("EC, %1 bits").arg(key.length());
    return {};
}

Rule ruleOf(QSslError::SslError error, const QSslCertificate &certificate, const QString &host)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return {"certificate-expired",
                QStringLiteral("it expired on %1").arg(day(certificate.expiryDate()))};
    case QSslError::CertificateNotYetValid:
        return {"certificate-not-yet-valid",
                QStringLiteral("it is not valid before %1").arg(day(certificate.effectiveDate()))};
    case QSslError::HostNameMismatch:
        return {"certificate-wrong-host",
                QStringLiteral("it is for %1, not for %2").arg(namesIn(certificate), host)};
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
    case QSslError::UnspecifiedError:
        if (const QString weak = weakKey(certificate); !weak.isEmpty())
            return {"certificate-weak", QStringLiteral("its key is too weak (%1)").arg(weak)};
        return {"certificate-refused",
                QStringLiteral("the TLS library refuses it and does not say why; a weak key or "
                               "signature is the usual reason")};
    default:
        return {"certificate-refused",
                QStringLiteral("the rule “%1” is broken").arg(QSslError(error).errorString())};
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
    if (!b.proxy.isEmpty() && !b.sent && b.error != QNetworkReply::ProxyAuthenticationRequiredError
        && b.error != QNetworkReply::SslHandshakeFailedError
        && tlsReason(b.said) == TlsReason::None)
        return proxyFailure(b);
    if (b.clientCertificate && tlsReason(b.said) == TlsReason::OtherKey)
        return tlsFailure(b);
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
                                          "%2.")
                               .arg(b.name, b.host.section(QLatin1Char(':'), 0, -2)),
                           QStringLiteral("Check the spelling of the name, and whether a VPN is "
                                          "needed to know it."),
                           "AF-99");
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
        if (tlsReason(b.said) != TlsReason::None)
            return tlsFailure(b);
        // Only what was ready to go out is asked for again.
        if (b.tls && !b.sent && b.error != QNetworkReply::ContentReSendError)
            return closedInHandshake(b);
        if (!b.begun)
            return unreachable(
                "connection-closed",
                QStringLiteral("%1 was not sent: %2 closed the connection before any of it left.")
                    .arg(b.name, b.host),
                QStringLiteral("It can be sent again without harm. See the server's log for why "
                               "it closes connections that it has just taken."),
                "AF-99");
        return unreachable(
            "connection-closed",
            QStringLiteral("%1: connection closed before an answer.").arg(b.name),
            QStringLiteral("It was sent once; whether the server acted on it is not known. See "
                           "the server's log, then send it again if that does no harm. The same "
                           "is seen where what answers there does not speak HTTP."),
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
        return proxyFailure(b);
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
    if (b.tls && tlsReason(b.said) != TlsReason::None)
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

Failure lengthMalformed(const QString &name, const QByteArray &value)
{
    return make(FailureKind::Protocol, "answer-malformed",
                QStringLiteral("%1: the answer announces its length as \"%2\", which is no length.")
                    .arg(name, QString::fromLatin1(value.left(40))),
                QStringLiteral("What came is kept; whether it is whole cannot be said. Correct "
                               "Content-Length in the server, or in a proxy before it."));
}

Failure headersUnreadable(const QString &name, int status)
{
    return make(FailureKind::Protocol, "headers-unreadable",
                QStringLiteral("%1 was answered with status %2, but without a header that could "
                               "be read.")
                    .arg(name)
                    .arg(status),
                QStringLiteral("Either there is none, or one has no colon, a name that is no word "
                               "or more than 8 KiB, or there are more than 100: then none of them "
                               "can be read. Look at the server's answer with another tool."));
}

Failure interimAnswer(const QString &name, int status)
{
    return make(FailureKind::Protocol, "interim-answer",
                QStringLiteral("%1 was answered with the interim status %2, and the answer behind "
                               "it could not be read.")
                    .arg(name)
                    .arg(status),
                QStringLiteral("Interim answers other than 100 are not understood here: have the "
                               "server, or a proxy before it, send none."));
}

Failure unreadTooMuch(const Breakage &b, qint64 limit)
{
    return unreachable("answer-not-read",
                       QStringLiteral("%1: the answer was ended, because more than %2 MiB of it "
                                      "waited to be read.")
                           .arg(b.name)
                           .arg(limit / (1024 * 1024)),
                       QStringLiteral("Over HTTP/2 the sender cannot be held back. Turn HTTP/2 off "
                                      "for this server to read slowly."));
}

Failure answerTimeout(const Breakage &b, int milliseconds)
{
    const QString time = milliseconds % 1000 == 0 ? QStringLiteral("%1 s").arg(milliseconds / 1000)
                                                  : QStringLiteral("%1 ms").arg(milliseconds);
    if (!b.sent && !b.proxy.isEmpty()) {
        return make(FailureKind::TimedOut, "proxy-timeout",
                    QStringLiteral("%1 was not sent: the proxy %2 made no connection to %3 within "
                                   "%4, or dropped it.")
                        .arg(b.name, b.proxy, b.host, time),
                    QStringLiteral("See the proxy's log, or connect without it."));
    }
    if (b.tls && !b.sent) {
        return make(FailureKind::TimedOut, "tls-timeout",
                    QStringLiteral("%1 was not sent: no TLS connection to %2 came about within %3.")
                        .arg(b.name, b.host, time),
                    QStringLiteral("What listens there accepts connections and does not answer to "
                                   "TLS, or a firewall drops the packets: check host and port."),
                    "AF-94");
    }
    return make(FailureKind::TimedOut, "answer-timeout",
                QStringLiteral("%1: no answer within %2.").arg(b.name, time),
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
        QStringLiteral("Give the proxy's own user name and password, or go without a proxy."),
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
    const auto offering = [&digest](Failure failure) {
        failure.certificateSha256 = digest;
        return failure;
    };
    if (!pinned.isEmpty()) {
        return offering(unreachable(
            "certificate-not-pinned",
            QStringLiteral("%1 was not sent: the server shows %2, which is not the one that was "
                           "accepted for it.")
                .arg(name, subject),
            QStringLiteral("If the server's certificate was renewed, accept the new one: its "
                           "SHA-256 fingerprint is %1 (accepted was %2).")
                .arg(fingerprint(digest), fingerprint(pinned)),
            "AF-94"));
    }
    // What a person can mend first: dates and names before trust.
    QList<Rule> rules;
    for (const QSslError &error : errors) {
        const QSslCertificate &about = error.certificate().isNull() ? leaf : error.certificate();
        Rule rule = ruleOf(error.error(), about, host);
        if (about != leaf)
            rule.sentence = QStringLiteral("of the authority above it, %1 (valid %2 to %3): %4")
                                .arg(nameOf(about, false), day(about.effectiveDate()),
                                     day(about.expiryDate()), rule.sentence);
        const bool known = std::any_of(rules.cbegin(), rules.cend(), [&rule](const Rule &other) {
            return qstrcmp(other.code, rule.code) == 0;
        });
        if (!known)
            rules.append(rule);
    }
    if (rules.isEmpty())
        rules.append({"certificate-refused", QStringLiteral("it was not accepted")});
    QStringList sentences;
    bool untrusted = false;
    for (const Rule &rule : std::as_const(rules)) {
        sentences.append(rule.sentence);
        untrusted = untrusted
            || (qstrcmp(rule.code, "certificate-expired") != 0
                && qstrcmp(rule.code, "certificate-not-yet-valid") != 0
                && qstrcmp(rule.code, "certificate-wrong-host") != 0);
    }
    // Who vouches for it changes neither dates nor names.
    const QString accept =
        QStringLiteral("accept exactly this certificate: its SHA-256 fingerprint is %1.")
            .arg(fingerprint(digest));
    return offering(unreachable(
        rules.first().code,
        QStringLiteral("%1 was not sent: the server shows %2; %3.")
            .arg(name, subject, sentences.join(QLatin1String("; "))),
        untrusted ? QStringLiteral("Trust its issuer with a CA file, or ") + accept
                  : QStringLiteral("The server needs another certificate. To go on all the same, ")
                + accept,
        "AF-94"));
}

} // namespace sightglass
