// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_messages.h"
#include "core/auth/oauth/oauth_metadata.h"
#include "tests/fuzz/fuzz_targets.h"

namespace sightglass::fuzz {

using namespace Qt::StringLiterals;

namespace {

template <typename T> void checkRead(const ReadMetadata<T> &read)
{
    require(read.document.has_value() == read.instead.isEmpty(),
            "it is a document, or it is said what it is instead");
    require(!read.isPage || !read.document, "a web page is no document");
    if (!read.document)
        return;
    for (const MetadataProblem &problem : read.document->problems) {
        require(!problem.member.isEmpty() && !problem.sentence.isEmpty(),
                "a problem is of a member, and has a sentence");
    }
}

void checkPlaces(const QList<QUrl> &places, const QUrl &of)
{
    for (const QUrl &place : places) {
        require(place.isValid() && (place.scheme() == "https"_L1 || place.scheme() == "http"_L1),
                "metadata is asked for by http(s) alone");
        require(place.host() == of.host() && place.port() == of.port(),
                "and of the same origin alone");
        require(place.userInfo().isEmpty(), "without anybody's name");
    }
}

/// What is done with an address that a document brought.
void checkAddress(const QString &text, const QString &other)
{
    checkPlaces(serverMetadataPlaces(text), QUrl(text));
    checkPlaces(wrongMetadataPlaces(text), QUrl(text));
    const QUrl url(text);
    const bool isWeb = url.isValid() && !url.host().isEmpty()
        && (url.scheme() == "https"_L1 || url.scheme() == "http"_L1);
    if (isWeb) {
        checkPlaces(resourceMetadataPlaces(url), url);
        const QString canonical = canonicalResource(url);
        require(canonicalResource(QUrl(canonical)) == canonical, "an identifier is its own");
        require(!canonical.contains(u'#') && QUrl(canonical).userInfo().isEmpty(),
                "an identifier has no fragment and no user");
    }
    require(!isLoopbackHost(url.host()) || isPrivateHost(url.host()), "loopback is private");
    isSafeEndpoint(url);
    require(uriDifference(text, text) == UriDifference::None, "what is the same does not differ");
    require((uriDifference(text, other) == UriDifference::None) == (text == other),
            "what differs is not the same");
    resourceDifference(text, other);
    const qsizetype first = firstDifference(text, other);
    require(first == firstDifference(other, text), "both differ at the same character");
    require((first < 0) == (text == other) && first <= std::min(text.size(), other.size()),
            "which both have, or one of them ends there");
    const OAuthCallback callback = readCallback(url);
    require(!callback.code || !callback.repeated.contains("code"_L1),
            "a code that stands there twice is none");
}

} // namespace

/// The first line is the media type, the rest a document: whatever it is, it is read as each kind.
void fuzzMetadata(QByteArrayView input)
{
    const qsizetype line = input.indexOf('\n');
    const QByteArray type = (line < 0 ? QByteArrayView() : input.first(line)).toByteArray();
    const QByteArray body = input.sliced(line + 1).toByteArray();

    const ReadMetadata<ResourceMetadata> resource = readResourceMetadata(type, body);
    checkRead(resource);
    if (resource.document) {
        checkAddress(resource.document->resource, QString::fromUtf8(type));
        const QStringList &issuers = resource.document->authorizationServers;
        for (const QString &issuer : issuers.first(std::min<qsizetype>(issuers.size(), 20)))
            checkAddress(issuer, resource.document->resource);
    }
    const ReadMetadata<ServerMetadata> server = readServerMetadata(type, body);
    checkRead(server);
    if (server.document) {
        checkAddress(server.document->issuer, server.document->tokenEndpoint);
        checkAddress(server.document->authorizationEndpoint, server.document->issuer);
    }

    for (const int status : {200, 201, 400}) {
        const TokenAnswer tokens = readTokenAnswer(status, type, body);
        require(tokens.problem.isEmpty() || tokens.tokens.isEmpty(),
                "an answer with a problem gives no token");
        const RegistrationAnswer registered = readRegistrationAnswer(status, type, body);
        require(registered.problem.isEmpty() || registered.client.id.isEmpty(),
                "an answer with a problem gives no client");
    }
    // A form reads as it was written.
    FormFields fields;
    for (const auto &[name, value] : formDecoded(body))
        fields.append({"n", name + value});
    const auto again = formDecoded(formEncoded(fields));
    require(again.size() == fields.size(), "a form has as many fields when it was written");
    for (qsizetype i = 0; i < again.size(); ++i)
        require(again.at(i).second == fields.at(i).second, "and their values");
}

} // namespace sightglass::fuzz
