// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QStringList>
#include <QUrl>

#include <memory>

namespace sightglass {

/// A failure that the lab can play.
struct LabFault {
    QString id; ///< "AF-20", or a word for what is not in the catalogue: "stall", "huge-body"
    QString title;
    QString description;
};
QList<LabFault> labFaults();

/// What the lab asks of its clients, and where.
struct LabSettings {
    quint16 port = 0; ///< 0: any free one; always on 127.0.0.1
    QStringList play; ///< ids of faults
    /// The token that every request must carry; empty: no check.
    QByteArray bearer;
    /// Extra header that every request must carry besides, as "X-Api-Key: value"; empty: none.
    QByteArray apiKey;
};

/// A small MCP server on loopback with its own HTTP/1.1, which can misbehave
/// on purpose. The demo, the tests and `sightglass-cli lab` use the same one.
class Lab : public QObject {
    Q_OBJECT
public:
    explicit Lab(LabSettings settings = {}, QObject *parent = nullptr);
    ~Lab() override;

    bool listen(QString *problem = nullptr);
    void close();
    QUrl url() const; ///< http://127.0.0.1:PORT/mcp
    const LabSettings &settings() const;
    void setPlay(const QStringList &ids); ///< from the next request on

Q_SIGNALS:
    /// One line per request, for a person to read.
    void log(const QString &line);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
