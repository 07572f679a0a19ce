// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/similar_words.h"

#include <algorithm>
#include <numeric>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// How many letters have to be put in, taken out or changed (Levenshtein).
int distance(const QString &from, const QString &to)
{
    QList<int> row(to.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < from.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i) + 1;
        for (qsizetype j = 0; j < to.size(); ++j) {
            const int changed = diagonal + (from.at(i) == to.at(j) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.last();
}

} // namespace

QStringList similarWords(const QString &word, const QStringList &known)
{
    constexpr qsizetype Most = 3;
    constexpr qsizetype Long = 40; // nobody's typing error
    if (word.isEmpty() || word.size() > Long)
        return {};
    QStringList found;
    if (word.size() > 2)
        std::copy_if(known.begin(), known.end(), std::back_inserter(found),
                     [&word](const QString &one) { return one.startsWith(word); });
    if (found.isEmpty()) {
        int least = std::min(2, int(word.size()) / 2);
        for (const QString &one : known) {
            const int apart = distance(word, one);
            if (apart > least)
                continue;
            if (apart < least)
                found.clear();
            least = apart;
            found << one;
        }
    }
    return found.mid(0, Most);
}

QString askWhetherMeant(const QStringList &words)
{
    return words.isEmpty() ? QString() : u"Is %1 meant? "_s.arg(words.join(u" or "_s));
}

} // namespace sightglass::cli
