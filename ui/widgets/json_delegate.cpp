// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_delegate.h"

#include "ui/models/json_model.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace sightglass {

namespace {
constexpr int kStep = 18;
constexpr int kMark = 14;
// Deeper levels stay at this indent: the path below says where one is.
constexpr int kDeepest = 16;
} // namespace

int JsonDelegate::indent(int depth)
{
    return std::min(depth, kDeepest) * kStep;
}

QRect JsonDelegate::foldMark(const QRect &cell, int depth)
{
    return {cell.left() + indent(depth), cell.top(), kMark, cell.height()};
}

void JsonDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const QColor ground =
        roleColor(option.state.testFlag(QStyle::State_Selected) ? Role::Selection : Role::Base,
                  option.palette);
    const auto colour = [&](Role role) { return readableColor(role, ground, option.palette); };
    painter->setFont(option.font);
    if (index.column() == JsonModel::Value) {
        painter->setPen(colour(Role(index.data(JsonModel::ToneRole).toInt())));
        drawText(painter, option.rect.adjusted(kPadding, 0, -kPadding, 0),
                 Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        return;
    }
    const int depth = index.data(JsonModel::DepthRole).toInt();
    const QRect mark = foldMark(option.rect, depth);
    if (index.data(JsonModel::FoldableRole).toBool()) {
        const bool open = index.data(JsonModel::UnfoldedRole).toBool();
        const QPointF c = QRectF(mark).center();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colour(Role::Muted), 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (open)
            painter->drawPolyline(
                QPolygonF({c + QPointF(-3.5, -1.5), c + QPointF(0, 2), c + QPointF(3.5, -1.5)}));
        else
            painter->drawPolyline(
                QPolygonF({c + QPointF(-1.5, -3.5), c + QPointF(2, 0), c + QPointF(-1.5, 3.5)}));
    }
    painter->setPen(
        colour(index.data(JsonModel::DuplicateRole).toBool() ? Role::Attention : Role::Muted));
    drawText(painter, option.rect.adjusted(indent(depth) + kMark + 2, 0, -4, 0),
             Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
}

JsonRows::JsonRows(QWidget *parent)
    : RowsView(parent)
{
    setItemDelegate(new JsonDelegate(this));
    setHeaderVisible(false);
    setSelectionMode(SingleSelection);
}

void JsonRows::toggle(const QModelIndex &index)
{
    if (auto *json = qobject_cast<JsonModel *>(model()); json && index.isValid())
        json->setUnfolded(index.row(), !json->isUnfolded(index.row()));
}

void JsonRows::keyPressEvent(QKeyEvent *event)
{
    auto *json = qobject_cast<JsonModel *>(model());
    const QModelIndex current = currentIndex();
    if (!json || !current.isValid() || event->modifiers() != Qt::NoModifier) {
        RowsView::keyPressEvent(event);
        return;
    }
    const int row = current.row();
    const bool foldable = current.data(JsonModel::FoldableRole).toBool();
    switch (event->key()) {
    case Qt::Key_Right:
        if (foldable && !json->isUnfolded(row))
            json->setUnfolded(row, true);
        else if (foldable)
            setCurrentRow(row + 1);
        return;
    case Qt::Key_Left:
        if (foldable && json->isUnfolded(row)) {
            json->setUnfolded(row, false);
        } else if (const int above = json->rowOf(json->json().parent(json->nodeAt(row)));
                   above >= 0) {
            setCurrentRow(above);
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (foldable) {
            toggle(current);
            return;
        }
        break;
    default:
        break;
    }
    RowsView::keyPressEvent(event);
}

void JsonRows::mousePressEvent(QMouseEvent *event)
{
    RowsView::mousePressEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index.isValid() && index.column() == JsonModel::Key
        && index.data(JsonModel::FoldableRole).toBool()
        && JsonDelegate::foldMark(visualRect(index), index.data(JsonModel::DepthRole).toInt())
               .contains(event->pos()))
        toggle(index);
}

void JsonRows::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index.isValid())
        toggle(index);
}

} // namespace sightglass
