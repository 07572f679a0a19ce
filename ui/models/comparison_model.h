// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/compare/recording_comparison.h"

#include <QAbstractTableModel>

namespace sightglass {

/// How two recordings differ, a row for each difference.
class ComparisonModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Sign, Area, Subject, First, Second, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setComparison(const RecordingComparison &comparison);
    /// Null outside.
    const RecordingDifference *differenceAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const RecordingDifference &difference, int column) const;

    QList<RecordingDifference> m_differences;
};

} // namespace sightglass
