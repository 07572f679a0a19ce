// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QByteArray>
#include <QObject>

#include <optional>

namespace sightglass {

class Banner;
class SessionController;

/// Puts the newest failure of a session into the banner, with what can be done
/// about it. A failure that the person closed stays away until another comes.
class FailureBanner final : public QObject {
    Q_OBJECT
public:
    /// Neither is owned.
    FailureBanner(SessionController *session, Banner *banner, QObject *parent = nullptr);

    /// Something that is not the session's: a file, the lab.
    void showFailure(const Failure &failure);
    /// Something to know; `link` may be empty, else `linkFollowed` follows it.
    void showNotice(const QString &sentence, const QString &link = {});

    /// The SHA-256 fingerprint that a TLS failure (AF-94) offers to accept; empty: none.
    static QByteArray offeredFingerprint(const Failure &failure);

Q_SIGNALS:
    void showRequested(sightglass::ExchangeId id);
    void whyRequested();
    void retryRequested();
    void withCredentialsRequested();
    void acceptRequested(const QByteArray &sha256);
    void linkFollowed();

private:
    void sessionChanged();
    void explain();

    SessionController *m_session;
    Banner *m_banner;
    std::optional<Failure> m_shown; ///< the session's; also when closed
    bool m_closed = false;
};

} // namespace sightglass
