// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_syntax.h"

namespace sightglass {

/// Where `lower` (ASCII letters in lower case) stands in `text`, whose case does not matter;
/// -1: nowhere.
qsizetype findFolded(QByteArrayView text, QByteArrayView lower);

/// Asks one thing of texts, and allocates nothing for it, but with a regular expression. Private to
/// core/filter.
class TextTest {
public:
    TextTest() = default;
    /// `whole`: ':' takes the whole text.
    TextTest(const FilterTerm &term, bool whole);

    bool matches(QByteArrayView utf8) const;
    bool matches(QStringView text) const;
    /// A value of JSON, by its raw text: a string by what it says, all else as it is written.
    bool matchesJson(QByteArrayView raw) const;

private:
    enum class Mode : quint8 { Part, Whole, Exact, Regex };
    bool matchesRegex(const QString &text) const;

    Mode m_mode = Mode::Part;
    QString m_text;
    QByteArray m_bytes; ///< UTF-8; in lower case but for Exact
    QRegularExpression m_regex;
};

} // namespace sightglass
