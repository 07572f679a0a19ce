// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;

namespace sightglass {

class LinkButton;
class ResultView;
class RoleLabel;
class SectionTitle;
class TaskTracker;
struct TrackedTask;

/// One task: how it is, since when, how often it is asked for, what it asks, what became of a
/// cancel, and its result.
class TaskPanel final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit TaskPanel(TaskTracker *tracker, QWidget *parent = nullptr);

    void setTask(const TrackedTask &task);
    /// Without a live trace its exchanges are not to be found.
    void setLinksVisible(bool visible);

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void showRequestsRequested();
    void statusMessage(const QString &text);

private:
    RoleLabel *addFact(const QString &name);
    void showFact(RoleLabel *value, const QString &text);
    void link(LinkButton *button, ExchangeId exchange);
    QWidget *buildOutcome();
    void showResult(const TrackedTask &task);
    void copyResult();

    TaskTracker *m_tracker;
    QString m_id;
    bool m_links = true;
    QByteArray m_resultShown; ///< of which the view is now

    QLabel *m_glyph;
    RoleLabel *m_status;
    QLabel *m_title;
    QPushButton *m_cancel;
    QPushButton *m_fetch;
    RoleLabel *m_message;
    QWidget *m_input;
    QGridLayout *m_facts;
    RoleLabel *m_what;
    LinkButton *m_beganLink;
    RoleLabel *m_created;
    RoleLabel *m_updated;
    LinkButton *m_toldLink;
    RoleLabel *m_kept;
    RoleLabel *m_poll;
    RoleLabel *m_problem;
    QWidget *m_cancelLine;
    RoleLabel *m_cancelWords;
    LinkButton *m_cancelLink;
    SectionTitle *m_resultTitle;
    LinkButton *m_resultLink;
    LinkButton *m_copyLink;
    RoleLabel *m_noResult;
    ResultView *m_result;
};

} // namespace sightglass
