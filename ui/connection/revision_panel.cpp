// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/revision_panel.h"

#include "core/mcp/revision.h"
#include "ui/theme.h"
#include "ui/widgets/role_label.h"

#include <QButtonGroup>
#include <QRadioButton>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

RevisionPanel::RevisionPanel(QWidget *parent)
    : QWidget(parent)
    , m_choices(new QButtonGroup(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 8);
    layout->setSpacing(4);
    auto add = [&](int id, const QString &text, const QString &explanation) {
        auto *button = new QRadioButton(text, this);
        button->setAccessibleDescription(explanation);
        auto *words = new RoleLabel(explanation, Role::Muted, this);
        words->setContentsMargins(24, 0, 0, 6);
        m_choices->addButton(button, id);
        layout->addWidget(button);
        layout->addWidget(words);
    };
    add(0, tr("Any revision"), tr("Asks for the newest and takes what the server offers"));
    int id = 0;
    for (const Revision &revision : revisions())
        add(++id, QString::fromLatin1(revision.name), tr(revision.hallmark.constData()));
    m_choices->button(0)->setChecked(true);
    connect(m_choices, &QButtonGroup::idClicked, this, &RevisionPanel::changed);
}

void RevisionPanel::setRevision(const QString &revision)
{
    m_choices->button(int(revisionNames().indexOf(revision)) + 1)->setChecked(true);
}

QString RevisionPanel::revision() const
{
    const int id = m_choices->checkedId();
    return id <= 0 ? u"auto"_s : revisionNames().at(id - 1);
}

} // namespace sightglass
