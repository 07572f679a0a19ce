// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/sequence_rows.h"
#include "ui/theme.h"
#include "ui/widgets/rows_view.h"

namespace sightglass {

class SequenceModel;

/// Paints the rows of a SequenceModel: lanes and arrows, and texts by their tone.
class SequenceDelegate final : public RowsDelegate {
    Q_OBJECT
public:
    SequenceDelegate(const SequenceModel *model, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// The words over the lanes.
    static void paintHeader(QPainter *painter, const QRect &section, const QWidget *view);

private:
    void paintLanes(QPainter *painter, const QStyleOptionViewItem &option, int number) const;
    void paintCalls(QPainter *painter, const QStyleOptionViewItem &option, int number,
                    const SequenceRow &row) const;
    static void paintArrow(QPainter *painter, qreal from, qreal to, qreal y, const QColor &colour);

    const SequenceModel *m_model;
};

} // namespace sightglass
