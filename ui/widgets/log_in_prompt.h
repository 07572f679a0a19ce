// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/authorizer.h"

#include <QFrame>

class QLineEdit;
class QPushButton;

namespace sightglass {

class RoleLabel;

/// A place over every page while logging in waits for the person: who wants one to log in where,
/// the host by itself and large, and what can be done. Or a question that only a person can answer:
/// as which client, or whether a private address may be asked. All names are untrusted and plain.
/// Opens nothing itself.
class LogInPrompt final : public QFrame {
    Q_OBJECT
public:
    explicit LogInPrompt(QWidget *parent = nullptr);

    /// Shows itself where something waits for the person, else it is not there.
    void setState(const OAuthState &state);
    /// No browser could be started: the address is shown, to be copied.
    void showAddress(const QString &why);

    /// "tools.example wants you to log in at auth.example.com (scopes: a b)."
    static QString sentenceOf(const OAuthState &state);
    /// Why a pasted address cannot be the one that the browser was sent to; empty: it may be.
    static QString pasteProblem(const QString &text, const QUrl &redirectUri);

Q_SIGNALS:
    void openRequested(const QUrl &url);
    void copyRequested(const QUrl &url);
    void cancelRequested();
    void callbackPasted(const QUrl &url);
    /// Empty secret: none.
    void clientGiven(const QString &id, const QString &secret);
    void answered(bool agreed);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void buildBrowser();
    void buildClient();
    /// What was pasted is no callback of this log-in, and why; empty: nothing is wrong with it.
    void setPasteProblem(const QString &sentence);
    void takePaste();
    void takeClient();

    OAuthState m_state;
    RoleLabel *m_sentence;
    RoleLabel *m_host;
    RoleLabel *m_warning;
    QLineEdit *m_address; ///< whole, to be copied; shown where no browser could be started
    QWidget *m_browser;
    QPushButton *m_open;
    QPushButton *m_copy;
    QLineEdit *m_paste;
    QPushButton *m_take;
    RoleLabel *m_pasteProblem;
    QWidget *m_client;
    QLineEdit *m_clientId;
    QLineEdit *m_clientSecret;
    QPushButton *m_useClient;
    QWidget *m_private;
    QPushButton *m_cancel;
};

} // namespace sightglass
