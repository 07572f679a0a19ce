// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QObject>

namespace sightglass {

class Banner;
class SessionController;

/// One line over every page while the server waits for an answer, with a link to it. Stays away
/// where the person closed it, until the server asks again, and on the page of the requests.
class AskingBanner final : public QObject {
    Q_OBJECT
public:
    /// Neither is owned.
    AskingBanner(SessionController *session, Banner *banner, QObject *parent = nullptr);

    void setOnRequests(bool on); ///< whether their page is shown

Q_SIGNALS:
    void answerRequested();

private:
    void update();

    SessionController *m_session;
    Banner *m_banner;
    QString m_sentence; ///< that it says now
    bool m_closed = false;
    bool m_onRequests = false;
};

} // namespace sightglass
