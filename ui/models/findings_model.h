// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/finding.h"
#include "ui/models/glyph_roles.h"
#include "ui/theme.h"

#include <QAbstractTableModel>

namespace sightglass {

/// Of our own set, and its colour, for how much a finding matters.
QString findingGlyph(Weight weight);
Role findingRole(Weight weight);
/// "failure", "flaw", "normal": the glyph in a word.
QString weightWords(Weight weight);

/// What is wrong in a trace, worst first. What it quotes is untrusted, and shown with its marks.
class FindingsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Id, Title, SideOf, Server, Exchanges, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// In place of those before: a row whose id and server stay keeps its place in selections.
    void setFindings(const QList<Finding> &findings);
    const QList<Finding> &findings() const { return m_findings; }
    const Finding *findingAt(int row) const; ///< null: there is no such row
    int rowOf(const QString &id) const; ///< the first of that id; -1: there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Finding &finding, int column) const;

    QList<Finding> m_findings;
};

} // namespace sightglass
