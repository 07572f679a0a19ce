// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/network_settings.h"
#include "core/http/tls_settings.h"
#include "core/trace/failure.h"

#include <QHash>
#include <QNetworkProxy>
#include <QObject>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QIODevice;
class QNetworkReply;
class QNetworkRequest;
QT_END_NAMESPACE

namespace sightglass {

/// Access managers, as many as it takes that no request waits for another: one manager has six
/// connections to a host and lets the seventh request wait, behind six streams for ever
/// (wire-facts 1). Each manager holds at most six running requests; the lowest free one is taken,
/// so that kept connections are used again.
///
/// Also knows what the settings mean for TLS and proxies. New settings make new managers; old
/// ones go with their last request.
class GatePool : public QObject {
public:
    static constexpr int slots_ = 6;

    /// A place for one request; given back by destruction.
    class Lease {
    public:
        ~Lease();
        /// Sends it. The reply belongs to the manager; `body` may be null and is not owned.
        QNetworkReply *send(const QNetworkRequest &request, const QByteArray &method,
                            QIODevice *body);

    private:
        friend class GatePool;
        Lease() = default;
        struct Line;
        std::shared_ptr<Line> m_line;
        std::weak_ptr<QList<std::shared_ptr<Line>>> m_lines;
    };

    explicit GatePool(QObject *parent = nullptr);
    ~GatePool() override;

    void setSettings(const NetworkSettings &settings);
    const NetworkSettings &settings() const { return m_settings; }
    /// Why these settings cannot be used: an unreadable certificate, a malformed proxy.
    const std::optional<Failure> &problem() const { return m_problem; }

    const TlsSettings &tls() const { return *m_tls; }
    /// The proxy for a URL, with the credentials in it that the settings (or the system) give.
    QNetworkProxy proxyFor(const QUrl &url);

    std::unique_ptr<Lease> lease();

private:
    void readProxy();

    NetworkSettings m_settings;
    std::optional<Failure> m_problem;
    std::shared_ptr<const TlsSettings> m_tls; ///< managers keep theirs
    QNetworkProxy m_proxy;
    QHash<QByteArray, QNetworkProxy> m_systemProxies; ///< by origin: asking the system can be slow
    std::shared_ptr<QList<std::shared_ptr<Lease::Line>>> m_lines;
};

} // namespace sightglass
