// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/oauth_edit_form.h"

#include "ui/widgets/oauth_fields.h"
#include "ui/widgets/role_label.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace sightglass {

using namespace Qt::StringLiterals;

OAuthEditForm::OAuthEditForm(QWidget *parent)
    : QWidget(parent)
    , m_title(new RoleLabel(Role::Muted, this))
    , m_scope(new QLineEdit(this))
    , m_clientId(new QLineEdit(this))
    , m_resource(new ResourceField(this))
    , m_redirect(new RedirectField(this))
    , m_alone(new QPushButton(tr("This step alone"), this))
    , m_fromHere(new QPushButton(tr("From here on"), this))
{
    m_title->setWordWrap(true);
    m_scope->setAccessibleName(tr("Scopes to ask for"));
    m_scope->setPlaceholderText(tr("As the server says"));
    m_clientId->setAccessibleName(tr("Client id to come as"));
    m_clientId->setPlaceholderText(tr("As the authorisation server offers"));
    for (QPushButton *button : {m_alone, m_fromHere})
        button->setAutoDefault(false);
    connect(m_alone, &QPushButton::clicked, this,
            [this] { Q_EMIT runRequested(true, settings()); });
    connect(m_fromHere, &QPushButton::clicked, this,
            [this] { Q_EMIT runRequested(false, settings()); });

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_fromHere);
    buttons->addWidget(m_alone);
    buttons->addStretch(1);
    buttons->setSpacing(8);
    auto *form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(m_title);
    form->addRow(tr("Scopes"), m_scope);
    form->addRow(tr("Client id"), m_clientId);
    form->addRow(tr("Resource"), m_resource);
    form->addRow(tr("Browser comes back to"), m_redirect);
    form->addRow(QString(), buttons);
    setStep(OAuthStepKind::Challenge, false);
}

void OAuthEditForm::setSettings(const OAuthSettings &settings)
{
    m_settings = settings;
    m_scope->setText(settings.scope.value_or(QString()));
    m_clientId->setText(settings.clientId);
    m_resource->setResource(settings.resource);
    m_redirect->setRedirect(settings.redirectHost, settings.redirectPort);
}

OAuthSettings OAuthEditForm::settings() const
{
    OAuthSettings result = m_settings;
    const QString scope = m_scope->text().simplified();
    result.scope = scope.isEmpty() ? std::nullopt : std::optional(scope);
    const QString id = m_clientId->text().trimmed();
    // A secret is of the client that it was given for.
    if (id != result.clientId)
        result.clientSecret.clear();
    result.clientId = id;
    result.resource = m_resource->resource();
    result.redirectHost = m_redirect->host();
    result.redirectPort = m_redirect->port();
    return result;
}

void OAuthEditForm::setStep(OAuthStepKind kind, bool canRun)
{
    m_title->setText(canRun ? tr("Run “%1” again with:").arg(oauthStepTitle(kind))
                            : tr("“%1” cannot be run again by itself: choose another step.")
                                  .arg(oauthStepTitle(kind)));
    m_alone->setEnabled(canRun);
    m_fromHere->setEnabled(canRun);
    const QString title = oauthStepTitle(kind);
    m_alone->setToolTip(tr("Runs “%1” once more, and stops behind it").arg(title));
    m_fromHere->setToolTip(tr("Runs “%1” and all that follows once more").arg(title));
}

} // namespace sightglass
