// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/redirect.h"

#include "core/trace/redaction.h"

namespace sightglass {

namespace {

constexpr auto bare = QUrl::RemoveUserInfo | QUrl::RemoveFragment;

Failure redirectFailure(const char *code, const QString &sentence, const QString &advice)
{
    Failure failure;
    failure.kind = FailureKind::Protocol;
    failure.code = QLatin1String(code);
    failure.sentence = sentence;
    failure.advice = advice;
    return failure;
}

bool staysWithOrigin(const Header &line)
{
    if (line.source == HeaderSource::Protocol || line.source == HeaderSource::Library)
        return Redactor::isSecret(line) || sameHeaderName(line.name, "Mcp-Session-Id");
    return true;
}

} // namespace

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

RedirectChain::RedirectChain(HttpRequest first)
    : m_request(std::move(first))
{
    m_visited.append({m_request.method, m_request.url.adjusted(bare)});
}

void RedirectChain::holdBack(CredentialSource::Stamp &stamp) const
{
    if (!m_leftOrigin)
        return;
    for (const Header &line : std::as_const(stamp.headers))
        stamp.withheld.append({line.name, QStringLiteral("redirected through another origin")});
    stamp.headers.clear();
}

std::optional<Failure> RedirectChain::follow(int status, const QByteArray &location,
                                             const QString &name)
{
    const QUrl from = m_request.url.adjusted(bare);
    const QUrl relative = QUrl::fromEncoded(location, QUrl::TolerantMode);
    const QUrl to = from.resolved(relative).adjusted(bare);
    const QString shown = to.toDisplayString(QUrl::RemoveQuery);
    if (!relative.isValid() || !to.isValid()) {
        return redirectFailure(
            "redirect-malformed",
            QStringLiteral("%1 was redirected (%2), but its Location is no URL.")
                .arg(name, QString::number(status)),
            QStringLiteral("The server has to send a whole or relative URL in Location."));
    }
    if ((to.scheme() != QLatin1String("http") && to.scheme() != QLatin1String("https"))
        || to.host().isEmpty()) {
        return redirectFailure(
            "redirect-unsupported-scheme",
            QStringLiteral("%1 was redirected (%2) to %3, which is no http or https URL.")
                .arg(name, QString::number(status), shown),
            QStringLiteral("Use the server's final URL."));
    }

    if (from.scheme() == QLatin1String("https") && to.scheme() == QLatin1String("http")) {
        return redirectFailure(
            "redirect-insecure",
            QStringLiteral("%1 was redirected (%2) from https to %3: it would go on without "
                           "encryption and was not sent there.")
                .arg(name, QString::number(status), shown),
            QStringLiteral("Often a server behind a proxy that ends TLS does not know its own "
                           "https URL. Have it send that one, or use the final URL yourself."));
    }

    const bool reading = m_request.method == "GET" || m_request.method == "HEAD";
    if ((status == 303 && !reading)
        || ((status == 301 || status == 302) && m_request.method == "POST")) {
        m_request.method = "GET";
        m_request.body.clear();
        for (const char *field :
             {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"}) {
            if (m_request.headers.contains(field)) {
                m_request.headers.remove(field);
                m_withheld.append(
                    {field,
                     QStringLiteral("redirected by %1: a GET without a body now").arg(status)});
            }
        }
    }

    if (m_visited.size() > maxHops) {
        return redirectFailure(
            "too-many-redirects",
            QStringLiteral("%1 was redirected more than %2 times, last to %3.")
                .arg(name, QString::number(maxHops), shown),
            QStringLiteral("Look at the hops in the traffic and use the server's final URL."));
    }
    if (m_visited.contains(std::pair(m_request.method, to))) {
        return redirectFailure(
            "redirect-loop",
            QStringLiteral("%1 was redirected (%2) to %3, where it had been before: a loop.")
                .arg(name, QString::number(status), shown),
            QStringLiteral("The server redirects in a circle. Often it wants a cookie or a login "
                           "page; use the URL of the MCP endpoint itself."));
    }
    m_visited.append({m_request.method, to});

    const Origin target = Origin::of(to);
    if (target != Origin::of(from)) {
        m_leftOrigin = true;
        const QString why = QStringLiteral("redirected to another origin (%1)")
                                .arg(QString::fromLatin1(target.toString()));
        HeaderList kept;
        for (const Header &line : m_request.headers.lines()) {
            if (staysWithOrigin(line))
                m_withheld.append({line.name, why});
            else
                kept.add(line);
        }
        m_request.headers = kept;
    }
    m_request.url = to;
    return {};
}

} // namespace sightglass
