// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass::test {

/// A browser of somebody who agrees to everything at once: opens a URL and goes where it is sent,
/// up to the callback.
class QuickBrowser : public QObject {
    Q_OBJECT
public:
    explicit QuickBrowser(QObject *parent = nullptr);

    void open(const QUrl &url);
    const QList<QUrl> &opened() const { return m_opened; }
    int lastStatus() const { return m_lastStatus; }
    const TraceStore &trace() const { return m_trace; }

Q_SIGNALS:
    /// The last page is there; or none, then the status is 0.
    void arrived(int status);

private:
    TraceStore m_trace;
    HttpGate m_gate;
    QList<QUrl> m_opened;
    int m_lastStatus = 0;
};

} // namespace sightglass::test
