// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sightglass {

/// Untrusted text (names, descriptions, errors of a server) as one may show it: control characters,
/// bidirectional overrides and invisible characters become marks that can be seen, such as "\u202e"
/// spelled out, so that nothing poses as something else. Line ends and tabs stay if `multiLine`.
QString visibleText(const QString &text, bool multiLine = false);

/// Text from the wire for a tool tip: never read as markup, line ends kept.
QString plainToolTip(const QString &text);

} // namespace sightglass
