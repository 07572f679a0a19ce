// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_metadata.h"

#include "core/http/origin.h"
#include "core/jsonrpc/json_text.h"

#include <QHostAddress>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Reads members of one document, and keeps what is wrong with them.
class MemberReader {
public:
    MemberReader(const JsonText &json, QList<MetadataProblem> *problems)
        : m_json(json)
        , m_problems(problems)
    {
    }

    QString text(QStringView name)
    {
        const JsonText::Node node = m_json.member(m_json.root(), name);
        if (node >= 0 && !m_json.isString(node))
            tell(name, node, u"a string"_s);
        return m_json.string(node);
    }

    std::optional<bool> flag(QStringView name)
    {
        const JsonText::Node node = m_json.member(m_json.root(), name);
        if (node < 0)
            return {};
        if (!m_json.isBool(node)) {
            tell(name, node, u"true or false"_s);
            return {};
        }
        return m_json.boolean(node);
    }

    std::optional<QStringList> texts(QStringView name)
    {
        const JsonText::Node node = m_json.member(m_json.root(), name);
        if (node < 0)
            return {};
        if (!m_json.isArray(node)) {
            tell(name, node, u"an array of strings"_s);
            return {};
        }
        QStringList list;
        for (const JsonText::Node item : m_json.children(node)) {
            if (m_json.isString(item))
                list.append(m_json.string(item));
            else
                tell(name, item, u"an array of strings"_s);
        }
        return list;
    }

private:
    void tell(QStringView name, JsonText::Node node, const QString &wanted)
    {
        const QString said = QString::fromUtf8(
            m_json.raw(node).first(std::min<qsizetype>(60, m_json.raw(node).size())));
        m_problems->append(
            {name.toString(),
             u"The member “%1” has to be %2, but it is %3."_s.arg(name, wanted, said)});
    }

    const JsonText &m_json;
    QList<MetadataProblem> *m_problems;
};

/// What a body is where a JSON object with the string `needed` was asked for; empty: that.
template <typename T>
ReadMetadata<T> beginReading(const QByteArray &mediaType, const QByteArray &body,
                             QStringView needed, JsonText *json)
{
    ReadMetadata<T> read;
    if (mediaType == "text/html" || mediaType == "application/xhtml+xml") {
        read.instead = u"a web page (%1)"_s.arg(QString::fromLatin1(mediaType));
        read.isPage = true;
        return read;
    }
    if (body.size() > MostMetadataBytes) {
        read.instead = u"longer than 1 MiB"_s;
        return read;
    }
    // RFC 8259, 8.1: it must not be there, and may be ignored.
    constexpr QByteArrayView Bom("\xEF\xBB\xBF");
    *json = JsonText::parse(body.startsWith(Bom) ? body.sliced(Bom.size()) : body);
    if (!json->isValid() || !json->isObject(json->root())) {
        const bool page = body.trimmed().left(1) == "<";
        read.instead = page ? u"a web page"_s : u"no JSON object"_s;
        read.isPage = page;
        return read;
    }
    const JsonText::Node node = json->member(json->root(), needed);
    if (node < 0)
        read.instead = u"JSON that has no member “%1”"_s.arg(needed);
    else if (json->string(node).isEmpty())
        read.instead = u"JSON whose member “%1” is no URL"_s.arg(needed);
    else
        read.document.emplace();
    return read;
}

void judgeMediaType(const QByteArray &mediaType, QList<MetadataProblem> *problems)
{
    if (mediaType != "application/json") {
        problems->append(
            {u"Content-Type"_s,
             u"Its Content-Type has to be application/json, but it is %1."_s.arg(
                 mediaType.isEmpty() ? u"missing"_s : QString::fromLatin1(mediaType.left(60)))});
    }
}

QUrl bareUrlOf(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool web = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    return url.isValid() && web && !url.host().isEmpty() ? url : QUrl();
}

/// The path as it is spelled, without slashes at its end.
QString pathOf(const QUrl &url)
{
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

/// In lower case, and without the dot of a name that is told from the root on.
QString bareHost(const QString &host)
{
    const QString name = host.toLower();
    return name.endsWith(u'.') ? name.chopped(1) : name;
}

QUrl withPath(const QUrl &url, const QString &path)
{
    QUrl place = url;
    place.setUserInfo(QString());
    place.setQuery(QString());
    place.setFragment(QString());
    place.setPath(path, QUrl::StrictMode);
    return place;
}

} // namespace

ReadMetadata<ResourceMetadata> readResourceMetadata(const QByteArray &mediaType,
                                                    const QByteArray &body)
{
    JsonText json;
    auto read = beginReading<ResourceMetadata>(mediaType, body, u"resource", &json);
    if (!read.document)
        return read;
    ResourceMetadata &document = *read.document;
    MemberReader members(json, &document.problems);
    judgeMediaType(mediaType, &document.problems);
    document.resource = members.text(u"resource");
    document.authorizationServers = members.texts(u"authorization_servers").value_or(QStringList());
    document.scopesSupported = members.texts(u"scopes_supported");
    document.dpopRequired = members.flag(u"dpop_bound_access_tokens_required");
    document.dpopAlgorithms =
        members.texts(u"dpop_signing_alg_values_supported").value_or(QStringList());
    return read;
}

ReadMetadata<ServerMetadata> readServerMetadata(const QByteArray &mediaType, const QByteArray &body)
{
    JsonText json;
    auto read = beginReading<ServerMetadata>(mediaType, body, u"issuer", &json);
    if (!read.document)
        return read;
    ServerMetadata &document = *read.document;
    MemberReader members(json, &document.problems);
    judgeMediaType(mediaType, &document.problems);
    document.issuer = members.text(u"issuer");
    document.authorizationEndpoint = members.text(u"authorization_endpoint");
    document.tokenEndpoint = members.text(u"token_endpoint");
    document.registrationEndpoint = members.text(u"registration_endpoint");
    document.revocationEndpoint = members.text(u"revocation_endpoint");
    document.introspectionEndpoint = members.text(u"introspection_endpoint");
    document.jwksUri = members.text(u"jwks_uri");
    document.scopesSupported = members.texts(u"scopes_supported");
    document.grantTypes = members.texts(u"grant_types_supported");
    document.codeChallengeMethods = members.texts(u"code_challenge_methods_supported");
    document.tokenAuthMethods = members.texts(u"token_endpoint_auth_methods_supported");
    document.dpopAlgorithms =
        members.texts(u"dpop_signing_alg_values_supported").value_or(QStringList());
    document.issInResponse =
        members.flag(u"authorization_response_iss_parameter_supported").value_or(false);
    document.clientIdMetadata =
        members.flag(u"client_id_metadata_document_supported").value_or(false);
    return read;
}

QList<QUrl> resourceMetadataPlaces(const QUrl &resource)
{
    const QString wellKnown = u"/.well-known/oauth-protected-resource"_s;
    const QString path = resource.path(QUrl::FullyEncoded);
    const QUrl root = withPath(resource, wellKnown);
    if (path.isEmpty() || path == "/"_L1)
        return {root};
    return {withPath(resource, wellKnown + path), root};
}

QList<QUrl> serverMetadataPlaces(const QString &issuer)
{
    const QUrl url = bareUrlOf(issuer);
    if (url.isEmpty())
        return {};
    const QString path = pathOf(url);
    const QString oauth = u"/.well-known/oauth-authorization-server"_s;
    const QString openid = u"/.well-known/openid-configuration"_s;
    if (path.isEmpty())
        return {withPath(url, oauth), withPath(url, openid)};
    return {withPath(url, oauth + path), withPath(url, openid + path),
            withPath(url, path + openid)};
}

QList<QUrl> wrongMetadataPlaces(const QString &issuer)
{
    const QUrl url = bareUrlOf(issuer);
    if (url.isEmpty() || pathOf(url).isEmpty())
        return {};
    const QString oauth = u"/.well-known/oauth-authorization-server"_s;
    return {withPath(url, pathOf(url) + oauth), withPath(url, oauth),
            withPath(url, u"/.well-known/openid-configuration"_s)};
}

UriDifference uriDifference(const QString &given, const QString &expected)
{
    if (given == expected)
        return UriDifference::None;
    if (given + u'/' == expected || given == expected + u'/')
        return UriDifference::TrailingSlash;
    const QUrl a = bareUrlOf(given);
    const QUrl b = bareUrlOf(expected);
    if (a.isEmpty() || b.isEmpty() || !(Origin::of(a) == Origin::of(b)))
        return UriDifference::Other;
    if (a.hasQuery() || a.hasFragment())
        return UriDifference::SameOrigin;
    const QString above = pathOf(a);
    return above.isEmpty() || pathOf(b).startsWith(above + u'/') ? UriDifference::Parent
                                                                 : UriDifference::SameOrigin;
}

UriDifference resourceDifference(const QString &resource, const QString &endpoint)
{
    const UriDifference difference = uriDifference(resource, endpoint);
    const bool isOrigin = pathOf(bareUrlOf(endpoint)).isEmpty();
    return difference == UriDifference::TrailingSlash && isOrigin ? UriDifference::None
                                                                  : difference;
}

qsizetype firstDifference(QStringView a, QStringView b)
{
    const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return at == a.end() && other == b.end() ? -1 : at - a.begin();
}

QString canonicalResource(const QUrl &url)
{
    const QUrl bare = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    QString text = bare.toString(QUrl::FullyEncoded);
    if (bare.path() == "/"_L1 && !bare.hasQuery())
        text.chop(1);
    return text;
}

bool isLoopbackHost(const QString &host)
{
    const QString name = bareHost(host);
    return name == "localhost"_L1 || name.endsWith(".localhost"_L1)
        || QHostAddress(name).isLoopback();
}

bool isPrivateHost(const QString &host)
{
    if (isLoopbackHost(host))
        return true;
    const QString name = bareHost(host);
    const QHostAddress address(name);
    if (address.isNull()) {
        return !name.contains(u'.') || name.endsWith(".local"_L1) || name.endsWith(".internal"_L1)
            || name.endsWith(".home.arpa"_L1) || name.endsWith(".lan"_L1);
    }
    // An IPv4 address may be dressed up as one of IPv6.
    bool isIpv4 = false;
    const QHostAddress plain(address.toIPv4Address(&isIpv4));
    const QHostAddress judged = isIpv4 ? plain : address;
    return judged.isLinkLocal() || judged.isUniqueLocalUnicast()
        || judged.isInSubnet(QHostAddress(u"10.0.0.0"_s), 8)
        || judged.isInSubnet(QHostAddress(u"172.16.0.0"_s), 12)
        || judged.isInSubnet(QHostAddress(u"192.168.0.0"_s), 16) || judged.isLoopback()
        || judged == QHostAddress(QHostAddress::AnyIPv4)
        || judged == QHostAddress(QHostAddress::AnyIPv6)
        || judged.isInSubnet(QHostAddress(u"100.64.0.0"_s), 10)
        || judged.isInSubnet(QHostAddress(u"0.0.0.0"_s), 8);
}

bool isSafeEndpoint(const QUrl &url)
{
    if (!url.isValid() || url.host().isEmpty())
        return false;
    return url.scheme() == "https"_L1 || (url.scheme() == "http"_L1 && isLoopbackHost(url.host()));
}

} // namespace sightglass
