// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/option_hints.h"

#include "core/auth/challenge.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// It carried some, and none of another scheme than is asked for.
bool carriesCredentials(const RequestRecord &request, const Challenges &challenges)
{
    return std::any_of(
        request.headers.begin(), request.headers.end(), [&challenges](const Header &header) {
            return header.source == HeaderSource::Credential
                && (header.name.toLower() != "authorization" || challenges.schemes().isEmpty()
                    || challenges.find(header.value.left(header.value.indexOf(' '))));
        });
}

/// The ways to give the credentials that a refused request lacked: of the schemes that the answer
/// names, or all.
QString credentialOptions(const TraceReader &trace, const Failure &failure)
{
    if (failure.exchange < 1 || failure.exchange > trace.exchangeCount())
        return {};
    const std::optional<ResponseRecord> response = trace.response(failure.exchange);
    const Challenges challenges =
        response ? Challenges::of(response->headers) : Challenges::of(QList<Header>());
    if (carriesCredentials(trace.request(failure.exchange), challenges))
        return {};
    QStringList ways;
    if (challenges.find("Bearer"))
        ways << u"sightglass-cli login"_s << u"--bearer-env VAR"_s << u"--bearer-file FILE"_s;
    if (challenges.find("Basic"))
        ways << u"--basic-env VAR (user:password)"_s;
    if (ways.isEmpty() && !challenges.schemes().isEmpty())
        ways << u"--header-env 'Authorization: VAR'"_s;
    if (ways.isEmpty())
        ways << u"--bearer-env VAR"_s << u"--bearer-file FILE"_s << u"--basic-env VAR"_s
             << u"--header-env 'Name: VAR'"_s << u"--cookie-env 'name=VAR'"_s;
    return ways.join(u", "_s);
}

/// In place of the core's advice about a certificate, which names no option.
QString certificateAdvice(const Failure &failure)
{
    const QString pin =
        u"--pin %1"_s.arg(QString::fromLatin1(failure.certificateSha256.toHex(':').toUpper()));
    if (failure.code == "certificate-not-pinned"_L1)
        return u"If the server's certificate was renewed, accept the new one: %1."_s.arg(pin);
    if (failure.code == "certificate-unknown-issuer"_L1
        || failure.code == "certificate-self-signed"_L1)
        return u"Trust its issuer with --cacert FILE, or accept exactly this certificate: %1."_s
            .arg(pin);
    return u"The server needs another certificate; to accept exactly this one all the same: %1."_s
        .arg(pin);
}

QString optionsFor(const TraceReader &trace, const Failure &failure)
{
    const QString &code = failure.code;
    if (code == "unauthorized"_L1 || code == "forbidden-without-credentials"_L1)
        return credentialOptions(trace, failure);
    if (code == "client-certificate-asked"_L1 || code == "client-certificate-refused"_L1
        || code == "tls-refused"_L1 || code == "tls-closed"_L1)
        return u"--cert FILE, --key FILE"_s;
    if (code == "proxy-authentication-required"_L1)
        return u"--proxy http://USER@HOST:PORT, --proxy-password-env VAR"_s;
    if (code.startsWith("proxy-"_L1))
        return u"--proxy URL, --proxy none"_s;
    if (failure.finding == "AF-61"_L1)
        return u"sightglass-cli login URL --scope 'ALL SCOPES'"_s;
    if (failure.finding == "AF-48"_L1)
        return failure.kind == FailureKind::TimedOut ? u"--browser-timeout SECONDS, --paste"_s
                                                     : u"--redirect HOST:PORT"_s;
    if (failure.kind == FailureKind::TimedOut)
        return u"--timeout SECONDS"_s;
    return {};
}

} // namespace

Failure withOptions(const TraceReader &trace, Failure failure)
{
    if (!failure.certificateSha256.isEmpty()) {
        failure.advice = certificateAdvice(failure);
        return failure;
    }
    // A client that is faulty on purpose lacks no option.
    static const QStringList ofClients{u"AF-01"_s, u"AF-02"_s, u"AF-03"_s, u"AF-04"_s,
                                       u"AF-05"_s, u"AF-06"_s, u"AF-07"_s, u"AF-08"_s};
    if (ofClients.contains(failure.finding))
        return failure;
    const QString options = optionsFor(trace, failure);
    if (options.isEmpty())
        return failure;
    if (!failure.advice.isEmpty())
        failure.advice += u' ';
    failure.advice += u"Options: %1."_s.arg(options);
    return failure;
}

} // namespace sightglass::cli
