// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/metadata_probe.h"

namespace sightglass {

using namespace Qt::StringLiterals;

MetadataProbe::MetadataProbe(HttpGate *gate, QObject *parent)
    : QObject(parent)
    , m_gate(gate)
{
}

QList<QUrl> MetadataProbe::places(const QUrl &resource)
{
    const QString wellKnown = u"/.well-known/oauth-protected-resource"_s;
    QUrl root = resource;
    root.setQuery(QString());
    root.setFragment(QString());
    const QString path = root.path();
    root.setPath(wellKnown);
    if (path.isEmpty() || path == "/"_L1)
        return {root};
    QUrl inserted = root;
    inserted.setPath(wellKnown + path);
    return {inserted, root};
}

void MetadataProbe::start(const QUrl &resource, const Failure &refusal)
{
    m_refusal = refusal;
    m_places = places(resource);
    next();
}

void MetadataProbe::next()
{
    constexpr int TimeoutMs = 5000;
    if (m_places.isEmpty() || m_found.isValid()) {
        if (m_found.isValid()) {
            m_refusal.sentence +=
                u" Metadata for authorisation stands at %1 all the same."_s.arg(m_found.toString());
        } else if (!m_unclear) {
            m_refusal.finding = u"AF-20"_s;
            m_refusal.sentence += u" Nor is there metadata at the well-known URLs."_s;
            m_refusal.advice =
                u"Ask the server's owner which token it wants: the server gives no way to find out."_s;
        }
        Q_EMIT done(m_refusal);
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
    connect(http, &HttpExchange::finished, this, [this, http] {
        http->deleteLater();
        if (http->status() == 200)
            m_found = http->url();
        else if (http->status() != 404)
            m_unclear = true;
        next();
    });
}

} // namespace sightglass
