// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"
#include "ui/theme.h"

#include <QTextBrowser>
#include <QTimer>

namespace sightglass {

/// A few rows of text from the wire, in columns: to read, to select by mouse and keyboard, to
/// copy. Plain text in the colours of roles; nothing in it is ever read as markup. Links are our
/// own and only signalled.
class WireTable : public QTextBrowser {
    Q_OBJECT
public:
    /// A piece of text in one hand.
    struct Run {
        QString text;
        Role role = Role::Text;
        bool bold = false;
        bool wire = true; ///< in the fixed font
        QString link = {}; ///< handed to linkActivated
        bool marked = false; ///< on a tinted ground, as what is different
    };
    struct Cell {
        QList<Run> runs;
        bool right = false;
        int span = 1; ///< columns that it takes
    };
    using Row = QList<Cell>;

    explicit WireTable(QWidget *parent = nullptr);

    /// Columns are as wide as their widest text (at most `widest` characters), but the one that
    /// has the rest and wraps; `wrappingColumns` of them from there on share it alike. Of a row
    /// with fewer cells the first one takes the columns that are left.
    void setRows(const QList<Row> &rows, int wrappingColumn, int widest = 32,
                 int wrappingColumns = 1);
    /// As high as its rows, instead of scrolling by itself: for a page that scrolls.
    void setFitting(bool fitting);
    /// Scrolls so that the row is seen, with the one before it, once the table has its size.
    void showRow(int row);
    const QList<Row> &rows() const { return m_rows; }
    /// What stands in a cell, as text.
    QString cellText(int row, int column) const;

Q_SIGNALS:
    void linkActivated(const QString &link);
    /// A menu is about to be shown for this row (-1: beside all rows); add to it.
    void menuRequested(QMenu *menu, int row);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;

private:
    void rebuild();
    void fit();

    QList<Row> m_rows;
    QTimer m_later; ///< for another width
    bool m_fitting = false;
    int m_wrapping = 0;
    int m_widest = 32;
    int m_wrappingColumns = 1;
};

/// Words of ours, beside what is from the wire.
WireTable::Cell wordsCell(const QString &text, Role role = Role::Text, bool bold = false);
/// A row of its own, with room above it.
void addHeading(QList<WireTable::Row> *rows, const QString &title);
/// Leads to an exchange: its number is what linkActivated is handed. Empty `text`: "Exchange 3".
WireTable::Run exchangeLink(ExchangeId id, const QString &text = {});

} // namespace sightglass
