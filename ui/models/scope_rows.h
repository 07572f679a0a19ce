// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>

namespace sightglass {

/// One scope, and who spoke of it: we asked for it, the authorisation server granted it, the MCP
/// server's challenge wants it.
struct ScopeRow {
    QString scope;
    bool requested = false;
    bool granted = false;
    bool challenged = false;

    bool operator==(const ScopeRow &) const = default;
};
/// From lists of scopes as they are on the wire, parted by spaces (RFC 6749, 3.3). Each scope once,
/// those that are challenged first, then in the order of the request.
QList<ScopeRow> scopeRows(const QString &requested, const QString &granted,
                          const QString &challenged);

} // namespace sightglass
