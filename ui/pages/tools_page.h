// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QSettings;
class QSplitter;
class QStackedWidget;

namespace sightglass {

class FilterLine;
class RoleLabel;
class SessionController;
class ToolListModel;
class ToolPanel;

/// What the server can do: its tools at the left, one of them at the right.
class ToolsPage final : public QWidget {
    Q_OBJECT
public:
    /// Neither is owned; `settings` may be null.
    ToolsPage(SessionController *session, QSettings *settings, QWidget *parent = nullptr);

    void focusFilter();
    /// Where none is selected.
    void selectFirst();
    bool selectTool(const QString &name);
    void saveLayout();

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    /// -1: not known.
    void countChanged(qint64 count);
    void statusMessage(const QString &text);

private:
    enum class Shown : quint8 { Message, Tools };

    void stateChanged(const SessionState &state);
    void toolsListed(const ToolList &tools);
    void currentChanged();
    void showMessage(const QString &title, const QString &text, bool busy);

    SessionController *m_session;
    QSettings *m_settings;
    ToolListModel *m_model;
    QUrl m_server;
    SessionPhase m_phase = SessionPhase::Idle;
    bool m_listed = false;

    QStackedWidget *m_stack;
    QLabel *m_messageTitle;
    RoleLabel *m_messageText;
    QPushButton *m_messageCancel;
    QWidget *m_busy;
    QSplitter *m_splitter;
    FilterLine *m_filter;
    QListView *m_list;
    RoleLabel *m_note;
    QStackedWidget *m_right;
    QLabel *m_none;
    ToolPanel *m_panel;
};

} // namespace sightglass
