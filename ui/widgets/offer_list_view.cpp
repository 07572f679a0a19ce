// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/offer_list_view.h"

#include "ui/widgets/offer_delegate.h"

namespace sightglass {

OfferListView::OfferListView(QWidget *parent)
    : QListView(parent)
{
    setItemDelegate(new OfferDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setSpacing(0);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
}

QModelIndex OfferListView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const QModelIndex wanted = QListView::moveCursor(action, modifiers);
    const bool up = action == MoveHome || action == MovePageUp || action == MoveUp;
    if (up && (!wanted.isValid() || !(wanted.flags() & Qt::ItemIsSelectable)))
        scrollToTop(); // the title above the first one
    // A title is never the goal: what follows it is.
    QModelIndex index = wanted;
    while (index.isValid() && !(index.flags() & Qt::ItemIsSelectable))
        index = index.siblingAtRow(index.row() + 1);
    return index;
}

} // namespace sightglass
