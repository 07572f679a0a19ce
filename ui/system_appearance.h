// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>
#include <QVariantMap>

#include <optional>

namespace sightglass {

/// What the desktop says of light and dark and of contrast: the settings portal of freedesktop.org
/// (interface org.freedesktop.portal.Settings, namespace org.freedesktop.appearance), which GNOME,
/// KDE and others answer. Qt 6.4 does not ask it. Never waits: until the answer came, or where
/// nobody answers, nothing is known.
class SystemAppearance final : public QObject {
    Q_OBJECT
public:
    /// A connection that is not open is as good as a portal that does not answer.
    explicit SystemAppearance(const QDBusConnection &bus, QObject *parent = nullptr);
    /// The bus of the person's session; not open where the environment names none.
    static QDBusConnection sessionBus();

    std::optional<bool> dark() const { return m_dark; } ///< empty: no preference
    bool highContrast() const { return m_highContrast; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void take(const QVariantMap &settings);

    QDBusConnection m_bus;
    std::optional<bool> m_dark;
    bool m_highContrast = false;
};

} // namespace sightglass
