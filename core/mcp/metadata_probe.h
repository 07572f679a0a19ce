// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass {

/// Asks both well-known places for protected resource metadata (RFC 9728, 3.1) after a 401 that did
/// not say how to authorise, and tells what that means.
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
    /// none anywhere, AF-27 if something else answers in its place.
    void done(const sightglass::Failure &refusal);

private:
    void next();
    void tell();
    void answered(HttpExchange *http, const QUrl &asked, bool tooLong);

    HttpGate *m_gate;
    QPointer<HttpExchange> m_http;
    QList<QUrl> m_places;
    Failure m_refusal;
    // One clause each; empty: none was seen.
    QString m_found;
    QString m_instead;
    QString m_unclear;
};

} // namespace sightglass
