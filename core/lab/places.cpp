// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/places.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int logbookPages = 1000;

QStringList numbers()
{
    QStringList list;
    for (int number = 1; number <= logbookPages; ++number)
        list.append(QString::number(number));
    return list;
}

/// Of all arguments that can be completed.
bool valuesOf(const QString &name, const QString &argument, const QHash<QString, QString> &context,
              QStringList *values)
{
    struct Row {
        const char *name;
        const char *argument;
    };
    static constexpr Row rows[] = {
        {"lab://towns/{town}/weather", "town"},
        {"lab://towns/{town}/streets/{street}", "town"},
        {"lab://towns/{town}/streets/{street}", "street"},
        {"lab://drawings/{colour}/{size}", "colour"},
        {"lab://drawings/{colour}/{size}", "size"},
        {"lab://logbook/{number}", "number"},
        {"lab://files/{+path}", "path"},
        {"inspect-pipe", "town"},
        {"inspect-pipe", "street"},
        {"summarise", "style"},
        {"summarise", "text"},
        {"look-at-picture", "colour"},
    };
    const bool known = std::any_of(std::begin(rows), std::end(rows), [&](const Row &row) {
        return name == QLatin1String(row.name) && argument == QLatin1String(row.argument);
    });
    if (argument == QLatin1String("town"))
        *values = labTowns();
    else if (argument == QLatin1String("street"))
        *values = labStreets(context.value(QStringLiteral("town")));
    else if (argument == QLatin1String("colour"))
        *values = labColours();
    else if (argument == QLatin1String("size"))
        *values = {QStringLiteral("16"), QStringLiteral("64"), QStringLiteral("192"),
                   QStringLiteral("512")};
    else if (argument == QLatin1String("number"))
        *values = numbers();
    else if (argument == QLatin1String("path"))
        *values = {QStringLiteral("plans/valves.txt"), QStringLiteral("plans/pumps.txt"),
                   QStringLiteral("readme.txt")};
    else if (argument == QLatin1String("style"))
        *values = {QStringLiteral("plain"), QStringLiteral("poetic"), QStringLiteral("pirate")};
    return known;
}

} // namespace

const QStringList &labTowns()
{
    static const QStringList towns{QStringLiteral("Bergen"),         QStringLiteral("Bern"),
                                   QStringLiteral("Berlin"),         QStringLiteral("Lisbon"),
                                   QStringLiteral("Prague"),         QStringLiteral("Reykjavik"),
                                   QStringLiteral("S\u00E3o Paulo"), QStringLiteral("Z\u00FCrich")};
    return towns;
}

QStringList labStreets(const QString &town)
{
    if (!labTowns().contains(town))
        return {};
    const QString first = town.left(1);
    return {QStringLiteral("%1 Dock Street").arg(first),
            QStringLiteral("%1 Harbour Lane").arg(first),
            QStringLiteral("%1 Water Gate").arg(first)};
}

const QStringList &labColours()
{
    static const QStringList colours{QStringLiteral("blue"), QStringLiteral("amber"),
                                     QStringLiteral("green")};
    return colours;
}

LabCompletion labCompletion(const QString &kind, const QString &name, const QString &argument,
                            const QString &typed, const QHash<QString, QString> &context)
{
    LabCompletion completion;
    const bool isTemplate = name.startsWith(QLatin1String("lab://"));
    if (isTemplate != (kind == QLatin1String("ref/resource")))
        return completion;
    QStringList values;
    completion.known = valuesOf(name, argument, context, &values);
    for (const QString &value : std::as_const(values)) {
        if (completion.known && value.startsWith(typed, Qt::CaseInsensitive))
            completion.values.append(value);
    }
    return completion;
}

} // namespace sightglass
