// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/sequence_delegate.h"

#include "ui/models/sequence_model.h"

#include <QPainter>
#include <QWidget>

#include <algorithm>

namespace sightglass {

namespace {

using Kind = SequenceRow::Kind;

/// Where what stands in a cell; all in x.
struct Lanes {
    qreal firstCall;
    qreal callStep;
    qreal client;
    qreal server;
    qreal firstLane;
    qreal laneStep;

    explicit Lanes(const QRect &cell)
    {
        const qreal left = cell.left() + RowsDelegate::kPadding;
        const qreal width = cell.width() - 2 * RowsDelegate::kPadding;
        firstCall = left + 2;
        callStep = width * 0.024;
        client = left + width * 0.2;
        server = left + width * 0.62;
        firstLane = left + width * 0.69;
        laneStep = (left + width - firstLane) / SequenceBuilder::Lanes;
    }
    qreal call(int number) const { return firstCall + number * callStep; }
    qreal lane(int number) const { return firstLane + number * laneStep; }
};

bool beginsCall(Kind kind)
{
    return kind == Kind::Request || kind == Kind::ServerRequest || kind == Kind::ClientAnswer;
}

QPen line(const QColor &colour, qreal width)
{
    QPen pen(colour, width);
    pen.setCapStyle(Qt::FlatCap);
    return pen;
}

} // namespace

SequenceDelegate::SequenceDelegate(const SequenceModel *model, QObject *parent)
    : RowsDelegate(parent)
    , m_model(model)
{
}

void SequenceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    if (index.column() == SequenceModel::Lanes) {
        paintLanes(painter, option, index.row());
        return;
    }
    const QString text = index.data().toString();
    if (text.isEmpty())
        return;
    painter->setFont(option.font);
    painter->setPen(readableColor(Role(index.data(SequenceModel::ToneRole).toInt()),
                                  groundOf(option), option.palette));
    drawText(painter, option.rect.adjusted(kPadding, 0, -kPadding, 0),
             Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()), text);
}

void SequenceDelegate::paintLanes(QPainter *painter, const QStyleOptionViewItem &option,
                                  int number) const
{
    const SequenceRow row = m_model->row(number);
    const QRect cell = option.rect;
    const Lanes at(cell);
    const QPalette &palette = option.palette;
    const QColor still =
        mixedColor(roleColor(Role::Line, palette), roleColor(Role::Muted, palette), 0.35);
    const qreal top = cell.top();
    const qreal bottom = cell.bottom() + 1;
    const qreal middle = cell.center().y() + 0.5;
    const auto upright = [&](qreal x, qreal from, qreal to, const QColor &colour, qreal width) {
        QPen pen = line(colour, width);
        // A silence is a break in every lane.
        if (row.kind == Kind::Gap)
            pen.setDashPattern({1, 2});
        painter->setPen(pen);
        painter->drawLine(QPointF(x, from), QPointF(x, to));
    };
    painter->setClipRect(cell);
    upright(at.client, top, bottom, still, 2);
    upright(at.server, top, bottom, still, 2);
    for (int lane = 0; lane < SequenceBuilder::Lanes; ++lane) {
        if (!(row.lanes & (1U << lane)))
            continue;
        const bool own = lane == row.lane;
        upright(at.lane(lane), own && row.kind == Kind::Opened ? middle : top,
                own && row.kind == Kind::Ended ? middle : bottom, roleColor(Role::Muted, palette),
                1.5);
    }
    paintCalls(painter, option, number, row);
    if (row.kind == Kind::Gap)
        return;

    painter->setRenderHint(QPainter::Antialiasing);
    const bool asks = row.kind == Kind::Request || row.kind == Kind::ServerRequest;
    const Role role = row.failed                 ? Role::Failure
        : asks || row.kind == Kind::ClientAnswer ? Role::Accent
        : row.kind == Kind::Event                ? Role::Muted
                                                 : Role::Ok;
    const QColor colour = readableColor(role, groundOf(option), palette);
    const bool onLane = row.lane != SequenceRow::None;
    const qreal far = onLane && row.frame >= 0 ? at.lane(row.lane) : at.server;
    if (row.kind == Kind::Ended) {
        painter->setPen(line(colour, 2));
        const qreal x = onLane ? at.lane(row.lane) : at.server;
        painter->drawLine(QPointF(x - 3, middle - 3), QPointF(x + 3, middle + 3));
        painter->drawLine(QPointF(x - 3, middle + 3), QPointF(x + 3, middle - 3));
        return;
    }
    if (row.fromClient())
        paintArrow(painter, at.client, far, middle, colour);
    else
        paintArrow(painter, far, at.client, middle, colour);
    if (onLane) {
        const qreal x = at.lane(row.lane);
        if (row.kind == Kind::Opened) {
            painter->setPen(line(roleColor(Role::Muted, palette), 1.5));
            painter->drawLine(QPointF(at.server, middle), QPointF(x, middle));
        }
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawEllipse(QPointF(x, middle), 2.5, 2.5);
    }
}

/// The lines from requests to what answers them.
void SequenceDelegate::paintCalls(QPainter *painter, const QStyleOptionViewItem &option, int number,
                                  const SequenceRow &row) const
{
    const Lanes at(option.rect);
    const int current = m_model->current();
    const SequenceRow chosen = m_model->row(current);
    const bool marks = current >= 0 && chosen.call != SequenceRow::None && chosen.peer >= 0
        && number >= std::min(current, chosen.peer) && number <= std::max(current, chosen.peer);
    const qreal middle = option.rect.center().y() + 0.5;
    for (int call = 0; call < SequenceBuilder::Calls; ++call) {
        if (!(row.calls & (1U << call)))
            continue;
        const bool own = row.call == call && row.kind != Kind::Gap;
        const bool begins = own && beginsCall(row.kind);
        const bool marked = marks && call == chosen.call;
        const QColor colour = marked ? roleColor(Role::Accent, option.palette)
                                     : mixedColor(roleColor(Role::Line, option.palette),
                                                  roleColor(Role::Muted, option.palette), 0.6);
        QPen pen = line(colour, marked ? 2 : 1.5);
        if (row.kind == Kind::Gap)
            pen.setDashPattern({1, 2});
        painter->setPen(pen);
        const qreal x = at.call(call);
        painter->drawLine(QPointF(x, begins ? middle : option.rect.top()),
                          QPointF(x, own && !begins ? middle : option.rect.bottom() + 1));
        if (own)
            painter->drawLine(QPointF(x, middle), QPointF(at.client, middle));
    }
}

void SequenceDelegate::paintArrow(QPainter *painter, qreal from, qreal to, qreal y,
                                  const QColor &colour)
{
    const qreal way = to > from ? 1 : -1;
    painter->setPen(line(colour, 1.5));
    painter->drawLine(QPointF(from, y), QPointF(to - way * 6, y));
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    painter->drawPolygon(
        QPolygonF({{to - way, y}, {to - way * 8, y - 3.5}, {to - way * 8, y + 3.5}}));
}

void SequenceDelegate::paintHeader(QPainter *painter, const QRect &section, const QWidget *view)
{
    const Lanes at(section);
    QFont bold = view->font();
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(roleColor(Role::Muted, view->palette()));
    const QFontMetrics metrics(bold);
    const auto over = [&](qreal x, const QString &words, int free) {
        const int width = metrics.horizontalAdvance(words);
        const int left = std::max(free, int(x) - width / 2);
        painter->drawText(QRect(left, section.top(), section.right() - left, section.height()),
                          int(Qt::AlignLeft | Qt::AlignVCenter), words);
        return left + width + 8;
    };
    int free = over(at.client, SequenceModel::tr("Client"), section.left() + 2);
    free = over(at.server, SequenceModel::tr("Server"), free);
    over(at.lane(SequenceBuilder::Lanes / 2), SequenceModel::tr("Streams"), free);
}

} // namespace sightglass
