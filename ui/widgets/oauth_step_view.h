// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_step.h"
#include "core/trace/redaction.h"
#include "ui/widgets/wire_table.h"

#include <QWidget>

#include <memory>

namespace sightglass {

class LinkButton;
class RoleLabel;
class SectionTitle;

/// One step of logging in, in full: every URL that was asked, in order; what went in and what came
/// out; what it was judged by, with the two strings that were compared and where they part; why it
/// failed and what to do. Secrets are fingerprints until somebody asks to see them; another step
/// hides them again.
class OAuthStepView final : public QWidget {
    Q_OBJECT
public:
    explicit OAuthStepView(QWidget *parent = nullptr);

    /// `redactor` may be null: then secrets are dots. `recorded`: there is nothing to be revealed.
    void setStep(const OAuthStep &step, std::shared_ptr<const Redactor> redactor, bool recorded);
    void clear();
    WireTable *table() const { return m_table; }
    LinkButton *revealButton() const { return m_reveal; }

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);

private:
    void fill();
    WireTable::Run secretRun(const QString &value) const;
    void addAttempts(QList<WireTable::Row> *rows) const;
    void addFacts(QList<WireTable::Row> *rows, const QString &title,
                  const QList<OAuthFact> &facts) const;
    void addChecks(QList<WireTable::Row> *rows) const;

    OAuthStep m_step;
    std::shared_ptr<const Redactor> m_redactor;
    bool m_recorded = false;
    bool m_revealed = false;
    SectionTitle *m_title;
    LinkButton *m_reveal;
    RoleLabel *m_sentence;
    RoleLabel *m_advice;
    WireTable *m_table;
};

} // namespace sightglass
