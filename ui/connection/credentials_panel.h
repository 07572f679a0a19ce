// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/credentials.h"
#include "core/auth/oauth/oauth_settings.h"

#include <QWidget>

class QLineEdit;
class QCheckBox;
class QGridLayout;
class QLabel;

namespace sightglass {

class HeaderRows;
class OAuthPanel;
class RoleLabel;

/// Edits what a server is to be told about who asks: token, basic, headers,
/// cookies, and how tokens come by OAuth. Says in place what cannot be sent or is likely wrong.
class CredentialsPanel final : public QWidget {
    Q_OBJECT
public:
    explicit CredentialsPanel(QWidget *parent = nullptr);

    void setCredentials(const Credentials &credentials);
    Credentials credentials() const;
    void setOAuth(const OAuthSettings &settings);
    OAuthSettings oauth() const;
    /// Which server they are for, in words; empty: none yet.
    void setServer(const QString &origin);
    /// True where something in it cannot be sent.
    bool hasFatalProblem() const { return m_fatal; }

Q_SIGNALS:
    void changed();

private:
    void check();
    void edited();
    QLineEdit *addLine(QGridLayout *grid, const QString &label, const QString &accessible,
                       bool secret);

    QLabel *m_server;
    QLineEdit *m_bearer;
    RoleLabel *m_bearerProblem;
    QLineEdit *m_user;
    QLineEdit *m_password;
    HeaderRows *m_headers;
    QLineEdit *m_cookies;
    RoleLabel *m_cookieProblem;
    RoleLabel *m_otherProblem;
    OAuthPanel *m_oauth;
    QCheckBox *m_reveal;
    bool m_fatal = false;
    bool m_loading = false;
};

} // namespace sightglass
