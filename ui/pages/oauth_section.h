// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"
#include "core/trace/redaction.h"

#include <QWidget>

#include <memory>

class QBoxLayout;
class QPushButton;

namespace sightglass {

class LinkButton;
class OAuthEditForm;
class OAuthStepView;
class OAuthStepsModel;
class OAuthTokensView;
class RoleLabel;
class RowsView;

/// How one logged in, step by step: the steps as a table, one of them in full below it, the tokens
/// beside that; and what a person can do about it. Of a recording the steps alone.
class OAuthSection final : public QWidget {
    Q_OBJECT
public:
    explicit OAuthSection(QWidget *parent = nullptr);

    /// Of a live session. `settings` are what a step is run again with, unless they are changed.
    /// `canLogIn`: the target is one on HTTP, and no Authorization is given by hand.
    void setState(const OAuthState &state, const TokenSet &tokens, const OAuthSettings &settings,
                  bool canLogIn);
    /// What the authorisation server told of the tokens that stand here.
    void setInspection(const TokenInspection &found);
    /// Of a recording; empty: nobody logged in.
    void setRecorded(const QList<OAuthStep> &steps);
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    /// Selects the step that a person is to see; see OAuthStepsModel::interestingRow().
    void showInteresting();

    /// Where there is little height the step stands beside the list, if there is room for both.
    void setLow(bool low);

    RowsView *stepList() const { return m_list; }
    OAuthStepsModel *steps() const { return m_steps; }
    OAuthStepView *stepView() const { return m_step; }
    OAuthTokensView *tokensView() const { return m_tokens; }

Q_SIGNALS:
    void logInRequested();
    void exploreRequested();
    void refreshRequested();
    void expireRequested();
    void logOutRequested();
    void inspectRequested();
    void cancelRequested();
    void runAgainRequested(sightglass::OAuthStepKind from, bool alone,
                           const sightglass::OAuthSettings &settings);
    void showExchangeRequested(sightglass::ExchangeId id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildActions();
    void showSteps(const QList<OAuthStep> &steps);
    const OAuthStep *currentStep() const; ///< null: none is selected
    void showStep();
    void updateActions();
    void fitList();
    void arrange();

    OAuthState m_state;
    OAuthSettings m_settings;
    std::shared_ptr<const Redactor> m_redactor;
    bool m_canLogIn = false;
    bool m_recorded = false;
    bool m_low = false;
    bool m_chosen = false; ///< by the person: the flow does not select another step

    RoleLabel *m_sentence;
    QPushButton *m_logIn;
    QPushButton *m_cancel;
    QPushButton *m_explore;
    QPushButton *m_refresh;
    QPushButton *m_expire;
    QPushButton *m_logOut;
    QWidget *m_actions;
    OAuthStepsModel *m_steps;
    RowsView *m_list;
    QBoxLayout *m_main; ///< the list, and what is shown of a step
    QBoxLayout *m_sides; ///< the step and the tokens
    OAuthStepView *m_step;
    LinkButton *m_editLink;
    OAuthEditForm *m_edit;
    OAuthTokensView *m_tokens;
};

} // namespace sightglass
