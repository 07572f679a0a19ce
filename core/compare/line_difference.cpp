// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/line_difference.h"

#include <algorithm>
#include <vector>

namespace sightglass {

namespace {

/// So many pairs of lines are held against each other.
constexpr qint64 MostLinePairs = 4'000'000;

QList<QByteArrayView> linesOf(const QByteArray &text)
{
    QList<QByteArrayView> lines;
    for (qsizetype begin = 0; begin < text.size();) {
        qsizetype end = text.indexOf('\n', begin);
        if (end < 0)
            end = text.size();
        qsizetype length = end - begin;
        if (length > 0 && text[begin + length - 1] == '\r')
            --length;
        lines.append(QByteArrayView(text).sliced(begin, length));
        begin = end + 1;
    }
    return lines;
}

} // namespace

QList<LineDifference> lineDifferences(const QByteArray &left, const QByteArray &right)
{
    const QList<QByteArrayView> a = linesOf(left);
    const QList<QByteArrayView> b = linesOf(right);
    qsizetype begin = 0;
    while (begin < a.size() && begin < b.size() && a[begin] == b[begin])
        ++begin;
    qsizetype tail = 0;
    while (tail < a.size() - begin && tail < b.size() - begin
           && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    const qsizetype n = a.size() - begin - tail;
    const qsizetype m = b.size() - begin - tail;

    QList<LineDifference> found;
    const auto tell = [&](qsizetype i, qsizetype iEnd, qsizetype j, qsizetype jEnd) {
        if (i == iEnd && j == jEnd)
            return;
        LineDifference difference{i + 1, j + 1, {}, {}};
        for (; i < iEnd; ++i)
            difference.left.append(a[i].toByteArray());
        for (; j < jEnd; ++j)
            difference.right.append(b[j].toByteArray());
        found.append(difference);
    };
    if (n == 0 || m == 0 || qint64(n) * m > MostLinePairs) {
        tell(begin, begin + n, begin, begin + m);
        return found;
    }
    // The longest row of lines that stand in both in this order.
    std::vector<qint32> length(size_t((n + 1) * (m + 1)), 0);
    const auto at = [&](qsizetype i, qsizetype j) -> qint32 & {
        return length[size_t(i * (m + 1) + j)];
    };
    for (qsizetype i = n - 1; i >= 0; --i) {
        for (qsizetype j = m - 1; j >= 0; --j)
            at(i, j) = a[begin + i] == b[begin + j] ? at(i + 1, j + 1) + 1
                                                    : std::max(at(i + 1, j), at(i, j + 1));
    }
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < n || j < m) {
        const qsizetype fromI = i;
        const qsizetype fromJ = j;
        while (i < n && j < m && a[begin + i] != b[begin + j]) {
            if (at(i + 1, j) >= at(i, j + 1))
                ++i;
            else
                ++j;
        }
        if (i == n || j == m) {
            i = n;
            j = m;
        }
        tell(begin + fromI, begin + i, begin + fromJ, begin + j);
        while (i < n && j < m && a[begin + i] == b[begin + j]) {
            ++i;
            ++j;
        }
    }
    return found;
}

} // namespace sightglass
