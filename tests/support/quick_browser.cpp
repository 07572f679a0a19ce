// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quick_browser.h"

namespace sightglass::test {

QuickBrowser::QuickBrowser(QObject *parent)
    : QObject(parent)
    , m_gate(&m_trace)
{
    NetworkSettings network;
    network.proxy = NetworkSettings::Proxy::None;
    m_gate.setNetworkSettings(network);
}

void QuickBrowser::open(const QUrl &url)
{
    m_opened.append(url);
    HttpRequest request;
    request.url = url;
    request.what = QStringLiteral("browser");
    HttpExchange *http = m_gate.send(request);
    connect(http, &HttpExchange::finished, this, [this, http] {
        http->deleteLater();
        m_lastStatus = http->failure() ? 0 : http->status();
        Q_EMIT arrived(m_lastStatus);
    });
}

} // namespace sightglass::test
