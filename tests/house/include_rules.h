// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/house/house_rules.h"

namespace sightglass::test {

/// Includes of a room that stands above or beside.
QStringList includesOfOtherRooms(const QList<SourceFile> &files);
/// Chains of includes that come back to where they began.
QStringList includeCircles(const QList<SourceFile> &files);

} // namespace sightglass::test
