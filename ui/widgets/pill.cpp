// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/pill.h"

#include "ui/theme.h"

#include <QPainter>

namespace sightglass {

Pill::Pill(const QString &text, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
}

QSize Pill::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    return {metrics.horizontalAdvance(text()) + metrics.height() + 8, metrics.height() + 8};
}

void Pill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ground = strongColor(Role::Accent, palette());
    painter.setBrush(ground);
    painter.setPen(hasFocus() ? QPen(roleColor(Role::Text, palette()), 2) : QPen(ground));
    const QRectF shape = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2);
    painter.setPen(onStrongColor(Role::Accent, palette()));
    painter.drawText(rect(), Qt::AlignCenter, text());
}

} // namespace sightglass
