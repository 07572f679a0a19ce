// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/credentials_panel.h"

#include "ui/connection/header_rows.h"
#include "ui/connection/oauth_panel.h"
#include "ui/theme.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_marks.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

RoleLabel *problemLabel(QWidget *parent)
{
    auto *label = new RoleLabel(Role::Failure, parent);
    label->setWordWrap(true);
    label->hide();
    return label;
}

void say(RoleLabel *label, const CredentialWarning &warning)
{
    label->setRole(warning.fatal ? Role::Failure : Role::Attention);
    QString text = warning.sentence;
    if (!warning.finding.isEmpty())
        text += u" ("_s + warning.finding + u')';
    if (label->isHidden() || label->text().isEmpty())
        label->setText(text);
    else
        label->setText(label->text() + u'\n' + text);
    label->show();
}

qsizetype characterOf(const QString &text, qsizetype byte)
{
    return QString::fromUtf8(text.toUtf8().left(byte)).size();
}

} // namespace

CredentialsPanel::CredentialsPanel(QWidget *parent)
    : QWidget(parent)
    , m_server(new RoleLabel(Role::Muted, this))
    , m_bearerProblem(problemLabel(this))
    , m_headers(new HeaderRows(this))
    , m_cookieProblem(problemLabel(this))
    , m_otherProblem(problemLabel(this))
    , m_oauth(new OAuthPanel(this))
    , m_reveal(new QCheckBox(tr("Reveal values"), this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(16, 0, 16, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnMinimumWidth(1, 400);
    grid->setColumnStretch(1, 1);
    m_server->setWordWrap(true);
    grid->addWidget(m_server, 0, 0, 1, 2);

    m_bearer = addLine(grid, tr("&Bearer token"), tr("Bearer token"), true);
    m_bearer->setPlaceholderText(tr("The bare token, without the word Bearer"));
    grid->addWidget(m_bearerProblem, grid->rowCount(), 1);
    m_user = addLine(grid, tr("Basic, &user"), tr("User name for basic authentication"), false);
    m_password =
        addLine(grid, tr("Basic, &password"), tr("Password for basic authentication"), true);

    auto *headersLabel = new QLabel(tr("Headers"), this);
    const int row = grid->rowCount();
    grid->addWidget(headersLabel, row, 0, Qt::AlignTop);
    grid->addWidget(m_headers, row, 1);

    m_cookies = addLine(grid, tr("C&ookies"), tr("Cookies"), true);
    m_cookies->setPlaceholderText(tr("name=value; name=value"));
    grid->addWidget(m_cookieProblem, grid->rowCount(), 1);
    grid->addWidget(m_otherProblem, grid->rowCount(), 1);
    auto *oauthTitle = new QLabel(tr("OAuth"), this);
    const int oauthRow = grid->rowCount();
    grid->addWidget(oauthTitle, oauthRow, 0, Qt::AlignTop);
    grid->addWidget(m_oauth, oauthRow, 1);
    grid->addWidget(m_reveal, grid->rowCount(), 1);

    connect(m_headers, &HeaderRows::changed, this, &CredentialsPanel::edited);
    connect(m_oauth, &OAuthPanel::changed, this, &CredentialsPanel::edited);
    connect(m_reveal, &QCheckBox::toggled, this, [this](bool on) {
        for (QLineEdit *edit : {m_bearer, m_password, m_cookies})
            edit->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password);
        m_headers->setRevealed(on);
        m_oauth->setRevealed(on);
        check();
    });
    setServer({});
}

QLineEdit *CredentialsPanel::addLine(QGridLayout *grid, const QString &label,
                                     const QString &accessible, bool secret)
{
    auto *edit = new QLineEdit(this);
    edit->setAccessibleName(accessible);
    if (secret)
        edit->setEchoMode(QLineEdit::Password);
    auto *words = new QLabel(label, this);
    words->setBuddy(edit);
    const int row = grid->rowCount();
    grid->addWidget(words, row, 0);
    grid->addWidget(edit, row, 1);
    connect(edit, &QLineEdit::textChanged, this, &CredentialsPanel::edited);
    return edit;
}

void CredentialsPanel::setServer(const QString &origin)
{
    m_server->setText(
        origin.isEmpty()
            ? tr("Sent with every request to the server, and nowhere else. Kept in memory only.")
            : tr("Sent with every request to %1, and nowhere else. Kept in memory only.")
                  .arg(origin));
}

void CredentialsPanel::setCredentials(const Credentials &credentials)
{
    if (credentials == this->credentials())
        return;
    m_loading = true;
    m_reveal->setChecked(false);
    m_bearer->setText(QString::fromUtf8(credentials.bearer));
    m_user->setText(credentials.basicUser);
    m_password->setText(credentials.basicPassword);
    m_headers->setHeaders(credentials.headers);
    m_cookies->setText(QString::fromUtf8(credentials.cookies.join("; ")));
    m_loading = false;
    check();
}

void CredentialsPanel::setOAuth(const OAuthSettings &settings)
{
    m_loading = true;
    m_oauth->setSettings(settings);
    m_loading = false;
}

OAuthSettings CredentialsPanel::oauth() const
{
    return m_oauth->settings();
}

Credentials CredentialsPanel::credentials() const
{
    Credentials result;
    result.bearer = m_bearer->text().toUtf8();
    result.basicUser = m_user->text();
    result.basicPassword = m_password->text();
    result.headers = m_headers->headers();
    const QList<QByteArray> cookies = m_cookies->text().toUtf8().split(';');
    for (const QByteArray &cookie : cookies) {
        if (const QByteArray trimmed = cookie.trimmed(); !trimmed.isEmpty())
            result.cookies.append(trimmed);
    }
    return result;
}

void CredentialsPanel::edited()
{
    if (m_loading)
        return;
    check();
    Q_EMIT changed();
}

void CredentialsPanel::check()
{
    for (RoleLabel *label : {m_bearerProblem, m_cookieProblem, m_otherProblem}) {
        label->clear();
        label->hide();
    }
    m_headers->clearProblems();
    markText(m_bearer, 0, 0);
    markText(m_cookies, 0, 0);
    m_fatal = false;

    const Credentials now = credentials();
    m_oauth->setOverridden(now.hasAuthorization());
    const QList<CredentialWarning> warnings = checkCredentials(now);
    for (const CredentialWarning &warning : warnings) {
        if (warning.field.startsWith("header"_L1))
            continue; // said on its row, below
        m_fatal |= warning.fatal;
        if (warning.field == "bearer"_L1) {
            say(m_bearerProblem, warning);
            markText(m_bearer, characterOf(m_bearer->text(), warning.position), 1);
        } else if (warning.field.startsWith("cookie"_L1)) {
            say(m_cookieProblem, warning);
        } else {
            say(m_otherProblem, warning);
        }
    }
    for (qsizetype i = 0; i < now.headers.size(); ++i) {
        const Header &header = now.headers.at(i);
        if (const auto problem = HeaderList::check(header.name, header.value)) {
            m_fatal |= problem->fatal;
            m_headers->setProblem(i, problem->inName, problem->position, problem->sentence,
                                  problem->fatal);
        }
    }
}

} // namespace sightglass
