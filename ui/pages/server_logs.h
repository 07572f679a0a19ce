// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QWidget>

class QComboBox;
class QSortFilterProxyModel;

namespace sightglass {

class FilterLine;
class JsonView;
class LinkButton;
class LogModel;
class RoleLabel;
class RowsView;
class SessionController;

/// What the server logs, from which level on, and one message whole.
class ServerLogs final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit ServerLogs(SessionController *session, QWidget *parent = nullptr);

    void focusFilter();

Q_SIGNALS:
    void countChanged(int count);
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);

private:
    void showState();
    void showLine();

    SessionController *m_session;
    LogModel *m_model;
    QSortFilterProxyModel *m_filtered;
    QComboBox *m_level;
    FilterLine *m_filter;
    RoleLabel *m_note;
    LinkButton *m_clear;
    RowsView *m_rows;
    QWidget *m_detail;
    RoleLabel *m_detailWords;
    LinkButton *m_exchange;
    JsonView *m_data;
    ExchangeId m_exchangeId = 0;
};

} // namespace sightglass
