// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QWidget>

class QScrollArea;
class QStackedWidget;
class QTabBar;

namespace sightglass {

class ServerLogs;
class ServerOverview;
class ServerRoots;
class SessionController;

/// The server itself: what it says of itself and how it was reached, what it logs, and the roots
/// that it is given.
class ServerPage final : public QWidget {
    Q_OBJECT
public:
    enum class Tab : quint8 { Overview, Logs, Roots };

    /// Not owned.
    explicit ServerPage(SessionController *session, QWidget *parent = nullptr);

    void showTab(Tab tab);
    Tab tab() const;
    /// Scrolls to how the connection came about.
    void showLadder();
    /// Of the log.
    void focusFilter();
    QList<Root> roots() const;
    void setRoots(const QList<Root> &roots);

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);
    /// By the person.
    void rootsChanged();

private:
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QScrollArea *m_overviewScroll;
    ServerOverview *m_overview;
    ServerLogs *m_logs;
    ServerRoots *m_roots;
};

} // namespace sightglass
