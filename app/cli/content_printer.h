// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/output.h"
#include "core/jsonrpc/json_text.h"

namespace sightglass::cli {

// Content of tools and prompts as plain text for people. All of it is untrusted.

/// One block: text as it is, the rest as a line that says what it is.
void printBlock(Output &output, const JsonText &json, JsonText::Node block);
/// The result of tools/call.
void printToolResult(Output &output, const QByteArray &result);
void printToolResult(Output &output, const JsonText &result);

} // namespace sightglass::cli
