// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_keys.h"

namespace sightglass {

// The filter language as texts, all made from filterKeys() and filterRules().

/// For a terminal, in lines of at most 80 columns.
QString filterHelpText();
/// A part of a manual page (man(7)).
QString filterManText();
/// Two tables in Markdown.
QString filterMarkdown();

} // namespace sightglass
