// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/recent_servers.h"

#include "core/trace/redaction.h"

#include <QSettings>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype most = 12;

} // namespace

RecentServers::RecentServers(QSettings *settings)
    : m_settings(settings)
{
    load();
}

QUrl RecentServers::storable(const QUrl &url)
{
    QUrl clean = url;
    clean.setUserInfo(QString());
    clean.setFragment(QString());
    if (Redactor("x"_ba).url(clean) != clean)
        clean.setQuery(QString());
    return clean;
}

const RecentServer *RecentServers::find(const QUrl &url) const
{
    const QUrl wanted = storable(url);
    for (const RecentServer &server : m_list) {
        if (server.url == wanted)
            return &server;
    }
    return nullptr;
}

void RecentServers::remember(const ServerTarget &target, const SessionState &state, qint64 tools,
                             const QDateTime &now)
{
    RecentServer server;
    server.url = storable(target.url);
    if (const RecentServer *before = find(target.url))
        server.tools = before->tools;
    server.name = state.serverTitle.isEmpty() ? state.serverName : state.serverTitle;
    server.name.truncate(80);
    server.revision = state.revision;
    if (tools >= 0)
        server.tools = tools;
    server.when = now.toUTC();
    server.pinnedRevision = target.revision;
    server.network = target.network;
    server.network.proxyPassword.clear();
    server.network.clientKeyPassword.clear();
    m_list.removeIf([&](const RecentServer &other) { return other.url == server.url; });
    m_list.prepend(server);
    while (m_list.size() > most)
        m_list.removeLast();
    save();
}

void RecentServers::forget(const QUrl &url)
{
    const QUrl wanted = storable(url);
    m_list.removeIf([&](const RecentServer &other) { return other.url == wanted; });
    save();
}

void RecentServers::restore(const RecentServer &server, qsizetype place)
{
    if (find(server.url))
        return;
    m_list.insert(std::clamp<qsizetype>(place, 0, m_list.size()), server);
    save();
}

void RecentServers::load()
{
    if (!m_settings)
        return;
    const int count = m_settings->beginReadArray(u"recent"_s);
    for (int i = 0; i < count && m_list.size() < most; ++i) {
        m_settings->setArrayIndex(i);
        RecentServer server;
        server.url = QUrl(m_settings->value(u"url"_s).toString(), QUrl::StrictMode);
        if (!server.url.isValid() || server.url.host().isEmpty())
            continue;
        server.name = m_settings->value(u"name"_s).toString();
        server.revision = m_settings->value(u"revision"_s).toString();
        server.tools = m_settings->value(u"tools"_s, -1).toLongLong();
        server.when = m_settings->value(u"when"_s).toDateTime();
        server.pinnedRevision = m_settings->value(u"pinnedRevision"_s, u"auto"_s).toString();
        NetworkSettings &network = server.network;
        network.http2 = m_settings->value(u"http2"_s).toBool();
        const int proxy = m_settings->value(u"proxy"_s).toInt();
        if (proxy >= 0 && proxy <= int(NetworkSettings::Proxy::Given))
            network.proxy = NetworkSettings::Proxy(proxy);
        network.proxyUrl = m_settings->value(u"proxyUrl"_s).toString();
        network.proxyUser = m_settings->value(u"proxyUser"_s).toString();
        network.caFile = m_settings->value(u"caFile"_s).toString();
        network.clientCertificateFile = m_settings->value(u"clientCertificate"_s).toString();
        network.clientKeyFile = m_settings->value(u"clientKey"_s).toString();
        network.pinnedSha256 =
            QByteArray::fromHex(m_settings->value(u"pinnedSha256"_s).toString().toLatin1());
        network.pinnedOrigin = m_settings->value(u"pinnedOrigin"_s).toString().toLatin1();
        m_list.append(server);
    }
    m_settings->endArray();
}

void RecentServers::save() const
{
    if (!m_settings)
        return;
    m_settings->remove(u"recent"_s);
    m_settings->beginWriteArray(u"recent"_s, int(m_list.size()));
    for (qsizetype i = 0; i < m_list.size(); ++i) {
        const RecentServer &server = m_list.at(i);
        m_settings->setArrayIndex(int(i));
        m_settings->setValue(u"url"_s, server.url.toString(QUrl::FullyEncoded));
        m_settings->setValue(u"name"_s, server.name);
        m_settings->setValue(u"revision"_s, server.revision);
        m_settings->setValue(u"tools"_s, server.tools);
        m_settings->setValue(u"when"_s, server.when);
        m_settings->setValue(u"pinnedRevision"_s, server.pinnedRevision);
        m_settings->setValue(u"http2"_s, server.network.http2);
        m_settings->setValue(u"proxy"_s, int(server.network.proxy));
        m_settings->setValue(u"proxyUrl"_s, server.network.proxyUrl);
        m_settings->setValue(u"proxyUser"_s, server.network.proxyUser);
        m_settings->setValue(u"caFile"_s, server.network.caFile);
        m_settings->setValue(u"clientCertificate"_s, server.network.clientCertificateFile);
        m_settings->setValue(u"clientKey"_s, server.network.clientKeyFile);
        m_settings->setValue(u"pinnedSha256"_s,
                             QString::fromLatin1(server.network.pinnedSha256.toHex()));
        m_settings->setValue(u"pinnedOrigin"_s, QString::fromLatin1(server.network.pinnedOrigin));
    }
    m_settings->endArray();
}

} // namespace sightglass
