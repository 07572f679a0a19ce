// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/oauth_edit_form.h"

#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace sightglass {

using namespace Qt::StringLiterals;

OAuthEditForm::OAuthEditForm(QWidget *parent)
    : QWidget(parent)
    , m_title(new RoleLabel(Role::Muted, this))
    , m_scope(new QLineEdit(this))
    , m_clientId(new QLineEdit(this))
    , m_resource(new QLineEdit(this))
    , m_withoutResource(new QCheckBox(tr("without"), this))
    , m_redirectHost(new QComboBox(this))
    , m_redirectPort(new QSpinBox(this))
    , m_alone(new QPushButton(tr("This step alone"), this))
    , m_fromHere(new QPushButton(tr("From here on"), this))
{
    m_title->setWordWrap(true);
    m_scope->setAccessibleName(tr("Scopes to ask for"));
    m_scope->setPlaceholderText(tr("As the server says"));
    m_clientId->setAccessibleName(tr("Client id to come as"));
    m_clientId->setPlaceholderText(tr("As the authorisation server offers"));
    m_resource->setAccessibleName(tr("Resource to ask for"));
    m_resource->setPlaceholderText(tr("The server's own"));
    m_withoutResource->setAccessibleName(tr("Ask without a resource"));
    m_redirectHost->setAccessibleName(tr("Host of the redirect"));
    m_redirectHost->addItems({u"127.0.0.1"_s, u"localhost"_s, u"[::1]"_s});
    m_redirectPort->setAccessibleName(tr("Port of the redirect"));
    m_redirectPort->setRange(0, 65535);
    m_redirectPort->setSpecialValueText(tr("any port"));
    connect(m_withoutResource, &QCheckBox::toggled, this,
            [this](bool on) { m_resource->setEnabled(!on); });
    for (QPushButton *button : {m_alone, m_fromHere})
        button->setAutoDefault(false);
    connect(m_alone, &QPushButton::clicked, this,
            [this] { Q_EMIT runRequested(true, settings()); });
    connect(m_fromHere, &QPushButton::clicked, this,
            [this] { Q_EMIT runRequested(false, settings()); });

    auto *resource = new QHBoxLayout;
    resource->addWidget(m_resource, 1);
    resource->addWidget(m_withoutResource);
    auto *redirect = new QHBoxLayout;
    redirect->addWidget(m_redirectHost);
    redirect->addWidget(m_redirectPort);
    redirect->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_fromHere);
    buttons->addWidget(m_alone);
    buttons->addStretch(1);
    for (QHBoxLayout *line : {resource, redirect, buttons})
        line->setSpacing(8);
    auto *form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(6);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(m_title);
    form->addRow(tr("Scopes"), m_scope);
    form->addRow(tr("Client id"), m_clientId);
    form->addRow(tr("Resource"), resource);
    form->addRow(tr("Redirect to"), redirect);
    form->addRow(QString(), buttons);
    setStep(OAuthStepKind::Challenge, false);
}

void OAuthEditForm::setSettings(const OAuthSettings &settings)
{
    m_settings = settings;
    m_scope->setText(settings.scope.value_or(QString()));
    m_clientId->setText(settings.clientId);
    m_withoutResource->setChecked(settings.resource && settings.resource->isEmpty());
    m_resource->setText(settings.resource.value_or(QString()));
    m_redirectHost->setCurrentIndex(std::max(0, m_redirectHost->findText(settings.redirectHost)));
    m_redirectPort->setValue(settings.redirectPort);
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
    const QString resource = m_resource->text().trimmed();
    result.resource = m_withoutResource->isChecked() ? std::optional(QString())
        : resource.isEmpty()                         ? std::nullopt
                                                     : std::optional(resource);
    result.redirectHost = m_redirectHost->currentText();
    result.redirectPort = quint16(m_redirectPort->value());
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
