// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/metadata_probe.h"

#include "core/auth/oauth/oauth_metadata.h"
#include "core/jsonrpc/json_text.h"
#include "core/transport/answer_check.h"

#include <memory>

namespace sightglass {

using namespace Qt::StringLiterals;

MetadataProbe::MetadataProbe(HttpGate *gate, QObject *parent)
    : QObject(parent)
    , m_gate(gate)
{
}

QString MetadataProbe::insteadOfMetadata(const QByteArray &mediaType, const QByteArray &body)
{
    if (mediaType == "text/html" || mediaType == "application/xhtml+xml")
        return u"a web page (%1)"_s.arg(QString::fromLatin1(mediaType));
    if (mediaType != "application/json") {
        return mediaType.isEmpty()
            ? u"a document without Content-Type"_s
            : u"%1 instead of application/json"_s.arg(QString::fromLatin1(mediaType.left(60)));
    }
    const JsonText json = JsonText::parse(body);
    if (!json.isValid() || !json.isObject(json.root()))
        return u"something that is no JSON object"_s;
    const JsonText::Node resource = json.member(json.root(), u"resource");
    if (resource < 0)
        return u"JSON that has no member “resource”"_s;
    if (json.string(resource).isEmpty())
        return u"JSON whose member “resource” is no URL"_s;
    return {};
}

void MetadataProbe::start(const QUrl &resource, const Failure &refusal)
{
    m_refusal = refusal;
    m_resource = resource;
    m_places = resourceMetadataPlaces(resource);
    next();
}

MetadataProbe::~MetadataProbe()
{
    if (!m_http)
        return;
    m_http->disconnect(this);
    m_http->abort();
    m_http->deleteLater();
}

void MetadataProbe::next()
{
    constexpr int TimeoutMs = 5000;
    const bool nothing = m_found.isEmpty() && m_instead.isEmpty() && m_unclear.isEmpty();
    if (m_places.isEmpty() && nothing && !m_asksIssuer) {
        m_asksIssuer = true;
        m_places = serverMetadataPlaces(QString::fromLatin1(Origin::of(m_resource).toString()));
    }
    if (m_asksIssuer && !m_issuer.isEmpty())
        m_places.clear();
    if (m_places.isEmpty() || !m_found.isEmpty()) {
        tell();
        return;
    }
    HttpRequest request;
    request.kind = ExchangeKind::Discovery;
    request.url = m_places.takeFirst();
    request.what = request.url.path().mid(1);
    request.headers.add("Accept", "application/json", HeaderSource::Protocol);
    request.cause = m_refusal.exchange;
    request.answerTimeoutMs = TimeoutMs;
    HttpExchange *http = m_gate->send(request);
    m_http = http;
    auto received = std::make_shared<qint64>(0);
    connect(http, &HttpExchange::redirected, this, [received] { *received = 0; });
    connect(http, &HttpExchange::bodyReceived, this, [http, received](QByteArrayView bytes) {
        const bool before = *received > MostMetadataBytes;
        *received += bytes.size();
        if (*received > MostMetadataBytes && !before)
            http->abort();
    });
    connect(http, &HttpExchange::finished, this, [this, http, received, asked = request.url] {
        http->deleteLater();
        const bool tooLong = *received > MostMetadataBytes;
        if (m_asksIssuer)
            answeredOfIssuer(http, asked, tooLong);
        else
            answered(http, asked, tooLong);
        next();
    });
}

void MetadataProbe::answered(HttpExchange *http, const QUrl &asked, bool tooLong)
{
    constexpr auto Shown = QUrl::RemoveUserInfo | QUrl::RemoveQuery;
    const QString exchange = u"exchange %1"_s.arg(http->id());
    const QString url = asked.toString(Shown);
    // Where a redirect led is where it stands.
    const QString place = http->url() == asked
        ? url
        : u"%1, to which %2 redirects"_s.arg(http->url().toString(Shown), url);
    const int status = http->status();
    if (status == 200 && tooLong) {
        m_instead = u"%1 answers with more than 1 MiB (%2)"_s.arg(url, exchange);
    } else if (http->failure()) {
        m_unclear = u"%1 gave no whole answer (%2)"_s.arg(url, exchange);
    } else if (status == 200) {
        const QString instead = insteadOfMetadata(mediaType(http->responseHeaders()),
                                                  m_gate->trace()->responseBody(http->id()));
        if (instead.isEmpty())
            m_found = u"%1 (%2)"_s.arg(place, exchange);
        else
            m_instead = u"%1 answers with %2 (%3)"_s.arg(url, instead, exchange);
    } else if (status != 404 && status != 410) {
        m_unclear = u"%1 was answered with %2 (%3)"_s.arg(url, QString::number(status), exchange);
    }
}

void MetadataProbe::answeredOfIssuer(HttpExchange *http, const QUrl &asked, bool tooLong)
{
    if (tooLong || http->failure() || http->status() != 200)
        return;
    const auto read = readServerMetadata(mediaType(http->responseHeaders()),
                                         m_gate->trace()->responseBody(http->id()));
    if (read.document)
        m_issuer = u"%1 (exchange %2)"_s.arg(
            asked.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery), QString::number(http->id()));
}

void MetadataProbe::tell()
{
    if (!m_found.isEmpty()) {
        m_refusal.sentence +=
            u" Metadata for authorisation stands at %1 all the same."_s.arg(m_found);
        m_refusal.advice =
            u"Give a bearer token: who issues it is told there. On the server's side: name that URL in WWW-Authenticate."_s;
    } else if (!m_issuer.isEmpty()) {
        m_refusal.sentence +=
            u" As in revision 2025-03-26, the server is its own authorisation server: see %1."_s
                .arg(m_issuer);
        m_refusal.advice =
            u"Log in there, or give a bearer token. On the server's side: since 2025-06-18 servers have to have metadata of the resource (RFC 9728), and name it in WWW-Authenticate."_s;
    } else if (!m_instead.isEmpty()) {
        m_refusal.finding = u"AF-27"_s;
        m_refusal.sentence +=
            u" Nor does the well-known URL for metadata say it: %1."_s.arg(m_instead);
        m_refusal.advice =
            u"Ask the server's owner which token it wants; its well-known URLs should have metadata, or answer with 404."_s;
    } else if (!m_unclear.isEmpty()) {
        m_refusal.sentence +=
            u" Whether there is metadata at the well-known URLs is not known: %1."_s.arg(m_unclear);
    } else {
        m_refusal.finding = u"AF-20"_s;
        m_refusal.sentence += u" Nor is there metadata at the well-known URLs."_s;
        m_refusal.advice =
            u"Ask the server's owner which token it wants: the server gives no way to find out."_s;
    }
    Q_EMIT done(m_refusal);
}

} // namespace sightglass
