// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/tool.h"
#include "ui/pages/offer_panel.h"

#include <QHash>

class QBoxLayout;

namespace sightglass {

class ArgumentsEditor;
class SchemaForm;
class TaskChoice;

/// One tool: its arguments as a form and as JSON, and its calls.
class ToolPanel final : public OfferPanel {
    Q_OBJECT
public:
    /// Not owned.
    explicit ToolPanel(SessionController *session, QWidget *parent = nullptr);

    QString toolName() const { return offer().item.name; }
    void reset() override;

protected:
    void showOffer() override;
    bool canCall() const override;
    Asked ask() override;
    void bringBack(const QByteArray &arguments) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *buildArguments();
    void updateTaskChoice();

    QHash<QString, QByteArray> m_drafts; ///< arguments, by name of the tool
    bool m_loading = false;
    QBoxLayout *m_sides;
    SchemaForm *m_form;
    ArgumentsEditor *m_arguments;
    TaskChoice *m_task;
    ToolTasks m_toolTasks = ToolTasks::Forbidden;
};

} // namespace sightglass
