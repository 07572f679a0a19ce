// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/oauth_tokens_view.h"

#include "core/auth/oauth/token_view.h"
#include "ui/counted.h"
#include "ui/models/scope_rows.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"
#include "ui/widgets/wire_table.h"

#include <QDateTime>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostClaim = 2000; ///< characters
/// What is written in a token is looked at again so often: its times are told in words.
constexpr int ticksToDecode = 10;

qint64 nowSeconds()
{
    return QDateTime::currentSecsSinceEpoch();
}

/// What an access token is compared with.
TokenContext contextOf(const TokenSet &tokens)
{
    TokenContext context;
    context.now = nowSeconds();
    context.resource = tokens.resource;
    context.issuer = tokens.issuer;
    context.clientId = tokens.clientId;
    return context;
}

/// Whether somebody is reading with the mouse: then nothing is changed under it.
bool isSelected(const WireTable *table)
{
    return table->textCursor().hasSelection();
}

RoleLabel *sentenceLabel(QWidget *parent)
{
    auto *label = new RoleLabel(Role::Text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

WireTable *fittingTable(const QString &name, QWidget *parent)
{
    auto *table = new WireTable(parent);
    table->setAccessibleName(name);
    table->setFitting(true);
    return table;
}

void addClaims(QList<WireTable::Row> *rows, const QList<ClaimView> &claims)
{
    for (const ClaimView &claim : claims) {
        WireTable::Cell value{{{visibleText(claim.value.left(mostClaim))}}};
        if (!claim.meaning.isEmpty())
            value.runs.append({u"  "_s + visibleText(claim.meaning),
                               claim.wrong ? Role::Failure : Role::Muted, claim.wrong, false});
        rows->append({wordsCell(visibleText(claim.name.left(200)), Role::Muted), value});
    }
}

} // namespace

OAuthTokensView::OAuthTokensView(QWidget *parent)
    : QWidget(parent)
    , m_title(new SectionTitle(tr("Tokens"), this))
    , m_age(sentenceLabel(this))
    , m_facts(fittingTable(tr("Facts of the tokens"), this))
    , m_scopesTitle(new SectionTitle(tr("Who may do what"), this))
    , m_scopes(fittingTable(tr("Scopes that were requested, granted and challenged"), this))
    , m_accessTitle(new SectionTitle(tr("Access token"), this))
    , m_accessSentence(sentenceLabel(this))
    , m_access(fittingTable(tr("What is written in the access token"), this))
    , m_idTitle(new SectionTitle(tr("ID token"), this))
    , m_idSentence(sentenceLabel(this))
    , m_id(fittingTable(tr("What is written in the ID token"), this))
    , m_inspect(new LinkButton(tr("Check at the issuer"), this))
    , m_toldTitle(new SectionTitle(tr("What the issuer tells"), this))
    , m_toldSentence(sentenceLabel(this))
    , m_told(fittingTable(tr("What the issuer tells of the access token"), this))
{
    m_inspect->setToolTip(tr("Asks the authorisation server for its keys, to check the signatures, "
                             "and for what it knows of the access token"));
    m_accessTitle->addAction(m_inspect);
    connect(m_inspect, &LinkButton::clicked, this, &OAuthTokensView::inspectRequested);
    connect(m_told, &WireTable::linkActivated, this,
            [this](const QString &link) { Q_EMIT showExchangeRequested(link.toLongLong()); });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_age);
    layout->addWidget(m_facts);
    layout->addSpacing(6);
    layout->addWidget(m_scopesTitle);
    layout->addWidget(m_scopes);
    layout->addSpacing(6);
    layout->addWidget(m_accessTitle);
    layout->addWidget(m_accessSentence);
    layout->addWidget(m_access);
    layout->addSpacing(6);
    layout->addWidget(m_toldTitle);
    layout->addWidget(m_toldSentence);
    layout->addWidget(m_told);
    layout->addSpacing(6);
    layout->addWidget(m_idTitle);
    layout->addWidget(m_idSentence);
    layout->addWidget(m_id);
    layout->addStretch(1);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &OAuthTokensView::tick);
    fillFacts();
    fillScopes();
    decode();
    tick();
}

void OAuthTokensView::setState(const OAuthState &state, const TokenSet &tokens,
                               std::shared_ptr<const Redactor> redactor)
{
    // Told again and again, and nothing is to change under somebody who copies.
    if (state == m_state && tokens == m_tokens && redactor == m_redactor)
        return;
    if (tokens.accessToken != m_tokens.accessToken)
        m_inspection.reset();
    m_state = state;
    m_tokens = tokens;
    m_redactor = std::move(redactor);
    m_ticks = 0;
    fillFacts();
    fillScopes();
    decode();
    tick();
}

void OAuthTokensView::setInspection(const TokenInspection &found)
{
    m_inspection = found;
    decode();
}

QString OAuthTokensView::clockWords() const
{
    return m_age->text();
}

void OAuthTokensView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    tick();
    m_clock.start();
}

void OAuthTokensView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_clock.stop();
}

void OAuthTokensView::tick()
{
    if (!m_state.tokens) {
        m_age->setRole(Role::Muted);
        m_age->setText(tr("None: nobody is logged in here."));
        return;
    }
    const TokenFacts &facts = *m_state.tokens;
    const qint64 now = nowSeconds();
    QStringList words;
    // Expired by hand, or kept without its time.
    if (facts.received > 0)
        words.append(tr("issued %1").arg(timeInWords(facts.received, now)));
    const bool expired = facts.expires && *facts.expires <= now;
    if (!facts.expires)
        words.append(tr("how long it lasts was not told"));
    else if (expired && facts.received == 0)
        words.append(tr("expired here by hand"));
    else
        words.append(
            (expired ? tr("expired %1") : tr("expires %1")).arg(timeInWords(*facts.expires, now)));
    if (facts.refreshes > 0)
        words.append(counted(facts.refreshes, tr("renewed once"), tr("renewed %1 times")));
    QString sentence = words.join(u", "_s) + u'.';
    sentence[0] = sentence.at(0).toUpper();
    m_age->setRole(expired ? Role::Failure : Role::Text);
    m_age->setText(sentence);
    if (++m_ticks % ticksToDecode == 0)
        decode();
}

void OAuthTokensView::fillFacts()
{
    QList<WireTable::Row> rows;
    if (m_state.tokens) {
        const TokenFacts &facts = *m_state.tokens;
        const auto add = [&rows](const QString &name, const QString &value) {
            rows.append({wordsCell(name, Role::Muted),
                         value.isEmpty()
                             ? wordsCell(OAuthTokensView::tr("not told"), Role::Muted)
                             : WireTable::Cell{{{visibleText(value.left(mostClaim))}}}});
        };
        const auto mark = [this](const QByteArray &token) {
            return m_redactor && !token.isEmpty()
                ? QString::fromLatin1(m_redactor->fingerprint(token))
                : u"•••"_s;
        };
        add(tr("Type"), tr("%1 %2").arg(facts.type, mark(m_tokens.accessToken)));
        add(tr("Refresh token"),
            facts.refreshable ? mark(m_tokens.refreshToken) : tr("none: it cannot be renewed"));
        add(tr("Issuer"), facts.issuer);
        add(tr("Resource"), facts.resource);
        add(tr("Client id"), facts.clientId);
    }
    m_facts->setRows(rows, 1, 18);
    m_facts->setVisible(!rows.isEmpty());
}

void OAuthTokensView::fillScopes()
{
    const QString requested = m_state.tokens ? m_state.tokens->requestedScope : QString();
    const QString granted = m_state.tokens ? m_state.tokens->scope : QString();
    const QList<ScopeRow> scopes = scopeRows(requested, granted, m_state.challengedScope);
    QList<WireTable::Row> rows;
    const bool held = m_state.tokens.has_value();
    if (!scopes.isEmpty()) {
        rows.append({wordsCell(tr("Scope"), Role::Muted, true),
                     wordsCell(tr("challenged"), Role::Muted, true),
                     wordsCell(tr("requested"), Role::Muted, true),
                     wordsCell(tr("granted"), Role::Muted, true)});
    }
    for (const ScopeRow &row : scopes) {
        const auto yes = [](bool is) {
            return is ? wordsCell(OAuthTokensView::tr("yes"))
                      : wordsCell(OAuthTokensView::tr("no"), Role::Muted);
        };
        const bool lacks = held && !row.granted && (row.requested || row.challenged);
        rows.append({WireTable::Cell{{{visibleText(row.scope.left(300))}}}, yes(row.challenged),
                     yes(row.requested),
                     row.granted ? wordsCell(tr("yes"), Role::Ok, true)
                         : !held ? wordsCell(tr("not yet"), Role::Muted)
                         : lacks ? wordsCell(tr("no"), Role::Failure, true)
                                 : wordsCell(tr("no"), Role::Muted)});
    }
    m_scopes->setRows(rows, 0, 18);
    m_scopes->setVisible(!rows.isEmpty());
    m_scopesTitle->setVisible(!rows.isEmpty());
}

void OAuthTokensView::decode()
{
    decode(m_tokens.accessToken, false, m_accessTitle, m_accessSentence, m_access);
    decode(m_tokens.idToken, true, m_idTitle, m_idSentence, m_id);
    // Where to ask stands in the metadata.
    const OAuthStep metadata = m_state.steps.value(int(OAuthStepKind::ServerMetadata));
    m_inspect->setVisible(!m_tokens.isEmpty() && metadata.state == OAuthStep::State::Done);
    fillInspection();
}

void OAuthTokensView::fillInspection()
{
    const bool any = m_inspection.has_value();
    m_toldTitle->setVisible(any);
    m_toldSentence->setVisible(any);
    QList<WireTable::Row> rows;
    if (any) {
        QStringList sentences = m_inspection->problems;
        if (!m_inspection->introspection.isEmpty()) {
            const TokenView view =
                viewIntrospection(m_inspection->introspection, contextOf(m_tokens));
            sentences.prepend(view.sentence);
            addClaims(&rows, view.claims);
        }
        const auto link = [&rows](const QString &name, ExchangeId id) {
            if (id > 0)
                rows.append({wordsCell(name, Role::Muted), WireTable::Cell{{exchangeLink(id)}}});
        };
        link(tr("Keys"), m_inspection->keysExchange);
        link(tr("Introspection"), m_inspection->introspectionExchange);
        QString text = sentences.join(u' ');
        if (m_redactor)
            text = m_redactor->text(text);
        m_toldSentence->setText(visibleText(text));
        m_toldSentence->setVisible(!text.isEmpty());
    }
    if (!isSelected(m_told))
        m_told->setRows(rows, 1, 18);
    m_told->setVisible(!rows.isEmpty());
}

void OAuthTokensView::decode(const QByteArray &token, bool isIdToken, SectionTitle *title,
                             RoleLabel *sentence, WireTable *table) const
{
    title->setVisible(!token.isEmpty());
    sentence->setVisible(!token.isEmpty());
    if (token.isEmpty()) {
        table->setRows({}, 1);
        table->hide();
        return;
    }
    TokenContext context = contextOf(m_tokens);
    // An ID token is for the client (OpenID Connect Core, 2), an access token for the resource.
    if (isIdToken)
        context.resource = m_tokens.clientId;
    else if (!m_tokens.dpopKey.isNull())
        context.keyThumbprint = m_tokens.dpopKey.thumbprint();
    if (m_inspection)
        context.jwks = m_inspection->keys;
    const TokenView view = viewToken(token, context);
    sentence->setText(visibleText(view.sentence));

    QList<WireTable::Row> rows;
    const auto compared = [&rows](const QString &name, const TokenComparison &comparison) {
        if (comparison.state == TokenComparison::State::None)
            return;
        const bool same = comparison.state == TokenComparison::State::Same;
        rows.append({wordsCell(name, Role::Muted),
                     wordsCell(visibleText(comparison.sentence), same ? Role::Ok : Role::Failure)});
    };
    if (!view.header.isEmpty() || !view.claims.isEmpty()) {
        addHeading(&rows, tr("Header"));
        addClaims(&rows, view.header);
        addHeading(&rows, tr("Claims"));
        addClaims(&rows, view.claims);
        addHeading(&rows, tr("Compared"));
        compared(tr("Audience"), view.audience);
        compared(tr("Issuer"), view.issuer);
        compared(tr("Key"), view.key);
        if (view.signature)
            rows.append(
                {wordsCell(tr("Signature"), Role::Muted),
                 wordsCell(visibleText(view.signature->sentence),
                           view.signature->state == SignatureCheck::State::Valid ? Role::Ok
                                                                                 : Role::Failure)});
    }
    // Nothing changes under somebody who copies.
    if (!isSelected(table))
        table->setRows(rows, 1, 18);
    table->setVisible(!rows.isEmpty());
}

} // namespace sightglass
