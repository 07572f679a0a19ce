// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/house/house_rules.h"

namespace sightglass::test {

namespace {

/// Where the raw string ends whose R stands before the quote at `quote`.
qsizetype endOfRawString(const QByteArray &text, qsizetype quote)
{
    const qsizetype open = text.indexOf('(', quote);
    if (open < 0)
        return text.size();
    const QByteArray close = ')' + text.mid(quote + 1, open - quote - 1) + '"';
    const qsizetype end = text.indexOf(close, open);
    return end < 0 ? text.size() : end + close.size();
}

/// Where the string or character ends that begins at `quote`; at the line's end at the latest.
qsizetype endOfString(const QByteArray &text, qsizetype quote)
{
    for (qsizetype at = quote + 1; at < text.size(); ++at) {
        if (text.at(at) == '\\')
            ++at;
        else if (text.at(at) == text.at(quote) || text.at(at) == '\n')
            return at + 1;
    }
    return text.size();
}

bool isWordCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// 10'000 has no character in it, u'x' has.
bool beginsCharacter(const QByteArray &text, qsizetype quote)
{
    return quote == 0 || !isWordCharacter(text.at(quote - 1)) || text.at(quote - 1) == 'u'
        || text.at(quote - 1) == 'L';
}

bool isInclude(const QByteArray &text, qsizetype quote)
{
    const qsizetype line = text.lastIndexOf('\n', quote) + 1;
    return text.mid(line, quote - line).trimmed() == "#include";
}

} // namespace

QByteArray codeOf(const QByteArray &text, bool withStrings)
{
    QByteArray code;
    code.reserve(text.size());
    for (qsizetype at = 0; at < text.size();) {
        const char c = text.at(at);
        const char next = at + 1 < text.size() ? text.at(at + 1) : '\0';
        if (c == '/' && next == '/') {
            const qsizetype end = text.indexOf('\n', at);
            at = end < 0 ? text.size() : end;
        } else if (c == '/' && next == '*') {
            const qsizetype end = text.indexOf("*/", at + 2);
            at = end < 0 ? text.size() : end + 2;
            code += ' ';
        } else if (c == '"' || (c == '\'' && beginsCharacter(text, at))) {
            const bool raw = c == '"' && at > 0 && text.at(at - 1) == 'R';
            const qsizetype end = raw ? endOfRawString(text, at) : endOfString(text, at);
            if (withStrings || isInclude(text, at))
                code += text.mid(at, end - at);
            else
                code += QByteArray(2, c);
            at = end;
        } else {
            code += c;
            ++at;
        }
    }
    return code;
}

} // namespace sightglass::test
