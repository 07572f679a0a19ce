// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/header_lines.h"

#include <QWidget>

class QMenu;
class QSplitter;

namespace sightglass {

class LinkButton;
class RoleLabel;
class WireTable;

/// The heads of a request and its answer side by side, in wire order: who put each line there,
/// what was withheld and why, what is missing against an exchange that was accepted.
class HeadersView : public QWidget {
    Q_OBJECT
public:
    explicit HeadersView(QWidget *parent = nullptr);

    /// `compared` is the exchange to mark differences against; 0: none.
    void setExchange(const ShownTrace &shown, ExchangeId id, ExchangeId compared);
    WireTable *requestTable() const { return m_request; }
    WireTable *responseTable() const { return m_response; }
    LinkButton *revealButton() const { return m_reveal; }

Q_SIGNALS:
    /// The person wants the true values of secrets, or the fingerprints again.
    void revealRequested(bool reveal);
    void exchangeRequested(sightglass::ExchangeId id);
    void filterRequested(const QString &filter);
    void statusMessage(const QString &text);

private:
    void showRequest();
    void showResponse();
    void addCopyActions(QMenu *menu, const QList<HeaderLine> &lines, int row);

    ShownTrace m_shown;
    ExchangeId m_id = 0;
    ExchangeId m_compared = 0;
    QList<HeaderLine> m_requestLines;
    QList<HeaderLine> m_responseLines;
    QSplitter *m_splitter;
    WireTable *m_request;
    WireTable *m_response;
    RoleLabel *m_redactedNote;
    LinkButton *m_reveal;
};

} // namespace sightglass
