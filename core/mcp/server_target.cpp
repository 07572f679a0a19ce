// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/server_target.h"

#include "core/auth/acting.h"
#include "core/auth/oauth/oauth_metadata.h"

#include <QRegularExpression>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure usage(const QString &sentence, const QString &advice)
{
    return Failure{FailureKind::Usage, u"bad-url"_s, sentence, advice, 0, {}};
}

/// "mailto:a@b", but not "localhost:3000/mcp": what follows the colon is no port.
bool hasScheme(const QString &typed)
{
    static const QRegularExpression scheme(
        u"^(https?:|[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]*([/?#]|$)))"_s,
        QRegularExpression::CaseInsensitiveOption);
    return typed.contains("://"_L1) || scheme.match(typed).hasMatch();
}

/// For sentences: a password or token in the text is nobody's business.
QString withoutSecrets(QString typed)
{
    static const QRegularExpression userInfo(u"^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]*@"_s);
    static const QRegularExpression query(u"\\?.+$"_s);
    return typed.replace(userInfo, u"\\1\\2…@"_s).replace(query, u"?…"_s);
}

} // namespace

void addKnownSecrets(Redactor *redactor, const TokenSet &tokens)
{
    for (const QByteArray &secret : {tokens.accessToken, tokens.refreshToken, tokens.idToken})
        redactor->addKnownSecret(secret);
}

void addKnownSecrets(Redactor *redactor, const ServerTarget &target)
{
    const Credentials &credentials = target.credentials;
    for (const QByteArray &secret : {credentials.bearer, credentials.basicPassword.toUtf8(),
                                     target.network.proxyPassword.toUtf8()})
        redactor->addKnownSecret(secret);
    // As it goes over the wire, too: it is the password for whoever decodes it.
    if (!credentials.basicPassword.isEmpty())
        redactor->addKnownSecret(
            (credentials.basicUser + u':' + credentials.basicPassword).toUtf8().toBase64());
    const OAuthSettings &oauth = target.oauth;
    for (const QByteArray &secret : {oauth.clientSecret.toUtf8(), oauth.assertion, oauth.idToken,
                                     oauth.idpClientSecret.toUtf8()})
        redactor->addKnownSecret(secret);
    for (const Header &header : credentials.headers)
        redactor->addKnownSecretsOf(header);
    for (const QByteArray &cookie : credentials.cookies)
        redactor->addKnownSecretsOf({"Cookie", cookie, HeaderSource::Credential, true});
    if (target.command)
        addKnownSecrets(redactor, *target.command);
}

void addKnownSecrets(Redactor *redactor, const ServerCommand &command)
{
    for (const CommandSecret &secret : secretsOf(command))
        redactor->addKnownSecretBehind(secret.before.toUtf8(), secret.value.toUtf8());
}

bool addKnownSecretsOfAnswer(Redactor *redactor, const QList<Header> &headers)
{
    constexpr qsizetype Most = 1000;
    const qsizetype before = redactor->knownCount();
    for (const Header &header : headers) {
        if (redactor->knownCount() < Most)
            redactor->addKnownSecretsOf(header);
    }
    return redactor->knownCount() > before;
}

Expected<ServerTarget> parseTarget(const QString &text)
{
    const QString advice =
        u"Give the URL of a streamable HTTP server, such as http://127.0.0.1:3000/mcp."_s;
    const QString typed = text.trimmed();
    if (typed.isEmpty())
        return usage(u"No URL was given."_s, advice);

    QUrl url(typed, QUrl::StrictMode);
    if (!hasScheme(typed)) {
        // Also "localhost:3000/mcp", which by itself would have the scheme "localhost".
        const QUrl bare("http://"_L1 + typed, QUrl::StrictMode);
        if (bare.isValid() && !bare.host().isEmpty()) {
            url = bare;
            if (!isLoopbackHost(url.host()))
                url.setScheme(u"https"_s);
        }
    }
    if (!url.isValid())
        return usage(u"“%1” is no URL: %2."_s.arg(withoutSecrets(typed),
                                                  url.errorString().section(u';', 0, 0)),
                     advice);
    const QString scheme = url.scheme();
    if (scheme != "http"_L1 && scheme != "https"_L1) {
        return usage(scheme.isEmpty()
                         ? u"“%1” is no URL."_s.arg(withoutSecrets(typed))
                         : u"“%1” is not a scheme that MCP servers are reached by."_s.arg(scheme),
                     advice);
    }
    if (url.host().isEmpty())
        return usage(u"“%1” names no host."_s.arg(withoutSecrets(typed)), advice);

    ServerTarget target;
    if (!url.userInfo().isEmpty()) {
        target.credentials.basicUser = url.userName(QUrl::FullyDecoded);
        target.credentials.basicPassword = url.password(QUrl::FullyDecoded);
        url.setUserInfo(QString());
    }
    url.setFragment(QString());
    if (url.path().isEmpty())
        url.setPath(u"/"_s);
    target.url = url;
    return target;
}

QString targetName(const ServerTarget &target)
{
    if (target.local)
        return target.local->name();
    if (target.command)
        return commandLine(*target.command);
    return target.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

std::optional<Failure> targetProblem(const ServerTarget &target)
{
    const auto usage = [](const QString &code, const QString &sentence, const QString &advice,
                          const QString &finding = {}) {
        return Failure{FailureKind::Usage, code, sentence, advice, 0, finding};
    };
    if (!target.acting.isEmpty() && !misbehaviour(target.acting)) {
        return usage(u"unknown-misbehaviour"_s,
                     u"%1 is no client fault that can be played."_s.arg(target.acting),
                     u"Known are AF-01 to AF-06 and AF-09."_s);
    }
    const Revision *pinned = revisionNamed(target.revision.toLatin1());
    if (target.revision != "auto"_L1 && !pinned) {
        return usage(u"unknown-revision"_s, u"Revision “%1” is not known."_s.arg(target.revision),
                     u"Choose auto or one of %1."_s.arg(revisionNames().join(", "_L1)));
    }
    if (pinned && pinned->era == EraKind::Modern && target.transport == TransportChoice::HttpSse
        && !target.isChannel()) {
        return usage(
            u"no-such-transport"_s,
            u"Revision %1 is not spoken over the HTTP+SSE transport of 2024-11-05."_s.arg(
                target.revision),
            u"Nothing was sent. Choose the transport auto or streamable-http, or an older revision."_s);
    }
    for (const CredentialWarning &warning : checkCredentials(target.credentials)) {
        if (warning.fatal)
            return usage(u"bad-credential"_s, warning.sentence,
                         u"Nothing was sent. Correct the value."_s, warning.finding);
    }
    return {};
}

} // namespace sightglass
