// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/text_difference.h"

#include <algorithm>

namespace sightglass {

TextDifference textDifference(const QString &left, const QString &right)
{
    if (left == right)
        return {left.size(), left.size(), right.size(), true};
    const qsizetype most = std::min(left.size(), right.size());
    qsizetype begin = 0;
    while (begin < most && left.at(begin) == right.at(begin))
        ++begin;
    if (begin > 0 && left.at(begin - 1).isHighSurrogate())
        --begin;
    qsizetype tail = 0;
    while (tail < most - begin
           && left.at(left.size() - 1 - tail) == right.at(right.size() - 1 - tail))
        ++tail;
    if (tail > 0 && left.at(left.size() - tail).isLowSurrogate())
        --tail;
    return {begin, left.size() - tail, right.size() - tail, false};
}

} // namespace sightglass
