// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/glyph_delegate.h"

#include "ui/models/glyph_roles.h"
#include "ui/theme.h"

#include <QPainter>

namespace sightglass {

void GlyphDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const QString icon = index.data(GlyphIconRole).toString();
    if (icon.isEmpty()) {
        RowsDelegate::paint(painter, option, index);
        return;
    }
    constexpr int size = 16;
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QColor ground = option.state & QStyle::State_Selected
        ? roleColor(Role::Selection, option.palette)
        : roleColor(Role::Base, option.palette);
    const QColor colour =
        readableColor(Role(index.data(GlyphToneRole).toInt()), ground, option.palette);
    painter->drawPixmap(cell.left(), cell.center().y() - size / 2 + 1,
                        tintedPixmap(icon, colour, size, painter->device()->devicePixelRatioF()));
    painter->setFont(option.font);
    painter->setPen(colour);
    drawText(painter, cell.adjusted(size + 8, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
             index.data().toString());
}

} // namespace sightglass
