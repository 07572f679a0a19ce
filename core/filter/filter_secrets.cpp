// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_secrets.h"

#include "core/filter/filter_syntax.h"
#include "core/trace/secret_names.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Shorter ones are mostly words, ids or numbers.
constexpr qsizetype ShortestToken = 24;
constexpr int FewestDigits = 3;
constexpr int FewestLetters = 3;

/// One word, long, of letters and digits mixed: what people type to be found again is not so.
bool looksLikeToken(const QString &word)
{
    for (const auto &start : {"eyJ"_L1, "ghp_"_L1, "gho_"_L1, "github_pat_"_L1, "glpat-"_L1,
                              "sk-"_L1, "xoxb-"_L1, "xoxp-"_L1, "AKIA"_L1}) {
        if (word.startsWith(start) && word.size() >= start.size() + 8)
            return true;
    }
    if (word.size() < ShortestToken)
        return false;
    int digits = 0;
    int letters = 0;
    for (const QChar c : word) {
        if (c >= u'0' && c <= u'9')
            ++digits;
        else if ((c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'))
            ++letters;
        else if (c != u'-' && c != u'_' && c != u'+' && c != u'=' && c != u'~')
            return false; // a host, a path or a sentence
    }
    return digits >= FewestDigits && letters >= FewestLetters;
}

QString secretIn(const FilterNode &node, const Redactor &known)
{
    if (node.kind != FilterNode::Kind::Term) {
        for (const FilterNode &child : node.children) {
            if (const QString why = secretIn(child, known); !why.isEmpty())
                return why;
        }
        return {};
    }
    const FilterTerm &term = node.term;
    if (term.op == FilterOperator::Exists)
        return {};
    const QString &value = term.value.text;
    if (known.text(value) != value)
        return u"It has a secret in it: such a filter is not kept."_s;
    const QString member = term.argument.section(u'/', -1);
    if (term.kind == FilterValueKind::Json && isSecretMemberName(member.toUtf8()))
        return u"It has the value of “%1” in it, which is secret: such a filter is not kept."_s.arg(
            member);
    const QStringList words = value.split(u' ', Qt::SkipEmptyParts);
    if (std::any_of(words.begin(), words.end(), looksLikeToken))
        return u"It has something in it that looks like a token: such a filter is not kept."_s;
    return {};
}

} // namespace

QString filterSecret(const QString &text, const Redactor &known)
{
    const FilterSyntax syntax = parseFilter(text);
    const QString why = syntax.root ? secretIn(*syntax.root, known) : QString();
    if (!why.isEmpty() || known.text(text) == text)
        return why;
    // Also in what is no filter, or not yet.
    return u"It has a secret in it: such a filter is not kept."_s;
}

} // namespace sightglass
