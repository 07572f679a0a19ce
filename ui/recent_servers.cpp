// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/recent_servers.h"

#include "core/trace/redaction.h"
#include "core/trace/secret_names.h"

#include <QSettings>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostServers = 12;

constexpr std::pair<const char *, bool ClientOffer::*> offerNames[] = {
    {"roots", &ClientOffer::roots},
    {"sampling", &ClientOffer::sampling},
    {"elicitation", &ClientOffer::elicitation},
    {"tasks", &ClientOffer::tasks},
};

/// "roots,sampling"
QString offerText(const ClientOffer &offer)
{
    QStringList names;
    for (const auto &[name, member] : offerNames) {
        if (offer.*member)
            names.append(QString::fromLatin1(name));
    }
    return names.join(u',');
}

ClientOffer offerOf(const QString &text)
{
    const QStringList names = text.split(u',');
    ClientOffer offer;
    for (const auto &[name, member] : offerNames)
        offer.*member = names.contains(QLatin1String(name));
    return offer;
}

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

ServerCommand RecentServers::storable(const ServerCommand &command)
{
    ServerCommand clean = command;
    for (ServerCommand::Variable &variable : clean.environment) {
        if (!variable.secret && secretsOf(ServerCommand{{}, {}, {}, {variable}}).isEmpty()
            && !isSecretSettingName(variable.name.toUtf8()))
            continue;
        variable.secret = true;
        variable.value.clear();
    }
    for (const CommandSecret &secret : secretsOf(command)) {
        if (secret.argument < 0)
            continue;
        QString &argument = clean.arguments[secret.argument];
        const qsizetype at = argument.lastIndexOf(secret.value);
        if (at >= 0)
            argument.remove(at, secret.value.size());
    }
    return clean;
}

QString RecentServer::address() const
{
    return command ? commandLine(*command) : url.toString(QUrl::FullyEncoded);
}

QString RecentServers::addressOf(const ServerTarget &target)
{
    RecentServer server;
    server.url = storable(target.url);
    if (target.command)
        server.command = storable(*target.command);
    return server.address();
}

const RecentServer *RecentServers::find(const QString &address) const
{
    for (const RecentServer &server : m_list) {
        if (server.address() == address)
            return &server;
    }
    return nullptr;
}

void RecentServers::remember(const ServerTarget &target, const SessionState &state, qint64 tools,
                             const QDateTime &now)
{
    RecentServer server;
    server.url = storable(target.url);
    if (target.command)
        server.command = storable(*target.command);
    const QString address = server.address();
    if (const RecentServer *before = find(address)) {
        server.tools = before->tools;
        server.roots = before->roots;
    }
    server.offer = target.offer;
    server.name = state.serverTitle.isEmpty() ? state.serverName : state.serverTitle;
    server.name.truncate(80);
    server.revision = state.revision;
    if (tools >= 0)
        server.tools = tools;
    server.when = now.toUTC();
    server.pinnedRevision = target.revision;
    server.oauth = target.isChannel() ? usualOAuth() : rememberedOAuth(target.oauth);
    server.network = target.network;
    server.network.proxyPassword.clear();
    server.network.clientKeyPassword.clear();
    m_list.removeIf([&](const RecentServer &other) { return other.address() == address; });
    m_list.prepend(server);
    while (m_list.size() > mostServers)
        m_list.removeLast();
    save();
}

void RecentServers::setRoots(const ServerTarget &target, const QList<Root> &roots)
{
    const QString address = addressOf(target);
    QList<Root> clean = roots;
    for (Root &root : clean) {
        if (!root.uri.startsWith("file:"_L1))
            root.uri = storable(QUrl(root.uri)).toString(QUrl::FullyEncoded);
    }
    clean.removeIf([](const Root &root) { return root.uri.isEmpty(); });
    for (RecentServer &server : m_list) {
        if (server.address() != address || server.roots == clean)
            continue;
        server.roots = clean;
        save();
    }
}

void RecentServers::forget(const QString &address)
{
    m_list.removeIf([&](const RecentServer &other) { return other.address() == address; });
    save();
}

void RecentServers::restore(const RecentServer &server, qsizetype place)
{
    if (find(server.address()))
        return;
    m_list.insert(std::clamp<qsizetype>(place, 0, m_list.size()), server);
    save();
}

void RecentServers::load()
{
    if (!m_settings)
        return;
    const int count = m_settings->beginReadArray(u"recent"_s);
    for (int i = 0; i < count && m_list.size() < mostServers; ++i) {
        m_settings->setArrayIndex(i);
        RecentServer server;
        server.url = QUrl(m_settings->value(u"url"_s).toString(), QUrl::StrictMode);
        if (const QString program = m_settings->value(u"program"_s).toString();
            !program.isEmpty()) {
            server.url = QUrl();
            server.command.emplace();
            server.command->program = program;
            server.command->arguments = m_settings->value(u"arguments"_s).toStringList();
            server.command->workingFolder = m_settings->value(u"folder"_s).toString();
            const QStringList names = m_settings->value(u"variables"_s).toStringList();
            const QStringList values = m_settings->value(u"values"_s).toStringList();
            const QStringList secrets = m_settings->value(u"secrets"_s).toStringList();
            for (qsizetype j = 0; j < names.size(); ++j)
                server.command->environment.append(
                    {names.at(j), values.value(j), secrets.contains(names.at(j))});
        } else if (!server.url.isValid() || server.url.host().isEmpty()) {
            continue;
        }
        server.name = m_settings->value(u"name"_s).toString();
        server.revision = m_settings->value(u"revision"_s).toString();
        server.tools = m_settings->value(u"tools"_s, -1).toLongLong();
        server.when = m_settings->value(u"when"_s).toDateTime();
        server.pinnedRevision = m_settings->value(u"pinnedRevision"_s, u"auto"_s).toString();
        if (m_settings->contains(u"offer"_s))
            server.offer = offerOf(m_settings->value(u"offer"_s).toString());
        const QStringList uris = m_settings->value(u"roots"_s).toStringList();
        const QStringList rootNames = m_settings->value(u"rootNames"_s).toStringList();
        for (qsizetype j = 0; j < uris.size(); ++j)
            server.roots.append({uris.at(j), rootNames.value(j)});
        server.oauth = loadOAuth(m_settings);
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
        if (server.command) {
            QStringList names;
            QStringList values;
            QStringList secrets;
            for (const ServerCommand::Variable &variable : server.command->environment) {
                names.append(variable.name);
                values.append(variable.value);
                if (variable.secret)
                    secrets.append(variable.name);
            }
            m_settings->setValue(u"program"_s, server.command->program);
            m_settings->setValue(u"arguments"_s, server.command->arguments);
            m_settings->setValue(u"folder"_s, server.command->workingFolder);
            m_settings->setValue(u"variables"_s, names);
            m_settings->setValue(u"values"_s, values);
            m_settings->setValue(u"secrets"_s, secrets);
        }
        m_settings->setValue(u"name"_s, server.name);
        m_settings->setValue(u"revision"_s, server.revision);
        m_settings->setValue(u"tools"_s, server.tools);
        m_settings->setValue(u"when"_s, server.when);
        m_settings->setValue(u"pinnedRevision"_s, server.pinnedRevision);
        m_settings->setValue(u"offer"_s, offerText(server.offer));
        if (!server.roots.isEmpty()) {
            QStringList uris;
            QStringList rootNames;
            for (const Root &root : server.roots) {
                uris.append(root.uri);
                rootNames.append(root.name);
            }
            m_settings->setValue(u"roots"_s, uris);
            m_settings->setValue(u"rootNames"_s, rootNames);
        }
        saveOAuth(m_settings, server.oauth);
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
