// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/oauth_panel.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/oauth_fields.h"
#include "ui/widgets/role_label.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestKey = 64 * 1024; ///< bytes of a PEM file

const QList<OAuthGrant> byPerson{OAuthGrant::AuthorizationCode};
const QList<OAuthGrant> byWorkload{OAuthGrant::JwtBearer};
const QList<OAuthGrant> byEnterprise{OAuthGrant::Enterprise};

template <typename T> void selectChoice(QComboBox *box, T value)
{
    box->setCurrentIndex(std::max(0, box->findData(int(value))));
}

} // namespace

OAuthPanel::OAuthPanel(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_automatic(new QCheckBox(tr("&Log in by OAuth when the server asks"), this))
    , m_overridden(new RoleLabel(tr("A token, or Basic, is given above: OAuth is not used."),
                                 Role::Muted, this))
    , m_more(new LinkButton({}, this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
    m_automatic->setToolTip(tr("When a request is refused, it is found out who issues tokens for "
                               "the server. Nothing is opened before you say so."));
    m_overridden->setWordWrap(true);
    m_overridden->hide();
    m_grid->addWidget(m_automatic, 0, 0, 1, 2);
    m_grid->addWidget(m_overridden, 1, 0, 1, 2);
    m_grid->addWidget(m_more, 2, 0, 1, 2, Qt::AlignLeft);

    m_grant = addChoice(tr("Tokens come by"));
    m_grant->addItem(tr("A person with a browser"), int(OAuthGrant::AuthorizationCode));
    m_grant->addItem(tr("The client's own credentials"), int(OAuthGrant::ClientCredentials));
    m_grant->addItem(tr("A workload's token (JWT bearer)"), int(OAuthGrant::JwtBearer));
    m_grant->addItem(tr("An identity provider (enterprise)"), int(OAuthGrant::Enterprise));
    buildClient();
    buildRequest();
    buildOtherGrants();

    connect(m_automatic, &QCheckBox::toggled, this, &OAuthPanel::edited);
    connect(m_grant, &QComboBox::currentIndexChanged, this, &OAuthPanel::showRows);
    connect(m_authentication, &QComboBox::currentIndexChanged, this, &OAuthPanel::showRows);
    connect(m_more, &LinkButton::clicked, this, [this] {
        m_open = !m_open;
        showRows();
    });
    setSettings({});
}

void OAuthPanel::addRow(const QString &label, QWidget *field, const QList<OAuthGrant> &grants)
{
    const int row = m_grid->rowCount();
    auto *words = new QLabel(label, this);
    words->setBuddy(field);
    if (field->accessibleName().isEmpty() && !label.isEmpty())
        field->setAccessibleName(label);
    m_grid->addWidget(words, row, 0);
    m_grid->addWidget(field, row, 1);
    m_lines.append({words, field, grants});
}

QLineEdit *OAuthPanel::addLine(const QString &label, const QString &hint,
                               const QList<OAuthGrant> &grants, bool secret)
{
    auto *edit = new QLineEdit(this);
    edit->setPlaceholderText(hint);
    if (secret) {
        edit->setEchoMode(QLineEdit::Password);
        m_secrets.append(edit);
    }
    addRow(label, edit, grants);
    connect(edit, &QLineEdit::textChanged, this, &OAuthPanel::edited);
    return edit;
}

QComboBox *OAuthPanel::addChoice(const QString &label, const QList<OAuthGrant> &grants)
{
    auto *box = new QComboBox(this);
    addRow(label, box, grants);
    connect(box, &QComboBox::currentIndexChanged, this, &OAuthPanel::edited);
    return box;
}

void OAuthPanel::buildClient()
{
    m_clientId = addLine(tr("Client id"), tr("Empty: it registers itself"));
    m_clientSecret = addLine(tr("Client secret"), tr("Kept in memory only"), {}, true);
    m_authentication = addChoice(tr("Client shows itself by"));
    m_authentication->addItem(tr("What the server offers"), int(ClientAuthentication::Auto));
    m_authentication->addItem(tr("Nothing (none)"), int(ClientAuthentication::None));
    for (const ClientAuthentication method :
         {ClientAuthentication::Basic, ClientAuthentication::Post,
          ClientAuthentication::PrivateKeyJwt})
        m_authentication->addItem(QString::fromLatin1(clientAuthenticationName(method)),
                                  int(method));
    m_keyFile = addLine(tr("Private key (PEM)"), tr("Kept in memory only"));
    const QString caption = tr("Private key of the client");
    QAction *find =
        m_keyFile->addAction(themedIcon(u"folder"_s, Role::Muted), QLineEdit::TrailingPosition);
    find->setText(caption);
    find->setToolTip(tr("Choose a file"));
    connect(find, &QAction::triggered, this, [this, caption] {
        auto *dialog = new QFileDialog(this, caption, QFileInfo(m_keyFile->text()).path(),
                                       tr("PEM files (*.pem *.key);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, m_keyFile, &QLineEdit::setText);
        dialog->open();
    });
    m_keyPassword = addLine(tr("Password of the key"), tr("Where it has one"), {}, true);
    m_keyProblem = new RoleLabel(Role::Failure, this);
    m_keyProblem->setWordWrap(true);
    addRow({}, m_keyProblem);
    for (QLineEdit *edit : {m_keyFile, m_keyPassword})
        connect(edit, &QLineEdit::textChanged, this, &OAuthPanel::readKey);
    m_clientIssuer =
        addLine(tr("Registered with"), tr("Issuer that knows this client; empty: any"));
    m_metadataUrl =
        addLine(tr("Client metadata URL"), tr("https URL of your own metadata document"), byPerson);
}

void OAuthPanel::buildRequest()
{
    m_scope = addLine(tr("Scopes"), tr("Empty: as the server says"));
    m_resource = new ResourceField(this);
    addRow(tr("Resource"), m_resource);
    connect(m_resource, &ResourceField::changed, this, &OAuthPanel::edited);
    m_redirect = new RedirectField(this);
    addRow(tr("Browser comes back to"), m_redirect, byPerson);
    connect(m_redirect, &RedirectField::changed, this, &OAuthPanel::edited);

    m_dpop = addChoice(tr("Proof of possession"));
    m_dpop->addItem(tr("Where the server takes it (DPoP)"), int(OAuthSettings::DPoP::Auto));
    m_dpop->addItem(tr("Never"), int(OAuthSettings::DPoP::Never));
    m_dpop->addItem(tr("Always"), int(OAuthSettings::DPoP::Always));
    m_offline = new QCheckBox(tr("Ask for offline access where it is offered"), this);
    addRow({}, m_offline, byPerson);
    connect(m_offline, &QCheckBox::toggled, this, &OAuthPanel::edited);
}

void OAuthPanel::buildOtherGrants()
{
    m_assertion = addLine(tr("Workload's token"), tr("JWT of the workload"), byWorkload, true);
    m_idToken = addLine(tr("ID token"), tr("Of the identity provider"), byEnterprise, true);
    m_idpIssuer = addLine(tr("Identity provider"), tr("Its issuer, or"), byEnterprise);
    m_idpTokenEndpoint = addLine(tr("Its token endpoint"), u"https://…"_s, byEnterprise);
    m_idpClientId = addLine(tr("Client id there"), {}, byEnterprise);
    m_idpClientSecret = addLine(tr("Client secret there"), {}, byEnterprise, true);
}

void OAuthPanel::showRows()
{
    const auto grant = OAuthGrant(m_grant->currentData().toInt());
    const bool byKey = ClientAuthentication(m_authentication->currentData().toInt())
        == ClientAuthentication::PrivateKeyJwt;
    for (const Line &line : std::as_const(m_lines)) {
        const bool ofKey = line.field == m_keyFile || line.field == m_keyPassword;
        bool shown =
            m_open && (line.grants.isEmpty() || line.grants.contains(grant)) && (!ofKey || byKey);
        if (line.field == m_keyProblem)
            shown = m_open && byKey && !m_keyProblem->text().isEmpty();
        line.label->setVisible(shown && !line.label->text().isEmpty());
        line.field->setVisible(shown);
    }
    m_more->setText(m_open ? tr("Fewer OAuth settings") : tr("OAuth settings…"));
}

void OAuthPanel::readKey()
{
    if (m_loading)
        return;
    m_rest.clientKey = {};
    QString problem;
    if (const QString path = m_keyFile->text().trimmed(); !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly) || file.size() > largestKey) {
            problem = tr("%1 cannot be read.").arg(QFileInfo(path).fileName());
        } else {
            const Expected<SigningKey> key =
                SigningKey::fromPem(file.read(largestKey), m_keyPassword->text().toUtf8());
            if (key)
                m_rest.clientKey = *key;
            else
                problem = key.error().sentence;
        }
    }
    m_keyProblem->setText(problem);
    showRows();
    edited();
}

void OAuthPanel::setSettings(const OAuthSettings &settings)
{
    if (settings == this->settings())
        return;
    m_loading = true;
    if (!(settings.clientKey == m_rest.clientKey)) {
        m_keyFile->clear();
        m_keyPassword->clear();
        m_keyProblem->clear();
        if (!settings.clientKey.isNull())
            m_keyFile->setPlaceholderText(tr("A key is in memory"));
    }
    m_rest = settings;
    m_automatic->setChecked(settings.mode != OAuthSettings::Mode::Off);
    selectChoice(m_grant, settings.grant);
    m_clientId->setText(settings.clientId);
    m_clientSecret->setText(settings.clientSecret);
    selectChoice(m_authentication, settings.clientAuthentication);
    m_clientIssuer->setText(settings.clientIssuer);
    m_metadataUrl->setText(settings.clientMetadataUrl);
    m_scope->setText(settings.scope.value_or(QString()));
    m_resource->setResource(settings.resource);
    m_redirect->setRedirect(settings.redirectHost, settings.redirectPort);
    selectChoice(m_dpop, settings.dpop);
    m_offline->setChecked(settings.offlineAccess);
    m_assertion->setText(QString::fromUtf8(settings.assertion));
    m_idToken->setText(QString::fromUtf8(settings.idToken));
    m_idpIssuer->setText(settings.idpIssuer);
    m_idpTokenEndpoint->setText(settings.idpTokenEndpoint);
    m_idpClientId->setText(settings.idpClientId);
    m_idpClientSecret->setText(settings.idpClientSecret);
    m_loading = false;
    showRows();
}

OAuthSettings OAuthPanel::settings() const
{
    OAuthSettings result = m_rest;
    result.mode =
        m_automatic->isChecked() ? OAuthSettings::Mode::Interactive : OAuthSettings::Mode::Off;
    result.grant = OAuthGrant(m_grant->currentData().toInt());
    result.clientId = m_clientId->text().trimmed();
    result.clientSecret = m_clientSecret->text();
    result.clientAuthentication = ClientAuthentication(m_authentication->currentData().toInt());
    result.clientIssuer = m_clientIssuer->text().trimmed();
    result.clientMetadataUrl = m_metadataUrl->text().trimmed();
    const QString scope = m_scope->text().simplified();
    result.scope = scope.isEmpty() ? std::nullopt : std::optional(scope);
    result.resource = m_resource->resource();
    result.redirectHost = m_redirect->host();
    result.redirectPort = m_redirect->port();
    result.dpop = OAuthSettings::DPoP(m_dpop->currentData().toInt());
    result.offlineAccess = m_offline->isChecked();
    result.assertion = m_assertion->text().trimmed().toUtf8();
    result.idToken = m_idToken->text().trimmed().toUtf8();
    result.idpIssuer = m_idpIssuer->text().trimmed();
    result.idpTokenEndpoint = m_idpTokenEndpoint->text().trimmed();
    result.idpClientId = m_idpClientId->text().trimmed();
    result.idpClientSecret = m_idpClientSecret->text();
    return result;
}

void OAuthPanel::setRevealed(bool revealed)
{
    for (QLineEdit *edit : std::as_const(m_secrets))
        edit->setEchoMode(revealed ? QLineEdit::Normal : QLineEdit::Password);
}

void OAuthPanel::setOverridden(bool overridden)
{
    m_overridden->setVisible(overridden);
}

void OAuthPanel::edited()
{
    if (!m_loading)
        Q_EMIT changed();
}

} // namespace sightglass
