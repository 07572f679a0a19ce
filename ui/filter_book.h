// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "ui/theme.h"

#include <QObject>

namespace sightglass {

/// A filter under a name of the person's.
struct SavedFilter {
    QString name;
    QString text;

    bool operator==(const SavedFilter &) const = default;
};

/// Rows that match have this ground; the first rule that matches counts.
struct ColourRule {
    QString text;
    Role role = Role::Muted;

    bool operator==(const ColourRule &) const = default;
};

/// Saved filters and colour rules, kept in the settings and never with a secret (see
/// filterSecret()).
class FilterBook : public QObject {
    Q_OBJECT
public:
    /// The colours that a rule can have, and what they are called.
    static QList<Role> colours();
    static QString colourName(Role role);

    explicit FilterBook(QObject *parent = nullptr);

    const QList<SavedFilter> &filters() const { return m_filters; }
    const QList<ColourRule> &rules() const { return m_rules; }
    /// Why a filter can't be kept; empty: it can.
    static QString problem(const QString &text, const Redactor &known);
    /// The same of all, as they are to be from now on. What may not be kept is left out.
    void setFilters(const QList<SavedFilter> &filters, const Redactor &known);
    void setRules(const QList<ColourRule> &rules, const Redactor &known);

Q_SIGNALS:
    void filtersChanged();
    void rulesChanged();

private:
    QList<SavedFilter> m_filters;
    QList<ColourRule> m_rules;
};

} // namespace sightglass
