// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_lexer.h"
#include "core/filter/filter_syntax.h"
#include "core/filter/filter_values.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Steps that a regular expression may take from one place in a text; more is no match (PCRE2,
/// "Setting resource limits"). A pattern that wants more would be of no use on a million rows.
constexpr auto RegexLimits = "(*LIMIT_MATCH=20000)(*LIMIT_DEPTH=2000)"_L1;

using Kind = FilterToken::Kind;
using MaybeNode = std::optional<FilterNode>;

MaybeNode joined(FilterNode::Kind kind, QList<FilterNode> children)
{
    if (children.isEmpty())
        return {};
    if (children.size() == 1)
        return children.constFirst();
    FilterNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

MaybeNode negated(MaybeNode node)
{
    if (!node)
        return {};
    // Twice is not at all, however often it is written.
    if (node->kind == FilterNode::Kind::Not)
        return node->children.constFirst();
    FilterNode outer;
    outer.kind = FilterNode::Kind::Not;
    outer.children.append(*node);
    return outer;
}

class FilterParser {
public:
    explicit FilterParser(const QString &text)
        : m_tokens(filterTokens(text))
    {
    }

    FilterSyntax run()
    {
        FilterSyntax syntax;
        QList<FilterNode> parts;
        while (true) {
            if (MaybeNode node = any())
                parts.append(*node);
            if (token().kind == Kind::End)
                break;
            // A ")" that closes nothing.
            problem(token(), u"There is no “(” to this “)”."_s);
            ++m_next;
        }
        syntax.root = joined(FilterNode::Kind::All, std::move(parts));
        std::stable_sort(
            m_problems.begin(), m_problems.end(),
            [](const FilterProblem &a, const FilterProblem &b) { return a.start < b.start; });
        syntax.problems = std::move(m_problems);
        return syntax;
    }

private:
    const FilterToken &token() const { return m_tokens.at(m_next); }

    void problem(const FilterToken &at, const QString &sentence)
    {
        m_problems.append({at.start, at.length, sentence});
    }

    /// a or b
    MaybeNode any()
    {
        QList<FilterNode> children;
        for (bool again = false;; again = true) {
            const qsizetype first = m_next;
            if (MaybeNode node = all())
                children.append(*node);
            // Something, right or wrong, stands on the left.
            const bool before = m_next > first || again || isBehindClose(first);
            if (token().kind != Kind::Or)
                break;
            const FilterToken &join = token();
            ++m_next;
            const Kind next = token().kind;
            if (!before)
                problem(join, u"“or” wants something before it."_s);
            else if (next == Kind::End || next == Kind::Close || next == Kind::Or)
                problem(join, u"“or” wants something behind it."_s);
        }
        return joined(FilterNode::Kind::Any, std::move(children));
    }

    bool isBehindClose(qsizetype at) const
    {
        return at > 0 && m_tokens.at(at - 1).kind == Kind::Close;
    }

    /// An "and" at the place that is next; `before`: something stands on its left.
    void takeAnd(bool before)
    {
        const FilterToken &join = token();
        ++m_next;
        const Kind next = token().kind;
        if (!before)
            problem(join, u"“and” wants something before it."_s);
        else if (next == Kind::End || next == Kind::Close || next == Kind::Or || next == Kind::And)
            problem(join, u"“and” wants something behind it."_s);
    }

    /// a and b, a b
    MaybeNode all()
    {
        QList<FilterNode> children;
        const qsizetype first = m_next;
        while (true) {
            const Kind kind = token().kind;
            if (kind == Kind::And) {
                takeAnd(m_next > first || isBehindClose(first));
                continue;
            }
            if (kind == Kind::End || kind == Kind::Or || kind == Kind::Close)
                break;
            if (MaybeNode node = one())
                children.append(*node);
        }
        return joined(FilterNode::Kind::All, std::move(children));
    }

    MaybeNode one()
    {
        bool wanted = true;
        qsizetype notAt = -1;
        qsizetype andAt = -1;
        while (token().kind == Kind::Not || (notAt >= 0 && token().kind == Kind::And)) {
            if (token().kind == Kind::Not) {
                wanted = !wanted;
                notAt = m_next;
            } else if (andAt < 0) {
                andAt = m_next;
            }
            ++m_next;
        }
        const Kind kind = token().kind;
        if (notAt >= 0 && kind != Kind::Open && kind != Kind::Term) {
            problem(m_tokens.at(notAt), u"“not” wants something behind it."_s);
            return {};
        }
        if (andAt >= 0)
            problem(m_tokens.at(andAt), u"“and” wants something before it."_s);
        MaybeNode node = kind == Kind::Open ? group() : term();
        return wanted ? node : negated(std::move(node));
    }

    MaybeNode group()
    {
        const qsizetype open = m_next++;
        if (m_depth == MaxFilterDepth) {
            problem(m_tokens.at(open), u"Parentheses may be nested %1 deep."_s.arg(MaxFilterDepth));
            skipGroup();
            return {};
        }
        ++m_depth;
        const MaybeNode node = any();
        --m_depth;
        if (token().kind == Kind::Close) {
            if (m_next == open + 1)
                problem(m_tokens.at(open), u"There is nothing between “(” and “)”."_s);
            ++m_next;
        } else {
            problem(m_tokens.at(open), u"There is no “)” to this “(”."_s);
        }
        return node;
    }

    void skipGroup()
    {
        for (int open = 1; open > 0 && token().kind != Kind::End; ++m_next)
            open += token().kind == Kind::Open ? 1 : token().kind == Kind::Close ? -1 : 0;
    }

    MaybeNode term()
    {
        const FilterToken &piece = m_tokens.at(m_next++);
        FilterNode node;
        FilterTerm &term = node.term;
        term.op = piece.op;
        term.value.text = piece.text;
        term.value.quoted = piece.quoted;
        term.value.regex = piece.regex;
        term.value.caseless = piece.caseless;
        QString sentence;
        FilterProblem place{piece.start, piece.length, {}};
        if (!piece.wrongKey.isEmpty()) {
            sentence = unknownKey(piece);
        } else if (const FilterKey *key = piece.name.key) {
            term.field = key->field;
            term.kind = key->kind;
            term.scope = key->scope;
            term.argument = piece.name.argument;
            sentence = readFilterValue(*key, term);
        } else if (piece.text.isEmpty() && !piece.unclosed) {
            return {}; // ""
        }
        if (sentence.isEmpty() && term.value.regex)
            sentence = wrongPattern(piece, term, place);
        // What stands in quotes that are not closed is searched for while one types it.
        const bool holds = sentence.isEmpty() && !(piece.unclosed && piece.text.isEmpty());
        if (piece.unclosed && sentence.isEmpty())
            sentence = u"The quotation mark is not closed."_s;
        if (sentence.isEmpty() && isUnclosedRegex(piece))
            sentence = u"There is no “/” behind it that ends the regular expression; put a path in "
                       "quotation marks."_s;
        if (!sentence.isEmpty()) {
            place.sentence = sentence;
            m_problems.append(place);
        }
        if (!holds)
            return {};
        return piece.negated ? negated(node) : MaybeNode(node);
    }

    static QString unknownKey(const FilterToken &piece)
    {
        const QString similar = similarFilterKey(piece.wrongKey);
        if (!similar.isEmpty())
            return u"“%1” is no key; did you mean %2? Words in quotation marks are searched for."_s
                .arg(piece.wrongKey, similar);
        return u"“%1” is no key; put the words in quotation marks to search for them."_s.arg(
            piece.wrongKey);
    }

    /// One slash, at the beginning. What takes a path is given one so; only what paths do not have
    /// in them tells it there.
    static bool isUnclosedRegex(const FilterToken &piece)
    {
        const QString &text = piece.text;
        if (piece.regex || piece.quoted || text.size() < 2 || !text.startsWith(u'/')
            || text.indexOf(u'/', 1) >= 0)
            return false;
        const bool takesPath = piece.name.key && piece.name.key->kind != FilterValueKind::Name;
        return !takesPath || std::any_of(text.begin(), text.end(), [](QChar c) {
            return QStringView(u"\\^$|[]()*+").contains(c);
        });
    }

    static QString wrongPattern(const FilterToken &piece, const FilterTerm &term,
                                FilterProblem &place)
    {
        const QRegularExpression regex = filterRegex(term.value.text, term.value.caseless);
        if (regex.isValid())
            return {};
        const qsizetype offset = std::clamp<qsizetype>(
            regex.patternErrorOffset() - RegexLimits.size(), 0, term.value.text.size());
        // From where it went wrong to its closing slash.
        const qsizetype end = piece.start + piece.length;
        place.start = std::min(piece.textStart + offset, end - 1);
        place.length = end - place.start;
        return u"The regular expression is wrong here: %1."_s.arg(regex.errorString());
    }

    const QList<FilterToken> m_tokens;
    qsizetype m_next = 0;
    int m_depth = 0;
    QList<FilterProblem> m_problems;
};

QString nodeText(const FilterNode &node);

QString termText(const FilterTerm &term)
{
    QString name = u"words"_s;
    for (const FilterKey &key : filterKeys()) {
        if (key.field == term.field && key.kind == term.kind
            && (key.argument != FilterKey::Argument::None) == !term.argument.isEmpty()) {
            name = key.name;
            break;
        }
    }
    if (!term.argument.isEmpty())
        name += term.argument.mid(term.argument.startsWith(u'/') ? 1 : 0);
    const FilterValue &value = term.value;
    QString text = name + filterOperatorText(term.op);
    if (term.op == FilterOperator::Exists)
        return text;
    if (value.regex)
        return text + u'/' + value.text + u'/' + (value.caseless ? u"i"_s : QString());
    return text
        + (value.quoted || value.text.contains(u' ') ? u'"' + value.text + u'"' : value.text);
}

QString nodeText(const FilterNode &node)
{
    if (node.kind == FilterNode::Kind::Term)
        return termText(node.term);
    QStringList parts{node.kind == FilterNode::Kind::All       ? u"all"_s
                          : node.kind == FilterNode::Kind::Any ? u"any"_s
                                                               : u"not"_s};
    for (const FilterNode &child : node.children)
        parts << nodeText(child);
    return u'(' + parts.join(u' ') + u')';
}

} // namespace

FilterSyntax parseFilter(const QString &text)
{
    return FilterParser(text).run();
}

/// "a or b" with t, as "a t or b t".
static QString withTermInEach(const QString &text, const QString &term)
{
    QString all;
    qsizetype from = 0;
    int open = 0;
    for (const FilterToken &token : filterTokens(text)) {
        if (token.kind == FilterToken::Kind::Open)
            ++open;
        else if (token.kind == FilterToken::Kind::Close)
            open = std::max(0, open - 1);
        else if (token.kind == FilterToken::Kind::Or && open == 0) {
            all += text.mid(from, token.start - from).trimmed() + u' ' + term + u' '
                + text.mid(token.start, token.length) + u' ';
            from = token.start + token.length;
        }
    }
    return all + text.mid(from).trimmed() + u' ' + term;
}

QString filterWithTerm(const QString &text, const QString &term)
{
    const QString before = text.trimmed();
    if (before.isEmpty())
        return term;
    const FilterSyntax syntax = parseFilter(before);
    const bool any = syntax.root && syntax.root->kind == FilterNode::Kind::Any;
    // What stands in parentheses as a whole needs no others.
    if (!any || parseFilter(before + u" a"_s).root->kind == FilterNode::Kind::All)
        return before + u' ' + term;
    const QString inParentheses = u'(' + before + u')';
    // There a word ends before ")": "a(b or c)" would say something else.
    if (parseFilter(inParentheses).root != syntax.root)
        return withTermInEach(before, term);
    return inParentheses + u' ' + term;
}

QString filterTreeText(const FilterSyntax &syntax)
{
    return syntax.root ? nodeText(*syntax.root) : QString();
}

QRegularExpression filterRegex(const QString &pattern, bool caseless)
{
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    if (caseless)
        options |= QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(RegexLimits + pattern, options);
}

} // namespace sightglass
