// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/rows_header.h"

#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/rows_view.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace sightglass {

namespace {
/// Half of it fits into a cell's padding, so that no title has to give way.
constexpr qreal kArrowWidth = 7;
constexpr qreal kArrowHeight = 4;
} // namespace

RowsHeader::RowsHeader(RowsView *view)
    : QHeaderView(Qt::Horizontal, view)
    , m_view(view)
{
    setHighlightSections(false);
    setSectionsClickable(false);
    setMinimumSectionSize(8);
    setFrameShape(QFrame::NoFrame);
}

QSize RowsHeader::sizeHint() const
{
    return {0, std::max(30, fontMetrics().height() + 12)};
}

void RowsHeader::setPainter(int section, std::function<void(QPainter *, const QRect &)> painter)
{
    m_painters.insert(section, std::move(painter));
    viewport()->update();
}

void RowsHeader::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), roleColor(Role::Base, palette()));
    painter.end();
    QHeaderView::paintEvent(event);
    painter.begin(viewport());
    painter.setPen(roleColor(Role::Line, palette()));
    painter.drawLine(0, viewport()->height() - 1, viewport()->width(), viewport()->height() - 1);
}

void RowsHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    if (const auto painterOf = m_painters.constFind(section); painterOf != m_painters.cend()) {
        (*painterOf)(painter, rect);
        return;
    }
    const bool sorted = section == m_view->sortedColumn();
    QFont bold = font();
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(roleColor(sorted ? Role::Text : Role::Muted, palette()));
    const QVariant alignment = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole);
    const auto flags =
        alignment.isValid() ? Qt::Alignment(alignment.toInt()) : (Qt::AlignLeft | Qt::AlignVCenter);
    const QString text = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    const QRect inner = rect.adjusted(RowsDelegate::kPadding, 0, -RowsDelegate::kPadding, 0);
    const QString shown = painter->fontMetrics().elidedText(text, Qt::ElideRight, inner.width());
    painter->drawText(inner, int(flags), shown);
    if (!sorted)
        return;
    const int width = painter->fontMetrics().horizontalAdvance(shown);
    const qreal middle = rect.center().y() + 1;
    // At the side to which the text does not lean.
    if (flags.testFlag(Qt::AlignRight))
        paintArrow(painter, {inner.right() - width - 3 - kArrowWidth / 2, middle});
    else
        paintArrow(painter,
                   {std::min<qreal>(inner.left() + width + 4, rect.right() - kArrowWidth)
                        + kArrowWidth / 2,
                    middle});
}

void RowsHeader::paintArrow(QPainter *painter, const QPointF &centre) const
{
    const qreal up = m_view->sortOrder() == Qt::AscendingOrder ? -1 : 1;
    const QPolygonF arrow({centre + QPointF(-kArrowWidth / 2, -up * kArrowHeight / 2),
                           centre + QPointF(kArrowWidth / 2, -up * kArrowHeight / 2),
                           centre + QPointF(0, up * kArrowHeight / 2)});
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    // Hollow while it is still being sorted.
    painter->setBrush(m_view->sortingWaits() ? QBrush(Qt::NoBrush)
                                             : QBrush(painter->pen().color()));
    painter->drawPolygon(arrow);
    painter->restore();
}

bool RowsHeader::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QHeaderView::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int section = logicalIndexAt(help->pos());
    if (section < 0 || !m_view->isSortable(section)) {
        QToolTip::hideText();
        return true;
    }
    const QString title = model()->headerData(section, Qt::Horizontal).toString();
    QString words = m_view->sortingWords(section);
    if (words.isEmpty())
        words = tr("Click to sort by it");
    else if (m_view->sortOrder() == Qt::AscendingOrder)
        words = tr("%1: click for descending").arg(words);
    else
        words = tr("%1: click for the order of the recording").arg(words);
    QToolTip::showText(help->globalPos(), plainToolTip(title + QStringLiteral(": ") + words), this);
    return true;
}

} // namespace sightglass
