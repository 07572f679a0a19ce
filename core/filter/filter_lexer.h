// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_syntax.h"

namespace sightglass {

/// A piece of a filter's text: a sign or word that joins, or a term. Private to core/filter.
struct FilterToken {
    enum class Kind : quint8 { Open, Close, And, Or, Not, Term, End };
    Kind kind = Kind::End;
    qsizetype start = 0;
    qsizetype length = 0;
    bool negated = false; ///< of a Term: after '-' or '!'
    FilterName name; ///< of a Term: null where it is a word or has a key that is not known
    QString wrongKey; ///< the key that is not known
    FilterOperator op = FilterOperator::Has;
    QString text; ///< of a Term: the value or word
    bool quoted = false;
    bool unclosed = false; ///< its quotation mark was never closed
    bool regex = false;
    bool caseless = false;
    qsizetype textStart = 0; ///< where value or word begins
};

/// All of the text; an End stands behind the last.
QList<FilterToken> filterTokens(const QString &text);

} // namespace sightglass
