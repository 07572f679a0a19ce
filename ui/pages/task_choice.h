// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/task.h"
#include "core/mcp/tool.h"

#include <QHash>
#include <QWidget>

class QCheckBox;
class QSpinBox;

namespace sightglass {

class RoleLabel;

/// Whether a call is to become a task, and for how long that is kept; or, where that is not ours to
/// choose, what holds. To be seen only where the tool and the server have to do with tasks.
class TaskChoice final : public QWidget {
    Q_OBJECT
public:
    explicit TaskChoice(QWidget *parent = nullptr);

    /// What the tool says of itself, and the server of its tasks. `takesCalls`: a call may be asked
    /// for as a task. A tool that runs as a task only begins with that, others with what was last
    /// chosen for them.
    void setTool(const QString &name, ToolTasks tasks, TasksBy by, bool takesCalls);
    /// What is sent as `task` of the call; empty: nothing.
    QByteArray task() const;
    /// Forgets what was chosen: another server.
    void reset() { m_chosen.clear(); }

private:
    QString m_tool;
    QHash<QString, bool> m_chosen; ///< by tool
    QWidget *m_line;
    QCheckBox *m_asTask;
    QSpinBox *m_seconds;
    RoleLabel *m_words;
};

} // namespace sightglass
