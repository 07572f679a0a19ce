// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAccessibleWidget>
#include <QHash>
#include <QPersistentModelIndex>

namespace sightglass {

class RowsView;

/// What a screen reader is told of a RowsView: a table of rows and columns, which rows are
/// selected, where the keyboard is, and the text of each cell. Cells are made when they are asked
/// for, so millions of rows cost nothing.
///
/// Children are numbered row by row, those of the header first where there is one.
class RowsAccessible final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit RowsAccessible(RowsView *view);
    ~RowsAccessible() override;

    /// Makes screen readers get one of these for each RowsView. Once is enough, more do no harm.
    static void install();
    int childIndex(const QModelIndex &index) const;

    void *interface_cast(QAccessible::InterfaceType type) override;
    int childCount() const override;
    QAccessibleInterface *child(int index) const override;
    QAccessibleInterface *childAt(int x, int y) const override;
    QAccessibleInterface *focusChild() const override;
    int indexOfChild(const QAccessibleInterface *child) const override;

    // QAccessibleTableInterface
    QAccessibleInterface *caption() const override { return nullptr; }
    QAccessibleInterface *summary() const override { return nullptr; }
    QAccessibleInterface *cellAt(int row, int column) const override;
    int selectedCellCount() const override;
    QList<QAccessibleInterface *> selectedCells() const override;
    QString columnDescription(int column) const override;
    QString rowDescription(int row) const override;
    int selectedColumnCount() const override { return 0; }
    int selectedRowCount() const override;
    int columnCount() const override;
    int rowCount() const override;
    QList<int> selectedColumns() const override { return {}; }
    QList<int> selectedRows() const override;
    bool isColumnSelected(int column) const override;
    bool isRowSelected(int row) const override;
    bool selectRow(int row) override;
    bool selectColumn(int column) override;
    bool unselectRow(int row) override;
    bool unselectColumn(int column) override;
    void modelChange(QAccessibleTableModelChangeEvent *event) override;

private:
    RowsView *view() const;
    bool hasHeader() const;
    void forget() const;

    mutable QHash<int, QAccessible::Id> m_cells; ///< by child index; those that were asked for
};

} // namespace sightglass
