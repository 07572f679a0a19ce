// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tool_panel.h"

#include "core/mcp/revision.h"
#include "core/mcp/task.h"
#include "ui/pages/task_choice.h"
#include "ui/session_controller.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/schema_form.h"

#include <QBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

ToolPanel::ToolPanel(SessionController *session, QWidget *parent)
    : OfferPanel(tr("Call"), ResultShape::Tool, session, parent)
{
    addPart(buildArguments());
    m_task = new TaskChoice(this);
    addPart(m_task);
    connect(session, &SessionController::stateChanged, this, &ToolPanel::updateTaskChoice);
    updateButtons();
}

QWidget *ToolPanel::buildArguments()
{
    auto *area = new QWidget(this);
    m_form = new SchemaForm(area);
    m_arguments = new ArgumentsEditor(area);
    m_arguments->setMinimumHeight(140);
    m_arguments->setMinimumWidth(140);
    m_sides = new QBoxLayout(QBoxLayout::LeftToRight, area);
    m_sides->setContentsMargins(0, 0, 0, 0);
    m_sides->setSpacing(16);
    m_sides->addWidget(m_form, 1);
    m_sides->addWidget(m_arguments, 1);
    connect(m_form, &SchemaForm::argumentsChanged, this, [this](const QByteArray &json) {
        m_loading = true;
        m_arguments->setArguments(json);
        m_loading = false;
        m_drafts[toolName()] = json;
        updateButtons();
    });
    connect(m_arguments, &ArgumentsEditor::argumentsChanged, this, [this] {
        if (m_loading)
            return;
        m_drafts[toolName()] = m_arguments->arguments();
        m_form->setArguments(m_arguments->arguments());
        updateButtons();
    });
    return area;
}

void ToolPanel::resizeEvent(QResizeEvent *event)
{
    OfferPanel::resizeEvent(event);
    const bool narrow = isNarrow();
    m_sides->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_sides->setStretch(0, narrow ? 0 : 1);
    m_sides->setStretch(1, narrow ? 0 : 1);
}

void ToolPanel::showOffer()
{
    m_loading = true;
    const Tool tool = readTool(offer().item.json.text());
    m_form->setSchema(tool.inputSchema);
    QByteArray &draft = m_drafts[toolName()];
    if (draft.isEmpty())
        draft = m_form->arguments().isEmpty() ? "{}"_ba : m_form->arguments();
    m_arguments->startWith(draft);
    m_form->setArguments(draft);
    m_loading = false;
    m_toolTasks = tool.tasks;
    updateTaskChoice();
}

void ToolPanel::updateTaskChoice()
{
    const SessionState &state = session()->state();
    const Revision *revision = revisionNamed(state.revision.toLatin1());
    m_task->setTool(toolName(), m_toolTasks, tasksBy(revision, state.capabilities),
                    takesCallsAsTasks(revision, state.capabilities));
}

void ToolPanel::reset()
{
    m_drafts.clear();
    m_task->reset();
    OfferPanel::reset();
}

bool ToolPanel::canCall() const
{
    return m_arguments->isSendable();
}

OfferPanel::Asked ToolPanel::ask()
{
    m_form->showAllProblems();
    const QByteArray arguments = m_arguments->arguments();
    const QByteArray shown =
        arguments.size() > 2000 ? arguments.left(2000) : JsonText::parse(arguments).compact();
    return {session()->callTool(toolName(), arguments, m_task->task()), arguments,
            QString::fromUtf8(shown)};
}

void ToolPanel::bringBack(const QByteArray &arguments)
{
    m_arguments->setArguments(arguments);
}

} // namespace sightglass
