// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quick_browser.h"

#include "core/auth/oauth/oauth_messages.h"
#include "core/http/origin.h"

#include <QRegularExpression>

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
    m_pages = 0;
    if (!m_cookies || !(m_cookies->origin() == Origin::of(url))) {
        m_gate.setCredentials(nullptr);
        m_cookies = std::make_unique<CredentialSet>(url, Credentials{});
        m_gate.setCredentials(m_cookies.get());
    }
    HttpRequest request;
    request.url = url;
    request.what = QStringLiteral("browser");
    send(request);
}

void QuickBrowser::send(const HttpRequest &request)
{
    HttpExchange *http = m_gate.send(request);
    connect(http, &HttpExchange::finished, this, [this, http] {
        http->deleteLater();
        m_lastStatus = http->failure() ? 0 : http->status();
        const QByteArray page = m_trace.responseBody(http->id());
        const std::optional<HttpRequest> next = formOf(page, http->url());
        if (next && ++m_pages < MostPages)
            send(*next);
        else
            Q_EMIT arrived(m_lastStatus);
    });
}

std::optional<HttpRequest> QuickBrowser::formOf(const QByteArray &page, const QUrl &url) const
{
    static const QRegularExpression form(QStringLiteral("<form[^>]*action=\"([^\"]*)\""),
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression hidden(
        QStringLiteral("<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]*)\"[^>]*value=\"([^\"]*)\""),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression button(
        QStringLiteral("<button[^>]*name=\"([^\"]*)\"[^>]*value=\"([^\"]*)\""),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression field(QStringLiteral("<input[^>]*name=\"([^\"]*)\""),
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression cancel(QStringLiteral("<a href=\"([^\"]*/abort)\""),
                                           QRegularExpression::CaseInsensitiveOption);
    const QString text = QString::fromUtf8(page);
    const QRegularExpressionMatch found = form.match(text);
    if (!found.hasMatch() || decision.isEmpty())
        return {};
    HttpRequest request;
    const QRegularExpressionMatch way = cancel.match(text);
    if (decision == u"deny" && way.hasMatch()) {
        request.url = url.resolved(QUrl(way.captured(1)));
        request.what = QStringLiteral("cancel");
        return request;
    }
    FormFields fields;
    for (auto it = hidden.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch one = it.next();
        fields.append({one.captured(1).toUtf8(), one.captured(2)});
    }
    for (auto it = field.globalMatch(text); it.hasNext();) {
        const QString name = it.next().captured(1);
        if (typed.contains(name))
            fields.append({name.toUtf8(), typed.value(name)});
    }
    for (auto it = button.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch one = it.next();
        if (one.captured(2) == decision)
            fields.append({one.captured(1).toUtf8(), one.captured(2)});
    }
    request.method = "POST";
    request.url = url.resolved(QUrl(found.captured(1)));
    request.what = QStringLiteral("form");
    request.headers.add("Content-Type", "application/x-www-form-urlencoded",
                        HeaderSource::Protocol);
    request.body = formEncoded(fields);
    return request;
}

} // namespace sightglass::test
