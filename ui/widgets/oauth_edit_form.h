// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_settings.h"
#include "core/auth/oauth/oauth_step.h"

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace sightglass {

class RedirectField;
class ResourceField;
class RoleLabel;

/// What a person may change of a log-in before a step of it, or all from there on, is run again:
/// scopes, client, redirect, resource. The rest of the settings stays as it is.
class OAuthEditForm final : public QWidget {
    Q_OBJECT
public:
    explicit OAuthEditForm(QWidget *parent = nullptr);

    /// Fills the fields; what was typed and not sent is lost.
    void setSettings(const OAuthSettings &settings);
    OAuthSettings settings() const;
    /// Which step is meant, and whether it can be run again.
    void setStep(OAuthStepKind kind, bool canRun);

Q_SIGNALS:
    void runRequested(bool alone, const sightglass::OAuthSettings &settings);

private:
    OAuthSettings m_settings;
    RoleLabel *m_title;
    QLineEdit *m_scope;
    QLineEdit *m_clientId;
    ResourceField *m_resource;
    RedirectField *m_redirect;
    QPushButton *m_alone;
    QPushButton *m_fromHere;
};

} // namespace sightglass
