// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/drop_panel.h"

#include "ui/sightglass_style.h"
#include "ui/theme.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/tab_order.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {

bool canTakeFocus(const QWidget *widget)
{
    return widget->isEnabled() && widget->isVisible();
}

} // namespace

DropPanel::DropPanel(const QString &title, QWidget *content, QWidget *parent)
    : QFrame(parent)
    , m_scroll(pageScroll(content, this))
    , m_content(content)
    , m_head(new QWidget(this))
{
    setAccessibleName(title);
    auto *label = new QLabel(title, m_head);
    label->setFont(scaledFont(1, true));
    auto *done = new QPushButton(tr("Done"), m_head);
    done->setAutoDefault(false);
    connect(done, &QPushButton::clicked, this, &DropPanel::closePanel);
    auto *head = new QHBoxLayout(m_head);
    head->setContentsMargins(16, 12, 12, 4);
    head->addWidget(label, 1);
    head->addWidget(done);

    content->installEventFilter(this);
    parent->installEventFilter(this);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 8);
    layout->setSpacing(4);
    layout->addWidget(m_head);
    layout->addWidget(m_scroll, 1);
    hide();
}

void DropPanel::openUnder(QWidget *anchor)
{
    m_anchor = anchor;
    place();
    show();
    raise();
    const QList<QWidget *> stops = tabStops(m_content);
    const auto first = std::find_if(stops.cbegin(), stops.cend(), canTakeFocus);
    if (first != stops.cend())
        (*first)->setFocus(Qt::TabFocusReason);
    else
        setFocus();
}

bool DropPanel::focusNextPrevChild(bool next)
{
    // What is typed first, then Done.
    QList<QWidget *> stops = tabStops(m_content) + tabStops(m_head);
    const QWidget *focus = QApplication::focusWidget();
    stops.removeIf([focus](const QWidget *stop) { return stop != focus && !canTakeFocus(stop); });
    if (stops.isEmpty())
        return false;
    const qsizetype at = stops.indexOf(focus);
    const qsizetype to = at < 0 ? (next ? 0 : stops.size() - 1)
                                : (at + (next ? 1 : -1) + stops.size()) % stops.size();
    stops.at(to)->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    m_scroll->ensureWidgetVisible(stops.at(to));
    return true;
}

void DropPanel::closePanel()
{
    if (isHidden())
        return;
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    hide();
    if (hadFocus && m_anchor)
        m_anchor->setFocus(Qt::OtherFocusReason);
    Q_EMIT closed();
}

void DropPanel::place()
{
    if (!m_anchor || !parentWidget())
        return;
    const QSize room = parentWidget()->size();
    const QPoint below =
        m_anchor->mapTo(parentWidget(), QPoint(m_anchor->width(), m_anchor->height()));
    // Under the whole line that the anchor stands in.
    const QWidget *line = m_anchor->parentWidget();
    const int top = line->mapTo(parentWidget(), QPoint(0, line->height())).y() + 3;
    const int wanted =
        m_content->sizeHint().width() + 4 + m_scroll->verticalScrollBar()->sizeHint().width();
    const int width = std::clamp(wanted, std::min(360, room.width() - 16), room.width() - 16);
    const int inner = m_content->hasHeightForWidth() ? m_content->heightForWidth(width - 2)
                                                     : m_content->sizeHint().height();
    const int height = std::min(inner + m_head->sizeHint().height() + 32, room.height() - top - 12);
    setGeometry(std::max(8, std::min(below.x(), room.width() - 8) - width), top, width, height);
}

void DropPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        closePanel();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
             && qobject_cast<QLineEdit *>(QApplication::focusWidget()))
        Q_EMIT accepted();
    else
        QFrame::keyPressEvent(event);
}

void DropPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(roleColor(Role::Base, palette()));
    painter.setPen(
        mixedColor(roleColor(Role::Line, palette()), roleColor(Role::Muted, palette()), 0.4));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), SightglassStyle::radius,
                            SightglassStyle::radius);
}

bool DropPanel::eventFilter(QObject *object, QEvent *event)
{
    const bool sized = (object == parentWidget() && event->type() == QEvent::Resize)
        || (object == m_content && event->type() == QEvent::LayoutRequest);
    if (sized && isVisible())
        QMetaObject::invokeMethod(this, &DropPanel::place, Qt::QueuedConnection);
    return QFrame::eventFilter(object, event);
}

} // namespace sightglass
