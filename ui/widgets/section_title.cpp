// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/section_title.h"

#include "ui/theme.h"
#include "ui/widgets/role_label.h"

#include <QHBoxLayout>

namespace sightglass {

SectionTitle::SectionTitle(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_glyph(new QLabel(this))
    , m_title(new RoleLabel(title, Role::Text, this))
    , m_note(new RoleLabel(Role::Muted, this))
    , m_layout(new QHBoxLayout(this))
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setMinimumWidth(24);
    m_glyph->hide();
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_glyph);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_note);
    m_layout->addStretch(1);
}

void SectionTitle::setTitle(const QString &title)
{
    m_title->setText(title);
}

void SectionTitle::setNote(const QString &note)
{
    m_note->setText(note);
}

void SectionTitle::addAction(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void SectionTitle::setGlyph(const QIcon &glyph)
{
    m_glyph->setVisible(!glyph.isNull());
    m_glyph->setPixmap(glyph.pixmap(QSize(16, 16), devicePixelRatioF()));
}

} // namespace sightglass
