// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/task_choice.h"

#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QSpinBox>
#include <QVBoxLayout>

namespace sightglass {

namespace {

constexpr int mostTaskSeconds = 30 * 24 * 3600;

} // namespace

TaskChoice::TaskChoice(QWidget *parent)
    : QWidget(parent)
    , m_line(new QWidget(this))
    , m_asTask(new QCheckBox(tr("Call as a task"), m_line))
    , m_seconds(new QSpinBox(m_line))
    , m_words(new RoleLabel(Role::Muted, this))
{
    m_asTask->setToolTip(tr("The server answers at once with a task, and has the result later"));
    m_seconds->setRange(0, mostTaskSeconds);
    m_seconds->setSpecialValueText(tr("as long as the server likes"));
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("Seconds for which the task is to be kept"));
    m_seconds->setEnabled(false);
    m_words->setWordWrap(true);
    auto *line = new QHBoxLayout(m_line);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_asTask);
    line->addSpacing(8);
    line->addWidget(new RoleLabel(tr("kept for"), Role::Muted, m_line));
    line->addWidget(m_seconds);
    line->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_line);
    layout->addWidget(m_words);
    connect(m_asTask, &QCheckBox::toggled, m_seconds, &QWidget::setEnabled);
    connect(m_asTask, &QCheckBox::clicked, this, [this](bool on) { m_chosen.insert(m_tool, on); });
    hide();
}

void TaskChoice::setTool(const QString &name, ToolTasks tasks, TasksBy by, bool takesCalls)
{
    m_tool = name;
    const bool may = tasks != ToolTasks::Forbidden;
    const bool must = tasks == ToolTasks::Required;
    const bool ours = may && takesCalls;
    m_line->setVisible(ours);
    m_asTask->setChecked(ours && m_chosen.value(name, must));
    QString words;
    if (ours && must)
        words = tr("The tool says that it runs as a task only.");
    else if (may && by == TasksBy::Extension)
        words = tr("The server decides whether a call of this tool becomes a task.");
    else if (must && !takesCalls)
        words = tr("The tool says that it runs as a task only, but the server does not say that it "
                   "takes calls as tasks.");
    m_words->setText(words);
    m_words->setVisible(!words.isEmpty());
    setVisible(ours || !words.isEmpty());
}

QByteArray TaskChoice::task() const
{
    if (!m_asTask->isChecked())
        return {};
    const int seconds = m_seconds->value();
    return seconds == 0 ? QByteArray("{}")
                        : "{\"ttl\":" + QByteArray::number(qint64(seconds) * 1000) + '}';
}

} // namespace sightglass
