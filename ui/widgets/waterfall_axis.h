// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/time_window.h"

#include <QObject>
#include <QRect>

#include <optional>

class QMenu;
class QPainter;

namespace sightglass {

class ExchangeModel;
class RowsView;

/// The time over the waterfall of a table of exchanges, in the header of its column, and what one
/// does with it: Ctrl+wheel, + and - zoom, 0 shows all, Shift+wheel and Shift+Left and Right move
/// along. A span that is drawn in the header becomes a filter, or what is seen.
class WaterfallAxis final : public QObject {
    Q_OBJECT
public:
    /// Neither is owned.
    WaterfallAxis(RowsView *table, ExchangeModel *model, QObject *parent = nullptr);

    void zoom(double factor);
    void pan(double share); ///< by that share of what is seen
    void showAll();
    void showWindow(const TimeWindow &window);
    bool isZoomed() const;
    /// What the waterfall goes over now.
    TimeWindow window() const;
    /// A span that somebody drew.
    std::optional<TimeWindow> span() const { return m_span; }
    void setSpan(const std::optional<TimeWindow> &span);
    /// "Waterfall": zoom, and the filter to a span or to what is seen.
    void addMenu(QMenu *menu);

Q_SIGNALS:
    /// The filter is to find only this: "at:1200ms..3400ms".
    void filterWanted(const QString &term);
    void statusMessage(const QString &text);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    QRect bars() const; ///< where bars are, in the header's viewport (and, in x, the table's)
    qint64 timeAt(int x) const;
    void zoomAt(double factor, qint64 anchor);
    void paint(QPainter *painter, const QRect &section) const;
    bool onKey(QEvent *event);
    bool onWheel(QEvent *event);
    bool onHeaderMouse(QEvent *event);
    void filterTo(const TimeWindow &window);
    void offerSpan(const QPoint &at);

    RowsView *m_table;
    ExchangeModel *m_model;
    std::optional<TimeWindow> m_span;
    std::optional<qint64> m_drawnFrom; ///< while the mouse draws one
};

} // namespace sightglass
