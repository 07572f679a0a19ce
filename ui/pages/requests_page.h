// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/widgets/tab_order.h"

#include <QWidget>

class QLabel;
class QListView;
class QSplitter;
class QStackedWidget;

namespace sightglass {

class RequestListModel;
class RequestPanel;
class RoleLabel;
class SessionController;

/// What the server asks of the person, to be answered in any order (sampling, elicitation). Those
/// that need no answer any more stay listed, with why.
class RequestsPage final : public QWidget, public OrderedPage {
    Q_OBJECT
public:
    /// Not owned.
    explicit RequestsPage(SessionController *session, QWidget *parent = nullptr);

    int waiting() const;
    /// The one that has waited longest.
    void showFirst();
    void selectFirst(); ///< where none is selected
    QList<QWidget *> tabOrder() const override { return tabStops(this); }

Q_SIGNALS:
    void waitingChanged(int waiting);
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);

private:
    QWidget *buildMessage();
    void showCurrent();
    void showState();

    SessionController *m_session;
    RequestListModel *m_model;
    QStackedWidget *m_stack;
    QLabel *m_messageTitle;
    RoleLabel *m_messageText;
    QSplitter *m_splitter;
    QListView *m_list;
    QStackedWidget *m_right;
    RequestPanel *m_panel;
    quint64 m_answered = 0; ///< the entry that was answered last and still stands there; 0: none
};

} // namespace sightglass
