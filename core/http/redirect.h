// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass {

/// True for the statuses that lead elsewhere by Location: 301, 302, 303, 307, 308.
bool isRedirect(int status);

/// The redirects of one request so far, and what the next hop is. A pure value: the rules of the
/// Fetch standard (HTTP-redirect fetch) on the method and of house.md on what stays behind.
class RedirectChain {
public:
    static constexpr int maxHops = 10;

    explicit RedirectChain(HttpRequest first);

    /// The request of the current hop; its kind, `what` and body are those of the first as long
    /// as the method is.
    const HttpRequest &request() const { return m_request; }
    /// Lines that stayed behind on the way to the current hop, and why.
    const QList<Withheld> &withheld() const { return m_withheld; }
    /// Once the chain left the first origin nothing is stamped on it any more, not even back at
    /// that origin: where it leads was said by another.
    void holdBack(CredentialSource::Stamp &stamp) const;

    /// Goes on to where `location` leads, or says why not: redirect-malformed,
    /// redirect-unsupported-scheme, redirect-insecure (https to http), redirect-loop,
    /// too-many-redirects.
    std::optional<Failure> follow(int status, const QByteArray &location, const QString &name);

private:
    HttpRequest m_request;
    QList<Withheld> m_withheld;
    bool m_leftOrigin = false;
    QList<std::pair<QByteArray, QUrl>> m_visited;
};

} // namespace sightglass
