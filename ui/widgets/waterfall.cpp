// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/waterfall.h"

#include "ui/models/exchange_model.h"
#include "ui/models/timing_model.h"

#include <QPainter>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qreal kBarHeight = 6;
constexpr qreal kBarAtLeast = 3;

/// The colours of a row's texts: readable on what lies under them.
QColor textColour(Role role, const QStyleOptionViewItem &option)
{
    return readableColor(role, RowsDelegate::groundOf(option), option.palette);
}

} // namespace

QRect waterfallBars(const QRect &cell)
{
    return cell.adjusted(RowsDelegate::kPadding, 0, -16, 0);
}

void paintWaterfallBar(QPainter *painter, const QRect &cell, double from, double to,
                       const QColor &colour)
{
    const qreal room = cell.width() - kBarAtLeast;
    if (room <= 0)
        return;
    if (to < 0 || from > 1) {
        const qreal way = to < 0 ? -1 : 1;
        const QPointF tip(to < 0 ? cell.left() : cell.right(), cell.center().y() + 0.5);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->setOpacity(0.55);
        painter->drawPolygon(
            QPolygonF({tip, tip - QPointF(way * 4, 3), tip - QPointF(way * 4, -3)}));
        painter->setOpacity(1);
        return;
    }
    const qreal left = cell.left() + std::clamp(from, 0.0, 1.0) * room;
    const qreal right = cell.left() + std::clamp(to, 0.0, 1.0) * room + kBarAtLeast;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    painter->drawRoundedRect(QRectF(left, cell.center().y() - kBarHeight / 2 + 0.5,
                                    std::max(kBarAtLeast, right - left), kBarHeight),
                             1.5, 1.5);
}

void TimingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    if (index.column() != TimingModel::Bar) {
        RowsDelegate::paint(painter, option, index);
        return;
    }
    const double from = index.data(TimingModel::BarStartRole).toDouble();
    if (from >= 0)
        paintWaterfallBar(
            painter, waterfallBars(option.rect), from,
            index.data(TimingModel::BarEndRole).toDouble(),
            roleColor(Role(index.data(TimingModel::ToneRole).toInt()), option.palette));
}

/// "200", a glyph, "error -32602"; where there is no room the words go first, from their end.
void TrafficDelegate::paintStatus(QPainter *painter, const QRect &cell, const QModelIndex &index)
{
    constexpr int size = 14;
    constexpr int gap = 5;
    const auto alignment = Qt::AlignLeft | Qt::AlignVCenter;
    const QString text = index.data().toString();
    const QString icon = index.data(ExchangeModel::IconRole).toString();
    if (icon.isEmpty()) {
        drawText(painter, cell, alignment, text);
        return;
    }
    const qsizetype space = text.front().isDigit() ? text.indexOf(u' ') : 0;
    int used = 0;
    if (space > 0)
        used = drawText(painter, cell, alignment, text.left(space)) + gap;
    painter->drawPixmap(
        cell.left() + used, cell.center().y() - size / 2 + 1,
        tintedPixmap(icon, painter->pen().color(), size, painter->device()->devicePixelRatioF()));
    used += size + gap;
    QString words = text.mid(space).trimmed();
    const int room = cell.width() - used;
    while (painter->fontMetrics().horizontalAdvance(words) > room && words.contains(u' '))
        words.truncate(words.lastIndexOf(u' '));
    if (room > 0)
        drawText(painter, cell.adjusted(used, 0, 0, 0), alignment, words);
}

/// The server's name as a small label; gives its width.
int TrafficDelegate::paintServer(QPainter *painter, const QRect &cell, const QString &server,
                                 const QStyleOptionViewItem &option)
{
    constexpr int inner = 6;
    const QFontMetrics &metrics = option.fontMetrics;
    painter->setFont(option.font);
    const int width = metrics.horizontalAdvance(server) + 2 * inner + 1;
    if (width > cell.width()) {
        // Without its frame; servers on one machine are told apart by the port.
        const qsizetype colon = server.lastIndexOf(u':');
        painter->setPen(textColour(Role::Muted, option));
        return cell.width() < 2 * metrics.height()
            ? 0
            : drawText(painter, cell, Qt::AlignLeft | Qt::AlignVCenter,
                       colon > 0 ? server.mid(colon) : server);
    }
    const int height = std::min(cell.height() - 4, metrics.height() + 2);
    const QRect box(cell.left(), cell.center().y() - height / 2 + 1, width, height);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(roleColor(Role::Muted, option.palette));
    painter->setBrush(roleColor(Role::Window, option.palette));
    painter->drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter->setPen(
        readableColor(Role::Text, roleColor(Role::Window, option.palette), option.palette));
    drawText(painter, box.adjusted(inner, 0, -inner, 0), Qt::AlignLeft | Qt::AlignVCenter, server);
    return width;
}

void TrafficDelegate::paintSpan(QPainter *painter, const QStyleOptionViewItem &option,
                                const QPointF &span)
{
    const QRect area = waterfallBars(option.rect);
    const double from = std::clamp(span.x(), 0.0, 1.0);
    const double to = std::clamp(span.y(), 0.0, 1.0);
    if (from < to)
        painter->fillRect(QRectF(area.left() + from * area.width(), option.rect.top(),
                                 (to - from) * area.width(), option.rect.height()),
                          tintColor(Role::Accent, option.palette));
}

void TrafficDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const QRect cell = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    const QString server =
        index.siblingAtColumn(ExchangeModel::What).data(ExchangeModel::ServerRole).toString();
    if (!server.isEmpty() && index.row() > 0)
        painter->fillRect(QRect(option.rect.topLeft(), QSize(option.rect.width(), 1)),
                          roleColor(Role::Muted, option.palette));
    const auto tone = [&index] { return Role(index.data(ExchangeModel::ToneRole).toInt()); };
    painter->setFont(option.font);
    switch (index.column()) {
    case ExchangeModel::Waterfall:
        if (const QVariant span = index.data(ExchangeModel::SpanRole); span.isValid())
            paintSpan(painter, option, span.toPointF());
        paintWaterfallBar(
            painter, waterfallBars(option.rect), index.data(ExchangeModel::BarStartRole).toDouble(),
            index.data(ExchangeModel::BarEndRole).toDouble(), roleColor(tone(), option.palette));
        return;
    case ExchangeModel::Number:
        if (index.data(ExchangeModel::MarkedRole).toBool())
            paintMark(painter, option.rect, option.palette);
        [[fallthrough]];
    case ExchangeModel::Time:
        painter->setPen(textColour(Role::Muted, option));
        break;
    case ExchangeModel::Method: {
        painter->setPen(textColour(Role::Text, option));
        const QString method = index.data().toString();
        drawText(painter, cell, alignment, method);
        const QString kind = index.data(ExchangeModel::MutedRole).toString();
        if (!kind.isEmpty()) {
            // All kinds begin at one place, behind the longest of the short methods.
            const int taken =
                std::max(option.fontMetrics.horizontalAdvance(method) + 8,
                         option.fontMetrics.horizontalAdvance(QStringLiteral("POST__")));
            painter->setPen(textColour(Role::Muted, option));
            drawText(painter, cell.adjusted(taken, 0, 0, 0), alignment, kind);
        }
        return;
    }
    case ExchangeModel::What: {
        painter->setPen(textColour(Role::Text, option));
        const QString name = index.data(ExchangeModel::NameRole).toString();
        const QString what = index.data().toString();
        int used = 0;
        if (name.isEmpty() || !what.endsWith(name)) {
            used = drawText(painter, cell, alignment, what, Qt::ElideMiddle);
        } else {
            QFont bold = option.font;
            bold.setBold(true);
            QString method = what.chopped(name.size()).trimmed();
            // The name tells more than what stands before the method's slash.
            if (option.fontMetrics.horizontalAdvance(method) + 8
                    + QFontMetrics(bold).horizontalAdvance(name)
                > cell.width())
                method = method.mid(method.lastIndexOf(u'/') + 1);
            used = drawText(painter, cell, alignment, method) + 8;
            painter->setFont(bold);
            used +=
                drawText(painter, cell.adjusted(used, 0, 0, 0), alignment, name, Qt::ElideMiddle);
        }
        if (!server.isEmpty())
            used += paintServer(painter, cell.adjusted(used + 10, 0, 0, 0), server, option) + 10;
        const QString live = index.data(ExchangeModel::LiveRole).toString();
        // A letter and three dots say nothing.
        if (!live.isEmpty()
            && cell.width() - used - 16 >= std::min(option.fontMetrics.horizontalAdvance(live),
                                                    4 * option.fontMetrics.height())) {
            painter->setFont(option.font);
            painter->setPen(textColour(Role::Muted, option));
            drawText(painter, cell.adjusted(used + 16, 0, 0, 0), alignment, live);
        }
        return;
    }
    case ExchangeModel::Credentials: {
        const QString icon = index.data(ExchangeModel::IconRole).toString();
        if (icon.isEmpty())
            return;
        constexpr int size = 16;
        const QColor colour = textColour(tone(), option);
        painter->drawPixmap(
            cell.left(), cell.center().y() - size / 2 + 1,
            tintedPixmap(icon, colour, size, painter->device()->devicePixelRatioF()));
        painter->setPen(tone() == Role::Ok ? textColour(Role::Text, option) : colour);
        drawText(painter, cell.adjusted(size + 8, 0, 0, 0), alignment, index.data().toString());
        return;
    }
    case ExchangeModel::Status: {
        const bool bad = tone() == Role::Failure;
        painter->setPen(textColour(tone(), option));
        if (bad) {
            QFont bold = option.font;
            bold.setBold(true);
            painter->setFont(bold);
        }
        paintStatus(painter, cell, index);
        return;
    }
    default:
        painter->setPen(textColour(Role::Text, option));
        break;
    }
    drawText(painter, cell, alignment, index.data().toString());
}

} // namespace sightglass
