// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/traffic_sorting.h"

#include "ui/models/exchange_model.h"
#include "ui/widgets/rows_view.h"

#include <QActionGroup>
#include <QMenu>
#include <QScrollBar>

namespace sightglass {

TrafficSorting::TrafficSorting(RowsView *table, ExchangeModel *model, QObject *parent)
    : QObject(parent)
    , m_table(table)
    , m_model(model)
{
    QList<int> columns;
    for (int column = 0; column < ExchangeModel::Waterfall; ++column)
        columns.append(column);
    m_table->setSortable(columns);
    connect(m_table, &RowsView::sortRequested, this, &TrafficSorting::cycle);
    connect(m_model, &ExchangeModel::sortingChanged, this, &TrafficSorting::update);
}

QString TrafficSorting::title(int column) const
{
    switch (column) {
    case ExchangeModel::Number:
        return tr("Number");
    case ExchangeModel::Time:
        return tr("Time");
    case ExchangeModel::Duration:
        return tr("Duration");
    default:
        return m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    }
}

void TrafficSorting::cycle(int column)
{
    if (m_model->sortColumn() != column)
        sortBy(column, Qt::AscendingOrder);
    else if (m_model->sortOrder() == Qt::AscendingOrder)
        sortBy(column, Qt::DescendingOrder);
    else
        sortBy(-1, Qt::AscendingOrder);
}

void TrafficSorting::sortBy(int column, Qt::SortOrder order)
{
    if (m_model->sortColumn() == column && (column < 0 || m_model->sortOrder() == order))
        return;
    if (m_model->sortColumn() < 0)
        m_followed = m_table->isFollowing();
    m_asked = true;
    m_model->sort(column, order);
    Q_EMIT statusMessage(column < 0 ? tr("Rows stand as recorded")
                             : order == Qt::AscendingOrder
                             ? tr("Sorted by %1, ascending").arg(title(column))
                             : tr("Sorted by %1, descending").arg(title(column)));
}

void TrafficSorting::reset()
{
    m_asked = false;
    m_followed = false;
    m_model->sort(-1);
    m_table->setCanFollow(true);
}

void TrafficSorting::update()
{
    m_table->showSorting(m_model->sortColumn(), m_model->sortOrder(), m_model->isSorting());
    if (m_asked && !m_model->isSorting())
        settle();
}

void TrafficSorting::settle()
{
    m_asked = false;
    const int column = m_model->sortColumn();
    const bool newestLast = column < 0
        || ((column == ExchangeModel::Number || column == ExchangeModel::Time)
            && m_model->sortOrder() == Qt::AscendingOrder);
    m_table->setCanFollow(newestLast);
    if (!newestLast) {
        // What one sorted for stands at the top.
        m_table->verticalScrollBar()->setValue(0);
        return;
    }
    const QModelIndex current = m_table->currentIndex();
    m_table->setFollowing(m_followed && !current.isValid());
    if (current.isValid())
        m_table->scrollTo(current, QAbstractItemView::PositionAtCenter);
}

void TrafficSorting::addMenu(QMenu *menu)
{
    QMenu *sorts = menu->addMenu(tr("Sort by"));
    auto *group = new QActionGroup(sorts);
    const auto add = [&](int column, const QString &words) {
        const bool sorted = m_model->sortColumn() == column;
        QString text = words;
        if (sorted && column >= 0)
            text += m_model->sortOrder() == Qt::AscendingOrder ? tr(" (ascending)")
                                                               : tr(" (descending)");
        QAction *action = sorts->addAction(text, this, [this, column] {
            if (column < 0)
                sortBy(-1, Qt::AscendingOrder);
            else
                cycle(column);
        });
        action->setCheckable(true);
        action->setChecked(sorted);
        group->addAction(action);
    };
    add(-1, tr("As recorded"));
    sorts->addSeparator();
    for (int column = 0; column < ExchangeModel::Waterfall; ++column)
        add(column, title(column));
}

} // namespace sightglass
