// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_settings.h"

#include <QList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace sightglass {

class LinkButton;
class RedirectField;
class ResourceField;
class RoleLabel;

/// Edits how one logs in by OAuth at a server: whether at all, as which client, what is asked for,
/// how the browser comes back. All but the first is folded away until somebody wants it, since the
/// specification has an answer to each. Secrets stay in memory.
class OAuthPanel final : public QWidget {
    Q_OBJECT
public:
    explicit OAuthPanel(QWidget *parent = nullptr);

    void setSettings(const OAuthSettings &settings);
    OAuthSettings settings() const;
    /// Shows or hides the values of secret fields.
    void setRevealed(bool revealed);
    /// The server is given an Authorization by hand: nothing is asked for then.
    void setOverridden(bool overridden);

Q_SIGNALS:
    void changed();

private:
    /// A label and its field, and for which grants they are.
    struct Line {
        QLabel *label;
        QWidget *field;
        QList<OAuthGrant> grants; ///< empty: all
    };
    void addRow(const QString &label, QWidget *field, const QList<OAuthGrant> &grants = {});
    QLineEdit *addLine(const QString &label, const QString &hint,
                       const QList<OAuthGrant> &grants = {}, bool secret = false);
    QComboBox *addChoice(const QString &label, const QList<OAuthGrant> &grants = {});
    void buildClient();
    void buildRequest();
    void buildOtherGrants();
    void showRows();
    void readKey();
    void edited();

    QGridLayout *m_grid;
    QCheckBox *m_automatic;
    RoleLabel *m_overridden;
    LinkButton *m_more;
    QList<Line> m_lines;
    QList<QLineEdit *> m_secrets;
    QComboBox *m_grant = nullptr;
    QLineEdit *m_clientId = nullptr;
    QLineEdit *m_clientSecret = nullptr;
    QComboBox *m_authentication = nullptr;
    QLineEdit *m_keyFile = nullptr;
    QLineEdit *m_keyPassword = nullptr;
    RoleLabel *m_keyProblem = nullptr;
    QLineEdit *m_clientIssuer = nullptr;
    QLineEdit *m_metadataUrl = nullptr;
    QLineEdit *m_scope = nullptr;
    ResourceField *m_resource = nullptr;
    RedirectField *m_redirect = nullptr;
    QCheckBox *m_offline = nullptr;
    QComboBox *m_dpop = nullptr;
    QLineEdit *m_assertion = nullptr;
    QLineEdit *m_idToken = nullptr;
    QLineEdit *m_idpIssuer = nullptr;
    QLineEdit *m_idpTokenEndpoint = nullptr;
    QLineEdit *m_idpClientId = nullptr;
    QLineEdit *m_idpClientSecret = nullptr;

    OAuthSettings m_rest; ///< what has no field here
    bool m_open = false;
    bool m_loading = false;
};

} // namespace sightglass
