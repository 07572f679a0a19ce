// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/rows_view.h"

namespace sightglass {

/// Paints a cell that has a tone (see GlyphDataRole) in its colour, with its glyph before the word.
class GlyphDelegate final : public RowsDelegate {
    Q_OBJECT
public:
    using RowsDelegate::RowsDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace sightglass
