// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/redirect_story.h"

#include "core/http/origin.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Secrets stand in queries and user info.
QString shown(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

QString listed(const QList<QByteArray> &names)
{
    QStringList words;
    for (const QByteArray &name : names)
        words += QString::fromLatin1(name);
    if (words.size() < 2)
        return words.join(QString());
    const QString last = words.takeLast();
    return words.join(u", "_s) + u" and "_s + last;
}

} // namespace

std::optional<RedirectStory> redirectStory(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &answered = trace.request(id);
    RedirectStory story;
    ExchangeId later = id;
    for (ExchangeId hop = answered.cause; hop > 0 && hop < later; hop = trace.request(hop).cause) {
        const std::optional<ResponseRecord> response = trace.response(hop);
        if (!response || response->status / 100 != 3)
            break;
        const bool becameGet =
            trace.request(hop).method == "POST" && trace.request(later).method == "GET";
        const bool leftOrigin =
            !(Origin::of(trace.request(hop).url) == Origin::of(trace.request(later).url));
        if (story.status == 0 || becameGet || (leftOrigin && !story.becameGet)) {
            story.status = response->status;
            story.hop = hop;
        }
        story.becameGet = story.becameGet || becameGet;
        story.leftOrigin = story.leftOrigin || leftOrigin;
        story.first = hop;
        later = hop;
    }
    if (story.first == 0)
        return {};
    story.from = shown(trace.request(story.first).url);
    story.to = shown(answered.url);
    if (story.leftOrigin) {
        for (const Withheld &withheld : answered.withheld) {
            if (withheld.why.contains("another origin"_L1)
                && !story.withheld.contains(withheld.name))
                story.withheld.append(withheld.name);
        }
    }
    return story;
}

QString RedirectStory::sentence() const
{
    const QString redirected = u"It had been redirected from %1 to %2 (%3, exchange %4)"_s.arg(
        from, to, QString::number(status), QString::number(hop));
    QString text;
    if (becameGet)
        text =
            redirected + u", and a POST that is redirected so goes on as a GET without its body."_s;
    if (!withheld.isEmpty()) {
        text += becameGet
            ? u" As this is another origin, %1 did not go with it."_s.arg(listed(withheld))
            : redirected
                + u"; as this is another origin, %1 did not go with it."_s.arg(listed(withheld));
    }
    return text;
}

QString RedirectStory::advice() const
{
    if (leftOrigin)
        return u"If you trust %1, give that as the URL."_s.arg(to);
    if (becameGet)
        return u"Give %1 as the URL, if the MCP endpoint is there. On the server's side: redirect "
               "with 307 or 308, which keep the POST."_s.arg(to);
    return {};
}

} // namespace sightglass
