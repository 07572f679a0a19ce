// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/log_in_prompt.h"

#include "core/auth/oauth/oauth_messages.h"
#include "core/auth/oauth/oauth_metadata.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QUrlQuery>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostScopes = 300; ///< characters

QString hostOf(const QUrl &url)
{
    return visibleText(url.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded));
}

QString scopesOf(const OAuthState &state)
{
    for (const auto &[name, value] : formDecoded(state.browse.query(QUrl::FullyEncoded).toUtf8())) {
        if (name == "scope"_L1)
            return value;
    }
    return {};
}

} // namespace

QString LogInPrompt::sentenceOf(const OAuthState &state)
{
    if (state.phase == OAuthState::Phase::Question && state.question)
        return visibleText(state.question->sentence);
    if (state.phase != OAuthState::Phase::Browser)
        return {};
    QString scopes = visibleText(scopesOf(state));
    if (scopes.size() > mostScopes)
        scopes = scopes.left(mostScopes) + u'…';
    return scopes.isEmpty()
        ? tr("%1 wants you to log in at %2.").arg(hostOf(state.server), hostOf(state.browse))
        : tr("%1 wants you to log in at %2 (scopes: %3).")
              .arg(hostOf(state.server), hostOf(state.browse), scopes);
}

QString LogInPrompt::pasteProblem(const QString &text, const QUrl &redirectUri)
{
    const QUrl url(text.trimmed(), QUrl::StrictMode);
    const QUrlQuery query(url);
    if (!url.isValid() || url.host().isEmpty())
        return tr(
            "It is no address. Paste the whole line that the browser shows after the log-in.");
    if (url.host() != redirectUri.host() || url.path() != redirectUri.path())
        return tr("It is another address: the one that is awaited begins with %1.")
            .arg(redirectUri.toString(QUrl::RemoveQuery));
    if (!query.hasQueryItem(u"code"_s) && !query.hasQueryItem(u"error"_s))
        return tr("It holds neither a code nor an error: paste the whole address.");
    return {};
}

LogInPrompt::LogInPrompt(QWidget *parent)
    : QFrame(parent)
    , m_sentence(new RoleLabel(Role::Text, this))
    , m_host(new RoleLabel(Role::Text, this))
    , m_warning(new RoleLabel(Role::Attention, this))
    , m_address(new QLineEdit(this))
    , m_browser(new QWidget(this))
    , m_client(new QWidget(this))
    , m_private(new QWidget(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setAccessibleName(tr("Logging in"));
    m_host->setFont(scaledFont(3, true));
    m_host->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_host->setElide(Qt::ElideMiddle);
    for (RoleLabel *label : {m_sentence, m_warning})
        label->setWordWrap(true);
    m_address->setReadOnly(true);
    m_address->setFont(wireFont());
    m_address->setAccessibleName(tr("Address to open in a browser"));
    m_cancel->setAccessibleName(tr("Cancel the log-in"));
    m_cancel->setAutoDefault(false);
    buildBrowser();
    buildClient();

    auto *allow = new QPushButton(tr("Allow"), m_private);
    auto *refuse = new QPushButton(tr("Refuse"), m_private);
    auto *answers = new QHBoxLayout(m_private);
    answers->setContentsMargins(0, 0, 0, 0);
    for (QPushButton *button : {allow, refuse}) {
        button->setAutoDefault(false);
        answers->addWidget(button);
    }
    answers->addStretch(1);
    connect(allow, &QPushButton::clicked, this, [this] { Q_EMIT answered(true); });
    connect(refuse, &QPushButton::clicked, this, [this] { Q_EMIT answered(false); });

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(m_host);
    text->addWidget(m_sentence);
    text->addWidget(m_warning);
    head->addLayout(text, 1);
    head->addWidget(m_cancel, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 10, 12, 10);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_browser);
    layout->addWidget(m_address);
    layout->addWidget(m_client);
    layout->addWidget(m_private);
    connect(m_cancel, &QPushButton::clicked, this, &LogInPrompt::cancelRequested);
    hide();
}

void LogInPrompt::buildBrowser()
{
    m_open = new QPushButton(tr("Open browser"), m_browser);
    m_open->setProperty("primary", true);
    m_copy = new QPushButton(tr("Copy address"), m_browser);
    m_paste = new QLineEdit(m_browser);
    m_paste->setAccessibleName(tr("Address that the browser was sent to"));
    m_paste->setPlaceholderText(tr("Browser elsewhere? Paste the address that it ends at"));
    m_paste->setMinimumWidth(120);
    m_take = new QPushButton(tr("Go on"), m_browser);
    m_take->setAccessibleName(tr("Go on with the pasted address"));
    m_pasteProblem = new RoleLabel(Role::Failure, m_browser);
    m_pasteProblem->setWordWrap(true);
    m_pasteProblem->hide();
    for (QPushButton *button : {m_open, m_copy, m_take})
        button->setAutoDefault(false);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_open);
    line->addWidget(m_copy);
    line->addSpacing(8);
    line->addWidget(m_paste, 1);
    line->addWidget(m_take);
    auto *parts = new QVBoxLayout(m_browser);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(4);
    parts->addLayout(line);
    parts->addWidget(m_pasteProblem);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_state.browse); });
    connect(m_copy, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_state.browse); });
    connect(m_take, &QPushButton::clicked, this, &LogInPrompt::takePaste);
    connect(m_paste, &QLineEdit::returnPressed, this, &LogInPrompt::takePaste);
    connect(m_paste, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_take->setEnabled(!text.trimmed().isEmpty());
        setPasteProblem({});
    });
    m_take->setEnabled(false);
}

void LogInPrompt::buildClient()
{
    m_clientId = new QLineEdit(m_client);
    m_clientId->setAccessibleName(tr("Client id"));
    m_clientId->setPlaceholderText(tr("Client id"));
    m_clientSecret = new QLineEdit(m_client);
    m_clientSecret->setAccessibleName(tr("Client secret"));
    m_clientSecret->setPlaceholderText(tr("Client secret, if there is one"));
    m_clientSecret->setEchoMode(QLineEdit::Password);
    m_useClient = new QPushButton(tr("Go on as this client"), m_client);
    m_useClient->setAutoDefault(false);
    m_useClient->setEnabled(false);
    auto *line = new QHBoxLayout(m_client);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_clientId, 1);
    line->addWidget(m_clientSecret, 1);
    line->addWidget(m_useClient);
    connect(m_clientId, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_useClient->setEnabled(!text.trimmed().isEmpty()); });
    for (QLineEdit *edit : {m_clientId, m_clientSecret})
        connect(edit, &QLineEdit::returnPressed, this, &LogInPrompt::takeClient);
    connect(m_useClient, &QPushButton::clicked, this, &LogInPrompt::takeClient);
}

void LogInPrompt::setState(const OAuthState &state)
{
    const bool waited = m_state.phase == OAuthState::Phase::Browser
        && m_state.browse == state.browse && state.phase == OAuthState::Phase::Browser;
    const bool asked = m_state.question && m_state.question == state.question;
    m_state = state;
    const bool browser = state.phase == OAuthState::Phase::Browser;
    const bool question = state.phase == OAuthState::Phase::Question && state.question;
    const bool client = question && state.question->about == OAuthAsk::About::ClientId;
    if (!browser && !question) {
        m_paste->clear();
        m_clientId->clear();
        m_clientSecret->clear();
        hide();
        return;
    }
    m_sentence->setText(sentenceOf(state));
    setAccessibleDescription(m_sentence->text());
    const QUrl about = browser ? state.browse : state.question->url;
    const QString host = client && about.isEmpty() ? QString() : hostOf(about);
    m_host->setVisible(!host.isEmpty());
    m_host->setWholeText(host);
    m_host->setAccessibleName(tr("Host %1").arg(host));
    QStringList warnings;
    if (browser && state.browse.scheme() == "http"_L1 && !isLoopbackHost(state.browse.host()))
        warnings.append(tr("It is http: what is typed there can be read on the way."));
    if (browser && state.browse.host(QUrl::FullyEncoded).contains("xn--"_L1))
        warnings.append(
            tr("The host is spelled in letters of another script, which can look like others."));
    m_warning->setText(warnings.join(u' '));
    m_warning->setVisible(!warnings.isEmpty());
    m_browser->setVisible(browser);
    m_client->setVisible(client);
    m_private->setVisible(question && !client);
    if (!waited) {
        m_address->setText(state.browse.toString(QUrl::FullyEncoded));
        m_address->hide();
        m_paste->clear();
        setPasteProblem({});
    }
    if (!asked) {
        m_clientId->clear();
        m_clientSecret->clear();
    }
    if (!isHidden())
        return;
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void LogInPrompt::showAddress(const QString &why)
{
    m_warning->setText(why);
    m_warning->show();
    m_address->setText(m_state.browse.toString(QUrl::FullyEncoded));
    m_address->setCursorPosition(0);
    m_address->show();
}

void LogInPrompt::setPasteProblem(const QString &sentence)
{
    m_pasteProblem->setText(sentence);
    m_pasteProblem->setVisible(!sentence.isEmpty());
    m_paste->setAccessibleDescription(sentence);
}

void LogInPrompt::takePaste()
{
    const QString text = m_paste->text().trimmed();
    if (text.isEmpty())
        return;
    const QString problem = pasteProblem(text, m_state.redirectUri);
    setPasteProblem(problem);
    if (problem.isEmpty())
        Q_EMIT callbackPasted(QUrl(text, QUrl::StrictMode));
}

void LogInPrompt::takeClient()
{
    if (const QString id = m_clientId->text().trimmed(); !id.isEmpty())
        Q_EMIT clientGiven(id, m_clientSecret->text());
}

void LogInPrompt::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), roleColor(Role::Window, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), roleColor(Role::Line, palette()));
    painter.fillRect(QRect(0, 0, 3, height()), roleColor(Role::Accent, palette()));
}

void LogInPrompt::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT cancelRequested();
        event->accept();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace sightglass
