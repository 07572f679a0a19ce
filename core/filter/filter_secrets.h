// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

namespace sightglass {

/// Why a filter must not be kept (in settings, which anybody may read): a value in it is a secret
/// that is known, the value of a member that is secret by its name, or looks like a token. One
/// sentence, without the value; empty: it may be kept.
QString filterSecret(const QString &text, const Redactor &known);

} // namespace sightglass
