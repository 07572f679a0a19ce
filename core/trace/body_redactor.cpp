// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/body_redactor.h"

#include "core/trace/secret_names.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace sightglass {

namespace {

/// Bytes before what is being looked at that are kept to look back on; more than a name.
constexpr qsizetype contextSize = 128;
constexpr int mostBackslashes = 31;
constexpr qsizetype longestUserInfo = 512;
constexpr qsizetype longestHeld = 64 * 1024;
constexpr qsizetype mostSpace = 4 * 1024; ///< between a name and its value
constexpr qsizetype shortestBearer = 16;
constexpr qsizetype shortestRandom = 8;

bool isTokenByte(char c)
{
    return isNameByte(c) || c == '~' || c == '+' || c == '/' || c == '=';
}

bool endsParameter(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || c == '&' || c == ';' || c == '#' || c == '"'
        || c == '<' || c == '>' || c == '\\';
}

/// Whether a quote after so many backslashes ends a string that began after `opening` ones.
bool isClosing(int backslashes, int opening)
{
    // One string is taken off at a time; where the count is even, an outer string ended.
    for (; opening > 0; opening = (opening - 1) / 2) {
        if (backslashes % 2 == 0)
            return true;
        backslashes = (backslashes - 1) / 2;
    }
    return backslashes % 2 == 0;
}

QByteArray unescaped(const QByteArray &json)
{
    if (!json.contains('\\'))
        return json;
    QByteArray out;
    out.reserve(json.size());
    for (qsizetype i = 0; i < json.size(); ++i) {
        if (json.at(i) != '\\' || i + 1 == json.size()) {
            out += json.at(i);
            continue;
        }
        const char c = json.at(++i);
        constexpr QByteArrayView letters("bfnrt");
        constexpr QByteArrayView values("\b\f\n\r\t");
        if (const qsizetype found = letters.indexOf(c); found >= 0) {
            out += values.at(found);
        } else if (c == 'u' && i + 4 < json.size()) {
            QString text(QChar(ushort(json.mid(i + 1, 4).toUShort(nullptr, 16))));
            i += 4;
            if (text.at(0).isHighSurrogate() && json.mid(i + 1, 2) == "\\u") {
                text += QChar(ushort(json.mid(i + 3, 4).toUShort(nullptr, 16)));
                i += 6;
            }
            out += text.toUtf8();
        } else {
            out += c;
        }
    }
    return out;
}

/// Written by a program: prose after "Bearer" has neither digits nor capitals within.
bool isRandom(QByteArrayView word)
{
    return word.size() >= shortestRandom && std::any_of(word.begin() + 1, word.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

} // namespace

BodyRedactor::BodyRedactor(const Redactor &redactor)
    : m_redactor(&redactor)
{
}

QByteArray BodyRedactor::feed(QByteArrayView bytes)
{
    m_buffer.append(bytes.data(), bytes.size());
    scan(false);
    return takeClear();
}

QByteArray BodyRedactor::finish()
{
    scan(true);
    return takeClear();
}

QByteArray BodyRedactor::takeClear()
{
    const QByteArray clear = m_buffer.mid(m_clear, m_scanned - m_clear);
    m_clear = m_scanned;
    if (m_clear > contextSize) {
        m_atStart = false;
        m_buffer.remove(0, m_clear - contextSize);
        m_clear = m_scanned = contextSize;
    }
    return clear;
}

void BodyRedactor::scan(bool last)
{
    if (m_inOpen)
        continueOpen(last);
    while (!m_inOpen && m_scanned < m_buffer.size()) {
        const char c = m_buffer.at(m_scanned);
        if (!m_itemEnded && c != '"' && c != '=' && c != ':' && c != 'B' && c != 'b'
            && !m_redactor->mayBeginKnown(c)) {
            ++m_scanned;
            continue;
        }
        const Match match =
            m_itemEnded ? nextItem(m_scanned, *m_itemEnded, last) : matchAt(m_scanned, last);
        if (match.state == Match::State::Unclear)
            return;
        if (match.state == Match::State::No) {
            if (!std::exchange(m_itemEnded, std::nullopt))
                ++m_scanned;
            continue;
        }
        m_itemEnded = match.inArray ? std::optional(match.backslashes) : std::nullopt;
        replace(match);
        m_scanned = match.end;
        if (match.open) {
            m_inOpen = true;
            m_open = match;
            continueOpen(last);
        }
    }
}

BodyRedactor::Match BodyRedactor::matchAt(qsizetype at, bool last) const
{
    const Match secret = known(at, last);
    if (secret.state != Match::State::No)
        return secret;
    switch (m_buffer.at(at)) {
    case '"':
        return member(at, last);
    case '=':
        return parameter(at, last);
    case ':':
        return userInfo(at, last);
    case 'B':
    case 'b':
        return bearer(at, last);
    default:
        return {};
    }
}

/// "name" : "value", with as many backslashes before each quote as before the first.
BodyRedactor::Match BodyRedactor::member(qsizetype quote, bool last) const
{
    const Match unclear = Match::unclear(last);
    const qsizetype size = m_buffer.size();
    int depth = backslashesBefore(quote);
    if (depth % 2 == 0)
        depth = 0;
    else if (!std::has_single_bit(unsigned(depth) + 1))
        return {};

    qsizetype at = quote + 1;
    while (at < size && at - quote - 1 <= longestSecretName && isNameByte(m_buffer.at(at)))
        ++at;
    if (at == size)
        return unclear;
    const QByteArrayView name = QByteArrayView(m_buffer).sliced(quote + 1, at - quote - 1);
    if (!isSecretMemberName(name) && !(name.contains('-') && isSecretHeaderName(name)))
        return {};
    at = skipBackslashes(at, depth);
    if (at == size || m_buffer.at(at) != '"')
        return at == size ? unclear : Match();
    at = skipSpace(at + 1);
    if (at == size)
        return unclear;
    if (m_buffer.at(at) != ':')
        return {};
    at = skipSpace(at + 1);
    const bool isArray = at < size && m_buffer.at(at) == '[';
    if (isArray)
        at = skipSpace(at + 1);
    at = skipBackslashes(at, depth);
    if (at == size || m_buffer.at(at) != '"')
        return at == size ? unclear : Match();
    return isArray ? item(at + 1, depth, last) : value(at + 1, Ending::Quote, depth, last);
}

/// "first" , "next" of a list under a secret name; `at` is where the first one ends.
BodyRedactor::Match BodyRedactor::nextItem(qsizetype at, int backslashes, bool last) const
{
    const qsizetype size = m_buffer.size();
    const Match unclear = Match::unclear(last);
    at = skipBackslashes(at, backslashes);
    if (at == size || m_buffer.at(at) != '"')
        return at == size ? unclear : Match();
    at = skipSpace(at + 1);
    if (at == size || m_buffer.at(at) != ',')
        return at == size ? unclear : Match();
    at = skipBackslashes(skipSpace(at + 1), backslashes);
    if (at == size || m_buffer.at(at) != '"')
        return at == size ? unclear : Match();
    return item(at + 1, backslashes, last);
}

/// An item that begins here. An empty one is no secret, but others may follow it.
BodyRedactor::Match BodyRedactor::item(qsizetype start, int backslashes, bool last) const
{
    Match match = value(start, Ending::Quote, backslashes, last);
    if (match.state != Match::State::Unclear) {
        match.state = Match::State::Yes;
        match.inArray = true;
    }
    return match;
}

/// name=value of a form, a query, or a line of text.
BodyRedactor::Match BodyRedactor::parameter(qsizetype equals, bool last) const
{
    qsizetype start = equals;
    while (start > 0 && equals - start <= longestSecretName && isNameByte(m_buffer.at(start - 1)))
        --start;
    QByteArrayView name = QByteArrayView(m_buffer).sliced(start, equals - start);
    bool strict = start == 0 ? m_atStart : QByteArrayView("?&;#").contains(m_buffer.at(start - 1));
    if (start > 0 && m_buffer.at(start - 1) == '\\' && name.startsWith("u0026")) {
        name = name.sliced(5);
        strict = true;
    }
    if (strict ? !isSecretParameterName(name) : !isSecretMemberName(name))
        return {};

    const Match unclear = Match::unclear(last);
    qsizetype at = equals + 1;
    int depth = 0;
    while (at < m_buffer.size() && m_buffer.at(at) == '\\' && depth < mostBackslashes) {
        ++at;
        ++depth;
    }
    if (at == m_buffer.size())
        return unclear;
    if (m_buffer.at(at) == '"') {
        // token="x", unless the quote ends a string that ends so: "…?token=".
        if (at + 1 == m_buffer.size())
            return unclear;
        if (QByteArrayView(",}]: \t\r\n").contains(m_buffer.at(at + 1)))
            return {};
        return value(at + 1, Ending::Quote, depth % 2 ? depth : 0, last);
    }
    if (depth > 0 || m_buffer.at(at) == '=')
        return {};
    if (m_buffer.at(at) == '\'')
        return value(at + 1, Ending::Apostrophe, 0, last);
    return value(at, Ending::Parameter, 0, last);
}

/// scheme://user:password@host
BodyRedactor::Match BodyRedactor::userInfo(qsizetype colon, bool last) const
{
    const Match unclear = Match::unclear(last);
    const qsizetype size = m_buffer.size();
    if (colon == 0 || !isNameByte(m_buffer.at(colon - 1)))
        return {};
    qsizetype at = colon + 1;
    for (int slash = 0; slash < 2; ++slash, ++at) {
        if (at < size && m_buffer.at(at) == '\\')
            ++at;
        if (at >= size)
            return unclear;
        if (m_buffer.at(at) != '/')
            return {};
    }
    Match match;
    match.ending = Ending::Parameter;
    match.start = at;
    for (; at < size && at - match.start < longestUserInfo; ++at) {
        const char c = m_buffer.at(at);
        if (c == '@')
            match.end = at;
        else if (c == '/' || c == '?' || endsParameter(c))
            break;
    }
    if (at == size && at - match.start < longestUserInfo && !last)
        return unclear;
    if (match.end > match.start)
        match.state = Match::State::Yes;
    return match;
}

BodyRedactor::Match BodyRedactor::bearer(qsizetype at, bool last) const
{
    static constexpr char word[] = "bearer ";
    if (at > 0 && isNameByte(m_buffer.at(at - 1)))
        return {};
    qsizetype matched = 0;
    while (matched < 7 && at + matched < m_buffer.size()
           && (m_buffer.at(at + matched) | 0x20) == word[matched])
        ++matched;
    const Match unclear = Match::unclear(last);
    if (matched < 7)
        return at + matched == m_buffer.size() ? unclear : Match();
    const Match match = value(at + 7, Ending::Token, 0, last);
    if (match.state == Match::State::Yes && match.end - match.start < shortestBearer
        && !isRandom(QByteArrayView(m_buffer).sliced(match.start, match.end - match.start)))
        return {};
    return match;
}

BodyRedactor::Match BodyRedactor::known(qsizetype at, bool last) const
{
    const Redactor::Found found = m_redactor->knownAt(QByteArrayView(m_buffer).sliced(at));
    if (found.unclear && !last)
        return Match::unclear(false);
    if (found.length == 0)
        return {};
    Match match;
    match.state = Match::State::Yes;
    match.start = at;
    match.end = at + found.length;
    match.fingerprint = found.fingerprint;
    return match;
}

/// The secret that begins here, to its end.
BodyRedactor::Match BodyRedactor::value(qsizetype start, Ending ending, int backslashes,
                                        bool last) const
{
    Match match;
    match.start = start;
    match.ending = ending;
    match.backslashes = backslashes;
    match.end = endOf(match, start);
    if (match.end < 0) {
        if (!last && m_buffer.size() - start <= longestHeld)
            return Match::unclear(false);
        match.open = !last;
        match.end = last ? m_buffer.size() : start + longestHeld;
    }
    if (match.end > match.start)
        match.state = Match::State::Yes;
    return match;
}

/// Where the secret ends, or -1 if not in the buffer.
qsizetype BodyRedactor::endOf(const Match &match, qsizetype from) const
{
    const qsizetype size = m_buffer.size();
    int backslashes = 0;
    for (qsizetype at = from; at < size; ++at) {
        const char c = m_buffer.at(at);
        if (c == '\n' || c == '\r')
            return at;
        switch (match.ending) {
        case Ending::Quote:
            if (c == '\\') {
                ++backslashes;
                break;
            }
            if (c == '"' && isClosing(backslashes, match.backslashes))
                return at - (backslashes % 2 ? match.backslashes : 0);
            backslashes = 0;
            break;
        case Ending::Apostrophe:
            if (c == '\'')
                return at;
            break;
        case Ending::Parameter:
            if (endsParameter(c))
                return at;
            break;
        case Ending::Token:
            if (!isTokenByte(c))
                return at;
            break;
        }
    }
    return -1;
}

/// Over blanks, and over a line end with the "data:" of the next line of an event.
qsizetype BodyRedactor::skipSpace(qsizetype at) const
{
    // Nobody writes more; what was held for longer would be looked through again and again.
    const qsizetype end = qMin(m_buffer.size(), at + mostSpace);
    while (at < end) {
        const char c = m_buffer.at(at);
        if (c == '\n' || c == '\r') {
            ++at;
            const QByteArrayView rest = QByteArrayView(m_buffer).sliced(at);
            if (rest.startsWith("data:"))
                at += 5;
            else if (rest.size() < 5 && QByteArrayView("data:").startsWith(rest))
                return m_buffer.size();
        } else if (c == ' ' || c == '\t') {
            ++at;
        } else {
            break;
        }
    }
    return at;
}

/// Over so many backslashes, as far as they are there.
qsizetype BodyRedactor::skipBackslashes(qsizetype at, int count) const
{
    while (count-- > 0 && at < m_buffer.size() && m_buffer.at(at) == '\\')
        ++at;
    return at;
}

int BodyRedactor::backslashesBefore(qsizetype at) const
{
    int count = 0;
    while (count <= mostBackslashes && at - count > 0 && m_buffer.at(at - count - 1) == '\\')
        ++count;
    return count;
}

void BodyRedactor::replace(const Match &match)
{
    qsizetype start = match.start;
    QByteArrayView secret = QByteArrayView(m_buffer).sliced(start, match.end - start);
    QByteArray fingerprint = match.fingerprint;
    if (fingerprint.isEmpty()) {
        const qsizetype scheme = schemeLength(secret);
        start += scheme;
        secret = secret.sliced(scheme);
        if (secret.isEmpty() || fingerprintLength(secret) > 0)
            return;
        // Of long ones only as much as would be held, so that any split gives the same.
        QByteArray plain = secret.first(qMin(secret.size(), longestHeld)).toByteArray();
        if (match.ending == Ending::Quote) {
            for (int depth = match.backslashes; depth >= 0; depth = depth ? depth / 2 : -1)
                plain = unescaped(plain);
        } else if (match.ending == Ending::Parameter) {
            plain = QByteArray::fromPercentEncoding(plain);
        }
        fingerprint = m_redactor->fingerprint(plain);
    }
    const qsizetype length = match.end - start;
    char *bytes = m_buffer.data() + start;
    std::memset(bytes, '*', size_t(length));
    if (length >= fingerprint.size())
        std::memcpy(bytes, fingerprint.constData(), size_t(fingerprint.size()));
}

void BodyRedactor::continueOpen(bool last)
{
    qsizetype end = endOf(m_open, m_scanned);
    m_inOpen = end < 0 && !last;
    if (end < 0) {
        end = m_buffer.size();
        // Whether a quote that comes next is the end depends on these.
        while (!last && m_open.ending == Ending::Quote && end > m_scanned
               && m_buffer.at(end - 1) == '\\')
            --end;
    }
    std::memset(m_buffer.data() + m_scanned, '*', size_t(end - m_scanned));
    m_scanned = end;
}

} // namespace sightglass
