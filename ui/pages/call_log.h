// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/models/result_blocks.h"

#include <QHash>
#include <QTime>
#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;
class QVBoxLayout;

namespace sightglass {

class LinkButton;
class ResultView;
class SectionTitle;
class SessionController;

/// What became of the calls of one thing that a server offers: the newest with its progress and
/// its result, and those before. Keeps the calls of all that were looked at; they go on while
/// another is shown.
class CallLog final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    CallLog(ResultShape shape, SessionController *session, QWidget *parent = nullptr);
    ~CallLog() override;

    /// Shows the calls of another thing, by its key. `outputSchema`: of a tool, what structured
    /// content has to look like; else empty.
    void showOf(const QString &key, const QByteArray &outputSchema = {});
    /// A call of what is shown began. `shown` is for its row, untrusted; `arguments` come back with
    /// argumentsWanted().
    void begin(Ticket ticket, const QByteArray &arguments, const QString &shown);
    /// Where the outcome stands, in coordinates of this.
    QRect outcomePlace() const;
    /// Of what is shown.
    bool isRunning() const;
    void cancel();
    /// Forgets all calls: another server.
    void reset();

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);
    void argumentsWanted(const QByteArray &arguments);
    /// The task that a call became.
    void showTaskRequested(const QString &id);
    /// isRunning() may be another.
    void changed();
    /// The newest call of what is shown has ended, and its outcome stands there.
    void ended();

private:
    struct Call;
    using Calls = QList<std::shared_ptr<Call>>; ///< newest last

    QWidget *buildOutcome();
    std::shared_ptr<Call> callOf(Ticket ticket) const;
    std::shared_ptr<Call> newest() const;
    void finished(Ticket ticket, const CallResult &result);
    /// The trace is another one: calls that ran in the old one have no end there, and none of
    /// their exchanges is to be found in it.
    void leaveTrace();
    void dropLargeResults(const std::shared_ptr<Call> &keep);
    void showOutcome();
    void showProgress();
    void showEarlier();

    SessionController *m_session;
    ResultShape m_shape;
    QString m_key;
    QByteArray m_outputSchema;
    QString m_task; ///< that the shown call became; mostly empty
    QHash<QString, Calls> m_calls; ///< by key
    std::shared_ptr<Call> m_shown; ///< whose result stands there

    QWidget *m_outcome;
    SectionTitle *m_resultTitle;
    LinkButton *m_exchangeLink;
    LinkButton *m_copyLink;
    LinkButton *m_taskLink;
    QProgressBar *m_progress;
    QLabel *m_progressText;
    ResultView *m_result;
    SectionTitle *m_earlierTitle;
    QVBoxLayout *m_earlier;
};

} // namespace sightglass
