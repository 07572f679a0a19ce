// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/status_line.h"

#include "ui/sightglass_style.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace sightglass {

namespace {

constexpr int glyphWidth = 20;

} // namespace

StatusItem::StatusItem(QWidget *parent)
    : QAbstractButton(parent)
{
    setFont(scaledFont(-0.75));
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setLeadsSomewhere(false);
    hide();
}

void StatusItem::say(const QString &text, Role role, const QString &glyph, Role glyphRole)
{
    if (text == this->text() && role == m_role && glyph == m_glyph && glyphRole == m_glyphRole)
        return;
    m_role = role;
    m_glyph = glyph;
    m_glyphRole = glyphRole;
    setText(text);
    setAccessibleDescription(text);
    setVisible(!text.isEmpty());
    setToolTip(text.toHtmlEscaped());
    updateGeometry();
    update();
}

void StatusItem::setLeadsSomewhere(bool leads)
{
    setFocusPolicy(leads ? Qt::TabFocus : Qt::NoFocus);
    setCursor(leads ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

QSize StatusItem::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 10 + (m_glyph.isEmpty() ? 0 : glyphWidth),
            fontMetrics().height() + 4};
}

QSize StatusItem::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 40), sizeHint().height()};
}

void StatusItem::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor ground = roleColor(Role::Window, palette());
    const QColor color = readableColor(m_role, ground, palette());
    int left = 4;
    if (!m_glyph.isEmpty()) {
        painter.drawPixmap(left, (height() - 16) / 2,
                           tintedPixmap(m_glyph, readableColor(m_glyphRole, ground, palette()), 16,
                                        devicePixelRatioF()));
        left += glyphWidth;
    }
    QFont font = this->font();
    font.setUnderline(underMouse() && focusPolicy() != Qt::NoFocus);
    painter.setFont(font);
    painter.setPen(color);
    const int space = width() - left - 4;
    painter.drawText(QRect(left, 0, space, height()), Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(text(), Qt::ElideRight, space));
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(roleColor(Role::Accent, palette()));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5),
                                SightglassStyle::radius, SightglassStyle::radius);
    }
}

void StatusItem::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent)
    , m_left(new QHBoxLayout)
    , m_right(new QHBoxLayout)
    , m_message(new StatusItem(this))
{
    m_messageTime.setSingleShot(true);
    m_messageTime.setInterval(5000);
    connect(&m_messageTime, &QTimer::timeout, this, [this] { m_message->say({}); });
    m_left->setSpacing(8);
    m_right->setSpacing(8);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 2, 4, 1);
    layout->setSpacing(8);
    layout->addLayout(m_left);
    layout->addStretch(1);
    layout->addWidget(m_message);
    layout->addLayout(m_right);
    setAccessibleName(tr("Status"));
    setMinimumHeight(23);
}

StatusItem *StatusLine::addLeft(const QString &accessibleName)
{
    auto *item = new StatusItem(this);
    item->setAccessibleName(accessibleName);
    m_left->addWidget(item);
    return item;
}

StatusItem *StatusLine::addRight(const QString &accessibleName)
{
    auto *item = new StatusItem(this);
    item->setAccessibleName(accessibleName);
    m_right->addWidget(item);
    return item;
}

void StatusLine::showMessage(const QString &text)
{
    m_message->say(text, Role::Accent);
    m_messageTime.start();
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), roleColor(Role::Window, palette()));
    painter.fillRect(QRect(0, 0, width(), 1), roleColor(Role::Line, palette()));
}

} // namespace sightglass
