// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sightglass {

/// What a person typed where a server is asked for.
enum class TypedKind : quint8 { Nothing, Url, Recording, Command };

/// One plain rule: what has "://" is a URL; the path of a file is a command if it can be run, else
/// a recording; what has spaces or quotes, or begins with "/" or ".", is a command; so is a word
/// without dot and colon that is a program in PATH. Anything else is a URL without its scheme.
TypedKind typedKind(const QString &text);

} // namespace sightglass
