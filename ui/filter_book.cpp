// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/filter_book.h"

#include "core/filter/filter_secrets.h"
#include "core/filter/filter_syntax.h"

#include <QSettings>

namespace sightglass {

namespace {

const char kFiltersKey[] = "filters/saved";
const char kRulesKey[] = "filters/colours";
/// More nobody finds again.
constexpr int kMostKept = 100;

/// The names of the colours in the settings: they stay, whatever the screen calls them.
QString storedColour(Role role)
{
    switch (role) {
    case Role::Ok:
        return QStringLiteral("green");
    case Role::Attention:
        return QStringLiteral("amber");
    case Role::Failure:
        return QStringLiteral("red");
    default:
        return QStringLiteral("grey");
    }
}

} // namespace

QList<Role> FilterBook::colours()
{
    // Not the accent: that is what a selected row has.
    return {Role::Ok, Role::Attention, Role::Failure, Role::Muted};
}

QString FilterBook::colourName(Role role)
{
    switch (role) {
    case Role::Ok:
        return tr("Green");
    case Role::Attention:
        return tr("Amber");
    case Role::Failure:
        return tr("Red");
    default:
        return tr("Grey");
    }
}

FilterBook::FilterBook(QObject *parent)
    : QObject(parent)
{
    QSettings settings;
    int count = settings.beginReadArray(QLatin1String(kFiltersKey));
    for (int i = 0; i < std::min(count, kMostKept); ++i) {
        settings.setArrayIndex(i);
        const SavedFilter one{settings.value(QStringLiteral("name")).toString(),
                              settings.value(QStringLiteral("text")).toString()};
        if (!one.name.isEmpty() && !one.text.isEmpty())
            m_filters.append(one);
    }
    settings.endArray();
    count = settings.beginReadArray(QLatin1String(kRulesKey));
    for (int i = 0; i < std::min(count, kMostKept); ++i) {
        settings.setArrayIndex(i);
        ColourRule rule{settings.value(QStringLiteral("text")).toString()};
        const QString colour = settings.value(QStringLiteral("colour")).toString();
        for (const Role role : colours()) {
            if (storedColour(role) == colour)
                rule.role = role;
        }
        if (!rule.text.isEmpty())
            m_rules.append(rule);
    }
    settings.endArray();
}

QString FilterBook::problem(const QString &text, const Redactor &known)
{
    const FilterSyntax syntax = parseFilter(text);
    if (!syntax.problems.isEmpty())
        return syntax.problems.constFirst().sentence;
    if (!syntax.root)
        return tr("It finds everything: there is nothing to keep.");
    return filterSecret(text, known);
}

void FilterBook::setFilters(const QList<SavedFilter> &filters, const Redactor &known)
{
    m_filters.clear();
    for (const SavedFilter &one : filters) {
        if (m_filters.size() < kMostKept && problem(one.text, known).isEmpty()
            && filterSecret(one.name, known).isEmpty())
            m_filters.append(one);
    }
    QSettings settings;
    settings.remove(QLatin1String(kFiltersKey));
    settings.beginWriteArray(QLatin1String(kFiltersKey), int(m_filters.size()));
    for (int i = 0; i < m_filters.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(QStringLiteral("name"), m_filters.at(i).name);
        settings.setValue(QStringLiteral("text"), m_filters.at(i).text);
    }
    settings.endArray();
    Q_EMIT filtersChanged();
}

void FilterBook::setRules(const QList<ColourRule> &rules, const Redactor &known)
{
    m_rules.clear();
    for (const ColourRule &rule : rules) {
        if (m_rules.size() < kMostKept && problem(rule.text, known).isEmpty())
            m_rules.append(rule);
    }
    QSettings settings;
    settings.remove(QLatin1String(kRulesKey));
    settings.beginWriteArray(QLatin1String(kRulesKey), int(m_rules.size()));
    for (int i = 0; i < m_rules.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(QStringLiteral("text"), m_rules.at(i).text);
        settings.setValue(QStringLiteral("colour"), storedColour(m_rules.at(i).role));
    }
    settings.endArray();
    Q_EMIT rulesChanged();
}

} // namespace sightglass
