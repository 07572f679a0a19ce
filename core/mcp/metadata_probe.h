// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass {

/// Asks both well-known places for protected resource metadata (RFC 9728, 3.1) after a 401 that did
/// not say how to authorise, and tells what that means. Where there is nothing at all, the server's
/// own origin is asked for an authorisation server: that is the way of 2025-03-26 (2.3.2).
class MetadataProbe : public QObject {
    Q_OBJECT
public:
    MetadataProbe(HttpGate *gate, QObject *parent = nullptr);
    /// Ends its request.
    ~MetadataProbe() override;

    /// What is wrong with an answer of status 200, as what it is instead: "a web page (text/html)";
    /// empty where it is metadata (RFC 9728, 3.2: JSON, an object, with the string `resource`).
    static QString insteadOfMetadata(const QByteArray &mediaType, const QByteArray &body);
    void start(const QUrl &resource, const Failure &refusal);

Q_SIGNALS:
    /// The refusal, with what was found out: where metadata stands all the same, AF-20 if there is
    /// none anywhere, of either kind, AF-27 if something else answers in its place.
    void done(const sightglass::Failure &refusal);

private:
    void next();
    void tell();
    void answered(HttpExchange *http, const QUrl &asked, bool tooLong);
    void answeredOfIssuer(HttpExchange *http, const QUrl &asked, bool tooLong);

    HttpGate *m_gate;
    QPointer<HttpExchange> m_http;
    QUrl m_resource;
    QList<QUrl> m_places;
    bool m_asksIssuer = false; ///< of the own origin
    Failure m_refusal;
    // One clause each; empty: none was seen.
    QString m_found;
    QString m_instead;
    QString m_unclear;
    QString m_issuer;
};

} // namespace sightglass
