// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Which rows an ExchangeModel has, and in what order.
#include "ui/models/exchange_model.h"

#include <algorithm>
#include <utility>

namespace sightglass {

namespace {
/// So long one waits for an order, so that an ordinary trace is sorted without a flicker.
constexpr qint64 kSortedAtOnceNs = 4'000'000;
} // namespace

int ExchangeModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return (m_order ? int(m_order->ids.size()) : int(m_rows.size())) + m_roomAtEnd;
}

ExchangeId ExchangeModel::idAt(int row) const
{
    if (row < 0)
        return 0;
    if (m_order)
        return size_t(row) < m_order->ids.size() ? m_order->ids[size_t(row)] : 0;
    return row < m_rows.size() ? m_rows[row] : 0;
}

int ExchangeModel::rowOf(ExchangeId id) const
{
    if (m_order)
        return m_order->rowOf(id);
    const auto place = std::lower_bound(m_rows.cbegin(), m_rows.cend(), id);
    return place != m_rows.cend() && *place == id ? int(place - m_rows.cbegin()) : -1;
}

void ExchangeModel::apply(const FilterScan::Changes &changes)
{
    const ExchangeId newest = m_rows.isEmpty() ? 0 : m_rows.constLast();
    bool others = !changes.left.isEmpty();
    for (const ExchangeId id : changes.left) {
        const auto place = std::lower_bound(m_rows.cbegin(), m_rows.cend(), id);
        if (place == m_rows.cend() || *place != id)
            continue;
        const int row = int(place - m_rows.cbegin());
        if (!m_order)
            beginRemoveRows({}, row, row);
        m_rows.removeAt(row);
        m_running.removeOne(id);
        if (!m_order)
            endRemoveRows();
        if (sortColumn() >= 0)
            m_sorter.remove(id);
    }
    if (!changes.joined.isEmpty()) {
        QList<ExchangeId> joined = changes.joined;
        std::sort(joined.begin(), joined.end());
        joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
        joined.removeIf([this](ExchangeId id) {
            return !m_rows.isEmpty() && id <= m_rows.constLast()
                && std::binary_search(m_rows.cbegin(), m_rows.cend(), id);
        });
        takeIn(joined);
        if (sortColumn() >= 0)
            m_sorter.add(joined);
        others = others || (!joined.isEmpty() && joined.constFirst() < newest);
        if (!others && !joined.isEmpty())
            Q_EMIT matchesJoined(joined);
    }
    if (others)
        Q_EMIT matchesRearranged();
    if (sortColumn() >= 0)
        sliceSort();
}

void ExchangeModel::takeIn(const QList<ExchangeId> &joined)
{
    for (const ExchangeId id : joined) {
        const ExchangeSummary summary = m_trace->summary(id);
        m_span = std::max(m_span, lastMoment(summary.times));
        if (!summary.finished)
            m_running.append(id);
    }
    // Those that came to match late stand among the older rows; all others are one batch. While
    // another order is shown nobody sees them.
    const ExchangeId last = m_rows.isEmpty() ? 0 : m_rows.constLast();
    const auto fresh = std::upper_bound(joined.cbegin(), joined.cend(), last);
    for (auto it = joined.cbegin(); it != fresh; ++it) {
        const auto place = std::lower_bound(m_rows.cbegin(), m_rows.cend(), *it);
        const int row = int(place - m_rows.cbegin());
        if (!m_order)
            beginInsertRows({}, row, row);
        m_rows.insert(row, *it);
        if (!m_order)
            endInsertRows();
    }
    if (fresh == joined.cend())
        return;
    const int first = int(m_rows.size());
    if (!m_order)
        beginInsertRows({}, first, first + int(joined.cend() - fresh) - 1);
    m_rows.append(joined.mid(fresh - joined.cbegin()));
    if (!m_order)
        endInsertRows();
}

Qt::SortOrder ExchangeModel::sortOrder() const
{
    return m_sorter.by().descending ? Qt::DescendingOrder : Qt::AscendingOrder;
}

void ExchangeModel::sort(int column, Qt::SortOrder order)
{
    const bool sorts = column >= 0 && column < Waterfall;
    const RowSorter::By by{sorts ? column : -1, sorts && order == Qt::DescendingOrder};
    if (by == m_sorter.by())
        return;
    startSorter(by);
    if (sorts) {
        m_sortAwaited = true;
        if (m_sorter.step(kSortedAtOnceNs) || !m_sorter.isBusy())
            m_sortAwaited = false;
        if (m_sorter.order())
            showOrder(m_sorter.order());
    } else {
        m_sortAwaited = false;
        showOrder(nullptr);
    }
    Q_EMIT sortingChanged();
}

void ExchangeModel::startSorter(RowSorter::By by)
{
    m_sorter.reset(m_trace, m_redactor, by);
    if (by.column < 0 || !m_trace) {
        m_sortTimer.stop();
        return;
    }
    m_sorter.add(m_rows);
    if (m_sorter.isBusy())
        m_sortTimer.start();
}

void ExchangeModel::sliceSort()
{
    if (m_sorter.step(0)) {
        const bool awaited = std::exchange(m_sortAwaited, false);
        showOrder(m_sorter.order());
        if (awaited)
            Q_EMIT sortingChanged();
    }
    if (!m_sorter.isBusy())
        m_sortTimer.stop();
    else if (!m_sortTimer.isActive())
        m_sortTimer.start();
}

void ExchangeModel::showOrder(const std::shared_ptr<const RowOrder> &order)
{
    if (order == m_order)
        return;
    const int before = rowCount();
    const int after = order ? int(order->ids.size()) : int(m_rows.size());
    // Rows that come are told as rows; then all find their places.
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_roomAtEnd = after - before;
        endInsertRows();
    }
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList kept = persistentIndexList();
    QList<ExchangeId> ids;
    ids.reserve(kept.size());
    for (const QModelIndex &at : kept)
        ids.append(idAt(at.row()));
    m_order = order;
    m_roomAtEnd = 0;
    QModelIndexList moved;
    moved.reserve(kept.size());
    for (qsizetype i = 0; i < kept.size(); ++i) {
        const int row = rowOf(ids.at(i));
        moved.append(row < 0 ? QModelIndex() : index(row, kept.at(i).column()));
    }
    changePersistentIndexList(kept, moved);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace sightglass
