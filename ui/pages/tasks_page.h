// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace sightglass {

class LinkButton;
class RoleLabel;
class RowsView;
class SessionController;
class TaskPanel;
class TaskTracker;

/// The tasks of the server: those that began here and those that it lists above, one of them below.
class TasksPage final : public QWidget {
    Q_OBJECT
public:
    /// Neither is owned.
    TasksPage(TaskTracker *tracker, SessionController *session, QWidget *parent = nullptr);

    /// Shows it, if it is known.
    void showTask(const QString &id);
    void selectFirst(); ///< where none is selected
    void refresh(); ///< F5

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void showRequestsRequested();
    void showToolsRequested();
    void statusMessage(const QString &text);
    /// -1: not known. `waits`: one of them needs input.
    void countChanged(qint64 count, bool waits);

private:
    QWidget *buildMessage();
    QWidget *buildList();
    void showMessage(const QString &title, const QString &text, bool canAsk = false);
    void showState();
    void showCurrent();
    void tasksChanged();

    TaskTracker *m_tracker;
    SessionController *m_session;
    QStackedWidget *m_stack;
    QLabel *m_messageTitle;
    RoleLabel *m_messageText;
    QPushButton *m_messageAsk;
    LinkButton *m_messageTools;
    RoleLabel *m_words;
    RoleLabel *m_note;
    QCheckBox *m_poll;
    QPushButton *m_refresh;
    RowsView *m_rows;
    QStackedWidget *m_detail;
    TaskPanel *m_panel;
};

} // namespace sightglass
