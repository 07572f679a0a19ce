// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace sightglass {

// What is edited of OAuthSettings in more than one place.

/// Which resource is asked for; see OAuthSettings::resource. Nothing: the server's own; empty:
/// none is sent.
class ResourceField final : public QWidget {
    Q_OBJECT
public:
    explicit ResourceField(QWidget *parent = nullptr);
    void setResource(const std::optional<QString> &resource);
    std::optional<QString> resource() const;

Q_SIGNALS:
    void changed();

private:
    QLineEdit *m_edit;
    QCheckBox *m_without;
};

/// Where the browser comes back to: a host of this machine, and a port of it (0: any).
class RedirectField final : public QWidget {
    Q_OBJECT
public:
    explicit RedirectField(QWidget *parent = nullptr);
    void setRedirect(const QString &host, quint16 port);
    QString host() const;
    quint16 port() const;

Q_SIGNALS:
    void changed();

private:
    QComboBox *m_host;
    QSpinBox *m_port;
};

} // namespace sightglass
