// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sightglass {

/// Where two strings part that have to be the same to the letter: what stands before and behind is
/// alike in both. Counted in UTF-16 units, never within a character.
struct TextDifference {
    qsizetype begin = 0; ///< of the first difference, in both
    qsizetype leftEnd = 0; ///< behind the last difference; `begin` where nothing is too much there
    qsizetype rightEnd = 0;
    bool same = false;

    bool operator==(const TextDifference &) const = default;
};
TextDifference textDifference(const QString &left, const QString &right);

} // namespace sightglass
