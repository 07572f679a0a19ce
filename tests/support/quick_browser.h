// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/credentials.h"
#include "core/http/http_gate.h"

#include <QMap>

#include <memory>

namespace sightglass::test {

/// A browser of somebody who is quick: opens a URL, goes where it is sent, and answers each form
/// with what they type and with the button that `decision` names, up to the callback. Keeps the
/// cookies of the origin that it opened.
class QuickBrowser : public QObject {
    Q_OBJECT
public:
    explicit QuickBrowser(QObject *parent = nullptr);

    void open(const QUrl &url);
    /// Or "deny", which is a link to cancel where no button is; empty: looks at the page, no more.
    QString decision = QStringLiteral("allow");
    QMap<QString, QString> typed; ///< into fields of these names, wherever they stand
    const QList<QUrl> &opened() const { return m_opened; }
    int lastStatus() const { return m_lastStatus; }
    const TraceStore &trace() const { return m_trace; }

Q_SIGNALS:
    /// The last page is there; or none, then the status is 0.
    void arrived(int status);

private:
    void send(const HttpRequest &request);
    /// Of a page with a form: what its button sends; nothing where there is none.
    std::optional<HttpRequest> formOf(const QByteArray &page, const QUrl &url) const;

    static constexpr int MostPages = 10;

    TraceStore m_trace;
    std::unique_ptr<CredentialSet> m_cookies; ///< nothing but cookies
    HttpGate m_gate;
    int m_pages = 0; ///< since open()
    QList<QUrl> m_opened;
    int m_lastStatus = 0;
};

} // namespace sightglass::test
