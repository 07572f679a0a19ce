// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QTimer>
#include <QWidget>

namespace sightglass {

class HeaderRows;
class RoleLabel;
class SessionController;

/// The folders that servers are told of where they ask for roots (client/roots). Changes are told
/// to the server a moment after the last key.
class ServerRoots final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit ServerRoots(SessionController *session, QWidget *parent = nullptr);

    QList<Root> roots() const;
    /// In place of those that stand there; servers are told from now on.
    void setRoots(const QList<Root> &roots);
    void addFolder(const QString &path);

Q_SIGNALS:
    /// By the person.
    void changed();

private:
    void chooseFolder();
    void check();
    void showState();

    SessionController *m_session;
    RoleLabel *m_told;
    HeaderRows *m_rows;
    QTimer m_settle;
};

} // namespace sightglass
