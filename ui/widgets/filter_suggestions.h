// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_completion.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace sightglass {

/// What a filter line suggests, as a list. Values of a trace are untrusted: shown with their marks.
class FilterSuggestionModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum DataRole { DescriptionRole = Qt::UserRole };

    using QAbstractListModel::QAbstractListModel;

    void setSuggestions(const QList<FilterSuggestion> &suggestions);
    const QList<FilterSuggestion> &suggestions() const { return m_suggestions; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QList<FilterSuggestion> m_suggestions;
};

/// A suggestion in wire font, and beside it what it means, muted.
class FilterSuggestionDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace sightglass
