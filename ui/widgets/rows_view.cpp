// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/rows_view.h"

#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/rows_accessible.h"
#include "ui/widgets/rows_header.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace sightglass {

RowsView::RowsView(QWidget *parent)
    : QAbstractItemView(parent)
    , m_header(new RowsHeader(this))
    , m_followButton(new Pill(QString(), this))
{
    RowsAccessible::install();
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new RowsDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    viewport()->setAutoFillBackground(false);
    m_rowHeight = defaultRowHeight();

    m_followButton->setObjectName(QStringLiteral("followButton"));
    m_followButton->setFocusPolicy(Qt::NoFocus);
    m_followButton->hide();
    connect(m_followButton, &Pill::clicked, this, [this] { setFollowing(true); });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &RowsView::onScrolled);
    connect(m_header, &QHeaderView::sectionResized, this, [this](int section, int, int width) {
        if (!m_adjusting && section < m_userWidths.size()) {
            m_userWidths[section] = width;
            layoutColumns();
        }
        viewport()->update();
    });
    connect(m_header, &QHeaderView::sectionClicked, this, &RowsView::requestSort);
}

void RowsView::setModel(QAbstractItemModel *model)
{
    m_header->setModel(model);
    // Before the selection model takes note of what is to be selected afterwards.
    if (model)
        connect(model, &QAbstractItemModel::layoutAboutToBeChanged, this, &RowsView::noteAnchor);
    QAbstractItemView::setModel(model);
    if (model)
        connect(model, &QAbstractItemModel::layoutChanged, this, &RowsView::returnToAnchor);
    layoutColumns();
    updateGeometries();
}

void RowsView::setColumns(const QList<RowsColumn> &columns)
{
    m_columns = columns;
    m_userWidths = QList<int>(columns.size(), -1);
    layoutColumns();
}

void RowsView::setHeaderVisible(bool visible)
{
    m_header->setVisible(visible);
    updateGeometries();
}

void RowsView::setRowHeight(int height)
{
    m_fixedHeight = height > 0;
    m_rowHeight = m_fixedHeight ? height : defaultRowHeight();
    updateGeometries();
    viewport()->update();
}

int RowsView::defaultRowHeight() const
{
    return std::max(24, fontMetrics().height() + 6);
}

int RowsView::rowCount() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

void RowsView::setCanFollow(bool can)
{
    m_canFollow = can;
    setFollowing(can);
}

void RowsView::setFollowing(bool following)
{
    following = following && m_canFollow;
    if (following) {
        m_unseen = 0;
        m_adjusting = true;
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        m_adjusting = false;
    }
    const bool changed = m_following != following;
    m_following = following;
    updateFollowButton();
    if (changed)
        Q_EMIT followingChanged(following);
}

void RowsView::updateFollowButton()
{
    const bool show = m_canFollow && !m_following && m_unseen > 0;
    if (show) {
        m_followButton->setText(tr("%Ln new", nullptr, m_unseen));
        m_followButton->setToolTip(tr("Go to the newest and follow"));
        const QSize size = m_followButton->sizeHint();
        const QRect area = viewport()->geometry();
        m_followButton->setGeometry(area.center().x() - size.width() / 2,
                                    area.bottom() - size.height() - 8, size.width(), size.height());
        m_followButton->raise();
    }
    m_followButton->setVisible(show);
}

void RowsView::onScrolled(int value)
{
    if (m_adjusting || m_pressed || !m_canFollow)
        return;
    const bool atEnd = value >= verticalScrollBar()->maximum();
    if (atEnd != m_following)
        setFollowing(atEnd);
}

QList<int> RowsView::selectedRows(int most) const
{
    if (!selectionModel())
        return {};
    QList<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (rows.contains(row))
                continue;
            if (rows.size() >= most)
                return {};
            rows.append(row);
        }
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

QString RowsView::selectedText() const
{
    if (!selectionModel())
        return {};
    QList<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QString text;
    for (const int row : std::as_const(rows)) {
        if (!text.isEmpty())
            text += u'\n';
        text += rowText(row);
    }
    return text;
}

QString RowsView::rowText(int row) const
{
    QString text;
    const int columns = model() ? model()->columnCount() : 0;
    for (int column = 0; column < columns; ++column) {
        if (column > 0)
            text += u'\t';
        text += model()->index(row, column).data().toString();
    }
    while (text.endsWith(u'\t'))
        text.chop(1);
    return text;
}

int RowsView::firstVisibleRow() const
{
    return verticalOffset() / m_rowHeight;
}

int RowsView::lastVisibleRow() const
{
    return std::min(rowCount() - 1,
                    (verticalOffset() + std::max(0, viewport()->height() - 1)) / m_rowHeight);
}

void RowsView::setCurrentRow(int row)
{
    const QModelIndex index = model() ? model()->index(row, 0) : QModelIndex();
    if (!index.isValid()) {
        if (selectionModel())
            selectionModel()->clear();
        return;
    }
    selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

QRect RowsView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid() || m_header->isSectionHidden(index.column()))
        return {};
    return {m_header->sectionViewportPosition(index.column()),
            index.row() * m_rowHeight - verticalOffset(), m_header->sectionSize(index.column()),
            m_rowHeight};
}

void RowsView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int top = index.row() * m_rowHeight;
    const int height = viewport()->height();
    const int offset = verticalOffset();
    int wanted = offset;
    if (hint == PositionAtTop)
        wanted = top;
    else if (hint == PositionAtBottom)
        wanted = top + m_rowHeight - height;
    else if (hint == PositionAtCenter)
        wanted = top + (m_rowHeight - height) / 2;
    else if (top < offset)
        wanted = top;
    else if (top + m_rowHeight > offset + height)
        wanted = top + m_rowHeight - height;
    if (wanted != offset)
        verticalScrollBar()->setValue(wanted);
}

QModelIndex RowsView::indexAt(const QPoint &point) const
{
    if (!model() || point.y() < 0)
        return {};
    const int row = (point.y() + verticalOffset()) / m_rowHeight;
    int column = m_header->logicalIndexAt(point.x());
    if (column < 0)
        column = std::max(0, model()->columnCount(rootIndex()) - 1);
    return model()->index(row, column, rootIndex());
}

void RowsView::reset()
{
    m_unseen = 0;
    QAbstractItemView::reset();
    tellModelChange(QAccessibleTableModelChangeEvent::ModelReset, -1, -1);
    updateGeometries();
    updateFollowButton();
}

/// The stock views ask for the place of each cell that changed, also where a million did.
void RowsView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                           const QList<int> &)
{
    const int first = std::max(topLeft.row(), firstVisibleRow());
    const int last = std::min(bottomRight.row(), lastVisibleRow());
    if (topLeft.isValid() && bottomRight.isValid() && first <= last) {
        viewport()->update(0, first * m_rowHeight - verticalOffset(), viewport()->width(),
                           (last - first + 1) * m_rowHeight);
        tellModelChange(QAccessibleTableModelChangeEvent::DataChanged, first, last);
    }
}

QModelIndex RowsView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int rows = rowCount();
    if (rows == 0)
        return {};
    const int page = std::max(1, viewport()->height() / m_rowHeight - 1);
    const QModelIndex current = currentIndex();
    if (!current.isValid())
        return model()->index(m_following ? rows - 1 : firstVisibleRow(), 0);
    int row = current.row();
    switch (action) {
    case MoveUp:
    case MovePrevious:
        --row;
        break;
    case MoveDown:
    case MoveNext:
        ++row;
        break;
    case MovePageUp:
        row -= page;
        break;
    case MovePageDown:
        row += page;
        break;
    case MoveHome:
        row = 0;
        break;
    case MoveEnd:
        row = rows - 1;
        break;
    case MoveLeft:
        horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
        break;
    case MoveRight:
        horizontalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        break;
    }
    return model()->index(std::clamp(row, 0, rows - 1), current.column(), rootIndex());
}

int RowsView::horizontalOffset() const
{
    return horizontalScrollBar()->value();
}
int RowsView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

bool RowsView::isIndexHidden(const QModelIndex &index) const
{
    return m_header->isSectionHidden(index.column());
}

void RowsView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags)
{
    const int rows = rowCount();
    if (rows == 0)
        return;
    const QRect area = rect.normalized();
    const int first = std::clamp((area.top() + verticalOffset()) / m_rowHeight, 0, rows - 1);
    const int last = std::clamp((area.bottom() + verticalOffset()) / m_rowHeight, 0, rows - 1);
    const int columns = model()->columnCount(rootIndex());
    selectionModel()->select({model()->index(first, 0), model()->index(last, columns - 1)}, flags);
}

QRegion RowsView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    const QRect area = viewport()->rect();
    for (const QItemSelectionRange &range : selection) {
        const QRect rows(0, range.top() * m_rowHeight - verticalOffset(), area.width(),
                         (range.bottom() - range.top() + 1) * m_rowHeight);
        if (rows.intersects(area))
            region += rows & area;
    }
    return region;
}

void RowsView::updateGeometries()
{
    // A bar that comes takes room, for want of which the other one comes, or a column goes, with
    // which the first is not needed any more: each is a resize that ends up here again.
    if (m_settling)
        return;
    m_settling = true;
    constexpr int MostPasses = 4;
    for (int pass = 0; pass < MostPasses; ++pass) {
        const QSize before = viewport()->size();
        placeHeaderAndBars();
        if (viewport()->size() == before)
            break;
    }
    m_settling = false;
    updateFollowButton();
    QAbstractItemView::updateGeometries();
}

void RowsView::placeHeaderAndBars()
{
    const int headerHeight = m_header->isHidden() ? 0 : m_header->sizeHint().height();
    setViewportMargins(0, headerHeight, 0, 0);
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - headerHeight, area.width(), headerHeight);

    m_adjusting = true;
    verticalScrollBar()->setSingleStep(m_rowHeight);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() * m_rowHeight - viewport()->height()));
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    horizontalScrollBar()->setSingleStep(24);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, m_header->length() - viewport()->width()));
    m_adjusting = false;
}

void RowsView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    tellModelChange(QAccessibleTableModelChangeEvent::RowsInserted, start, end);
    if (m_canFollow && !m_following && m_unseenCounted && end == rowCount() - 1)
        m_unseen += end - start + 1;
    scheduleDelayedItemsLayout();
}

void RowsView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
    tellModelChange(QAccessibleTableModelChangeEvent::RowsRemoved, start, end);
    scheduleDelayedItemsLayout();
}

void RowsView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QAbstractItemView::currentChanged(current, previous);
    viewport()->update();
    if (QAccessible::isActive() && current.isValid() && hasFocus()) {
        if (auto *told =
                dynamic_cast<RowsAccessible *>(QAccessible::queryAccessibleInterface(this))) {
            QAccessibleEvent event(this, QAccessible::Focus);
            event.setChild(told->childIndex(current));
            QAccessible::updateAccessibility(&event);
        }
    }
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

void RowsView::tellModelChange(int kind, int first, int last)
{
    if (!QAccessible::isActive())
        return;
    using Change = QAccessibleTableModelChangeEvent;
    Change event(this, Change::ModelChangeType(kind));
    event.setFirstRow(first);
    event.setLastRow(last);
    event.setFirstColumn(0);
    event.setLastColumn(model() ? model()->columnCount() - 1 : 0);
    QAccessible::updateAccessibility(&event);
}

void RowsView::paintEvent(QPaintEvent *event)
{
    executeDelayedItemsLayout();
    QPainter painter(viewport());
    painter.fillRect(event->rect(), roleColor(Role::Base, palette()));
    if (!model() || m_rowHeight <= 0)
        return;

    QStyleOptionViewItem option;
    initViewItemOption(&option);
    option.font = font();
    const QColor selection = roleColor(Role::Selection, palette());
    const QColor alternate = palette().color(QPalette::AlternateBase);
    const QModelIndex current = currentIndex();
    const int width = viewport()->width();
    const int columns = model()->columnCount(rootIndex());
    const int first = std::max(0, (event->rect().top() + verticalOffset()) / m_rowHeight);
    const int last =
        std::min(rowCount() - 1, (event->rect().bottom() + verticalOffset()) / m_rowHeight);
    for (int row = first; row <= last; ++row) {
        const QRect line(0, row * m_rowHeight - verticalOffset(), width, m_rowHeight);
        const bool selected = selectionModel() && selectionModel()->isRowSelected(row, rootIndex());
        const QVariant ground = model()->index(row, 0, rootIndex()).data(GroundRole);
        option.backgroundBrush =
            ground.isValid() ? QBrush(tintColor(Role(ground.toInt()), palette())) : QBrush();
        if (selected)
            painter.fillRect(line, selection);
        else if (ground.isValid())
            painter.fillRect(line, option.backgroundBrush);
        else if (alternatingRowColors() && row % 2 == 1)
            painter.fillRect(line, alternate);
        option.state.setFlag(QStyle::State_Selected, selected);
        for (int column = 0; column < columns; ++column) {
            if (m_header->isSectionHidden(column))
                continue;
            const QModelIndex index = model()->index(row, column, rootIndex());
            option.rect = visualRect(index);
            if (!option.rect.intersects(event->rect()))
                continue;
            painter.save();
            itemDelegateForIndex(index)->paint(&painter, option, index);
            painter.restore();
        }
        if (hasFocus() && current.isValid() && current.row() == row) {
            painter.setPen(roleColor(Role::Accent, palette()));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(line.adjusted(0, 0, -1, -1));
        }
    }
}

void RowsView::resizeEvent(QResizeEvent *event)
{
    QAbstractItemView::resizeEvent(event);
    layoutColumns();
    updateGeometries();
}

void RowsView::layoutColumns()
{
    if (m_columns.isEmpty() || m_header->count() != m_columns.size())
        return;
    m_adjusting = true;
    QFont bold = m_header->font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    const auto title = [this](int section) {
        return m_header->isHidden() || !model()
            ? QString()
            : model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    };
    const int available = viewport()->width();
    const qreal scale = fontMetrics().height() / 18.0;
    QList<int> widths;
    int used = 0;
    int shares = 0;
    for (int i = 0; i < m_columns.size(); ++i) {
        const RowsColumn &column = m_columns[i];
        const bool hidden = column.hideBelow > 0 && available < column.hideBelow * scale;
        m_header->setSectionHidden(i, hidden);
        int width = 0;
        if (!hidden) {
            width = m_userWidths[i] >= 0 ? m_userWidths[i]
                                         : std::max(metrics.horizontalAdvance(column.widest),
                                                    metrics.horizontalAdvance(title(i)) + 2)
                    + 2 * RowsDelegate::kPadding;
            if (m_userWidths[i] < 0)
                shares += column.stretch;
        }
        widths.append(width);
        used += width;
    }
    // What stands further left is what the row is about: it gives way last.
    for (qsizetype at = m_columns.size(); at > 0 && used > available; --at) {
        const int i = int(at - 1);
        if (m_columns[i].least.isEmpty() || m_header->isSectionHidden(i) || m_userWidths[i] >= 0)
            continue;
        const int least = std::max(metrics.horizontalAdvance(m_columns[i].least),
                                   metrics.horizontalAdvance(title(i)) + 2)
            + 2 * RowsDelegate::kPadding;
        const int narrower =
            std::clamp(widths[i] - (used - available), std::min(least, widths[i]), widths[i]);
        used -= widths[i] - narrower;
        widths[i] = narrower;
    }
    const int left = std::max(0, available - used);
    for (int i = 0; i < m_columns.size(); ++i) {
        if (m_header->isSectionHidden(i))
            continue;
        int width = widths[i];
        if (shares > 0 && m_userWidths[i] < 0)
            width += left * m_columns[i].stretch / shares;
        m_header->resizeSection(i, width);
    }
    m_adjusting = false;
}

void RowsView::scrollContentsBy(int dx, int dy)
{
    Q_UNUSED(dy)
    if (dx != 0)
        m_header->setOffset(horizontalOffset());
    viewport()->update();
}

void RowsView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        const QString text = selectedText();
        if (!text.isEmpty()) {
            QApplication::clipboard()->setText(text);
            Q_EMIT copied(int(text.count(u'\n')) + 1);
        }
        event->accept();
        return;
    }
    QAbstractItemView::keyPressEvent(event);
}

void RowsView::mousePressEvent(QMouseEvent *event)
{
    // What a press chooses may open something that takes room from the table: it has not to scroll
    // under the mouse, or another row would be selected than the one that was hit.
    m_pressed = indexAt(event->position().toPoint()).isValid();
    m_followedBeforePress = m_following;
    if (m_pressed)
        setFollowing(false);
    QAbstractItemView::mousePressEvent(event);
    if (m_pressed && event->button() != Qt::LeftButton)
        showPressed(); // a menu takes the release
}

void RowsView::mouseReleaseEvent(QMouseEvent *event)
{
    QAbstractItemView::mouseReleaseEvent(event);
    if (m_pressed)
        showPressed();
}

void RowsView::showPressed()
{
    m_pressed = false;
    const QModelIndex current = currentIndex();
    if (current.isValid())
        scrollTo(current);
    if (m_followedBeforePress && current.row() == rowCount() - 1)
        setFollowing(true);
    else if (current.isValid())
        setFollowing(false);
}

void RowsView::changeEvent(QEvent *event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        if (!m_fixedHeight)
            m_rowHeight = defaultRowHeight();
        layoutColumns();
        updateGeometries();
    }
}

bool RowsView::viewportEvent(QEvent *event)
{
    // The viewport of an item view repaints hovered items only; here a row is one thing.
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        viewport()->update();
    return QAbstractItemView::viewportEvent(event);
}

void RowsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const QString text = index.data(Qt::DisplayRole).toString();
    if (text.isEmpty())
        return;
    const QVariant font = index.data(Qt::FontRole);
    painter->setFont(font.isValid() ? font.value<QFont>() : option.font);
    const QVariant colour = index.data(Qt::ForegroundRole);
    painter->setPen(colour.isValid() ? colour.value<QColor>()
                                     : roleColor(Role::Text, option.palette));
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    drawText(painter, option.rect.adjusted(kPadding, 0, -kPadding, 0),
             alignment.isValid() ? Qt::Alignment(alignment.toInt())
                                 : (Qt::AlignLeft | Qt::AlignVCenter),
             text);
}

QColor RowsDelegate::groundOf(const QStyleOptionViewItem &option)
{
    if (option.state.testFlag(QStyle::State_Selected))
        return roleColor(Role::Selection, option.palette);
    return option.backgroundBrush.style() == Qt::NoBrush ? roleColor(Role::Base, option.palette)
                                                         : option.backgroundBrush.color();
}

void RowsDelegate::paintMark(QPainter *painter, const QRect &cell, const QPalette &palette)
{
    // A ribbon: wide enough to be seen, and its notch is no other sign's.
    constexpr int width = 6;
    constexpr int height = 12;
    const int top = cell.center().y() - height / 2 + 1;
    const QPolygon ribbon({{cell.left() + 1, top},
                           {cell.left() + 1 + width, top},
                           {cell.left() + 1 + width, top + height},
                           {cell.left() + 1 + width / 2, top + height - 4},
                           {cell.left() + 1, top + height}});
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(roleColor(Role::Accent, palette));
    painter->drawPolygon(ribbon);
    painter->restore();
}

int RowsDelegate::drawText(QPainter *painter, const QRect &rect, Qt::Alignment alignment,
                           const QString &text, Qt::TextElideMode elide)
{
    if (rect.width() <= 0)
        return 0;
    // Longer texts than can ever be seen are cut before they are measured.
    const QString shown =
        painter->fontMetrics().elidedText(text.left(2000), elide, rect.width(), Qt::TextSingleLine);
    painter->drawText(rect, int(alignment) | Qt::TextSingleLine, shown);
    return painter->fontMetrics().horizontalAdvance(shown);
}

bool RowsDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                             const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() == QEvent::ToolTip && index.isValid()) {
        QString tip = index.data(Qt::ToolTipRole).toString();
        if (tip.isEmpty()) {
            const QString text = index.data(Qt::DisplayRole).toString();
            if (option.fontMetrics.horizontalAdvance(text.left(2000))
                > option.rect.width() - 2 * kPadding)
                tip = text;
        }
        if (tip.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(event->globalPos(), plainToolTip(tip), view);
        return true;
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace sightglass
