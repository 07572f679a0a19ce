// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/offer_delegate.h"

#include "ui/models/offer_list_model.h"
#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QPainter>

namespace sightglass {

void OfferDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const QPalette &palette = option.palette;
    if (index.data(OfferListModel::TitleRole).toBool()) {
        painter->setFont(scaledFont(-0.75, true));
        painter->setPen(roleColor(Role::Muted, palette));
        painter->drawText(option.rect.adjusted(10, 0, -10, -4), Qt::AlignLeft | Qt::AlignBottom,
                          index.data().toString());
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    QColor ground = roleColor(Role::Window, palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (selected || (option.state & QStyle::State_MouseOver)) {
        ground = selected ? roleColor(Role::Selection, palette)
                          : mixedColor(ground, roleColor(Role::Text, palette), 0.04);
        painter->setBrush(ground);
        const bool focus = selected && (option.state & QStyle::State_HasFocus);
        painter->setPen(focus ? QPen(roleColor(Role::Accent, palette)) : QPen(Qt::NoPen));
        painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5),
                                 SightglassStyle::radius, SightglassStyle::radius);
    }
    const QRect inner = option.rect.adjusted(10, 4, -10, -4);
    const QFont small = scaledFont(-0.75);
    const QFontMetrics smallMetrics(small);
    QFont bold = option.font;
    bold.setBold(true);
    const QFontMetrics boldMetrics(bold);

    int right = inner.right();
    painter->setFont(small);
    auto drawAtRight = [&](const QString &text, Role role, int most) {
        if (text.isEmpty())
            return;
        const QString shown = smallMetrics.elidedText(text, Qt::ElideMiddle, most);
        const int width = smallMetrics.horizontalAdvance(shown);
        painter->setPen(readableColor(role, ground, palette));
        painter->drawText(QRect(right - width, inner.top(), width + 1, boldMetrics.height()),
                          Qt::AlignVCenter, shown);
        right -= width + 8;
    };
    const bool gone = index.data(OfferListModel::GoneRole).toBool();
    drawAtRight(index.data(OfferListModel::MarkRole).toString(),
                gone ? Role::Attention : Role::Accent, inner.width());
    drawAtRight(index.data(OfferListModel::BadgeRole).toString(),
                index.data(OfferListModel::AlarmingRole).toBool() ? Role::Attention : Role::Muted,
                inner.width() / 2);
    bold.setStrikeOut(gone);
    painter->setFont(bold);
    painter->setPen(gone ? readableColor(Role::Muted, ground, palette)
                         : roleColor(Role::Text, palette));
    painter->drawText(
        QRect(inner.left(), inner.top(), right - inner.left(), boldMetrics.height()),
        Qt::AlignVCenter,
        boldMetrics.elidedText(index.data().toString(), Qt::ElideRight, right - inner.left()));
    painter->setFont(small);
    painter->setPen(readableColor(Role::Muted, ground, palette));
    painter->drawText(QRect(inner.left(), inner.top() + boldMetrics.height(), inner.width(),
                            smallMetrics.height()),
                      Qt::AlignVCenter,
                      smallMetrics.elidedText(index.data(OfferListModel::NoteRole).toString(),
                                              Qt::ElideRight, inner.width()));
    painter->restore();
}

QSize OfferDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (index.data(OfferListModel::TitleRole).toBool())
        return {120, QFontMetrics(scaledFont(-0.75)).height() + 14};
    return {120, option.fontMetrics.height() + QFontMetrics(scaledFont(-0.75)).height() + 8};
}

} // namespace sightglass
