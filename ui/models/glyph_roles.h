// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Qt>

namespace sightglass {

/// By which models tell the glyph of a cell.
enum GlyphDataRole {
    /// Name of an icon of our set; empty: room for one alone; no value: the cell has none.
    GlyphIconRole = Qt::UserRole,
    GlyphToneRole ///< a sightglass::Role, for glyph and word; no value: a cell as any other
};

} // namespace sightglass
