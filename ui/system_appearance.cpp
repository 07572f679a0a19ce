// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/system_appearance.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Groups = QMap<QString, QVariantMap>;

constexpr auto service = "org.freedesktop.portal.Desktop"_L1;
constexpr auto path = "/org/freedesktop/portal/desktop"_L1;
constexpr auto interface = "org.freedesktop.portal.Settings"_L1;
constexpr auto appearance = "org.freedesktop.appearance"_L1;

} // namespace

SystemAppearance::SystemAppearance(const QDBusConnection &bus, QObject *parent)
    : QObject(parent)
    , m_bus(bus)
{
    if (!m_bus.isConnected())
        return;
    qDBusRegisterMetaType<Groups>();
    m_bus.connect(service, path, interface, u"SettingChanged"_s, this,
                  SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, u"ReadAll"_s);
    question << QStringList{appearance};
    auto *answer = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        const QDBusPendingReply<Groups> reply = *answer;
        answer->deleteLater();
        if (reply.isValid())
            take(reply.value().value(appearance));
    });
}

QDBusConnection SystemAppearance::sessionBus()
{
    // Without an address libdbus would try to start a bus, which takes its time.
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const bool known = qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        || (!runtime.isEmpty() && QFileInfo::exists(runtime + "/bus"_L1));
    return known ? QDBusConnection::sessionBus() : QDBusConnection(QString());
}

void SystemAppearance::settingChanged(const QString &group, const QString &key,
                                      const QDBusVariant &value)
{
    if (group == appearance)
        take({{key, value.variant()}});
}

void SystemAppearance::take(const QVariantMap &settings)
{
    std::optional<bool> dark = m_dark;
    bool highContrast = m_highContrast;
    if (const auto it = settings.constFind(u"color-scheme"_s); it != settings.constEnd()) {
        const uint scheme = it->toUInt(); // 0: no preference, 1: dark, 2: light
        dark = scheme == 1 ? std::optional(true)
            : scheme == 2  ? std::optional(false)
                           : std::nullopt;
    }
    if (const auto it = settings.constFind(u"contrast"_s); it != settings.constEnd())
        highContrast = it->toUInt() == 1;
    if (dark == m_dark && highContrast == m_highContrast)
        return;
    m_dark = dark;
    m_highContrast = highContrast;
    Q_EMIT changed();
}

} // namespace sightglass
