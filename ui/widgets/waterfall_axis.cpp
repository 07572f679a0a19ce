// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/waterfall_axis.h"

#include "ui/models/exchange_model.h"
#include "ui/theme.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/waterfall.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace sightglass {

namespace {

constexpr double kZoomStep = 1.5; ///< of a key
constexpr double kPanStep = 0.2;
/// At the edges of a header's section one makes the column wider.
constexpr int kEdge = 6;
constexpr int kDrawnAtLeast = 4; ///< pixels; less is a click

} // namespace

WaterfallAxis::WaterfallAxis(RowsView *table, ExchangeModel *model, QObject *parent)
    : QObject(parent)
    , m_table(table)
    , m_model(model)
{
    m_table->setHeaderPainter(
        ExchangeModel::Waterfall,
        [this](QPainter *painter, const QRect &section) { paint(painter, section); });
    m_table->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
    m_table->header()->viewport()->installEventFilter(this);
    connect(m_model, &ExchangeModel::timesChanged, m_table->header()->viewport(),
            qOverload<>(&QWidget::update));
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] { setSpan({}); });
}

TimeWindow WaterfallAxis::window() const
{
    return m_model->timeWindow();
}

bool WaterfallAxis::isZoomed() const
{
    return m_model->isZoomed();
}

void WaterfallAxis::showWindow(const TimeWindow &window)
{
    m_model->setTimeWindow(window);
}

void WaterfallAxis::showAll()
{
    m_model->setTimeWindow({});
}

void WaterfallAxis::setSpan(const std::optional<TimeWindow> &span)
{
    if (m_span == span)
        return;
    m_span = span;
    m_model->setSpan(span);
}

void WaterfallAxis::zoom(double factor)
{
    // About what one looks at: the chosen exchange where it is seen, else the middle.
    const TimeWindow seen = window();
    qint64 anchor = seen.timeAt(0.5);
    if (const ExchangeId id = m_model->idAt(m_table->currentIndex().row()); id > 0) {
        const qint64 begun = m_model->trace()->summary(id).times.begun;
        if (begun >= seen.from && begun <= seen.to)
            anchor = begun;
    }
    zoomAt(factor, anchor);
}

void WaterfallAxis::zoomAt(double factor, qint64 anchor)
{
    showWindow(zoomed(window(), factor, anchor, m_model->wholeTime()));
}

void WaterfallAxis::pan(double share)
{
    if (isZoomed())
        showWindow(panned(window(), share, m_model->wholeTime()));
}

QRect WaterfallAxis::bars() const
{
    const QHeaderView *header = m_table->header();
    if (header->isSectionHidden(ExchangeModel::Waterfall))
        return {};
    return waterfallBars({header->sectionViewportPosition(ExchangeModel::Waterfall), 0,
                          header->sectionSize(ExchangeModel::Waterfall), header->height()});
}

qint64 WaterfallAxis::timeAt(int x) const
{
    const QRect area = bars();
    const double share = double(x - area.left()) / std::max(1, area.width());
    return window().timeAt(std::clamp(share, 0.0, 1.0));
}

void WaterfallAxis::paint(QPainter *painter, const QRect &section) const
{
    if (m_model->rowCount() == 0)
        return;
    const QRect area = waterfallBars(section);
    const QPalette &palette = m_table->palette();
    const TimeWindow seen = window();
    const auto xOf = [&](qint64 at) {
        return area.left() + int(std::lround(seen.shareOf(at) * area.width()));
    };
    if (m_span)
        painter->fillRect(QRect(QPoint(std::max(area.left(), xOf(m_span->from)), section.top()),
                                QPoint(std::min(area.right(), xOf(m_span->to)), section.bottom())),
                          tintColor(Role::Accent, palette));
    painter->setFont(m_table->font());
    const QFontMetrics metrics(m_table->font());
    // As many as have room beside each other, by the longest of a try.
    int widest = metrics.horizontalAdvance(QStringLiteral("00.0 s"));
    QList<TimeTick> ticks;
    for (int pass = 0; pass < 3; ++pass) {
        ticks = timeTicks(seen, std::clamp(area.width() / (widest + 16), 1, 20));
        int needed = 0;
        for (const TimeTick &tick : std::as_const(ticks))
            needed = std::max(needed, metrics.horizontalAdvance(tick.text));
        if (needed <= widest)
            break;
        widest = needed;
    }
    int free = section.left() + 2;
    for (const TimeTick &tick : std::as_const(ticks)) {
        const int x = xOf(tick.at);
        painter->setPen(roleColor(Role::Muted, palette));
        painter->drawLine(x, section.bottom() - 5, x, section.bottom() - 1);
        const int width = metrics.horizontalAdvance(tick.text);
        const int left = std::min(std::max(free, x - width / 2), section.right() - width - 2);
        if (left < free)
            continue;
        painter->drawText(QRect(left, section.top(), width + 2, section.height() - 4),
                          int(Qt::AlignLeft | Qt::AlignVCenter), tick.text);
        free = left + width + 8;
    }
}

bool WaterfallAxis::eventFilter(QObject *object, QEvent *event)
{
    const bool handled = object == m_table ? onKey(event)
        : object == m_table->viewport()    ? onWheel(event)
                                           : onWheel(event) || onHeaderMouse(event);
    return handled || QObject::eventFilter(object, event);
}

bool WaterfallAxis::onKey(QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto *key = static_cast<QKeyEvent *>(event);
    const Qt::KeyboardModifiers held = key->modifiers() & ~Qt::KeypadModifier;
    if (held == Qt::ShiftModifier && key->key() == Qt::Key_Left)
        pan(-kPanStep);
    else if (held == Qt::ShiftModifier && key->key() == Qt::Key_Right)
        pan(kPanStep);
    else if (held.testFlag(Qt::ControlModifier) || held.testFlag(Qt::AltModifier))
        return false;
    else if (key->key() == Qt::Key_Plus || key->key() == Qt::Key_Equal)
        zoom(kZoomStep);
    else if (key->key() == Qt::Key_Minus)
        zoom(1 / kZoomStep);
    else if (key->key() == Qt::Key_0)
        showAll();
    else if (key->key() == Qt::Key_Escape && m_span)
        setSpan({});
    else
        return false;
    Q_EMIT statusMessage(isZoomed() ? tr("Waterfall: %1").arg(timeWords(window()))
                                    : tr("Waterfall: all of the time"));
    return true;
}

bool WaterfallAxis::onWheel(QEvent *event)
{
    if (event->type() != QEvent::Wheel || bars().isEmpty())
        return false;
    auto *wheel = static_cast<QWheelEvent *>(event);
    const int x = int(wheel->position().x());
    const QPoint turned = wheel->angleDelta();
    const int steps = turned.y() != 0 ? turned.y() : turned.x();
    if (wheel->modifiers() == Qt::ControlModifier) {
        const bool over = x >= bars().left() && x <= bars().right();
        const double factor = std::pow(kZoomStep, steps / 120.0);
        if (over)
            zoomAt(factor, timeAt(x));
        else
            zoom(factor);
    } else if (wheel->modifiers() == Qt::ShiftModifier && isZoomed()) {
        pan(-kPanStep * steps / 120.0);
    } else {
        return false;
    }
    wheel->accept();
    return true;
}

bool WaterfallAxis::onHeaderMouse(QEvent *event)
{
    const QEvent::Type type = event->type();
    if (type != QEvent::MouseButtonPress && type != QEvent::MouseMove
        && type != QEvent::MouseButtonRelease)
        return false;
    auto *mouse = static_cast<QMouseEvent *>(event);
    const int x = int(mouse->position().x());
    const QHeaderView *header = m_table->header();
    if (type == QEvent::MouseButtonPress) {
        const int left = header->sectionViewportPosition(ExchangeModel::Waterfall);
        const int right = left + header->sectionSize(ExchangeModel::Waterfall);
        if (mouse->button() != Qt::LeftButton || bars().isEmpty() || x < left + kEdge
            || x >= right - kEdge || m_model->rowCount() == 0)
            return false;
        m_drawnFrom = timeAt(x);
        setSpan({});
        return true;
    }
    if (!m_drawnFrom)
        return false;
    const qint64 there = timeAt(x);
    const TimeWindow drawn{std::min(*m_drawnFrom, there),
                           std::max({*m_drawnFrom, there, *m_drawnFrom + 1})};
    const double pixels = double(drawn.length()) / double(window().length()) * bars().width();
    setSpan(pixels >= kDrawnAtLeast ? std::optional(drawn) : std::nullopt);
    if (type == QEvent::MouseButtonRelease) {
        m_drawnFrom.reset();
        if (m_span)
            offerSpan(mouse->globalPosition().toPoint());
    }
    return true;
}

void WaterfallAxis::filterTo(const TimeWindow &window)
{
    Q_EMIT filterWanted(timeTerm(window));
}

void WaterfallAxis::offerSpan(const QPoint &at)
{
    auto *menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const TimeWindow span = *m_span;
    menu->addSection(timeWords(span));
    menu->addAction(tr("Filter to this span"), this, [this, span] { filterTo(span); });
    menu->addAction(tr("Zoom to this span"), this, [this, span] {
        showWindow(span);
        setSpan({});
    });
    menu->popup(at);
}

void WaterfallAxis::addMenu(QMenu *menu)
{
    QMenu *popup = menu->addMenu(tr("Waterfall"));
    const auto add = [&](const QString &words, Qt::Key key, auto act) {
        QAction *action = popup->addAction(words, this, act);
        action->setShortcut(QKeySequence(key));
        action->setShortcutContext(Qt::WidgetShortcut); // shown here, heard by the table
        return action;
    };
    add(tr("Zoom in"), Qt::Key_Plus, [this] {
        zoom(kZoomStep);
    })->setEnabled(m_model->rowCount() > 0);
    add(tr("Zoom out"), Qt::Key_Minus, [this] { zoom(1 / kZoomStep); })->setEnabled(isZoomed());
    add(tr("All of the time"), Qt::Key_0, [this] { showAll(); })->setEnabled(isZoomed());
    popup->addSeparator();
    if (m_span)
        popup->addAction(tr("Filter to this span: %1").arg(timeWords(*m_span)), this,
                         [this, span = *m_span] { filterTo(span); });
    popup
        ->addAction(tr("Filter to what it shows: %1").arg(timeWords(window())), this,
                    [this] { filterTo(window()); })
        ->setEnabled(isZoomed());
}

} // namespace sightglass
