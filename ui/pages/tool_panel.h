// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QHash>
#include <QTime>
#include <QWidget>

#include <memory>

class QBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace sightglass {

class ArgumentsEditor;
class LinkButton;
class ResultView;
class RoleLabel;
class SchemaForm;
class SectionTitle;
class SessionController;

/// One tool: what it says of itself, its arguments, the call, its result, and
/// the calls before. A call goes on while another tool is looked at.
class ToolPanel final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit ToolPanel(SessionController *session, QWidget *parent = nullptr);
    ~ToolPanel() override;

    /// Shows the tool with the arguments that were last typed for it.
    void setTool(const Tool &tool);
    QString toolName() const { return m_tool.name; }
    /// The trace is another one: calls that ran in the old one have no end there, and none of
    /// their exchanges is to be found in it.
    void leaveTrace();
    /// Forgets all calls: another server.
    void reset();
    void call();
    void cancelCall();
    bool isRunning() const;

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Call {
        Ticket ticket = 0;
        QTime at;
        QByteArray arguments;
        ExchangeId exchange = 0;
        std::optional<Progress> progress;
        std::optional<CallResult> result; ///< empty: it runs
        bool dropped = false; ///< its result was too large to be kept
    };
    struct Calls {
        QByteArray draft;
        QList<std::shared_ptr<Call>> list; ///< newest last
    };

    QWidget *buildHead();
    QWidget *buildArguments();
    QWidget *buildOutcome();
    std::shared_ptr<Call> callOf(Ticket ticket) const;
    std::shared_ptr<Call> newest() const;
    void dropLargeResults(const std::shared_ptr<Call> &keep);
    void showDescription(bool all);
    void showOutcome();
    void showProgress();
    void showEarlier();
    void updateButtons();

    SessionController *m_session;
    Tool m_tool;
    QHash<QString, Calls> m_calls; ///< by name of the tool
    std::shared_ptr<Call> m_shown; ///< whose result stands there
    bool m_loading = false;
    bool m_narrow = false;
    QString m_descriptionText;
    bool m_wholeDescription = false;
    QBoxLayout *m_sides;

    QLabel *m_name;
    QLabel *m_hints;
    QLabel *m_description;
    LinkButton *m_moreLink;
    RoleLabel *m_problem;
    QPushButton *m_callButton;
    QPushButton *m_cancelButton;
    QLabel *m_key;
    SchemaForm *m_form;
    ArgumentsEditor *m_arguments;
    QWidget *m_outcome;
    SectionTitle *m_resultTitle;
    LinkButton *m_exchangeLink;
    LinkButton *m_copyLink;
    QProgressBar *m_progress;
    QLabel *m_progressText;
    ResultView *m_result;
    SectionTitle *m_earlierTitle;
    QVBoxLayout *m_earlier;
};

} // namespace sightglass
