// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/credentials.h"

#include "core/trace/redaction.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

bool Credentials::isEmpty() const
{
    return bearer.isEmpty() && basicUser.isEmpty() && basicPassword.isEmpty() && headers.isEmpty()
        && cookies.isEmpty();
}

bool Credentials::hasAuthorization() const
{
    return !bearer.isEmpty() || !basicUser.isEmpty() || !basicPassword.isEmpty()
        || std::any_of(headers.cbegin(), headers.cend(), [](const Header &line) {
               return sameHeaderName(line.name, "Authorization");
           });
}

struct CredentialSet::Private {
    TokenSource *tokens = nullptr;
    std::function<void(const QList<Header> &)> onSecrets;
    Origin origin;
    Credentials credentials;
    QNetworkCookieJar jar; ///< what the server set; matching by domain and path is Qt's
};

CredentialSet::CredentialSet(const QUrl &server, Credentials credentials)
    : d(std::make_unique<Private>())
{
    d->origin = Origin::of(server);
    d->credentials = std::move(credentials);
}

CredentialSet::~CredentialSet() = default;

const Origin &CredentialSet::origin() const
{
    return d->origin;
}

const Credentials &CredentialSet::credentials() const
{
    return d->credentials;
}

void CredentialSet::setOnSecrets(std::function<void(const QList<Header> &)> onSecrets)
{
    d->onSecrets = std::move(onSecrets);
}

void CredentialSet::setTokens(TokenSource *tokens)
{
    d->tokens = tokens;
}

CredentialSource::Stamp CredentialSet::stamp(const QUrl &url, const QByteArray &method) const
{
    const Credentials &given = d->credentials;
    Stamp stamp;
    if (!given.bearer.isEmpty()) {
        stamp.headers.append(
            {"Authorization", "Bearer " + given.bearer, HeaderSource::Credential, true});
    } else if (!given.basicUser.isEmpty() || !given.basicPassword.isEmpty()) {
        const QByteArray pair = (given.basicUser + u':' + given.basicPassword).toUtf8().toBase64();
        stamp.headers.append({"Authorization", "Basic " + pair, HeaderSource::Credential, true});
    } else if (d->tokens && !given.hasAuthorization()) {
        stamp.headers.append(d->tokens->lines(url, method));
    }
    for (Header header : given.headers) {
        header.source = Redactor::isSecret(header) ? HeaderSource::Credential : HeaderSource::User;
        stamp.headers.append(header);
    }
    QByteArrayList cookies = given.cookies;
    for (const QNetworkCookie &cookie : d->jar.cookiesForUrl(url)) {
        // What the person gave wins over what the server set by the same name.
        const bool givenByHand =
            std::any_of(given.cookies.begin(), given.cookies.end(), [&](const QByteArray &pair) {
                return pair.first(qMax<qsizetype>(0, pair.indexOf('='))).trimmed() == cookie.name();
            });
        if (!givenByHand)
            cookies.append(cookie.toRawForm(QNetworkCookie::NameAndValueOnly));
    }
    if (!cookies.isEmpty())
        stamp.headers.append({"Cookie", cookies.join("; "), HeaderSource::Credential, true});

    if (!(Origin::of(url) == d->origin)) {
        for (const Header &header : stamp.headers) {
            stamp.withheld.append(
                {header.name,
                 u"another origin (%1)"_s.arg(QString::fromLatin1(Origin::of(url).toString()))});
        }
        stamp.headers.clear();
    }
    return stamp;
}

void CredentialSet::received(const AnswerHead &head)
{
    if (!(Origin::of(head.url) == d->origin))
        return;
    QList<Header> secrets;
    for (const Header &line : head.headers) {
        if (Redactor::isSecret(line) && !line.value.isEmpty())
            secrets.append(line);
        if (sameHeaderName(line.name, "Set-Cookie"))
            d->jar.setCookiesFromUrl(QNetworkCookie::parseCookies(line.value), head.url);
    }
    if (!secrets.isEmpty() && d->onSecrets)
        d->onSecrets(secrets);
    if (d->tokens)
        d->tokens->received(head);
}

bool CredentialSet::refused(const RefusedRequest &request, const std::function<void(bool)> &decide)
{
    const bool ours = Origin::of(request.head.url) == d->origin;
    return d->tokens && ours && !d->credentials.hasAuthorization()
        && d->tokens->refused(request, decide);
}

namespace {

/// CR, LF and NUL are fatal, other bytes outside of visible ASCII a warning.
std::optional<CredentialWarning> badBytes(const QString &field, QByteArrayView headerName,
                                          const QByteArray &value)
{
    const std::optional<HeaderProblem> problem = HeaderList::check(headerName, value);
    if (!problem)
        return {};
    return CredentialWarning{field, problem->position, problem->fatal,
                             field == "bearer"_L1 ? u"AF-07"_s : QString(), problem->sentence};
}

std::optional<CredentialWarning> oddToken(const QByteArray &token)
{
    const QString field = u"bearer"_s;
    if (const auto problem = badBytes(field, "Authorization", token))
        return problem;
    if (token.left(7).toLower() == "bearer ") {
        return CredentialWarning{
            field, 0, false, u"AF-06"_s,
            u"The token begins with “Bearer”, which is added by itself: it would be sent twice."_s};
    }
    for (qsizetype i = 0; i < token.size(); ++i) {
        const char c = token[i];
        if (c == '"' || c == '\'' || c == ' ' || c == '\t') {
            return CredentialWarning{
                field, i, false, u"AF-07"_s,
                u"The token has a %1 at character %2, which tokens do not have: was it pasted "
                "with something around it?"_s.arg(c == ' ' || c == '\t' ? u"space"_s
                                                                        : u"quotation mark"_s,
                                                  QString::number(i + 1))};
        }
    }
    return {};
}

} // namespace

QList<CredentialWarning> checkCredentials(const Credentials &credentials)
{
    QList<CredentialWarning> warnings;
    if (!credentials.bearer.isEmpty()) {
        if (const auto warning = oddToken(credentials.bearer))
            warnings.append(*warning);
    }
    for (const Header &header : credentials.headers) {
        if (const auto warning = badBytes(u"header %1"_s.arg(QString::fromLatin1(header.name)),
                                          header.name, header.value)) {
            warnings.append(*warning);
        } else if (header.name.compare("Content-Length", Qt::CaseInsensitive) == 0
                   || header.name.compare("Transfer-Encoding", Qt::CaseInsensitive) == 0) {
            const QString name = QString::fromLatin1(header.name);
            warnings.append(
                {u"header %1"_s.arg(name),
                 0,
                 false,
                 {},
                 u"%1 is not sent: the length is counted from the body that is."_s.arg(name)});
        }
    }
    for (const QByteArray &cookie : credentials.cookies) {
        if (const auto warning = badBytes(u"cookie"_s, "Cookie", cookie)) {
            warnings.append(*warning);
        } else if (const qsizetype semicolon = cookie.indexOf(';'); semicolon >= 0) {
            warnings.append(
                {u"cookie"_s,
                 semicolon,
                 true,
                 {},
                 u"A cookie cannot contain a semicolon (character %1): give each by itself."_s.arg(
                     semicolon + 1)});
        }
    }
    return warnings;
}

} // namespace sightglass
