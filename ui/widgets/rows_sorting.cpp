// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The header of a RowsView, and what it does for a model that sorts.
#include "ui/widgets/rows_header.h"
#include "ui/widgets/rows_view.h"

#include <QScrollBar>

#include <algorithm>

namespace sightglass {

namespace {
/// Of so many selected rows each is followed to its new place; more would take longer than a frame.
constexpr int kSelectedFollowed = 5000;
} // namespace

QHeaderView *RowsView::header() const
{
    return m_header;
}

void RowsView::setHeaderPainter(int column, HeaderPainter painter)
{
    m_header->setPainter(column, std::move(painter));
}

void RowsView::setSortable(const QList<int> &columns)
{
    m_sortable = columns;
    m_header->setSectionsClickable(!columns.isEmpty());
}

void RowsView::showSorting(int column, Qt::SortOrder order, bool waits)
{
    m_sortedColumn = column;
    m_sortOrder = order;
    m_sortingWaits = waits;
    m_header->viewport()->update();
}

QString RowsView::sortingWords(int column) const
{
    if (column < 0 || column != m_sortedColumn)
        return {};
    const QString words =
        m_sortOrder == Qt::AscendingOrder ? tr("sorted ascending") : tr("sorted descending");
    return m_sortingWaits ? tr("being %1").arg(words) : words;
}

void RowsView::requestSort(int column)
{
    if (isSortable(column))
        Q_EMIT sortRequested(column);
}

void RowsView::noteAnchor()
{
    m_anchor = QModelIndex();
    if (!model() || !selectionModel())
        return;
    int selected = 0;
    for (const QItemSelectionRange &range : selectionModel()->selection())
        selected += range.height();
    if (selected > kSelectedFollowed && selected < rowCount())
        setCurrentRow(currentIndex().row());
    // At the top one looks at the top, and at the end of what is followed at the end.
    if (m_following || verticalOffset() == 0)
        return;
    const int current = currentIndex().row();
    const bool seesCurrent =
        currentIndex().isValid() && current >= firstVisibleRow() && current <= lastVisibleRow();
    m_anchor = model()->index(seesCurrent ? current : firstVisibleRow(), 0);
    m_anchorTop = m_anchor.row() * m_rowHeight - verticalOffset();
}

void RowsView::returnToAnchor()
{
    if (!m_anchor.isValid())
        return;
    m_adjusting = true;
    verticalScrollBar()->setValue(m_anchor.row() * m_rowHeight - m_anchorTop);
    m_adjusting = false;
    m_anchor = QModelIndex();
}

} // namespace sightglass
