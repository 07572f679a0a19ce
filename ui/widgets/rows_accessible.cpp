// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/rows_accessible.h"

#include "ui/widgets/rows_view.h"

#include <QPointer>

#include <algorithm>

namespace sightglass {

namespace {

/// What "the selected rows" may be at most for somebody who listens.
constexpr int kSelectedAtMost = 1000;

/// A cell; row -1 is the header's.
class RowsCell final : public QAccessibleInterface,
                       public QAccessibleTableCellInterface,
                       public QAccessibleActionInterface {
public:
    RowsCell(RowsView *view, int row, int column)
        : m_view(view)
        , m_row(row)
        , m_column(column)
    {
    }

    bool isValid() const override
    {
        return m_view && m_view->model() && (isHeader() || index().isValid());
    }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QAccessibleInterface *parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_view.data());
    }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }

    QString text(QAccessible::Text which) const override
    {
        if (!isValid())
            return {};
        if (isHeader())
            return which == QAccessible::Name ? headerText() : QString();
        if (which == QAccessible::Name) {
            const QString said = index().data(Qt::AccessibleTextRole).toString();
            return said.isEmpty() ? index().data().toString() : said;
        }
        // The keyboard moves by rows: whoever hears one cell can hear its row.
        return which == QAccessible::Description ? m_view->rowText(m_row) : QString();
    }
    void setText(QAccessible::Text, const QString &) override { }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        if (isHeader()) {
            const QHeaderView *header = m_view->header();
            const QPoint at(header->sectionViewportPosition(m_column), 0);
            return {header->viewport()->mapToGlobal(at),
                    QSize(header->sectionSize(m_column), header->height())};
        }
        const QRect cell = m_view->visualRect(index());
        return {m_view->viewport()->mapToGlobal(cell.topLeft()), cell.size()};
    }
    QAccessible::Role role() const override
    {
        return isHeader() ? QAccessible::ColumnHeader : QAccessible::Cell;
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.invisible = m_view->header()->isSectionHidden(m_column);
        state.readOnly = true;
        if (isHeader())
            return state;
        state.selectable = true;
        state.focusable = true;
        state.selected = isSelected();
        state.offscreen = m_row < m_view->firstVisibleRow() || m_row > m_view->lastVisibleRow();
        if (m_view->currentIndex().row() == m_row) {
            state.active = m_view->currentIndex().column() == m_column;
            state.focused = state.active && m_view->hasFocus();
        }
        return state;
    }
    void *interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::ActionInterface && isHeader() && isValid()
            && m_view->isSortable(m_column))
            return static_cast<QAccessibleActionInterface *>(this);
        return type == QAccessible::TableCellInterface
            ? static_cast<QAccessibleTableCellInterface *>(this)
            : nullptr;
    }

    // QAccessibleActionInterface: headers that sort.
    QStringList actionNames() const override { return {pressAction()}; }
    void doAction(const QString &name) override
    {
        if (name == pressAction() && isValid())
            m_view->requestSort(m_column);
    }
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

    // QAccessibleTableCellInterface
    bool isSelected() const override
    {
        return !isHeader() && m_view && m_view->selectionModel()
            && m_view->selectionModel()->isRowSelected(m_row, {});
    }
    QList<QAccessibleInterface *> columnHeaderCells() const override
    {
        auto *table = static_cast<RowsAccessible *>(parent());
        if (!table || isHeader() || m_view->header()->isHidden())
            return {};
        return {table->child(m_column)};
    }
    QList<QAccessibleInterface *> rowHeaderCells() const override { return {}; }
    int columnIndex() const override { return m_column; }
    int rowIndex() const override { return m_row; }
    int columnExtent() const override { return 1; }
    int rowExtent() const override { return 1; }
    QAccessibleInterface *table() const override { return parent(); }

    bool isHeader() const { return m_row < 0; }

private:
    QModelIndex index() const { return m_view->model()->index(m_row, m_column); }
    /// "Status, sorted ascending": the arrow in words.
    QString headerText() const
    {
        const QAbstractItemModel *model = m_view->model();
        const QString said =
            model->headerData(m_column, Qt::Horizontal, Qt::AccessibleTextRole).toString();
        const QString title =
            said.isEmpty() ? model->headerData(m_column, Qt::Horizontal).toString() : said;
        const QString sorting = m_view->sortingWords(m_column);
        return sorting.isEmpty() ? title : title + QStringLiteral(", ") + sorting;
    }

    QPointer<RowsView> m_view;
    int m_row;
    int m_column;
};

QAccessibleInterface *make(const QString &className, QObject *object)
{
    auto *view = className == QLatin1String("sightglass::RowsView")
        ? qobject_cast<RowsView *>(object)
        : nullptr;
    return view ? new RowsAccessible(view) : nullptr;
}

} // namespace

RowsAccessible::RowsAccessible(RowsView *view)
    : QAccessibleWidget(view, QAccessible::Table)
{
}

RowsAccessible::~RowsAccessible()
{
    forget();
}

void RowsAccessible::install()
{
    QAccessible::removeFactory(make);
    QAccessible::installFactory(make);
}

RowsView *RowsAccessible::view() const
{
    return static_cast<RowsView *>(widget());
}

bool RowsAccessible::hasHeader() const
{
    return !view()->header()->isHidden();
}

void RowsAccessible::forget() const
{
    for (const QAccessible::Id id : std::as_const(m_cells))
        QAccessible::deleteAccessibleInterface(id);
    m_cells.clear();
}

int RowsAccessible::childIndex(const QModelIndex &index) const
{
    return (index.row() + (hasHeader() ? 1 : 0)) * columnCount() + index.column();
}

void *RowsAccessible::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::TableInterface)
        return static_cast<QAccessibleTableInterface *>(this);
    return QAccessibleWidget::interface_cast(type);
}

int RowsAccessible::childCount() const
{
    return (rowCount() + (hasHeader() ? 1 : 0)) * columnCount();
}

QAccessibleInterface *RowsAccessible::child(int index) const
{
    if (index < 0 || index >= childCount())
        return nullptr;
    if (const auto known = m_cells.constFind(index); known != m_cells.cend())
        return QAccessible::accessibleInterface(*known);
    const int row = index / columnCount() - (hasHeader() ? 1 : 0);
    auto *cell = new RowsCell(view(), row, index % columnCount());
    m_cells.insert(index, QAccessible::registerAccessibleInterface(cell));
    return cell;
}

QAccessibleInterface *RowsAccessible::childAt(int x, int y) const
{
    const QPoint global(x, y);
    const QHeaderView *header = view()->header();
    if (hasHeader() && header->rect().contains(header->mapFromGlobal(global)))
        return child(header->logicalIndexAt(header->mapFromGlobal(global)));
    const QModelIndex at = view()->indexAt(view()->viewport()->mapFromGlobal(global));
    return at.isValid() ? child(childIndex(at)) : nullptr;
}

QAccessibleInterface *RowsAccessible::focusChild() const
{
    const QModelIndex current = view()->currentIndex();
    return current.isValid() ? child(childIndex(current)) : nullptr;
}

int RowsAccessible::indexOfChild(const QAccessibleInterface *child) const
{
    if (!child
        || (child->role() != QAccessible::Cell && child->role() != QAccessible::ColumnHeader))
        return -1;
    const auto *cell = static_cast<const RowsCell *>(child);
    return (cell->rowIndex() + (hasHeader() ? 1 : 0)) * columnCount() + cell->columnIndex();
}

QAccessibleInterface *RowsAccessible::cellAt(int row, int column) const
{
    if (row < 0 || row >= rowCount() || column < 0 || column >= columnCount())
        return nullptr;
    return child((row + (hasHeader() ? 1 : 0)) * columnCount() + column);
}

int RowsAccessible::rowCount() const
{
    return view()->model() ? view()->model()->rowCount() : 0;
}

int RowsAccessible::columnCount() const
{
    return view()->model() ? view()->model()->columnCount() : 0;
}

QString RowsAccessible::columnDescription(int column) const
{
    return view()->model() ? view()->model()->headerData(column, Qt::Horizontal).toString()
                           : QString();
}

QString RowsAccessible::rowDescription(int row) const
{
    return view()->rowText(row);
}

QList<int> RowsAccessible::selectedRows() const
{
    return view()->selectedRows(kSelectedAtMost);
}

int RowsAccessible::selectedRowCount() const
{
    return int(selectedRows().size());
}

int RowsAccessible::selectedCellCount() const
{
    return selectedRowCount() * columnCount();
}

QList<QAccessibleInterface *> RowsAccessible::selectedCells() const
{
    QList<QAccessibleInterface *> cells;
    const QList<int> rows = selectedRows();
    for (const int row : rows) {
        for (int column = 0; column < columnCount(); ++column)
            cells.append(cellAt(row, column));
    }
    return cells;
}

bool RowsAccessible::isColumnSelected(int) const
{
    return false;
}

bool RowsAccessible::isRowSelected(int row) const
{
    return view()->selectionModel() && view()->selectionModel()->isRowSelected(row, {});
}

bool RowsAccessible::selectRow(int row)
{
    const QModelIndex index = row < rowCount() ? view()->model()->index(row, 0) : QModelIndex();
    if (!index.isValid())
        return false;
    if (view()->selectionMode() == QAbstractItemView::SingleSelection)
        view()->setCurrentRow(row);
    else
        view()->selectionModel()->select(index,
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    return true;
}

bool RowsAccessible::unselectRow(int row)
{
    if (!isRowSelected(row))
        return false;
    view()->selectionModel()->select(view()->model()->index(row, 0),
                                     QItemSelectionModel::Deselect | QItemSelectionModel::Rows);
    return true;
}

bool RowsAccessible::selectColumn(int)
{
    return false;
}
bool RowsAccessible::unselectColumn(int)
{
    return false;
}

void RowsAccessible::modelChange(QAccessibleTableModelChangeEvent *event)
{
    // Rows that come at the end leave the numbers of all others as they are.
    const bool atEnd = event->modelChangeType() == QAccessibleTableModelChangeEvent::RowsInserted
        && event->lastRow() == rowCount() - 1;
    const bool same = event->modelChangeType() == QAccessibleTableModelChangeEvent::DataChanged;
    if (!atEnd && !same)
        forget();
}

} // namespace sightglass
