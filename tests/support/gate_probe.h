// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

#include <QTest>

namespace sightglass::test {

/// Credentials as a test wants them: the same lines to one origin, whatever the request is.
class FixedCredentials final : public CredentialSource {
public:
    explicit FixedCredentials(const QUrl &server, QList<Header> headers)
        : m_origin(Origin::of(server))
        , m_headers(std::move(headers))
    {
    }
    Stamp stamp(const QUrl &url, const QByteArray &) const override
    {
        Stamp stamp;
        if (Origin::of(url) == m_origin) {
            stamp.headers = m_headers;
        } else {
            for (const Header &header : m_headers)
                stamp.withheld.append({header.name, QStringLiteral("another origin")});
        }
        return stamp;
    }
    void received(const AnswerHead &head) override
    {
        for (const Header &line : head.headers) {
            if (sameHeaderName(line.name, "Set-Cookie")) {
                lastUrl = head.url;
                cookies += line.value;
            }
        }
    }

    QUrl lastUrl;
    QList<QByteArray> cookies;

private:
    Origin m_origin;
    QList<Header> m_headers;
};

/// What one exchange said, in order.
class ExchangeProbe : public QObject {
public:
    explicit ExchangeProbe(HttpExchange *watched)
        : exchange(watched)
    {
        connect(exchange, &HttpExchange::headReceived, this, [this] { ++heads; });
        connect(exchange, &HttpExchange::bodyReceived, this,
                [this](QByteArrayView bytes, qint64 offset) {
                    offsets.append(offset);
                    body += bytes;
                });
        connect(exchange, &HttpExchange::redirected, this, [this](ExchangeId from, ExchangeId to) {
            redirects.append({from, to});
        });
        connect(exchange, &HttpExchange::finished, this, [this] { ++finishes; });
    }
    bool wait(int timeoutMs = 20000)
    {
        return QTest::qWaitFor([this] { return finishes > 0; }, timeoutMs);
    }
    QString code() const { return exchange->failure() ? exchange->failure()->code : QString(); }

    HttpExchange *exchange;
    int heads = 0;
    int finishes = 0;
    QByteArray body;
    QList<qint64> offsets;
    QList<std::pair<ExchangeId, ExchangeId>> redirects;
};

inline HttpRequest postOf(const QUrl &url, const QByteArray &body = "{}")
{
    HttpRequest request;
    request.kind = ExchangeKind::Post;
    request.method = "POST";
    request.url = url;
    request.body = body;
    request.what = QStringLiteral("tools/call add");
    request.headers.add("Content-Type", "application/json", HeaderSource::Protocol);
    request.headers.add("Accept", "application/json, text/event-stream", HeaderSource::Protocol);
    return request;
}

inline HttpRequest getOf(const QUrl &url)
{
    HttpRequest request;
    request.kind = ExchangeKind::Stream;
    request.url = url;
    request.what = QStringLiteral("event stream");
    request.headers.add("Accept", "text/event-stream", HeaderSource::Protocol);
    return request;
}

inline QByteArray headOf(const RequestRecord &request)
{
    QByteArray head = request.method + ' ' + request.target + " HTTP/1.1\r\n";
    for (const Header &line : request.headers)
        head += line.name + ": " + line.value + "\r\n";
    return head + "\r\n";
}

/// Settings for loopback: no proxy of the system's gets in between.
inline NetworkSettings direct()
{
    NetworkSettings settings;
    settings.proxy = NetworkSettings::Proxy::None;
    return settings;
}

} // namespace sightglass::test
