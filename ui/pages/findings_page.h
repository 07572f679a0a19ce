// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QSet>
#include <QWidget>

#include <memory>

class QLabel;
class QStackedWidget;

namespace sightglass {

class FindingPanel;
class FindingsModel;
class FindingsScan;
class RoleLabel;
class RowsView;

/// What the rules concluded from the trace, worst first: a list, and one of them below it. Shows a
/// live session and a recording alike.
class FindingsPage final : public QWidget {
    Q_OBJECT
public:
    explicit FindingsPage(QWidget *parent = nullptr);

    /// The trace to look at; null: none. Not owned: give another (or null) before it goes away.
    /// `state`: whether it may grow.
    void setTrace(const TraceReader *trace, TraceState state = TraceState::Growing);
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    /// Shows the one of this id, now or as soon as it is found.
    void showFinding(const QString &id);
    /// So many matter: for the rail.
    int problemCount() const { return m_problems; }

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void problemCountChanged(int count);
    /// What is found in the trace as it is now.
    void findingsChanged(const QList<sightglass::Finding> &findings);
    /// See FindingsScan::concerned().
    void exchangesConcerned(const sightglass::ExchangeFindings &all,
                            const QSet<sightglass::ExchangeId> &changed);

private:
    QWidget *buildMessage();
    QWidget *buildList();
    void take(const QList<Finding> &findings);
    void showCurrent();
    void showState();

    FindingsScan *m_scan;
    FindingsModel *m_model;
    QStackedWidget *m_stack;
    QLabel *m_glyph = nullptr;
    QLabel *m_messageTitle = nullptr;
    RoleLabel *m_messageText = nullptr;
    RoleLabel *m_words = nullptr;
    RowsView *m_rows = nullptr;
    FindingPanel *m_panel = nullptr;
    QString m_wanted; ///< id to show once it is there
    bool m_chosen = false; ///< the person went to a row
    bool m_adjusting = false;
    int m_problems = 0;
};

} // namespace sightglass
