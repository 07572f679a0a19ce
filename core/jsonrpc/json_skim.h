// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace sightglass {

/// A JSON pointer (RFC 6901) taken apart. A token "*" stands for every member or item; at the root
/// of an array (a JSON-RPC batch) a first token that is no index is asked of each item.
struct JsonPath {
    QList<QByteArray> tokens; ///< decoded, UTF-8

    /// `pointer` with its slash: "/a/0/b~1c".
    static JsonPath fromPointer(QByteArrayView pointer);
    bool operator==(const JsonPath &) const = default;
};
/// Longer pointers are cut off: nobody writes them, and they are followed by recursion.
constexpr qsizetype MaxPathTokens = 64;

/// Finds the values at a path without building anything: reads the text once, at most to its end,
/// and allocates only for member names that are written with escapes. Text that is no JSON is read
/// as far as it makes sense. Of a name that occurs twice both values are told.
///
/// `found(raw)` gets each value's text (a string with its quotes); true ends the search. Gives
/// whether it was ended so.
template <typename Found> bool skimJson(QByteArrayView text, const JsonPath &path, Found found);

/// The text of a string without its quotes where it has no escapes: what most have; null else.
inline QByteArrayView plainJsonString(QByteArrayView raw)
{
    if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"')
        return {};
    const QByteArrayView inner = raw.sliced(1, raw.size() - 2);
    return inner.contains('\\') ? QByteArrayView() : inner;
}

namespace jsonskim {

inline const char *skipBlank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        ++p;
    return p;
}
/// Behind the string that opens at p.
const char *skipString(const char *p, const char *end);
/// Behind the value at p, whatever it is; at least one byte further unless p is the end.
const char *skipValue(const char *p, const char *end);
/// Whether the name in quotes is `token`.
bool isName(QByteArrayView quoted, const QByteArray &token);
/// The number of an item of an array (RFC 6901, section 4); -1: it is none.
qint64 indexOf(const QByteArray &token);

/// Behind the value at p; null once `found` ended the search. Goes as deep as the path has tokens.
template <typename Found>
const char *walk(const char *p, const char *end, const JsonPath &path, qsizetype depth, bool root,
                 Found &found)
{
    p = skipBlank(p, end);
    if (p == end)
        return end;
    if (*p == ',' || *p == ':' || *p == '}' || *p == ']')
        return p + 1; // no JSON: a value is missing
    if (depth == path.tokens.size()) {
        const char *behind = skipValue(p, end);
        return found(QByteArrayView(p, behind - p)) ? nullptr : behind;
    }
    const bool object = *p == '{';
    if (!object && *p != '[')
        return skipValue(p, end);
    const QByteArray &token = path.tokens.at(depth);
    const bool every = token == "*";
    const qint64 wantedIndex = object || every ? -1 : indexOf(token);
    const bool batch = !object && root && !every && wantedIndex < 0;
    qint64 index = 0;
    ++p;
    while (true) {
        p = skipBlank(p, end);
        if (p == end)
            return end;
        if (*p == '}' || *p == ']')
            return p + 1;
        if (*p == ',') {
            ++p;
            continue;
        }
        bool wanted = every || batch;
        if (object) {
            if (*p != '"')
                return end; // no JSON
            const char *behind = skipString(p, end);
            wanted = wanted || isName(QByteArrayView(p, behind - p), token);
            p = skipBlank(behind, end);
            if (p == end || *p != ':')
                return end;
            ++p;
        } else if (!wanted) {
            wanted = index == wantedIndex;
        }
        p = wanted ? walk(p, end, path, depth + (batch ? 0 : 1), false, found)
                   : skipValue(skipBlank(p, end), end);
        if (!p)
            return nullptr;
        ++index;
    }
}

} // namespace jsonskim

template <typename Found> bool skimJson(QByteArrayView text, const JsonPath &path, Found found)
{
    const char *p = text.data();
    return p && !jsonskim::walk(p, p + text.size(), path, 0, true, found);
}

} // namespace sightglass
