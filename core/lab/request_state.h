// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

#include <optional>

namespace sightglass {

/// What the lab has to know again when a request comes back with the answers that it asked for
/// (2026-07-28, basic/patterns/mrtr, "Server Requirements"): the answers of the rounds before. It
/// goes through the client, so it is sealed: whoever changes it, uses it too late or for another
/// request is refused.
struct LabRequestState {
    QHash<QString, QByteArray> answers; ///< raw JSON by key
    QByteArray request; ///< what it belongs to: a digest
    qint64 expires = 0; ///< ms since 1970

    bool operator==(const LabRequestState &) const = default;
};

/// Names a request by what matters in it.
QByteArray labRequestDigest(const QByteArray &method, const QByteArray &name,
                            const QByteArray &arguments);
QString labSealed(const LabRequestState &state, const QByteArray &secret);
/// Nothing if it was not sealed with this secret, or is none. Does not look at what it says.
std::optional<LabRequestState> labUnsealed(const QString &sealed, const QByteArray &secret);

} // namespace sightglass
