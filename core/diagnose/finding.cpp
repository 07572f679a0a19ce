// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/finding.h"

#include "core/auth/oauth/oauth_metadata.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

QString sideName(Side side)
{
    switch (side) {
    case Side::Client:
        return u"client"_s;
    case Side::Server:
        return u"server"_s;
    case Side::AuthorizationServer:
        return u"authorization server"_s;
    case Side::Network:
        return u"network"_s;
    case Side::Person:
        return u"person"_s;
    }
    return {};
}

QString sideWords(Side side)
{
    switch (side) {
    case Side::Client:
        return u"the client"_s;
    case Side::Server:
        return u"the server"_s;
    case Side::AuthorizationServer:
        return u"the authorisation server"_s;
    case Side::Network:
        return u"the network or a proxy"_s;
    case Side::Person:
        return u"you"_s;
    }
    return {};
}

Evidence comparison(ExchangeId exchange, const QString &name, const QString &text,
                    const QString &other)
{
    return {exchange, name, text, other, firstDifference(text, other)};
}

QString evidenceWords(const Evidence &evidence)
{
    QString words = evidence.exchange > 0 ? u"exchange %1"_s.arg(evidence.exchange) : QString();
    if (!evidence.name.isEmpty())
        words += (words.isEmpty() ? QString() : u", "_s) + evidence.name;
    if (evidence.text.isEmpty() && evidence.other.isEmpty())
        return evidence.name.isEmpty() ? words : words + u": none"_s;
    words += (words.isEmpty() ? QString() : u": "_s)
        + (evidence.text.isEmpty() ? u"none"_s : u"“%1”"_s.arg(evidence.text));
    if (!evidence.other.isEmpty())
        words += u" against “%1”"_s.arg(evidence.other);
    if (!evidence.text.isEmpty() && !evidence.other.isEmpty() && evidence.difference >= 0)
        words += u" (they differ from character %1 on)"_s.arg(evidence.difference + 1);
    return words;
}

bool anyMatters(const QList<Finding> &findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding &finding) { return finding.weight != Weight::Normal; });
}

} // namespace sightglass
