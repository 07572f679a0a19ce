// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/pattern.h"

namespace sightglass::schema {

namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MaxPattern = 10'000; // characters

} // namespace

std::optional<QRegularExpression> patternOf(const QString &pattern)
{
    if (pattern.size() > MaxPattern)
        return {};
    // Some milliseconds at most.
    QString text = u"(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=20000)"_s;
    bool inClass = false;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern.at(i);
        if (c == u'\\' && i + 1 < pattern.size()) {
            const QChar next = pattern.at(++i);
            if (next == u'u' && i + 1 < pattern.size() && pattern.at(i + 1) == u'{') {
                const qsizetype end = pattern.indexOf(u'}', i);
                text += u"\\x"_s + pattern.mid(i + 1, (end < 0 ? pattern.size() : end + 1) - i - 1);
                i = end < 0 ? pattern.size() : end;
            } else if (next == u'u') {
                text += u"\\x{"_s + pattern.mid(i + 1, 4) + u'}';
                i += 4;
            } else {
                text += c;
                text += next;
            }
        } else if (c == u'$' && !inClass) {
            text += u"\\z"_s;
        } else {
            if (c == u'[')
                text += inClass ? u"\\["_s : u"["_s;
            else
                text += c;
            inClass = c == u'[' || (inClass && c != u']');
        }
    }
    QRegularExpression expression(text, QRegularExpression::DontCaptureOption);
    if (!expression.isValid())
        return {};
    return expression;
}

std::optional<bool> isFound(const QRegularExpression &pattern, const QString &text)
{
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.isValid())
        return {};
    return match.hasMatch();
}

} // namespace sightglass::schema
