// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/command_panel.h"

#include "ui/connection/header_rows.h"
#include "ui/theme.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QAction>
#include <QCheckBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace sightglass {

using namespace Qt::StringLiterals;

CommandPanel::CommandPanel(QWidget *parent)
    : QWidget(parent)
    , m_program(new QLineEdit(this))
    , m_arguments(new QPlainTextEdit(this))
    , m_folder(new QLineEdit(this))
    , m_environment(
          new HeaderRows({tr("Add variable"), tr("Name"), tr("Value"), tr("Name of the variable"),
                          tr("Value of the variable"), tr("Remove this variable"),
                          tr("Shown nowhere and not remembered")},
                         this))
    , m_reveal(new QCheckBox(tr("Show secret values"), this))
{
    m_program->setAccessibleName(tr("Program"));
    m_program->setFont(wireFont());
    m_arguments->setAccessibleName(tr("Arguments, one a line"));
    m_arguments->setPlaceholderText(tr("One argument a line"));
    m_arguments->setFont(wireFont());
    m_arguments->setTabChangesFocus(true);
    m_arguments->setFixedHeight(fontMetrics().height() * 5 + 16);
    m_folder->setAccessibleName(tr("Working folder"));
    m_folder->setPlaceholderText(tr("The folder that Sightglass was started in"));
    QAction *choose =
        m_folder->addAction(themedIcon(u"folder"_s, Role::Muted), QLineEdit::TrailingPosition);
    choose->setToolTip(tr("Choose a folder"));
    connect(choose, &QAction::triggered, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Working folder"), m_folder->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
        dialog->open();
    });
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->addWidget(new RoleLabel(tr("Program"), Role::Muted, this), 0, 0);
    grid->addWidget(m_program, 0, 1);
    grid->addWidget(new RoleLabel(tr("Arguments"), Role::Muted, this), 1, 0, Qt::AlignTop);
    grid->addWidget(m_arguments, 1, 1);
    grid->addWidget(new RoleLabel(tr("Working folder"), Role::Muted, this), 2, 0);
    grid->addWidget(m_folder, 2, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 8);
    layout->setSpacing(8);
    layout->addLayout(grid);
    layout->addSpacing(8);
    auto *title = new SectionTitle(tr("Environment"), this);
    title->setNote(tr("in addition to that of Sightglass"));
    layout->addWidget(title);
    layout->addWidget(m_environment);
    layout->addWidget(m_reveal);
    layout->addWidget(new RoleLabel(tr("It is started as it is, without a shell: nothing is "
                                       "expanded."),
                                    Role::Muted, this));
    connect(m_program, &QLineEdit::textChanged, this, &CommandPanel::edited);
    connect(m_arguments, &QPlainTextEdit::textChanged, this, &CommandPanel::edited);
    connect(m_folder, &QLineEdit::textChanged, this, &CommandPanel::edited);
    connect(m_environment, &HeaderRows::changed, this, &CommandPanel::edited);
    connect(m_reveal, &QCheckBox::toggled, m_environment, &HeaderRows::setRevealed);
}

void CommandPanel::edited()
{
    if (!m_loading)
        Q_EMIT changed();
}

void CommandPanel::setCommand(const ServerCommand &command)
{
    if (command == this->command())
        return;
    m_loading = true;
    m_program->setText(command.program);
    m_arguments->setPlainText(command.arguments.join(u'\n'));
    m_folder->setText(command.workingFolder);
    QList<Header> rows;
    for (const ServerCommand::Variable &variable : command.environment) {
        Header row;
        row.name = variable.name.toUtf8();
        row.value = variable.value.toUtf8();
        row.secret = variable.secret;
        rows.append(row);
    }
    m_environment->setHeaders(rows);
    m_loading = false;
}

ServerCommand CommandPanel::command() const
{
    ServerCommand command;
    command.program = m_program->text();
    const QString arguments = m_arguments->toPlainText();
    if (!arguments.isEmpty())
        command.arguments = arguments.split(u'\n');
    command.workingFolder = m_folder->text();
    const QList<Header> rows = m_environment->headers();
    for (const Header &row : rows) {
        if (!row.name.isEmpty())
            command.environment.append(
                {QString::fromUtf8(row.name), QString::fromUtf8(row.value), row.secret});
    }
    return command;
}

} // namespace sightglass
