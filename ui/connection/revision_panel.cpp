// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/revision_panel.h"

#include "core/mcp/revision.h"
#include "ui/theme.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QButtonGroup>
#include <QCheckBox>
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
    layout->addSpacing(8);
    layout->addWidget(new SectionTitle(tr("What the server may ask for"), this));
    auto offer = [&](const QString &text, const QString &explanation) {
        auto *box = new QCheckBox(text, this);
        box->setAccessibleDescription(explanation);
        box->setToolTip(explanation);
        box->setChecked(true);
        layout->addWidget(box);
        connect(box, &QCheckBox::clicked, this, &RevisionPanel::changed);
        return box;
    };
    m_roots = offer(tr("Roots: folders, from the table on the Server page"),
                    tr("Answered at once, by itself"));
    m_sampling = offer(tr("Sampling: what a model would say"), tr("You are asked on Requests"));
    m_elicitation =
        offer(tr("Elicitation: forms and addresses to open"), tr("You are asked on Requests"));
    m_tasks = offer(tr("Tasks: calls that go on by themselves"),
                    tr("In revisions that have them, or as an extension"));
    auto *when = new RoleLabel(tr("Holds from the next connection on"), Role::Muted, this);
    layout->addWidget(when);
    connect(m_choices, &QButtonGroup::idClicked, this, &RevisionPanel::changed);
}

void RevisionPanel::setRevision(const QString &revision)
{
    m_choices->button(int(revisionNames().indexOf(revision)) + 1)->setChecked(true);
}

void RevisionPanel::setOffer(const ClientOffer &offer)
{
    m_roots->setChecked(offer.roots);
    m_sampling->setChecked(offer.sampling);
    m_elicitation->setChecked(offer.elicitation);
    m_tasks->setChecked(offer.tasks);
}

ClientOffer RevisionPanel::offer() const
{
    return {m_roots->isChecked(), m_sampling->isChecked(), m_elicitation->isChecked(),
            m_tasks->isChecked()};
}

QString RevisionPanel::revision() const
{
    const int id = m_choices->checkedId();
    return id <= 0 ? u"auto"_s : revisionNames().at(id - 1);
}

} // namespace sightglass
