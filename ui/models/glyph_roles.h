// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Qt>

namespace sightglass {

/// By which models tell the glyph of a cell.
enum GlyphDataRole {
    GlyphIconRole = Qt::UserRole, ///< name of an icon of our set; empty: the cell has none
    GlyphToneRole ///< a sightglass::Role, for glyph and word
};

} // namespace sightglass
