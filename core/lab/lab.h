// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QStringList>
#include <QUrl>

#include <memory>

namespace sightglass {

/// A failure that the lab can play. It is asked for as ID, or in full as ID[:NUMBER][@WHERE]:
/// "AF-81:5" forgets a session after 5 requests, "truncated-json@tools/list" plays at that method
/// only; WHERE may also be GET, POST, DELETE or "request" (any JSON-RPC request).
struct LabFault {
    QString id; ///< "AF-20", or a word for what is not in the catalogue: "stall", "huge-body"
    QString title;
    QString description;
};
QList<LabFault> labFaults();
/// One sentence if nothing can be played by this name; else empty.
QString labPlayProblem(const QString &entry);

/// What the lab asks of its clients, and where.
struct LabSettings {
    quint16 port = 0; ///< 0: any free one; always on 127.0.0.1
    QStringList play = {}; ///< ids of faults
    /// The token that every request must carry; empty: no check.
    QByteArray bearer = {};
    /// Extra header that every request must carry besides, as "X-Api-Key: value"; empty: none.
    /// "Cookie: name=value" asks for that cookie among whatever else the client sends.
    QByteArray apiKey = {};
    int retryMs = 1500; ///< what `retry:` tells clients at the start of a stream
    int pingMs = 30000; ///< between two pings of a listening client; 0: none
    int keepAliveMs = 15000; ///< between two comments on a listening stream; 0: none
    int askTimeoutMs = 600000; ///< until a question to the client is withdrawn
    int idleMs = 1800000; ///< until a session that nobody uses is forgotten
    /// The dated revisions that it speaks; empty: all. Without the first of all it offers no
    /// HTTP+SSE, with that one alone nothing else.
    QStringList revisions = {};
};

/// A small MCP server on loopback with its own HTTP/1.1, which can misbehave
/// on purpose. The demo, the tests and `sightglass-cli lab` use the same one.
/// It speaks every dated revision: 2024-11-05 over HTTP+SSE, the later ones over Streamable HTTP;
/// those with a handshake and the one without at the same endpoint. (LabStdio speaks the same on
/// standard streams, LabTransport without any.)
///
/// It works in the thread it lives in, which needs an event loop. Once moved into a QThread that
/// runs, its functions may be called from any thread; they wait for the lab's own. Delete it in its
/// thread (`connect(&thread, &QThread::finished, lab, &QObject::deleteLater)`).
class Lab : public QObject {
    Q_OBJECT
public:
    explicit Lab(const LabSettings &settings = {}, QObject *parent = nullptr);
    ~Lab() override;

    /// False with one sentence: the port is taken, or a fault is unknown.
    bool listen(QString *problem = nullptr);
    void close();
    /// http://127.0.0.1:PORT/mcp; https where AF-94 plays; sseUrl() where it offers nothing else.
    QUrl url() const;
    QUrl sseUrl() const; ///< the stream of HTTP+SSE: http://127.0.0.1:PORT/sse
    LabSettings settings() const;
    void setPlay(const QStringList &ids); ///< from the next request on; unknown ids are logged

Q_SIGNALS:
    /// One line per request, for a person to read: "POST tools/call add 200 12 ms". It has no
    /// secrets. Sent from the lab's thread.
    void log(const QString &line);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
