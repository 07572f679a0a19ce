// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/header_lines.h"
#include "ui/widgets/wire_table.h"

#include <QWidget>

class QMenu;
class QSplitter;

namespace sightglass {

class LinkButton;
class RoleLabel;

/// The heads of a request and its answer side by side, in wire order: who put each line there,
/// what was withheld and why, what is missing against an exchange that was accepted.
class HeadersView : public QWidget {
    Q_OBJECT
public:
    explicit HeadersView(QWidget *parent = nullptr);

    /// `compared` is the exchange to mark differences against; 0: none. Its head then stands beside
    /// this one's, unless the person prefers the marks alone.
    void setExchange(const ShownTrace &shown, ExchangeId id, ExchangeId compared);
    bool isSideBySide() const { return m_sideBySide && m_compared > 0; }
    WireTable *requestTable() const { return m_request; }
    WireTable *responseTable() const { return m_response; }
    LinkButton *revealButton() const { return m_reveal; }
    LinkButton *sideBySideButton() const { return m_beside; }

Q_SIGNALS:
    /// The person wants the true values of secrets, or the fingerprints again.
    void revealRequested(bool reveal);
    void exchangeRequested(sightglass::ExchangeId id);
    void filterRequested(const QString &filter);
    void statusMessage(const QString &text);

private:
    void showRequest();
    void showRequests();
    void showResponse();
    void showBoth();
    QString headOf(ExchangeId id) const;
    QList<WireTable::Row> answerRows(ExchangeId id, const QList<HeaderLine> &lines,
                                     const QList<QByteArray> &same) const;
    void addCopyActions(QMenu *menu, const HeaderLine &line);
    void addFilterAction(QMenu *menu, const QByteArray &name, bool lacks);

    ShownTrace m_shown;
    ExchangeId m_id = 0;
    ExchangeId m_compared = 0;
    bool m_sideBySide = true;
    bool m_splitterMoved = false; ///< by the person: its place is theirs
    QList<ComparedLine> m_comparedLines;
    QList<HeaderLine> m_requestLines;
    QList<HeaderLine> m_responseLines;
    QSplitter *m_splitter;
    WireTable *m_request;
    WireTable *m_response;
    RoleLabel *m_redactedNote;
    LinkButton *m_reveal;
    LinkButton *m_beside;
};

} // namespace sightglass
