// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/scope_rows.h"

#include <QHash>
#include <QStringList>

namespace sightglass {

QList<ScopeRow> scopeRows(const QString &requested, const QString &granted,
                          const QString &challenged)
{
    QList<ScopeRow> rows;
    QHash<QString, qsizetype> places;
    const auto take = [&](const QString &scopes, bool ScopeRow::*who) {
        const QStringList parts = scopes.split(u' ', Qt::SkipEmptyParts);
        for (const QString &scope : parts) {
            const auto place = places.constFind(scope);
            if (place != places.cend()) {
                rows[*place].*who = true;
                continue;
            }
            places.insert(scope, rows.size());
            ScopeRow row;
            row.scope = scope;
            row.*who = true;
            rows.append(row);
        }
    };
    take(challenged, &ScopeRow::challenged);
    take(requested, &ScopeRow::requested);
    take(granted, &ScopeRow::granted);
    return rows;
}

} // namespace sightglass
