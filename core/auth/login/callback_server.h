// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QObject>
#include <QTcpServer>
#include <QUrl>

#include <memory>
#include <vector>

namespace sightglass {

/// Waits on loopback for the browser that comes back from the authorisation server (RFC 8252, 7.3),
/// answers it with a page without scripts, and closes by itself once it came.
///
/// Other paths and methods are answered with 404, another Host with 400 (rebinding of names).
/// Nothing of what it is sent is shown in a page. Requests are limited in size, number and time.
/// Whether what came is the answer to what was asked (`state`) is for OAuthFlow to judge.
class CallbackServer : public QObject {
    Q_OBJECT
public:
    explicit CallbackServer(QObject *parent = nullptr);
    ~CallbackServer() override;

    /// `host`: "127.0.0.1", "localhost" (which is both loopback addresses) or "[::1]". `port` 0:
    /// `preferred` if that is free, else any. False with a clause in `problem`.
    bool listen(const QString &host, quint16 port, quint16 preferred, const QString &path,
                QString *problem);
    /// The redirect URI; empty while it does not listen.
    QUrl url() const { return m_url; }
    bool isListening() const { return !m_servers.empty(); }
    /// From now on a call is taken; before, none is.
    void expect() { m_waits = true; }
    void close();

Q_SIGNALS:
    /// Once for each expect(): the URL that the browser called, as it did. Then it is closed.
    void called(const QUrl &url);

private:
    struct Peer {
        QByteArray head;
        bool answered = false;
    };
    void accept(QTcpServer *server);
    void read(QTcpSocket *socket);
    void handle(QTcpSocket *socket, const QByteArray &head);
    void answer(QTcpSocket *socket, const QByteArray &status, const QByteArray &title,
                const QByteArray &words);

    std::vector<std::unique_ptr<QTcpServer>> m_servers;
    QHash<QTcpSocket *, Peer> m_peers;
    QUrl m_url;
    bool m_waits = false;
};

} // namespace sightglass
