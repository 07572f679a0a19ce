// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/choice_card.h"

#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace sightglass {

namespace {

constexpr int textLeft = 48;

} // namespace

ChoiceCard::ChoiceCard(const QString &iconName, const QString &title, const QString &explanation,
                       const QString &key, QWidget *parent)
    : QAbstractButton(parent)
    , m_iconName(iconName)
    , m_explanation(explanation)
    , m_key(key)
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(explanation);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize ChoiceCard::sizeHint() const
{
    const int title = QFontMetrics(scaledFont(0.5, true)).height();
    const int small = QFontMetrics(scaledFont(-0.75)).height();
    return {320, title + small + 32};
}

QSize ChoiceCard::minimumSizeHint() const
{
    return {220, sizeHint().height()};
}

void ChoiceCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor window = roleColor(Role::Window, palette());
    const QColor ground = isDown() || underMouse()
        ? mixedColor(window, roleColor(Role::Text, palette()), isDown() ? 0.08 : 0.04)
        : window;
    painter.setBrush(ground);
    painter.setPen(hasFocus() ? QPen(roleColor(Role::Accent, palette()), 2)
                              : QPen(roleColor(Role::Line, palette())));
    const qreal inset = hasFocus() ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                            SightglassStyle::radius + 1, SightglassStyle::radius + 1);
    painter.drawPixmap(18, (height() - 16) / 2,
                       tintedPixmap(m_iconName, readableColor(Role::Accent, ground, palette()), 16,
                                    devicePixelRatioF()));

    const QFont small = scaledFont(-0.75);
    const QFont large = scaledFont(0.5, true);
    const QFontMetrics smallMetrics(small);
    const QFontMetrics largeMetrics(large);
    int right = width() - 18;
    painter.setPen(readableColor(Role::Muted, ground, palette()));
    painter.setFont(small);
    const int keyWidth = smallMetrics.horizontalAdvance(m_key);
    painter.drawText(QRect(right - keyWidth, 0, keyWidth, height()), Qt::AlignVCenter, m_key);
    right -= keyWidth + 12;

    const int block = largeMetrics.height() + smallMetrics.height() + 2;
    const int top = (height() - block) / 2;
    const int space = std::max(0, right - textLeft);
    painter.drawText(QRect(textLeft, top + largeMetrics.height() + 2, space, smallMetrics.height()),
                     Qt::AlignVCenter,
                     smallMetrics.elidedText(m_explanation, Qt::ElideRight, space));
    painter.setPen(roleColor(Role::Text, palette()));
    painter.setFont(large);
    painter.drawText(QRect(textLeft, top, space, largeMetrics.height()), Qt::AlignVCenter,
                     largeMetrics.elidedText(text(), Qt::ElideRight, space));
}

void ChoiceCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace sightglass
