// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/rows_view.h"

namespace sightglass {

/// The rows of a JsonModel: keys indented by their depth, with a mark to fold; values in the
/// colours of their types.
class JsonDelegate final : public RowsDelegate {
    Q_OBJECT
public:
    using RowsDelegate::RowsDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// Where the mark of a row with this depth is, within its key cell.
    static QRect foldMark(const QRect &cell, int depth);

private:
    static int indent(int depth);
};

/// A RowsView that folds: Left, Right, Enter, a click on the mark, a double click.
class JsonRows final : public RowsView {
    Q_OBJECT
public:
    explicit JsonRows(QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void toggle(const QModelIndex &index);
};

} // namespace sightglass
