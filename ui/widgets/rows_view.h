// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractItemView>
#include <QHeaderView>
#include <QStyledItemDelegate>

#include <functional>

namespace sightglass {

class Pill;
class RowsHeader;

/// How wide a column is. Widths are given in texts that have to fit, so that they follow the font.
struct RowsColumn {
    QString widest; ///< a text that has to fit (padding is added)
    int stretch = 0; ///< share of the space that is left; 0: none
    int hideBelow = 0; ///< not shown while the view is narrower than this (at 96 dpi); 0: always
    QString least = {}; ///< where the columns need more than there is it shrinks as far as this
};

/// Rows of one height over any model, as a list or a table with a header.
///
/// Unlike the stock views it keeps nothing per row: showing and appending cost what the visible
/// rows cost, also with ten million of them. Selection, keyboard and accessibility are those of
/// QAbstractItemView. It follows new rows at the end until somebody scrolls up; then a button
/// says how many are new and leads back. A row that is clicked stays where it is: it ends
/// following, unless it is the newest.
class RowsView : public QAbstractItemView {
    Q_OBJECT
public:
    /// Of a row's first cell: a sightglass::Role whose tint is the row's ground; none where it is
    /// not valid. Delegates find it in the option's background brush.
    static constexpr int GroundRole = Qt::UserRole + 200;

    explicit RowsView(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    void setColumns(const QList<RowsColumn> &columns);
    QHeaderView *header() const;
    void setHeaderVisible(bool visible);
    /// Paints the header of a column in place of its title; the rectangle is all of it.
    using HeaderPainter = std::function<void(QPainter *painter, const QRect &section)>;
    void setHeaderPainter(int column, HeaderPainter painter);
    /// Height of a row in pixels; by default 24, or more for large fonts.
    void setRowHeight(int height);
    int rowHeight() const { return m_rowHeight; }

    /// The columns whose header asks to sort by them when it is pressed; none at first. Sorting is
    /// the model's: where it moves rows, what one looks at stays where it is.
    void setSortable(const QList<int> &columns);
    bool isSortable(int column) const { return m_sortable.contains(column); }
    /// What the header says. `waits`: the rows do not stand like that yet.
    void showSorting(int column, Qt::SortOrder order, bool waits = false);
    int sortedColumn() const { return m_sortedColumn; } ///< -1: none
    Qt::SortOrder sortOrder() const { return m_sortOrder; }
    bool sortingWaits() const { return m_sortingWaits; }
    /// How a column is sorted, in words: "sorted ascending"; empty: it is not.
    QString sortingWords(int column) const;
    /// As if its header was pressed.
    void requestSort(int column);

    /// Whether it follows at all; off at first.
    void setCanFollow(bool can);
    bool isFollowing() const { return m_following; }
    void setFollowing(bool following);
    int unseenRows() const { return m_unseen; }
    /// Rows that come while a filter looks for them are not new; on at first.
    void setUnseenCounted(bool counted) { m_unseenCounted = counted; }
    /// What the button says: "%n new".
    Pill *followButton() const { return m_followButton; }

    /// The selected rows from the top, if they are no more than `most`; otherwise none.
    QList<int> selectedRows(int most) const;
    /// The selected rows as text, cells parted by tabs; also what Ctrl+C copies.
    QString selectedText() const;
    /// One row as text, cells parted by tabs, without empty ones at the end.
    QString rowText(int row) const;
    int firstVisibleRow() const;
    int lastVisibleRow() const;
    void setCurrentRow(int row);

    QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint &point) const override;
    void reset() override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                     const QList<int> &roles = {}) override;

Q_SIGNALS:
    void followingChanged(bool following);
    void currentRowChanged(int row);
    void copied(int rows);
    void sortRequested(int column);

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override;
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex &index) const override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void updateGeometries() override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    int rowCount() const;
    int defaultRowHeight() const;
    void layoutColumns();
    void placeHeaderAndBars();
    void updateFollowButton();
    void tellModelChange(int kind, int first, int last);
    void onScrolled(int value);
    void showPressed();
    void noteAnchor();
    void returnToAnchor();

    RowsHeader *m_header;
    Pill *m_followButton;
    QList<RowsColumn> m_columns;
    QList<int> m_userWidths; ///< by column; -1 where nobody dragged
    int m_rowHeight = 24;
    bool m_fixedHeight = false;
    bool m_canFollow = false;
    bool m_following = false;
    bool m_adjusting = false; ///< we move the scroll bar ourselves, nobody scrolls
    bool m_settling = false; ///< header and bars are being placed
    int m_unseen = 0;
    bool m_unseenCounted = true;
    bool m_followedBeforePress = false;
    QList<int> m_sortable;
    int m_sortedColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    bool m_sortingWaits = false;
    QPersistentModelIndex m_anchor; ///< stays where it is while rows move
    int m_anchorTop = 0; ///< of it, in the viewport
    bool m_pressed = false; ///< nothing scrolls by itself until the button is let go
};

/// Paints a cell's text by its roles (display, foreground, font, alignment), nothing else.
class RowsDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    static constexpr int kPadding = 8; ///< left and right of a cell

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

    /// What lies under a cell's text.
    static QColor groundOf(const QStyleOptionViewItem &option);
    /// The sign of a bookmark at the left edge of a row's first cell.
    static void paintMark(QPainter *painter, const QRect &cell, const QPalette &palette);

protected:
    /// Draws `text` elided into `rect`; returns its width as drawn.
    static int drawText(QPainter *painter, const QRect &rect, Qt::Alignment alignment,
                        const QString &text, Qt::TextElideMode elide = Qt::ElideRight);
};

} // namespace sightglass
