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

    /// The URLs in the order in which they are asked: with the path of the resource, then at the
    /// root.
    static QList<QUrl> places(const QUrl &resource);
    void start(const QUrl &resource, const Failure &refusal);

Q_SIGNALS:
    /// The refusal, with what was found out (AF-20 if there is no metadata anywhere).
    void done(const sightglass::Failure &refusal);

private:
    void next();

    HttpGate *m_gate;
    QList<QUrl> m_places;
    Failure m_refusal;
    QUrl m_found;
    bool m_unclear = false;
};

} // namespace sightglass
