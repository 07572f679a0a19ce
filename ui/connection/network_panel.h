// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/network_settings.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QSpinBox;

namespace sightglass {

class LinkButton;
class RoleLabel;

/// How to get to the server: HTTP version, times, TLS, proxy.
class NetworkPanel final : public QWidget {
    Q_OBJECT
public:
    explicit NetworkPanel(QWidget *parent = nullptr);

    void setSettings(const NetworkSettings &settings, int requestTimeoutMs);
    NetworkSettings settings() const;
    int requestTimeoutMs() const;

Q_SIGNALS:
    void changed();

private:
    void addTitle(const QString &title);
    void addRow(const QString &label, QWidget *field);
    QLineEdit *addLine(const QString &label, bool secret = false);
    QLineEdit *addFile(const QString &label, const QString &caption);
    QSpinBox *addSeconds(const QString &label);
    void edited();
    void updateState();

    QGridLayout *m_grid;
    QCheckBox *m_http2;
    QSpinBox *m_answer;
    QSpinBox *m_request;
    QLineEdit *m_caFile;
    QLineEdit *m_certificate;
    QLineEdit *m_key;
    QLineEdit *m_keyPassword;
    RoleLabel *m_pinned;
    LinkButton *m_unpin;
    QComboBox *m_proxy;
    QLineEdit *m_proxyUrl;
    QLineEdit *m_proxyUser;
    QLineEdit *m_proxyPassword;
    RoleLabel *m_problem;
    QByteArray m_pinnedSha256;
    QByteArray m_pinnedOrigin;
    bool m_loading = false;
};

} // namespace sightglass
