// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/credential_matrix.h"

#include <QHash>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

namespace sightglass {

/// What exchanges are sorted by, as numbers. Texts are numbered as they are met; their rank tells
/// how they compare. For one thread at a time.
class RowKeys {
public:
    /// `column` is one of the ExchangeModel.
    RowKeys(int column, const std::optional<Redactor> &redactor);

    /// Before keys are asked for; false if it was stopped.
    bool prepare(const TraceReader &trace, const std::atomic<bool> &stop);
    qint64 keyOf(const TraceReader &trace, ExchangeId id);
    /// Ranks what was met since; false if it was stopped. Keys that were given stay what they are.
    bool rank(const std::atomic<bool> &stop);
    /// The key as it compares, once it is ranked.
    qint64 ranked(qint64 key) const { return m_isText ? m_ranks[size_t(key)] : key; }

private:
    qint64 numberOf(const QString &text);
    QString textOf(const TraceReader &trace, ExchangeId id) const;

    const int m_column;
    const bool m_isText;
    std::optional<CredentialMatrixBuilder> m_credentials;
    QHash<QString, qint32> m_numbers;
    std::vector<QString> m_texts;
    std::vector<qint32> m_ranks;
};

/// Sorts in pieces, and looks at `stop` between them; false if it was stopped, and then what is in
/// `values` has no order.
template <typename T, typename Less>
bool sortUnlessStopped(std::vector<T> &values, const Less &less, const std::atomic<bool> &stop)
{
    constexpr size_t Piece = 8192;
    const size_t size = values.size();
    const auto at = [&values](size_t place) { return values.begin() + std::ptrdiff_t(place); };
    for (size_t from = 0; from < size; from += Piece) {
        if (stop)
            return false;
        std::sort(at(from), at(std::min(size, from + Piece)), less);
    }
    std::vector<T> other(size);
    for (size_t width = Piece; width < size; width *= 2) {
        for (size_t from = 0; from < size; from += 2 * width) {
            const size_t middle = std::min(size, from + width);
            const size_t end = std::min(size, from + 2 * width);
            size_t left = from;
            size_t right = middle;
            for (size_t to = from; to < end; ++to) {
                if (to % Piece == 0 && stop)
                    return false;
                const bool takesRight =
                    right < end && (left == middle || less(values[right], values[left]));
                other[to] = std::move(values[takesRight ? right++ : left++]);
            }
        }
        values.swap(other);
    }
    return true;
}

} // namespace sightglass
