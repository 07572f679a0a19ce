// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Broken rules in words. Private to core/schema.

#include "core/jsonrpc/json_text.h"

#include <QString>

namespace sightglass::schema {

/// A broken rule where it was met.
struct Breach {
    QString keyword;
    QString detail; ///< a member's name, an index: what the keyword alone does not tell
    const JsonText *schema = nullptr;
    JsonText::Node rule = -1; ///< the schema that has the keyword
    const JsonText *value = nullptr;
    JsonText::Node place = -1;
};

/// "It must be a number, and is a string."
QString breachSentence(const Breach &breach);

} // namespace sightglass::schema
