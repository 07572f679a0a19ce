// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/rail.h"

#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace sightglass {

RailButton::RailButton(const QString &iconName, const QString &text, QWidget *parent)
    : QAbstractButton(parent)
    , m_iconName(iconName)
{
    setText(text);
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void RailButton::setCount(std::optional<qint64> count)
{
    if (m_count == count)
        return;
    m_count = count;
    describe();
    update();
}

void RailButton::setFailed(bool failed)
{
    if (m_failed == failed)
        return;
    m_failed = failed;
    describe();
    update();
}

void RailButton::setWaiting(bool waiting)
{
    if (m_waiting == waiting)
        return;
    m_waiting = waiting;
    describe();
    update();
}

void RailButton::describe()
{
    QString name = text();
    if (m_count)
        name = tr("%1, %2").arg(text(), QLocale().toString(*m_count));
    if (m_failed)
        name = tr("%1, something failed here").arg(name);
    if (m_waiting)
        name = tr("%1, something waits for you").arg(name);
    setAccessibleName(name);
}

QSize RailButton::sizeHint() const
{
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    return {34 + metrics.horizontalAdvance(text()) + 12
                + metrics.horizontalAdvance(QStringLiteral("00,000")) + 10,
            metrics.height() + 14};
}

void RailButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colors = palette();
    const QColor ground = isChecked() ? roleColor(Role::Selection, colors)
        : underMouse()
        ? mixedColor(roleColor(Role::Window, colors), roleColor(Role::Text, colors), 0.05)
        : roleColor(Role::Window, colors);
    painter.setBrush(ground);
    painter.setPen(hasFocus() ? QPen(roleColor(Role::Accent, colors)) : QPen(ground));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), SightglassStyle::radius,
                            SightglassStyle::radius);

    const QColor glyph = isChecked() ? readableColor(Role::Accent, ground, colors)
                                     : readableColor(Role::Muted, ground, colors);
    painter.drawPixmap(8, (height() - 16) / 2,
                       tintedPixmap(m_iconName, glyph, 16, devicePixelRatioF()));

    int right = width() - 10;
    painter.setPen(readableColor(Role::Muted, ground, colors));
    if (m_count) {
        const QString number = QLocale().toString(*m_count);
        const int numberWidth = fontMetrics().horizontalAdvance(number);
        painter.drawText(QRect(right - numberWidth, 0, numberWidth, height()), Qt::AlignVCenter,
                         number);
        right -= numberWidth + 6;
    }
    if (m_failed || m_waiting) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(roleColor(m_failed ? Role::Failure : Role::Attention, colors));
        painter.drawEllipse(QPointF(right - 3, height() / 2.0), 3, 3);
        right -= 12;
    }
    QFont font = this->font();
    font.setBold(isChecked());
    painter.setFont(font);
    painter.setPen(roleColor(Role::Text, colors));
    const int space = std::max(0, right - 34);
    painter.drawText(QRect(34, 0, space, height()), Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(text(), Qt::ElideRight, space));
}

Rail::Rail(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(8, 8, 9, 8);
    m_layout->setSpacing(2);
    m_layout->addStretch(1);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setAccessibleName(tr("Pages"));
}

int Rail::addPage(const QString &key, const QString &iconName, const QString &text)
{
    auto *button = new RailButton(iconName, text, this);
    const int index = int(m_pages.size());
    m_layout->insertWidget(m_layout->count() - 1, button);
    m_pages.append(button);
    m_keys.append(key);
    connect(button, &RailButton::clicked, this, [this, index] { setCurrent(index); });
    if (m_current < 0)
        setCurrent(0);
    return index;
}

void Rail::addSeparator()
{
    auto *line = new QWidget(this);
    line->setFixedHeight(13);
    m_layout->insertWidget(m_layout->count() - 1, line);
}

int Rail::indexOf(const QString &key) const
{
    return int(m_keys.indexOf(key));
}

void Rail::setCurrent(int index)
{
    if (index < 0 || index >= m_pages.size())
        return;
    m_pages.at(index)->setChecked(true);
    if (index == m_current)
        return;
    m_current = index;
    Q_EMIT currentChanged(index);
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), roleColor(Role::Window, palette()));
    const QColor line = roleColor(Role::Line, palette());
    painter.fillRect(QRect(width() - 1, 0, 1, height()), line);
    // The separators are the widgets that are no pages.
    for (int i = 0; i < m_layout->count(); ++i) {
        const QWidget *widget = m_layout->itemAt(i)->widget();
        if (widget && !qobject_cast<const RailButton *>(widget))
            painter.fillRect(
                QRect(widget->x() + 4, widget->geometry().center().y(), widget->width() - 8, 1),
                line);
    }
}

void Rail::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step == 0 || m_pages.isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int next = std::clamp(m_current + step, 0, int(m_pages.size()) - 1);
    setCurrent(next);
    m_pages.at(next)->setFocus(Qt::OtherFocusReason);
}

} // namespace sightglass
