// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

class QMenu;

namespace sightglass {

class ExchangeModel;
class RowsView;

/// Sorts the table of exchanges as a person asks by its header or its menu: ascending, descending,
/// as recorded. Sorted by anything but the time it does not follow the newest: these stand
/// elsewhere then.
class TrafficSorting final : public QObject {
    Q_OBJECT
public:
    /// Neither is owned.
    TrafficSorting(RowsView *table, ExchangeModel *model, QObject *parent = nullptr);

    /// The next of the three orders of a column.
    void cycle(int column);
    void sortBy(int column, Qt::SortOrder order);
    /// "Sort by", with all columns.
    void addMenu(QMenu *menu);
    /// As recorded, for another trace.
    void reset();

Q_SIGNALS:
    void statusMessage(const QString &text);

private:
    void update();
    void settle();
    QString title(int column) const;

    RowsView *m_table;
    ExchangeModel *m_model;
    bool m_asked = false; ///< a person waits for the order
    bool m_followed = false; ///< before it was sorted
};

} // namespace sightglass
