// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_syntax.h"

namespace sightglass {

/// Reads the text of `term.value` as `key` wants it, into the term. What is wrong, as a sentence;
/// empty: nothing. Private to core/filter.
QString readFilterValue(const FilterKey &key, FilterTerm &term);

} // namespace sightglass
