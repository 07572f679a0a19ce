// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_pages.h"

#include "core/lab/connection.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr auto style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:4em auto;padding:0 1em}"
    "button{font:inherit;padding:.4em 1.4em;margin-right:.6em}"
    "li{font-family:monospace}";

QByteArray escaped(const QString &text)
{
    return text.left(300).toHtmlEscaped().toUtf8();
}

/// What a scope of the lab allows, in words.
QString meaning(const QString &scope)
{
    return scope == "lab:read"_L1      ? u"read its lists, resources and prompts"_s
        : scope == "lab:call"_L1       ? u"call its tools"_s
        : scope == "lab:write"_L1      ? u"call tools that change something"_s
        : scope == "offline_access"_L1 ? u"stay logged in"_s
                                       : QString();
}

} // namespace

void labSendPage(LabReply *reply, int status, const QString &title, const QByteArray &body)
{
    // No form-action here: browsers hold it against the redirect that follows a form, too.
    reply->addHeader("Content-Security-Policy",
                     "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    reply->addHeader("X-Content-Type-Options", "nosniff");
    reply->addHeader("Cache-Control", "no-store");
    // Codes stand in addresses.
    reply->addHeader("Referrer-Policy", "same-origin");
    reply->send(status, "text/html; charset=utf-8",
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
                    + escaped(title) + "</title><style>" + style + "</style></head>\n<body><h1>"
                    + escaped(title) + "</h1>\n" + body + "</body></html>\n");
}

void labSendConsentPage(LabReply *reply, const LabConsent &consent)
{
    QByteArray scopes;
    for (const QString &scope : consent.scopes) {
        const QString words = meaning(scope);
        scopes += "<li>" + escaped(words.isEmpty() ? scope : scope + u": "_s + words) + "</li>\n";
    }
    labSendPage(reply, 200, u"Allow access to the lab?"_s,
                "<p><strong>" + escaped(consent.client) + "</strong> would like to use <code>"
                    + escaped(consent.resource) + "</code>:</p>\n<ul>\n" + scopes
                    + "</ul>\n<p>The answer goes to <code>" + escaped(consent.redirectHost)
                    + "</code>.</p>\n<form method=\"post\" action=\"/consent\">"
                      "<input type=\"hidden\" name=\"ticket\" value=\""
                    + consent.ticket
                    + "\"><button name=\"decision\" value=\"allow\">Allow</button>"
                      "<button name=\"decision\" value=\"deny\">Deny</button></form>\n");
}

void labSendErrorPage(LabReply *reply, const QString &sentence, int status)
{
    labSendPage(reply, status, u"This cannot be authorised"_s,
                "<p>" + escaped(sentence) + "</p>\n");
}

} // namespace sightglass
