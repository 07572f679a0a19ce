// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme.h"
#include "ui/widgets/rows_view.h"

namespace sightglass {

/// Where in a cell (or over it, in the header) a waterfall's bars are.
QRect waterfallBars(const QRect &cell);
/// Paints one bar of a waterfall into a cell. `from` and `to` are shares of the width, 0 to 1; a
/// moment is still a bar that one can see, and what lies wholly beside it a small arrow that way.
void paintWaterfallBar(QPainter *painter, const QRect &cell, double from, double to,
                       const QColor &colour);

/// The rows of a TimingModel: words and numbers, and a bar in the last column.
class TimingDelegate final : public RowsDelegate {
    Q_OBJECT
public:
    using RowsDelegate::RowsDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

/// The rows of an ExchangeModel.
class TrafficDelegate final : public RowsDelegate {
    Q_OBJECT
public:
    using RowsDelegate::RowsDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    static int paintServer(QPainter *painter, const QRect &cell, const QString &server,
                           const QStyleOptionViewItem &option);
    static void paintSpan(QPainter *painter, const QStyleOptionViewItem &option,
                          const QPointF &span);
    static void paintStatus(QPainter *painter, const QRect &cell, const QModelIndex &index);
};

} // namespace sightglass
