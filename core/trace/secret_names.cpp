// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/secret_names.h"

#include <QByteArrayList>

#include <algorithm>
#include <array>
#include <string_view>

namespace sightglass {

namespace {

using Names = std::initializer_list<std::string_view>;

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

/// A name in lower case on the stack; with or without its separators.
class PlainName {
public:
    PlainName(QByteArrayView name, bool withSeparators)
    {
        if (name.size() > longestSecretName)
            return;
        for (char c : name) {
            if (withSeparators || (c != '_' && c != '-' && c != '.'))
                m_bytes[m_length++] = lower(c);
        }
    }
    std::string_view view() const { return {m_bytes.data(), m_length}; }
    bool contains(std::string_view part) const
    {
        return view().find(part) != std::string_view::npos;
    }
    bool isOneOf(Names names) const
    {
        return std::find(names.begin(), names.end(), view()) != names.end();
    }

private:
    std::array<char, size_t(longestSecretName)> m_bytes = {};
    size_t m_length = 0;
};

bool isOneOf(const PlainName &name)
{
    // Most names differ in their first letter already.
    switch (name.view().front()) {
    case 'a':
        return name.isOneOf({"accesstoken", "accesskey", "accesskeyid", "actortoken", "apikey",
                             "apisecret", "apitoken", "assertion", "authorization", "authtoken",
                             "accesscode", "authorizationcode"});
    case 'b':
        return name.isOneOf({"bearer", "bearertoken"});
    case 'c':
        return name.isOneOf({"clientassertion", "clientsecret", "codeverifier", "cookie", "cookies",
                             "credential", "csrftoken"});
    case 'd':
        return name.isOneOf({"devicecode"});
    case 'i':
        return name.isOneOf({"idtoken", "initialaccesstoken"});
    case 'j':
        return name.isOneOf({"jwt"});
    case 'p':
        return name.isOneOf({"passphrase", "passwd", "password", "privatekey", "privatetoken",
                             "proxyauthorization", "pwd"});
    case 'r':
        return name.isOneOf({"refreshtoken", "registrationaccesstoken"});
    case 's':
        return name.isOneOf({"secret", "secretaccesskey", "secretkey", "securitytoken",
                             "sessiontoken", "setcookie", "subjecttoken", "softwarestatement"});
    case 't':
        return name.isOneOf({"token"});
    case 'x':
        return name.isOneOf({"xapikey", "xauthtoken", "xaccesstoken", "xamzsecuritytoken",
                             "xcsrftoken", "xgoogapikey", "xamzsignature", "xamzcredential",
                             "xgoogsignature"});
    default:
        return false;
    }
}

} // namespace

bool isSecretHeaderName(QByteArrayView name)
{
    if (name.isEmpty())
        return false;
    const PlainName plain(name.first(qMin(name.size(), longestSecretName)), true);
    const std::string_view view = plain.view();
    if (plain.isOneOf({"authorization", "proxy-authorization", "cookie", "set-cookie", "dpop"}))
        return true;
    if (view.starts_with("access-control-") || view.starts_with("sec-websocket-")
        || plain.isOneOf({"idempotency-key", "surrogate-key", "cache-key", "mcp-session-id"}))
        return false;
    for (std::string_view part : {"secret", "token", "passw", "api-key", "api_key", "apikey",
                                  "credential", "x-auth", "signature", "private", "jwt"}) {
        if (plain.contains(part))
            return true;
    }
    return view.ends_with("-key") || view.ends_with("_key") || view.ends_with("-auth")
        || view.ends_with("-authorization") || view.ends_with("-cookie");
}

bool isSecretMemberName(QByteArrayView name)
{
    if (name.isEmpty() || name.size() > longestSecretName)
        return false;
    const PlainName plain(name, false);
    return !plain.view().empty() && isOneOf(plain);
}

bool isSecretParameterName(QByteArrayView name)
{
    if (name.isEmpty() || name.size() > longestSecretName)
        return false;
    const PlainName plain(name, false);
    return !plain.view().empty()
        && (plain.isOneOf({"code", "key", "sig", "signature", "auth"}) || isOneOf(plain));
}

bool isSecretSettingName(QByteArrayView name)
{
    if (name.isEmpty() || name.size() > longestSecretName)
        return false;
    // "dbPassword" and "DB_PASSWORD" are two words, "APIKey" is one.
    QByteArrayList words(1);
    bool wasLower = false;
    for (const char c : name) {
        const bool isSeparator = c == '_' || c == '-' || c == '.';
        const bool isUpper = c >= 'A' && c <= 'Z';
        if (isSeparator || (isUpper && wasLower))
            words.append(QByteArray());
        if (!isSeparator)
            words.last() += lower(c);
        wasLower = !isSeparator && !isUpper;
    }
    static const QByteArrayList last = {
        "token",       "secret",     "password",  "passwd",   "passphrase",  "pwd",
        "pass",        "passcode",   "pat",       "key",      "apikey",      "accesskey",
        "secretkey",   "privatekey", "authtoken", "apitoken", "accesstoken", "credential",
        "credentials", "bearer",     "jwt",       "cookie",   "cookies",     "authorization",
        "signature",   "connstr"};
    if (words.contains("public") || words.contains("max"))
        return false;
    if (isSecretMemberName(name) || last.contains(words.constLast()))
        return true;
    // PGPASSWORD, GITHUBTOKEN: run together with what they are of.
    for (const char *end : {"password", "passwd", "secret", "token", "apikey"}) {
        if (words.constLast().endsWith(end))
            return true;
    }
    return false;
}

qsizetype schemeLength(QByteArrayView value)
{
    static constexpr std::array<std::string_view, 16> schemes = {
        "bearer", "basic",        "digest", "dpop",  "gnap",   "hoba",  "mutual", "negotiate",
        "ntlm",   "privatetoken", "vapid",  "token", "apikey", "oauth", "key",    "jwt"};
    qsizetype length = 0;
    while (true) {
        const QByteArrayView rest = value.sliced(length);
        const qsizetype space = rest.indexOf(' ');
        if (space <= 0 || space > 16)
            return length;
        const PlainName word(rest.first(space), true);
        if (std::find(schemes.begin(), schemes.end(), word.view()) == schemes.end())
            return length;
        qsizetype next = space;
        while (next < rest.size() && rest.at(next) == ' ')
            ++next;
        length += next;
    }
}

qsizetype fingerprintLength(QByteArrayView value)
{
    if (value.size() < 5 || value.front() != '~')
        return 0;
    for (char c : value.sliced(1, 4)) {
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return 0;
    }
    const QByteArrayView rest = value.sliced(5);
    if (std::all_of(rest.begin(), rest.end(), [](char c) { return c == '*'; }))
        return value.size();
    if (!rest.startsWith(" (") || !rest.endsWith(")") || rest.size() > 80)
        return 0;
    qsizetype digits = 2;
    while (rest.at(digits) >= '0' && rest.at(digits) <= '9')
        ++digits;
    return digits > 2 && rest.sliced(digits).startsWith(" byte") ? value.size() : 0;
}

} // namespace sightglass
