// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/compare/recording_comparison.h"

namespace sightglass {

/// "+", "-" or "~": added, removed, changed.
QString differenceSign(RecordingDifference::Kind kind);
/// What differs, in one line, without its area and sign: "add /inputSchema/required/0: "a"",
/// "tools/call add: 3 times, then 2 times". Untrusted text is in it as it came: mark it before it
/// is shown.
QString differenceWords(const RecordingDifference &difference);
/// "exchange 5 of the first, 7 of the second"; empty: none shows it.
QString differencePlace(const RecordingDifference &difference);
/// "The recordings are the same.", "7 differences.": what there is to say of all of it.
QString comparisonSummary(const RecordingComparison &comparison);

/// One JSON object, without a line end: {"same", "untold" (where a recording could not be read
/// whole), "differences": [{"area", "change", "subject", "pointer", "left", "right",
/// "leftExchange", "rightExchange", "counts"}], "remarks"}. Values are JSON as they came.
QByteArray comparisonToJson(const RecordingComparison &comparison);

} // namespace sightglass
