// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/call_row.h"

#include "ui/sightglass_style.h"

#include <QKeyEvent>
#include <QPainter>

namespace sightglass {

CallRow::CallRow(const QString &time, const QString &arguments, const QString &outcome, Role role,
                 QWidget *parent)
    : QAbstractButton(parent)
    , m_time(time)
    , m_outcome(outcome)
    , m_role(role)
{
    setText(arguments);
    setAccessibleName(tr("Call at %1 with %2: %3").arg(time, arguments, outcome));
    setToolTip(tr("Bring these arguments back"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize CallRow::sizeHint() const
{
    return {320, fontMetrics().height() + 6};
}

void CallRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = roleColor(Role::Base, palette());
    if (underMouse())
        ground = mixedColor(ground, roleColor(Role::Text, palette()), 0.04);
    if (underMouse() || hasFocus()) {
        painter.setBrush(ground);
        painter.setPen(hasFocus() ? QPen(roleColor(Role::Accent, palette())) : QPen(Qt::NoPen));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5),
                                SightglassStyle::radius, SightglassStyle::radius);
    }
    const QFont small = scaledFont(-0.75);
    const QFontMetrics metrics(small);
    painter.setFont(small);
    painter.setPen(readableColor(Role::Muted, ground, palette()));
    painter.drawText(QRect(0, 0, metrics.horizontalAdvance(m_time) + 2, height()), Qt::AlignVCenter,
                     m_time);
    const int outcome = std::min(metrics.horizontalAdvance(m_outcome), width() / 3);
    painter.setPen(readableColor(m_role, ground, palette()));
    painter.drawText(QRect(width() - outcome - 1, 0, outcome + 1, height()), Qt::AlignVCenter,
                     metrics.elidedText(m_outcome, Qt::ElideRight, outcome + 1));
    const int left = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 24;
    const int space = std::max(0, width() - outcome - 16 - left);
    painter.setFont(wireFont());
    painter.setPen(roleColor(Role::Text, palette()));
    painter.drawText(QRect(left, 0, space, height()), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text().left(500), Qt::ElideRight, space));
}

void CallRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace sightglass
