// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/oauth_memory.h"

#include <QDateTime>

class QSettings;

namespace sightglass {

/// A server that was connected to before. No secrets: credentials are not
/// kept, passwords of proxy and key neither.
struct RecentServer {
    QUrl url; ///< without user info; without a query that carries a secret; empty: a command
    std::optional<ServerCommand> command; ///< values that are secret are empty
    QString name; ///< as the server called itself
    QString revision; ///< negotiated then
    qint64 tools = -1; ///< -1: never listed
    QDateTime when; ///< UTC
    QString pinnedRevision = QStringLiteral("auto"); ///< what was asked for
    NetworkSettings network; ///< passwords empty
    OAuthSettings oauth = usualOAuth(); ///< without secrets
    ClientOffer offer{true, true, true, true}; ///< what it may ask for
    QList<Root> roots; ///< that it is given; what is no file is stored as URLs are

    /// What stands in the line for it, and tells it from others: the URL, or the command line.
    QString address() const;

    bool operator==(const RecentServer &) const = default;
};

/// The servers used last, newest first, in the person's settings.
class RecentServers {
public:
    /// Not owned; null: nothing is kept.
    explicit RecentServers(QSettings *settings);

    const QList<RecentServer> &list() const { return m_list; }
    const RecentServer *find(const QString &address) const; ///< null: never seen
    /// Puts it first.
    void remember(const ServerTarget &target, const SessionState &state, qint64 tools,
                  const QDateTime &now);
    /// Where it is known.
    void setRoots(const ServerTarget &target, const QList<Root> &roots);
    void forget(const QString &address);
    /// Puts one that was forgotten back where it stood.
    void restore(const RecentServer &server, qsizetype place);

    /// What RecentServer::address() would be for it.
    static QString addressOf(const ServerTarget &target);
    /// The URL as it may be written down.
    static QUrl storable(const QUrl &url);
    /// The same of a command: variables that are marked or named as secrets lose their values, as
    /// do arguments that belong to an option named as one (--api-key=…, --token …).
    static ServerCommand storable(const ServerCommand &command);

private:
    void load();
    void save() const;

    QSettings *m_settings;
    QList<RecentServer> m_list;
};

} // namespace sightglass
