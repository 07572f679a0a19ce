// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

namespace sightglass {

/// Lines that stand in one of two texts alone, or in place of others.
struct LineDifference {
    qint64 leftLine = 0; ///< the first of them, from 1 on; where there are none: that they would be
    qint64 rightLine = 0;
    QByteArrayList left; ///< without their line ends
    QByteArrayList right;

    bool operator==(const LineDifference &) const = default;
};

/// How two texts differ line by line, in their order. "\r\n" and "\n" end lines alike. Of long
/// texts that differ all over it is one difference, where finding smaller ones would take time out
/// of proportion.
QList<LineDifference> lineDifferences(const QByteArray &left, const QByteArray &right);

} // namespace sightglass
