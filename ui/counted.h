// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLocale>
#include <QString>

namespace sightglass {

/// "1 event", "1,204 events": the texts say %1 where the number goes.
inline QString counted(qint64 number, const QString &one, const QString &many)
{
    const QLocale locale(QLocale::English, QLocale::UnitedKingdom);
    QString text = number == 1 ? one : many;
    return text.replace(QLatin1String("%1"), locale.toString(number));
}

} // namespace sightglass
