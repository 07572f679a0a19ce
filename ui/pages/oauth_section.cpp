// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/oauth_section.h"

#include "ui/models/oauth_steps_model.h"
#include "ui/visible_text.h"
#include "ui/widgets/glyph_delegate.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/oauth_edit_form.h"
#include "ui/widgets/oauth_step_view.h"
#include "ui/widgets/oauth_tokens_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowSection = 860; ///< below it the tokens stand under the step
constexpr int narrowList = 480; ///< below it the list has no sentences: the step says its own
constexpr int narrowStep = 300; ///< is left beside the list at least
constexpr int sideSpacing = 24;

QString phaseSentence(const OAuthState &state)
{
    switch (state.phase) {
    case OAuthState::Phase::Idle:
        return OAuthSection::tr("Nobody had to log in here so far. When the server refuses a "
                                "request, the steps stand here.");
    case OAuthState::Phase::Running:
        return OAuthSection::tr("The steps are being taken.");
    case OAuthState::Phase::Browser:
        return OAuthSection::tr("Waiting for the browser: see above.");
    case OAuthState::Phase::Question:
        return OAuthSection::tr("Waiting for an answer of yours: see above.");
    case OAuthState::Phase::Authorized:
        return OAuthSection::tr("Logged in.");
    case OAuthState::Phase::Failed:
        for (const OAuthStep &step : state.steps) {
            if (step.state == OAuthStep::State::Failed)
                return OAuthSection::tr("It ended at “%1”.").arg(oauthStepTitle(step.kind));
        }
        return OAuthSection::tr("It failed.");
    }
    return {};
}

/// Of all steps, in the language that is spoken.
QString longestTitle()
{
    QString longest;
    for (int i = 0; i < OAuthStepCount; ++i) {
        if (const QString title = oauthStepTitle(OAuthStepKind(i)); title.size() > longest.size())
            longest = title;
    }
    return longest;
}

bool canRunAgain(OAuthStepKind kind, const OAuthState &state)
{
    switch (kind) {
    case OAuthStepKind::Use: // what is sent with the token is not the flow's
    case OAuthStepKind::StepUp:
        return false;
    case OAuthStepKind::Refresh:
        return state.tokens && state.tokens->refreshable;
    default:
        return true;
    }
}

} // namespace

OAuthSection::OAuthSection(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new RoleLabel(Role::Muted, this))
    , m_logIn(new QPushButton(tr("Log in"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_explore(new QPushButton(tr("Ask without logging in"), this))
    , m_refresh(new QPushButton(tr("Refresh now"), this))
    , m_expire(new QPushButton(tr("Expire locally"), this))
    , m_logOut(new QPushButton(tr("Log out"), this))
    , m_actions(new QWidget(this))
    , m_steps(new OAuthStepsModel(this))
    , m_list(new RowsView(this))
    , m_main(new QBoxLayout(QBoxLayout::TopToBottom))
    , m_sides(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_step(new OAuthStepView(this))
    , m_editLink(new LinkButton(tr("Edit and run again…"), this))
    , m_edit(new OAuthEditForm(this))
    , m_tokens(new OAuthTokensView(this))
{
    auto *title = new RoleLabel(tr("Logging in by OAuth"), Role::Text, this);
    QFont large = title->font();
    large.setBold(true);
    large.setPointSizeF(large.pointSizeF() * 1.15);
    title->setFont(large);
    m_sentence->setWordWrap(true);
    m_list->setAccessibleName(tr("Steps of logging in"));
    m_list->setModel(m_steps);
    m_list->setItemDelegate(new GlyphDelegate(m_list));
    m_list->setColumns({{u"deviates mm"_s, 0, 0, u"deviates m"_s},
                        {longestTitle()},
                        {u"m"_s, 1, narrowList},
                        {u"88.88 s m"_s, 0, narrowList}});
    m_list->setHeaderVisible(true);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    buildActions();

    auto *left = new QVBoxLayout;
    left->setSpacing(8);
    left->addWidget(m_step);
    left->addWidget(m_editLink, 0, Qt::AlignLeft);
    left->addWidget(m_edit);
    left->addStretch(1);
    m_edit->hide();
    m_sides->setSpacing(sideSpacing);
    m_sides->addLayout(left, 3);
    m_sides->addWidget(m_tokens, 2);
    auto *head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(title, 0, Qt::AlignTop);
    head->addWidget(m_sentence, 1, Qt::AlignTop);
    // On one line with the title, whose letters are taller.
    m_sentence->setContentsMargins(
        0, QFontMetrics(large).ascent() - m_sentence->fontMetrics().ascent(), 0, 0);
    m_main->addWidget(m_list, 0, Qt::AlignTop);
    m_main->addLayout(m_sides, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_actions);
    layout->addLayout(m_main);

    connect(m_list, &RowsView::currentRowChanged, this, [this] {
        m_chosen = m_chosen || m_list->hasFocus();
        showStep();
    });
    connect(m_step, &OAuthStepView::showExchangeRequested, this,
            &OAuthSection::showExchangeRequested);
    connect(m_tokens, &OAuthTokensView::inspectRequested, this, &OAuthSection::inspectRequested);
    connect(m_tokens, &OAuthTokensView::showExchangeRequested, this,
            &OAuthSection::showExchangeRequested);
    connect(m_editLink, &LinkButton::clicked, this, [this] {
        m_edit->setVisible(m_edit->isHidden());
        updateActions();
    });
    connect(m_edit, &OAuthEditForm::runRequested, this,
            [this](bool alone, const OAuthSettings &settings) {
                if (const OAuthStep *step = currentStep()) {
                    m_chosen = false;
                    Q_EMIT runAgainRequested(step->kind, alone, settings);
                }
            });
    setState({}, {}, {}, false);
}

void OAuthSection::buildActions()
{
    auto *line = new QHBoxLayout(m_actions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    for (QPushButton *button : {m_logIn, m_cancel, m_explore, m_refresh, m_expire, m_logOut}) {
        button->setAutoDefault(false);
        line->addWidget(button);
    }
    line->addStretch(1);
    m_explore->setToolTip(tr("Asks who issues tokens for the server and what that one can do, and "
                             "changes nothing anywhere"));
    m_refresh->setToolTip(tr("Gets new tokens for the refresh token"));
    m_expire->setToolTip(tr("As if the token's time was over: the next request shows what the "
                            "server makes of a renewal"));
    m_logOut->setToolTip(tr("Revokes the tokens where that is offered, and forgets them"));
    connect(m_logIn, &QPushButton::clicked, this, &OAuthSection::logInRequested);
    connect(m_explore, &QPushButton::clicked, this, &OAuthSection::exploreRequested);
    connect(m_cancel, &QPushButton::clicked, this, &OAuthSection::cancelRequested);
    connect(m_refresh, &QPushButton::clicked, this, &OAuthSection::refreshRequested);
    connect(m_expire, &QPushButton::clicked, this, &OAuthSection::expireRequested);
    connect(m_logOut, &QPushButton::clicked, this, &OAuthSection::logOutRequested);
}

void OAuthSection::setState(const OAuthState &state, const TokenSet &tokens,
                            const OAuthSettings &settings, bool canLogIn)
{
    const bool begins = state.phase != m_state.phase && state.phase == OAuthState::Phase::Running;
    m_recorded = false;
    m_state = state;
    m_canLogIn = canLogIn;
    if (begins && !m_list->hasFocus())
        m_chosen = false;
    if (!(settings == m_settings)) {
        m_settings = settings;
        m_edit->setSettings(settings);
    }
    m_tokens->setState(state, tokens, m_redactor);
    m_sentence->setRole(state.phase == OAuthState::Phase::Failed ? Role::Failure : Role::Muted);
    const QString sentence = phaseSentence(state);
    m_sentence->setText(visibleText(m_redactor ? m_redactor->text(sentence) : sentence));
    const bool any = state.phase != OAuthState::Phase::Idle
        || std::any_of(state.steps.cbegin(), state.steps.cend(), [](const OAuthStep &step) {
                         return step.state != OAuthStep::State::Waiting;
                     });
    showSteps(any ? state.steps : QList<OAuthStep>());
}

void OAuthSection::setInspection(const TokenInspection &found)
{
    m_tokens->setInspection(found);
}

void OAuthSection::setRecorded(const QList<OAuthStep> &steps)
{
    m_recorded = true;
    m_chosen = false;
    m_state = {};
    m_tokens->setState({}, {}, m_redactor);
    m_sentence->setRole(Role::Muted);
    m_sentence->setText(
        steps.isEmpty()
            ? tr("Nobody logged in while this was recorded.")
            : tr("As the recording tells it. What was compared with what is in the exchanges."));
    showSteps(steps);
}

void OAuthSection::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    m_redactor = std::move(redactor);
    showStep();
}

void OAuthSection::showInteresting()
{
    m_chosen = false;
    if (const int row = m_steps->interestingRow(); row >= 0)
        m_list->setCurrentRow(row);
}

void OAuthSection::showSteps(const QList<OAuthStep> &steps)
{
    m_steps->setSteps(steps);
    m_list->setVisible(!steps.isEmpty());
    fitList();
    const int row = m_steps->interestingRow();
    if (!m_chosen && row >= 0 && row != m_list->currentIndex().row())
        m_list->setCurrentRow(row);
    showStep();
}

const OAuthStep *OAuthSection::currentStep() const
{
    const int row = m_list->currentIndex().row();
    const QList<OAuthStep> &steps = m_steps->steps();
    return row >= 0 && row < steps.size() ? &steps.at(row) : nullptr;
}

void OAuthSection::showStep()
{
    if (const OAuthStep *step = currentStep())
        m_step->setStep(*step, m_redactor, m_recorded);
    else
        m_step->clear();
    updateActions();
}

void OAuthSection::updateActions()
{
    const bool runs = m_state.phase == OAuthState::Phase::Running || m_state.waitsForPerson();
    const bool held = m_state.tokens.has_value();
    // Calm where nothing has happened: what can be done now, and no more.
    const bool any = m_steps->rowCount() > 0;
    m_actions->setVisible(!m_recorded && (any || held || m_canLogIn));
    for (QPushButton *button : {m_refresh, m_expire, m_logOut})
        button->setVisible(any || held);
    m_logIn->setText(held ? tr("Log in again") : tr("Log in"));
    m_logIn->setEnabled(m_canLogIn && !runs);
    m_logIn->setToolTip(m_canLogIn ? QString()
                                   : tr("An Authorization is given by hand, or the server is none "
                                        "on HTTP: see Credentials"));
    m_explore->setEnabled(m_canLogIn && !runs);
    m_cancel->setVisible(runs);
    m_refresh->setEnabled(held && m_state.tokens->refreshable && !runs);
    m_expire->setEnabled(held && !runs);
    m_logOut->setEnabled(held && !runs);
    m_tokens->setVisible(!m_recorded && (held || !m_state.challengedScope.isEmpty()));

    const OAuthStep *step = m_recorded ? nullptr : currentStep();
    m_editLink->setVisible(step != nullptr);
    m_editLink->setText(m_edit->isHidden() ? tr("Edit and run again…") : tr("Do not run again"));
    if (!step)
        m_edit->hide();
    else
        m_edit->setStep(step->kind, m_canLogIn && canRunAgain(step->kind, m_state));
}

void OAuthSection::fitList()
{
    const int rows = m_steps->rowCount();
    const int header = m_list->header()->sizeHint().height();
    m_list->setFixedHeight(rows * m_list->rowHeight() + header + 2 * m_list->frameWidth() + 1);
}

void OAuthSection::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void OAuthSection::setLow(bool low)
{
    if (std::exchange(m_low, low) != low)
        arrange();
}

void OAuthSection::arrange()
{
    // As wide as its words.
    const int words = fontMetrics().horizontalAdvance(u"deviates mm"_s + longestTitle()) + 56;
    const int left = width() - words - sideSpacing;
    const bool beside = m_low && left >= narrowStep;
    m_main->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_main->setSpacing(beside ? sideSpacing : 12);
    if (beside)
        m_list->setFixedWidth(words);
    else {
        m_list->setMinimumWidth(0);
        m_list->setMaximumWidth(QWIDGETSIZE_MAX);
    }
    m_sides->setDirection((beside ? left : width()) < narrowSection ? QBoxLayout::TopToBottom
                                                                    : QBoxLayout::LeftToRight);
    fitList();
}

} // namespace sightglass
