// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/tool_delegate.h"

#include "ui/models/tool_list_model.h"
#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QPainter>

namespace sightglass {

void ToolDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const QPalette &palette = option.palette;
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
    const QString badge = index.data(ToolListModel::BadgeRole).toString();
    if (!badge.isEmpty()) {
        const bool alarming = index.data(ToolListModel::DestructiveRole).toBool()
            || !index.data(ToolListModel::ProblemRole).toString().isEmpty();
        painter->setFont(small);
        painter->setPen(readableColor(alarming ? Role::Attention : Role::Muted, ground, palette));
        const int width = smallMetrics.horizontalAdvance(badge);
        painter->drawText(QRect(right - width, inner.top(), width + 1, boldMetrics.height()),
                          Qt::AlignVCenter, badge);
        right -= width + 8;
    }
    painter->setFont(bold);
    painter->setPen(roleColor(Role::Text, palette));
    painter->drawText(
        QRect(inner.left(), inner.top(), right - inner.left(), boldMetrics.height()),
        Qt::AlignVCenter,
        boldMetrics.elidedText(index.data().toString(), Qt::ElideRight, right - inner.left()));
    painter->setFont(small);
    painter->setPen(readableColor(Role::Muted, ground, palette));
    painter->drawText(QRect(inner.left(), inner.top() + boldMetrics.height(), inner.width(),
                            smallMetrics.height()),
                      Qt::AlignVCenter,
                      smallMetrics.elidedText(index.data(ToolListModel::NoteRole).toString(),
                                              Qt::ElideRight, inner.width()));
    painter->restore();
}

QSize ToolDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {120, option.fontMetrics.height() + QFontMetrics(scaledFont(-0.75)).height() + 8};
}

} // namespace sightglass
