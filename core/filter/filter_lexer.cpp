// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_lexer.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

QString filterOperatorText(FilterOperator op)
{
    switch (op) {
    case FilterOperator::Exists:
        break;
    case FilterOperator::Has:
        return u":"_s;
    case FilterOperator::Equal:
        return u"="_s;
    case FilterOperator::NotEqual:
        return u"!="_s;
    case FilterOperator::Less:
        return u"<"_s;
    case FilterOperator::LessOrEqual:
        return u"<="_s;
    case FilterOperator::Greater:
        return u">"_s;
    case FilterOperator::GreaterOrEqual:
        return u">="_s;
    }
    return {};
}

namespace {

using Kind = FilterToken::Kind;

class FilterLexer {
public:
    explicit FilterLexer(const QString &text)
        : m_text(text)
    {
    }

    QList<FilterToken> run()
    {
        QList<FilterToken> tokens;
        while (skipSpace(), m_at < m_text.size()) {
            const QChar c = m_text.at(m_at);
            if (c == u'(') {
                ++m_open;
                tokens.append(sign(Kind::Open, 1));
            } else if (c == u')') {
                m_open = std::max(0, m_open - 1);
                tokens.append(sign(Kind::Close, 1));
            } else if (isNegation() && at(m_at + 1) == u'(') {
                tokens.append(sign(Kind::Not, 1));
            } else if (c == u'!' && (m_at + 1 == m_text.size() || at(m_at + 1).isSpace())) {
                tokens.append(sign(Kind::Not, 1));
            } else if (m_text.mid(m_at, 2) == "&&"_L1) {
                tokens.append(sign(Kind::And, 2));
            } else if (m_text.mid(m_at, 2) == "||"_L1) {
                tokens.append(sign(Kind::Or, 2));
            } else {
                tokens.append(term());
            }
        }
        FilterToken end;
        end.start = m_text.size();
        tokens.append(end);
        return tokens;
    }

private:
    QChar at(qsizetype index) const { return index < m_text.size() ? m_text.at(index) : QChar(); }

    void skipSpace()
    {
        while (m_at < m_text.size() && m_text.at(m_at).isSpace())
            ++m_at;
    }

    /// '-' or '!' right before what it negates.
    bool isNegation() const
    {
        const QChar c = at(m_at);
        return (c == u'-' || c == u'!') && m_at + 1 < m_text.size() && !at(m_at + 1).isSpace()
            && !(c == u'!' && at(m_at + 1) == u'=');
    }

    FilterToken sign(Kind kind, qsizetype length)
    {
        FilterToken token;
        token.kind = kind;
        token.start = m_at;
        token.length = length;
        m_at += length;
        return token;
    }

    /// Where the regular expression that begins at `m_at` with a slash ends, behind its flags; -1:
    /// there stands none. One slash closes it, and then comes its end: "/usr/bin" is a path.
    qsizetype regexEnd(bool spaces) const
    {
        if (at(m_at) != u'/')
            return -1;
        qsizetype end = m_at + 1;
        while (end < m_text.size() && m_text.at(end) != u'/') {
            if (m_text.at(end) == u'\\')
                ++end;
            else if (!spaces && m_text.at(end).isSpace())
                return -1;
            ++end;
        }
        if (end >= m_text.size() || end == m_at + 1)
            return -1;
        ++end;
        if (at(end) == u'i')
            ++end;
        const bool ends =
            end >= m_text.size() || m_text.at(end).isSpace() || m_text.at(end) == u')';
        return ends ? end : -1;
    }

    bool takeRegex(FilterToken &token, bool spaces)
    {
        const qsizetype end = regexEnd(spaces);
        if (end < 0)
            return false;
        token.regex = true;
        token.caseless = m_text.at(end - 1) == u'i';
        token.textStart = m_at + 1;
        token.text = m_text.mid(m_at + 1, end - m_at - (token.caseless ? 3 : 2));
        // A slash in it is written \/.
        token.text.replace("\\/"_L1, "/"_L1);
        m_at = end;
        return true;
    }

    /// The operator at `index`, and how long it is.
    std::optional<FilterOperator> operatorAt(qsizetype index, qsizetype *length) const
    {
        const QChar c = at(index);
        const bool equal = at(index + 1) == u'=';
        *length = equal && c != u'=' && c != u':' ? 2 : 1;
        if (c == u':')
            return FilterOperator::Has;
        if (c == u'=') {
            *length = equal ? 2 : 1; // "==" by habit
            return FilterOperator::Equal;
        }
        if (c == u'!' && equal)
            return FilterOperator::NotEqual;
        if (c == u'<')
            return equal ? FilterOperator::LessOrEqual : FilterOperator::Less;
        if (c == u'>')
            return equal ? FilterOperator::GreaterOrEqual : FilterOperator::Greater;
        return {};
    }

    /// Text in quotes, from behind the first one; `\"` and `\\` are a quote and a backslash.
    void takeQuoted(FilterToken &token, QString &word)
    {
        token.quoted = true;
        while (m_at < m_text.size()) {
            const QChar c = m_text.at(m_at++);
            if (c == u'"')
                return;
            const bool escapes =
                c == u'\\' && (at(m_at) == u'"' || at(m_at) == u'\\') && m_at < m_text.size();
            word += escapes ? m_text.at(m_at++) : c;
        }
        token.unclosed = true;
    }

    /// A ")" that nothing opens is text in a word and in the value of a key that takes any; others
    /// have none in them (`strict`), so that it is one too many there.
    bool endsTerm(QChar c, int within, bool strict) const
    {
        return c.isSpace() || (c == u')' && within == 0 && (m_open > 0 || strict));
    }

    static bool takesAnyText(const FilterToken &token)
    {
        return !token.name.key || token.name.key->kind == FilterValueKind::Text;
    }

    /// The text up to the end of the term. Where it may be a key an operator ends it as well: true
    /// if there was one.
    bool takeWord(FilterToken &token, QString &word, bool mayBeKey)
    {
        int within = 0; // parentheses that are part of the word
        bool plain = true; // no quotes so far, but for those within a pointer
        while (m_at < m_text.size()) {
            const QChar c = m_text.at(m_at);
            if (c == u'"') {
                plain = plain && mayBeKey && isPointer(word);
                ++m_at;
                takeQuoted(token, word);
                continue;
            }
            const bool strict =
                mayBeKey ? c == u')' && isBareName(token, word) : !takesAnyText(token);
            if (endsTerm(c, within, strict))
                break;
            if (mayBeKey && plain && !word.isEmpty() && word.at(0).isLetter()
                && takeOperator(token, word))
                return true;
            within += c == u'(' ? 1 : c == u')' ? -1 : 0;
            within = std::max(0, within);
            word += c;
            ++m_at;
        }
        return false;
    }

    static bool isPointer(const QString &word)
    {
        const std::optional<FilterName> name = filterName(word + u'x');
        return name && name->key->argument == FilterKey::Argument::Pointer;
    }

    static bool looksLikeKey(const QString &word)
    {
        const auto isPlain = [](QChar c) {
            return c.unicode() < 128 && (c.isLetterOrNumber() || QStringView(u"._-/").contains(c));
        };
        return word.back().isLetterOrNumber() && std::all_of(word.begin(), word.end(), isPlain);
    }

    bool takeOperator(FilterToken &token, const QString &word)
    {
        qsizetype length = 0;
        const std::optional<FilterOperator> op = operatorAt(m_at, &length);
        if (!op)
            return false;
        const std::optional<FilterName> name = filterName(word);
        // "?a=1" and "5>3" are text; what looks like a key is meant as one.
        if (!name && *op != FilterOperator::Has && !looksLikeKey(word))
            return false;
        if (name)
            token.name = *name;
        else
            token.wrongKey = word;
        token.op = *op;
        m_at += length;
        return true;
    }

    FilterToken term()
    {
        FilterToken token;
        token.kind = Kind::Term;
        token.start = m_at;
        if (isNegation()) {
            token.negated = true;
            ++m_at;
        }
        token.textStart = m_at;
        QString word;
        if (takeRegex(token, false)) {
            token.length = m_at - token.start;
            return token;
        }
        bool compared = takeWord(token, word, true);
        if (!compared && !token.quoted && !token.negated && isJoin(token, word))
            return token;
        if (!compared)
            compared = takeSpacedOperator(token, word);
        if (compared) {
            if (token.op != FilterOperator::Has)
                skipSpace(); // "ms> 500"
            token.quoted = false;
            token.textStart = m_at;
            word.clear();
            if (takeRegex(token, true)) {
                token.length = m_at - token.start;
                return token;
            }
            takeWord(token, word, false);
        } else if (const auto name = bareName(token, word)) {
            token.name = *name;
            token.op = FilterOperator::Exists;
        }
        token.text = word;
        token.length = m_at - token.start;
        return token;
    }

    bool isJoin(FilterToken &token, const QString &word) const
    {
        const QString lower = word.toLower();
        if (word != lower && word != word.toUpper())
            return false;
        token.kind = lower == "and"_L1 ? Kind::And
            : lower == "or"_L1         ? Kind::Or
            : lower == "not"_L1        ? Kind::Not
                                       : Kind::Term;
        token.length = m_at - token.start;
        return token.kind != Kind::Term;
    }

    static bool isBareName(const FilterToken &token, const QString &word)
    {
        return bareName(token, word).has_value();
    }

    static std::optional<FilterName> bareName(const FilterToken &token, const QString &word)
    {
        const std::optional<FilterName> name = filterName(word);
        if (!name || !name->key->bare)
            return {};
        // Quotes make words of it, but those within a pointer.
        return token.quoted && name->key->argument != FilterKey::Argument::Pointer ? std::nullopt
                                                                                   : name;
    }

    /// "ms > 500": an operator after spaces belongs to a key; a colon never does.
    bool takeSpacedOperator(FilterToken &token, const QString &word)
    {
        const std::optional<FilterName> name = token.quoted ? std::nullopt : filterName(word);
        if (!name)
            return false;
        qsizetype behind = m_at;
        while (behind < m_text.size() && m_text.at(behind).isSpace())
            ++behind;
        qsizetype length = 0;
        const std::optional<FilterOperator> op = operatorAt(behind, &length);
        if (!op || *op == FilterOperator::Has)
            return false;
        token.name = *name;
        token.op = *op;
        m_at = behind + length;
        return true;
    }

    const QString &m_text;
    qsizetype m_at = 0;
    int m_open = 0; ///< parentheses that wait for their end
};

} // namespace

QList<FilterToken> filterTokens(const QString &text)
{
    return FilterLexer(text).run();
}

} // namespace sightglass
