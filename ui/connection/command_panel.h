// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/server_target.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;

namespace sightglass {

class HeaderRows;

/// A program that is to be started as a server: its arguments one by one, its working folder, and
/// what it gets in its environment. Values that are marked secret are not shown.
class CommandPanel final : public QWidget {
    Q_OBJECT
public:
    explicit CommandPanel(QWidget *parent = nullptr);

    void setCommand(const ServerCommand &command);
    ServerCommand command() const;

Q_SIGNALS:
    void changed();

private:
    void edited();

    QLineEdit *m_program;
    QPlainTextEdit *m_arguments;
    QLineEdit *m_folder;
    HeaderRows *m_environment;
    QCheckBox *m_reveal;
    bool m_loading = false;
};

} // namespace sightglass
