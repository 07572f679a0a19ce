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
    const QVariant tone = index.data(GlyphToneRole);
    if (!tone.isValid()) {
        RowsDelegate::paint(painter, option, index);
        return;
    }
    constexpr int size = 16;
    QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QColor ground = option.state & QStyle::State_Selected
        ? roleColor(Role::Selection, option.palette)
        : roleColor(Role::Base, option.palette);
    const QColor colour = readableColor(Role(tone.toInt()), ground, option.palette);
    if (const QVariant icon = index.data(GlyphIconRole); icon.isValid()) {
        if (const QString name = icon.toString(); !name.isEmpty())
            painter->drawPixmap(
                cell.left(), cell.center().y() - size / 2 + 1,
                tintedPixmap(name, colour, size, painter->device()->devicePixelRatioF()));
        cell.setLeft(cell.left() + size + 8);
    }
    painter->setFont(option.font);
    painter->setPen(colour);
    drawText(painter, cell, Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()),
             index.data().toString());
}

} // namespace sightglass
