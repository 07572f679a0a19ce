// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass::test {

/// A browser of somebody who is quick: opens a URL, goes where it is sent, and answers a form with
/// the button that `decision` names, up to the callback.
class QuickBrowser : public QObject {
    Q_OBJECT
public:
    explicit QuickBrowser(QObject *parent = nullptr);

    void open(const QUrl &url);
    QString decision = QStringLiteral("allow"); ///< or "deny"; empty: looks at the page, no more
    const QList<QUrl> &opened() const { return m_opened; }
    int lastStatus() const { return m_lastStatus; }
    const TraceStore &trace() const { return m_trace; }

Q_SIGNALS:
    /// The last page is there; or none, then the status is 0.
    void arrived(int status);

private:
    void send(HttpRequest request);
    /// Of a page with a form: what its button sends; nothing where there is none.
    std::optional<HttpRequest> formOf(const QByteArray &page, const QUrl &url) const;

    TraceStore m_trace;
    HttpGate m_gate;
    QList<QUrl> m_opened;
    int m_lastStatus = 0;
};

} // namespace sightglass::test
