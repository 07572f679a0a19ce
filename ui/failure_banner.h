// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/finding.h"

#include <QByteArray>
#include <QObject>

#include <functional>
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

    /// What the rules found in the session's trace: of a failure that they explain the banner says
    /// the same as they do.
    void setFindings(const QList<Finding> &findings);
    /// Something that is not the session's: a file, the lab.
    void showFailure(const Failure &failure);
    /// Something to know; `link` may be empty, else it does `follow`.
    void showNotice(const QString &sentence, const QString &link = {},
                    const std::function<void()> &follow = {});

    /// Whether there is something in it that the person does not know: not where they cancelled
    /// themselves, but where somebody denied access, or an address was not asked.
    static bool isWorthTelling(const Failure &failure);
    /// The SHA-256 fingerprint that a TLS failure (AF-94) offers to accept; empty: none.
    static QByteArray offeredFingerprint(const Failure &failure);

Q_SIGNALS:
    void showRequested(sightglass::ExchangeId id);
    void whyRequested();
    void findingRequested(const QString &id); ///< of the catalogue
    void credentialsRequested();
    void retryRequested();
    void withCredentialsRequested();
    /// `origin`: of the server that showed it, as Origin::toString().
    void acceptRequested(const QByteArray &sha256, const QByteArray &origin);
    void noticeClosed(); ///< by the person

private:
    void sessionChanged();
    void remarksChanged();
    void explain();
    /// The session's failure as it is to be told.
    Failure told() const;
    const Finding *findingOf(const Failure &failure) const; ///< null: none explains it

    SessionController *m_session;
    Banner *m_banner;
    std::optional<Failure> m_shown; ///< the session's; also when closed
    std::optional<Failure> m_explained; ///< what the banner says of it now; nothing: something else
    QList<Finding> m_findings;
    bool m_closed = false;
    bool m_isNotice = false;
    bool m_isRemark = false;
    qsizetype m_remarks = 0; ///< of the session, so many were shown
};

} // namespace sightglass
