// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/recent_row.h"

#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace sightglass {

RecentRow::RecentRow(const QString &name, const QString &url, const QString &note,
                     const QString &when, QWidget *parent)
    : QAbstractButton(parent)
    , m_url(url)
    , m_note(note)
    , m_when(when)
{
    setText(name);
    setAccessibleName(tr("%1, %2").arg(name, url));
    setAccessibleDescription(note);
    setToolTip(url.toHtmlEscaped());
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize RecentRow::sizeHint() const
{
    return {480, fontMetrics().height() + 12};
}

QSize RecentRow::minimumSizeHint() const
{
    return {240, sizeHint().height()};
}

void RecentRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = roleColor(Role::Base, palette());
    if (underMouse() || hasFocus()) {
        if (underMouse())
            ground = mixedColor(ground, roleColor(Role::Text, palette()), 0.04);
        painter.setBrush(ground);
        painter.setPen(hasFocus() ? QPen(roleColor(Role::Accent, palette())) : QPen(Qt::NoPen));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5),
                                SightglassStyle::radius, SightglassStyle::radius);
    }
    const QFontMetrics metrics = fontMetrics();
    const int em = metrics.height();
    const int whenWidth = std::max(em * 6, metrics.horizontalAdvance(m_when));
    const int noteWidth =
        std::min(std::max(em * 9, metrics.horizontalAdvance(m_note)), width() / 3);
    const int nameWidth = std::min(em * 9, width() / 4);
    const int right = width() - 4;
    painter.setPen(readableColor(Role::Muted, ground, palette()));
    painter.drawText(QRect(right - whenWidth, 0, whenWidth, height()),
                     Qt::AlignVCenter | Qt::AlignRight, m_when);
    painter.drawText(QRect(right - whenWidth - 16 - noteWidth, 0, noteWidth, height()),
                     Qt::AlignVCenter | Qt::AlignRight,
                     metrics.elidedText(m_note, Qt::ElideRight, noteWidth));
    painter.setPen(roleColor(Role::Text, palette()));
    const int urlLeft = 4 + nameWidth + 12;
    const int urlWidth = std::max(0, right - whenWidth - noteWidth - 32 - urlLeft);
    painter.setFont(wireFont());
    painter.drawText(QRect(urlLeft, 0, urlWidth, height()), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_url, Qt::ElideMiddle, urlWidth));
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(QRect(4, 0, nameWidth, height()), Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(text(), Qt::ElideRight, nameWidth));
}

void RecentRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else if (event->key() == Qt::Key_Delete)
        QMetaObject::invokeMethod(this, &RecentRow::forgetRequested, Qt::QueuedConnection);
    else
        QAbstractButton::keyPressEvent(event);
}

void RecentRow::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Forget this server")), &QAction::triggered, this,
            &RecentRow::forgetRequested, Qt::QueuedConnection);
    menu->popup(event->globalPos());
}

} // namespace sightglass
