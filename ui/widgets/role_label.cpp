// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/role_label.h"

#include <QEvent>
#include <QPainter>

namespace sightglass {

RoleLabel::RoleLabel(Role role, QWidget *parent)
    : RoleLabel(QString(), role, parent)
{
}

RoleLabel::RoleLabel(const QString &text, Role role, QWidget *parent)
    : QLabel(text, parent)
    , m_role(role)
{
    setTextFormat(Qt::PlainText);
    setForegroundRole(QPalette::WindowText); // whatever the ground of the parent
    recolour();
}

void RoleLabel::setRole(Role role)
{
    m_role = role;
    recolour();
}

void RoleLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    setSizePolicy(mode == Qt::ElideNone ? QSizePolicy::Preferred : QSizePolicy::Ignored,
                  sizePolicy().verticalPolicy());
    updateGeometry();
}

void RoleLabel::setWholeText(const QString &text)
{
    setText(text);
    setToolTip(m_elide == Qt::ElideNone ? QString() : text.toHtmlEscaped());
}

QSize RoleLabel::minimumSizeHint() const
{
    if (m_elide == Qt::ElideNone)
        return QLabel::minimumSizeHint();
    return {fontMetrics().horizontalAdvance(QLatin1Char('m')) * 3, fontMetrics().height()};
}

void RoleLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_recolouring)
        recolour();
}

void RoleLabel::paintEvent(QPaintEvent *event)
{
    if (m_elide == Qt::ElideNone) {
        QLabel::paintEvent(event);
        return;
    }
    // Two letters and three dots say nothing; the tool tip has it all.
    const int room = contentsRect().width();
    if (fontMetrics().horizontalAdvance(text()) > room
        && room < 6 * fontMetrics().averageCharWidth())
        return;
    QPainter painter(this);
    painter.setPen(
        palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(contentsRect(), int(alignment() | Qt::TextSingleLine),
                     fontMetrics().elidedText(text(), m_elide, contentsRect().width()));
}

void RoleLabel::recolour()
{
    m_recolouring = true;
    const QPalette application = QApplication::palette();
    QPalette own = palette();
    own.setColor(QPalette::WindowText, roleColor(m_role, application));
    setPalette(own);
    m_recolouring = false;
}

} // namespace sightglass
