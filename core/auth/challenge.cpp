// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/challenge.h"

#include "core/http/header_list.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// tchar of RFC 9110, 5.6.2.
bool isTokenChar(char c)
{
    return isAlphanumeric(c) || (c != '\0' && QByteArrayView("!#$%&'*+-.^_`|~").contains(c));
}

/// token68 without its '=' at the end (RFC 9110, 11.2).
bool isToken68Char(char c)
{
    return isAlphanumeric(c) || (c != '\0' && QByteArrayView("-._~+/").contains(c));
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

/// A piece of the value for a sentence.
QString shown(QByteArrayView bytes)
{
    QString text;
    for (const QChar c : QString::fromUtf8(bytes.first(qMin<qsizetype>(bytes.size(), 40))))
        text += c.isPrint() ? c : QChar(u'\uFFFD');
    return bytes.size() > 40 ? text + u'…' : text;
}

/// Reads one header value. A challenge may not go on in the next one.
class Reader {
public:
    Reader(QByteArrayView text, qsizetype header, Challenges &result)
        : m_text(text)
        , m_header(header)
        , m_result(result)
    {
    }

    void read()
    {
        while (true) {
            while (!atEnd() && (isSpace(peek()) || peek() == ','))
                ++m_at;
            if (atEnd())
                return;
            element();
        }
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return m_text.at(m_at); }
    qsizetype skipSpace(qsizetype at) const
    {
        while (at < m_text.size() && isSpace(m_text.at(at)))
            ++at;
        return at;
    }
    qsizetype skipToken(qsizetype at) const
    {
        while (at < m_text.size() && isTokenChar(m_text.at(at)))
            ++at;
        return at;
    }
    /// Whether a '=' follows, with blanks before it or not.
    bool equalsFollows(qsizetype at) const
    {
        at = skipSpace(at);
        return at < m_text.size() && m_text.at(at) == '=';
    }
    bool elementEnds(qsizetype at) const
    {
        at = skipSpace(at);
        return at >= m_text.size() || m_text.at(at) == ',';
    }
    void problem(qsizetype position, const QString &sentence)
    {
        m_result.problems.append({m_header, position, sentence});
    }

    void begin(const QByteArray &scheme)
    {
        m_result.list.append(Challenge{scheme, {}, {}});
        m_hasScheme = true;
        m_names.clear();
    }

    /// One element of the list: a scheme (with its first parameter or its token68), or a further
    /// parameter of the scheme before.
    void element()
    {
        const qsizetype start = m_at;
        const qsizetype end = skipToken(start);
        if (end == start) {
            skipNonsense();
            return;
        }
        if (equalsFollows(end)) {
            param();
            expectComma();
            return;
        }
        m_at = end;
        begin(m_text.sliced(start, end - start).toByteArray());
        if (!atEnd() && !isSpace(peek()) && peek() != ',') {
            problem(m_at,
                    u"A space is wanted behind the scheme %1, not “%2”."_s.arg(
                        shown(m_result.list.constLast().scheme), shown(m_text.sliced(m_at, 1))));
            while (!atEnd() && !isSpace(peek()) && peek() != ',')
                ++m_at;
        }
        m_at = skipSpace(m_at);
        if (token68() || (!atEnd() && isTokenChar(peek()) && equalsFollows(skipToken(m_at)))) {
            if (m_result.list.constLast().token68.isEmpty())
                param();
            expectComma();
        } else if (!atEnd() && peek() != ',') {
            missingComma();
        }
    }

    /// True if there was one: what looks like it, up to a comma or the end.
    bool token68()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isToken68Char(m_text.at(end)))
            ++end;
        const qsizetype equals = end;
        if (end == m_at)
            return false;
        while (end < m_text.size() && m_text.at(end) == '=')
            ++end;
        if (!elementEnds(end))
            return false;
        // "Bearer error=, scope=x" has an empty parameter, though the grammar allows a token68.
        if (end == equals + 1) {
            qsizetype next = skipSpace(end);
            while (next < m_text.size() && (m_text.at(next) == ',' || isSpace(m_text.at(next))))
                ++next;
            if (skipToken(next) > next && equalsFollows(skipToken(next)))
                return false;
        }
        m_result.list.last().token68 = m_text.sliced(m_at, end - m_at).toByteArray();
        m_at = end;
        return true;
    }

    void param()
    {
        const qsizetype start = m_at;
        m_at = skipToken(start);
        const QByteArray name = m_text.sliced(start, m_at - start).toByteArray();
        m_at = skipSpace(skipSpace(m_at) + 1);
        const QByteArray value = !atEnd() && peek() == '"' ? quoted() : unquoted(name);
        if (!m_hasScheme) {
            problem(start, u"The parameter “%1” has no scheme before it."_s.arg(shown(name)));
            begin({});
        }
        Challenge &challenge = m_result.list.last();
        const qsizetype known = m_names.size();
        m_names.insert(name.toLower());
        if (m_names.size() == known)
            problem(start,
                    u"The parameter “%1” is there twice: the first one counts."_s.arg(shown(name)));
        else if (!challenge.token68.isEmpty())
            problem(start,
                    u"The parameter “%1” cannot stand beside “%2” in one challenge."_s.arg(
                        shown(name), shown(challenge.token68)));
        challenge.params.append({name, value});
    }

    /// RFC 9110, 5.6.4.
    QByteArray quoted()
    {
        const qsizetype start = m_at++;
        QByteArray value;
        bool odd = false;
        while (!atEnd()) {
            char c = m_text.at(m_at++);
            if (c == '"')
                return value;
            if (c == '\\' && !atEnd())
                c = m_text.at(m_at++);
            const auto byte = static_cast<unsigned char>(c);
            if (!odd && ((byte < 0x20 && c != '\t') || byte == 0x7f)) {
                problem(m_at - 1, u"A control character stands in a quoted value."_s);
                odd = true;
            }
            value += c;
        }
        problem(start, u"The quotation mark is not closed."_s);
        return value;
    }

    QByteArray unquoted(const QByteArray &name)
    {
        const qsizetype start = m_at;
        if (atEnd() || peek() == ',') {
            problem(start, u"The parameter “%1” has no value."_s.arg(shown(name)));
            return {};
        }
        bool odd = false;
        while (!atEnd() && peek() != ',') {
            if (isSpace(peek())) {
                const qsizetype next = skipSpace(m_at);
                // A further parameter or scheme ends the value; any other word belongs to it.
                if (elementEnds(m_at) || beginsParamOrScheme(next))
                    break;
                odd = true;
                m_at = next;
            } else {
                odd = odd || !isTokenChar(peek());
                ++m_at;
            }
        }
        const QByteArrayView value = m_text.sliced(start, m_at - start);
        if (odd)
            problem(
                start,
                u"The value of “%1” wants quotation marks: %2."_s.arg(shown(name), shown(value)));
        return value.toByteArray();
    }

    bool beginsParamOrScheme(qsizetype at) const
    {
        const qsizetype end = skipToken(at);
        if (end == at || equalsFollows(end))
            return end > at;
        const qsizetype next = skipSpace(end);
        return next > end && skipToken(next) > next && equalsFollows(skipToken(next));
    }

    void expectComma()
    {
        m_at = skipSpace(m_at);
        if (!atEnd() && peek() != ',')
            missingComma();
    }

    void missingComma()
    {
        if (isTokenChar(peek()))
            problem(m_at,
                    u"A comma is missing before “%1”."_s.arg(
                        shown(m_text.sliced(m_at, skipToken(m_at) - m_at))));
        else
            skipNonsense();
    }

    /// To the next comma that stands outside of quotation marks.
    void skipNonsense()
    {
        const qsizetype start = m_at;
        bool inQuotes = false;
        while (!atEnd() && (inQuotes || peek() != ',')) {
            if (peek() == '"')
                inQuotes = !inQuotes;
            else if (peek() == '\\' && inQuotes)
                ++m_at;
            ++m_at;
        }
        m_at = qMin(m_at, m_text.size());
        problem(start,
                u"This is neither a scheme nor a parameter: %1."_s.arg(
                    shown(m_text.sliced(start, m_at - start))));
    }

    QByteArrayView m_text;
    qsizetype m_header;
    Challenges &m_result;
    qsizetype m_at = 0;
    bool m_hasScheme = false;
    QSet<QByteArray> m_names; ///< of the challenge's parameters, in lower case
};

} // namespace

bool Challenge::isScheme(QByteArrayView name) const
{
    return sameName(scheme, name);
}

std::optional<QByteArray> Challenge::param(QByteArrayView name) const
{
    for (const AuthParam &param : params) {
        if (sameName(param.name, name))
            return param.value;
    }
    return {};
}

QByteArray Challenge::error() const
{
    return param("error").value_or(QByteArray());
}

QByteArray Challenge::errorDescription() const
{
    return param("error_description").value_or(QByteArray());
}

QByteArrayList Challenge::scopes() const
{
    QByteArrayList words = param("scope").value_or(QByteArray()).split(' ');
    words.removeAll({});
    return words;
}

QByteArray Challenge::resourceMetadata() const
{
    return param("resource_metadata").value_or(QByteArray());
}

Challenges Challenges::parse(const QByteArrayList &values)
{
    Challenges result;
    for (qsizetype i = 0; i < values.size(); ++i)
        Reader(values.at(i), i, result).read();
    return result;
}

Challenges Challenges::of(const QList<Header> &headers)
{
    QByteArrayList values;
    for (const Header &header : headers) {
        if (sameHeaderName(header.name, "WWW-Authenticate"))
            values.append(header.value);
    }
    return parse(values);
}

const Challenge *Challenges::find(QByteArrayView scheme) const
{
    const auto found =
        std::find_if(list.cbegin(), list.cend(),
                     [scheme](const Challenge &challenge) { return challenge.isScheme(scheme); });
    return found == list.cend() ? nullptr : &*found;
}

const Challenge *Challenges::forToken() const
{
    for (const char *scheme : {"Bearer", "DPoP"}) {
        if (const Challenge *challenge = find(scheme))
            return challenge;
    }
    const auto found = std::find_if(list.cbegin(), list.cend(), [](const Challenge &challenge) {
        return !challenge.error().isEmpty();
    });
    return found == list.cend() ? nullptr : &*found;
}

QByteArrayList Challenges::schemes() const
{
    QByteArrayList names;
    for (const Challenge &challenge : list) {
        const auto same = [&](const QByteArray &name) { return challenge.isScheme(name); };
        if (!challenge.scheme.isEmpty() && std::none_of(names.cbegin(), names.cend(), same))
            names.append(challenge.scheme);
    }
    return names;
}

QByteArray Challenges::resourceMetadata() const
{
    for (const Challenge &challenge : list) {
        if (const QByteArray url = challenge.resourceMetadata(); !url.isEmpty())
            return url;
    }
    return {};
}

} // namespace sightglass
