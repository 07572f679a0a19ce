// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/comparison_job.h"

#include <QWidget>

namespace sightglass {

class ComparisonModel;
class ExchangePane;
class LinkButton;
class RoleLabel;
class RowsView;

/// How a recording differs from the trace that was shown when it was opened: a window of its own,
/// beside the other. Each difference leads to the exchanges that show it: those of the trace in the
/// main window, those of the recording below the list.
class ComparisonWindow final : public QWidget {
    Q_OBJECT
public:
    explicit ComparisonWindow(QWidget *parent = nullptr);
    ~ComparisonWindow() override;

    /// The recording is the first of the two, `shown` the second: what is there now is held against
    /// what was kept.
    void compare(const ComparedSide &shown, const QString &path);
    const TraceReader *shownTrace() const { return m_shown.trace.get(); }
    /// An exchange of the trace, where the main window shows another one by now.
    void showHere(ExchangeId id) { showExchange(m_shown, id); }

Q_SIGNALS:
    /// Of the trace that was shown.
    void exchangeRequested(sightglass::ExchangeId id);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void again();
    void showRunning(bool running);
    void showResult(const ComparedSide &side, const RecordingComparison &comparison,
                    const QString &remark);
    void showCurrent();
    void follow();
    void showExchange(const ComparedSide &side, ExchangeId id);
    /// Where in an exchange the current difference is seen.
    void showPlace();

    ComparedSide m_shown;
    ComparedSide m_recording;
    QString m_path;
    ComparisonJob *m_job;
    ComparisonModel *m_model;
    RoleLabel *m_summary;
    RoleLabel *m_remarks;
    LinkButton *m_cancel;
    LinkButton *m_again;
    RowsView *m_rows;
    LinkButton *m_toRecording;
    LinkButton *m_toTrace;
    QWidget *m_detail;
    RoleLabel *m_detailTitle;
    ExchangePane *m_pane;
};

} // namespace sightglass
