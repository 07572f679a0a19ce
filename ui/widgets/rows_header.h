// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QHeaderView>

#include <functional>

namespace sightglass {

class RowsView;

/// The header of a RowsView in the page's own hand: muted words over their columns, an arrow at the
/// one that is sorted by, one line below.
class RowsHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit RowsHeader(RowsView *view);
    QSize sizeHint() const override;
    void setPainter(int section, std::function<void(QPainter *, const QRect &)> painter);

protected:
    void paintEvent(QPaintEvent *event) override;
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    bool viewportEvent(QEvent *event) override;

private:
    void paintArrow(QPainter *painter, const QPointF &centre) const;

    RowsView *m_view;
    QHash<int, std::function<void(QPainter *, const QRect &)>> m_painters; ///< by section
};

} // namespace sightglass
