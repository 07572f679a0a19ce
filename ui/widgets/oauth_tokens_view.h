// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"
#include "core/trace/redaction.h"

#include <QTimer>
#include <QWidget>

#include <memory>

namespace sightglass {

class LinkButton;
class RoleLabel;
class SectionTitle;
class WireTable;

/// The tokens that are in use: what they are, how old and how long they last, for whom and from
/// whom; what is written in them; and which scopes were asked for, granted and wanted. The tokens
/// themselves are fingerprints.
class OAuthTokensView final : public QWidget {
    Q_OBJECT
public:
    explicit OAuthTokensView(QWidget *parent = nullptr);

    /// `tokens` are taken apart, and kept in memory as long as they stand here. `redactor` may be
    /// null.
    void setState(const OAuthState &state, const TokenSet &tokens,
                  std::shared_ptr<const Redactor> redactor);
    /// Of the tokens that stand here; with others it is forgotten.
    void setInspection(const TokenInspection &found);
    LinkButton *inspectButton() const { return m_inspect; }
    WireTable *facts() const { return m_facts; }
    WireTable *scopes() const { return m_scopes; }
    WireTable *accessToken() const { return m_access; }
    /// "Issued 3 min ago, expires in 57 min."
    QString clockWords() const;

Q_SIGNALS:
    /// The authorisation server is to be asked for its keys, and of the token.
    void inspectRequested();
    void showExchangeRequested(sightglass::ExchangeId id);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void fillFacts();
    void fillScopes();
    void tick();
    void decode();
    void fillInspection();
    void decode(const QByteArray &token, bool isIdToken, SectionTitle *title, RoleLabel *sentence,
                WireTable *table) const;

    OAuthState m_state;
    TokenSet m_tokens;
    std::shared_ptr<const Redactor> m_redactor;
    QTimer m_clock;
    int m_ticks = 0;
    std::optional<TokenInspection> m_inspection;
    SectionTitle *m_title;
    RoleLabel *m_age;
    WireTable *m_facts;
    SectionTitle *m_scopesTitle;
    WireTable *m_scopes;
    SectionTitle *m_accessTitle;
    RoleLabel *m_accessSentence;
    WireTable *m_access;
    SectionTitle *m_idTitle;
    RoleLabel *m_idSentence;
    WireTable *m_id;
    LinkButton *m_inspect;
    SectionTitle *m_toldTitle;
    RoleLabel *m_toldSentence;
    WireTable *m_told;
};

} // namespace sightglass
