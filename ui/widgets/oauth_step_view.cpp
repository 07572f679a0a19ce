// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/oauth_step_view.h"

#include "ui/models/oauth_steps_model.h"
#include "ui/models/text_difference.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostValue = 4000; ///< characters of a value that are shown

/// A compared string with the part that differs from the other on a tinted ground.
QList<WireTable::Run> comparedRuns(const QString &text, qsizetype begin, qsizetype end, Role role)
{
    QList<WireTable::Run> runs;
    const auto add = [&runs](const QString &part, Role partRole, bool marked) {
        if (part.isEmpty())
            return;
        WireTable::Run run{visibleText(part), partRole};
        run.marked = marked;
        run.bold = marked;
        runs.append(run);
    };
    add(text.left(begin), Role::Text, false);
    add(text.mid(begin, end - begin), role, true);
    // What the other has more of.
    if (begin == end) {
        WireTable::Run lacks{OAuthStepView::tr("(nothing)"), role, false, false};
        lacks.marked = true;
        runs.append(lacks);
    }
    add(text.mid(end), Role::Text, false);
    return runs;
}

Role roleOf(OAuthCheck::Result result)
{
    return result == OAuthCheck::Result::Passed ? Role::Ok
        : result == OAuthCheck::Result::Failed  ? Role::Failure
                                                : Role::Attention;
}

QString wordOf(OAuthCheck::Result result)
{
    return result == OAuthCheck::Result::Passed ? OAuthStepView::tr("passed")
        : result == OAuthCheck::Result::Failed  ? OAuthStepView::tr("failed")
                                                : OAuthStepView::tr("deviates");
}

} // namespace

OAuthStepView::OAuthStepView(QWidget *parent)
    : QWidget(parent)
    , m_title(new SectionTitle({}, this))
    , m_reveal(new LinkButton(tr("Reveal secrets"), this))
    , m_sentence(new RoleLabel(Role::Text, this))
    , m_advice(new RoleLabel(Role::Muted, this))
    , m_table(new WireTable(this))
{
    m_title->addAction(m_reveal);
    for (RoleLabel *label : {m_sentence, m_advice}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_table->setAccessibleName(tr("What was asked, what came of it, and what it was judged by"));
    m_table->setFitting(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_sentence);
    layout->addWidget(m_advice);
    layout->addWidget(m_table);
    layout->addStretch(1);

    connect(m_reveal, &LinkButton::clicked, this, [this] {
        m_revealed = !m_revealed;
        fill();
    });
    connect(m_table, &WireTable::linkActivated, this,
            [this](const QString &link) { Q_EMIT showExchangeRequested(link.toLongLong()); });
    clear();
}

void OAuthStepView::setStep(const OAuthStep &step, std::shared_ptr<const Redactor> redactor,
                            bool recorded)
{
    const bool sameStep = step.kind == m_step.kind && !isHidden();
    const bool same =
        sameStep && step == m_step && redactor == m_redactor && recorded == m_recorded;
    if (!sameStep)
        m_revealed = false;
    m_step = step;
    m_redactor = std::move(redactor);
    m_recorded = recorded;
    show();
    if (!same)
        fill();
}

void OAuthStepView::clear()
{
    m_revealed = false;
    hide();
}

void OAuthStepView::fill()
{
    const OAuthStepLook look = oauthStepLook(m_step.state, hasDeviation(m_step));
    m_title->setTitle(oauthStepTitle(m_step.kind));
    m_title->setGlyph(look.icon.isEmpty() ? QIcon() : themedIcon(look.icon, look.role));
    const QString time = oauthStepTime(m_step);
    m_title->setNote(time.isEmpty() ? look.word : tr("%1, %2").arg(look.word, time));
    const bool failed = m_step.failure.has_value();
    QString sentence = m_step.sentence;
    if (failed && !m_step.failure->finding.isEmpty() && !sentence.contains(m_step.failure->finding))
        sentence += u" ("_s + m_step.failure->finding + u')';
    m_sentence->setRole(failed ? Role::Failure : Role::Text);
    m_sentence->setText(visibleText(m_redactor ? m_redactor->text(sentence) : sentence));
    m_sentence->setVisible(!sentence.isEmpty());
    const QString advice = failed ? m_step.failure->advice : QString();
    m_advice->setText(visibleText(m_redactor ? m_redactor->text(advice) : advice));
    m_advice->setVisible(!advice.isEmpty());
    const auto isSecret = [](const OAuthFact &fact) { return fact.secret; };
    m_reveal->setVisible(
        !m_recorded
        && (std::any_of(m_step.input.cbegin(), m_step.input.cend(), isSecret)
            || std::any_of(m_step.output.cbegin(), m_step.output.cend(), isSecret)));
    m_reveal->setText(m_revealed ? tr("Hide secrets") : tr("Reveal secrets"));

    QList<WireTable::Row> rows;
    addAttempts(&rows);
    addFacts(&rows, tr("What went in"), m_step.input);
    addFacts(&rows, tr("What came out"), m_step.output);
    addChecks(&rows);
    m_table->setRows(rows, 1, 36);
    m_table->setVisible(!rows.isEmpty());
}

WireTable::Run OAuthStepView::secretRun(const QString &value) const
{
    if (m_revealed)
        return {visibleText(value.left(mostValue)), Role::Attention};
    const QString mark =
        m_redactor ? QString::fromLatin1(m_redactor->fingerprint(value.toUtf8())) : u"•••"_s;
    return {tr("%1 (%2 characters)").arg(mark).arg(value.size()), Role::Text};
}

void OAuthStepView::addAttempts(QList<WireTable::Row> *rows) const
{
    if (m_step.attempts.isEmpty())
        return;
    addHeading(rows, tr("Asked, in this order"));
    for (const OAuthAttempt &attempt : m_step.attempts) {
        const QUrl url = m_redactor ? m_redactor->url(attempt.url) : attempt.url;
        rows->append({wordsCell(visibleText(attempt.outcome.left(300)), Role::Muted),
                      {{{visibleText(url.toString(QUrl::FullyEncoded))}}},
                      attempt.exchange > 0 ? WireTable::Cell{{exchangeLink(attempt.exchange)}}
                                           : WireTable::Cell()});
    }
}

void OAuthStepView::addFacts(QList<WireTable::Row> *rows, const QString &title,
                             const QList<OAuthFact> &facts) const
{
    if (facts.isEmpty())
        return;
    addHeading(rows, title);
    for (const OAuthFact &fact : facts) {
        const WireTable::Run value = fact.value.isEmpty()
            ? WireTable::Run{tr("(empty)"), Role::Muted, false, false}
            : fact.secret ? secretRun(fact.value)
                          : WireTable::Run{visibleText(fact.value.left(mostValue)), Role::Text};
        WireTable::Cell cell{{value}};
        cell.span = 2;
        rows->append({wordsCell(visibleText(fact.name.left(200)), Role::Muted), cell});
    }
}

void OAuthStepView::addChecks(QList<WireTable::Row> *rows) const
{
    if (m_step.checks.isEmpty())
        return;
    addHeading(rows, tr("Judged by"));
    for (const OAuthCheck &check : m_step.checks) {
        const Role role = roleOf(check.result);
        QString rule = check.rule;
        if (!check.finding.isEmpty())
            rule += (rule.isEmpty() ? QString() : u", "_s) + check.finding;
        QString sentence = m_redactor ? m_redactor->text(check.sentence) : check.sentence;
        WireTable::Cell words = wordsCell(visibleText(sentence.left(mostValue)));
        if (!rule.isEmpty())
            words.runs.append({u"  ("_s + rule + u')', Role::Muted, false, false});
        words.span = 2;
        rows->append({wordsCell(wordOf(check.result), role, true), words});
        if (check.leftName.isEmpty() && check.rightName.isEmpty())
            continue;
        const QString left = check.left.left(mostValue);
        const QString right = check.right.left(mostValue);
        const TextDifference at = textDifference(left, right);
        const bool marks = !at.same && check.result != OAuthCheck::Result::Passed;
        const auto add = [&](const QString &name, const QString &text, qsizetype end) {
            WireTable::Cell cell;
            cell.runs = marks ? comparedRuns(text, at.begin, end, role)
                              : QList<WireTable::Run>{{visibleText(text)}};
            cell.span = 2;
            rows->append({wordsCell(visibleText(name.left(200)), Role::Muted), cell});
        };
        add(check.leftName, left, at.leftEnd);
        add(check.rightName, right, at.rightEnd);
    }
}

} // namespace sightglass
