// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/banner.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace sightglass {

Banner::Banner(QWidget *parent)
    : QFrame(parent)
    , m_glyph(new QLabel(this))
    , m_sentence(new QLabel(this))
    , m_advice(new QLabel(this))
    , m_links(new QHBoxLayout)
    , m_close(new QToolButton(this))
{
    setAccessibleName(tr("Notice"));
    for (QLabel *label : {m_sentence, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_close->setIcon(themedIcon(QStringLiteral("close"), Role::Muted));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(tr("Close this notice"));
    m_close->setToolTip(tr("Close this notice"));
    connect(m_close, &QToolButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });

    auto *text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(m_sentence);
    text->addWidget(m_advice);
    m_links->setSpacing(6);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_glyph, 0, Qt::AlignTop);
    layout->addLayout(text, 1);
    layout->addLayout(m_links);
    layout->addWidget(m_close);
    hide();
}

void Banner::setMessage(Severity severity, const QString &sentence, const QString &advice)
{
    m_severity = severity;
    m_sentence->setText(sentence);
    m_advice->setText(advice);
    m_advice->setVisible(!advice.isEmpty());
    setAccessibleDescription(sentence);
    recolour();
    show();
}

QString Banner::sentence() const
{
    return m_sentence->text();
}

LinkButton *Banner::addLink(const QString &text)
{
    auto *link = new LinkButton(text, this);
    m_links->addWidget(link);
    link->show();
    return link;
}

void Banner::clearLinks()
{
    while (QLayoutItem *item = m_links->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

void Banner::clear()
{
    clearLinks();
    m_sentence->clear();
    m_advice->clear();
    hide();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Active, QPalette::Window));
    painter.fillRect(QRect(0, height() - 1, width(), 1),
                     roleColor(Role::Line, QApplication::palette()));
}

void Banner::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_recolouring)
        recolour();
}

void Banner::recolour()
{
    m_recolouring = true;
    const Role role = m_severity == Severity::Failure ? Role::Failure : Role::Attention;
    const QPalette application = QApplication::palette();
    QPalette own = palette();
    // Calmer than a cell: it is a whole row.
    const QColor ground =
        mixedColor(tintColor(role, application), roleColor(Role::Base, application),
                   isDark(application) ? 0.45 : 0.0);
    own.setColor(QPalette::Window, ground);
    setPalette(own);
    QPalette muted = own;
    muted.setColor(QPalette::WindowText, readableColor(Role::Muted, ground, application));
    m_advice->setPalette(muted);
    for (QLabel *label : {m_sentence, m_advice})
        label->setForegroundRole(QPalette::WindowText);
    const QString glyph =
        m_severity == Severity::Failure ? QStringLiteral("missing") : QStringLiteral("warning");
    m_glyph->setPixmap(tintedPixmap(glyph, roleColor(role, application), 16, devicePixelRatioF()));
    m_recolouring = false;
}

} // namespace sightglass
