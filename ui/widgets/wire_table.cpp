// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/wire_table.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QTextDocumentFragment>
#include <QTextTable>

#include <algorithm>
#include <cmath>

namespace sightglass {

namespace {
constexpr int kGap = 14; ///< between columns
}

WireTable::WireTable(QWidget *parent)
    : QTextBrowser(parent)
{
    setOpenLinks(false);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTextInteractionFlags(Qt::TextBrowserInteraction | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(0);
    setViewportMargins(12, 8, 12, 4);
    connect(this, &QTextBrowser::anchorClicked, this,
            [this](const QUrl &url) { Q_EMIT linkActivated(url.path()); });
}

void WireTable::setRows(const QList<Row> &rows, int wrappingColumn, int widest)
{
    m_rows = rows;
    m_wrapping = wrappingColumn;
    m_widest = widest;
    rebuild();
}

QString WireTable::cellText(int row, int column) const
{
    QString text;
    if (row >= 0 && row < m_rows.size() && column >= 0 && column < m_rows[row].size()) {
        for (const Run &run : m_rows[row][column].runs)
            text += run.text;
    }
    return text;
}

void WireTable::rebuild()
{
    const int scrolled = verticalScrollBar()->value();
    clear();
    qsizetype columns = 0;
    for (const Row &row : m_rows)
        columns = std::max(columns, row.size());
    if (m_rows.isEmpty() || columns == 0)
        return;

    const QFont wire = wireFont();
    const QFont text = font();
    QFont small = scaledFont(-1);
    const auto fontOf = [&](const Run &run, bool right) {
        QFont f = run.wire ? wire : (right ? small : text);
        f.setBold(run.bold);
        return f;
    };
    QList<QTextLength> widths;
    for (qsizetype c = 0; c < columns; ++c) {
        if (c == m_wrapping) {
            widths.append(QTextLength(QTextLength::VariableLength, 0));
            continue;
        }
        qreal widest = 0;
        for (const Row &row : std::as_const(m_rows)) {
            // A row of fewer columns is a heading: its first cell spans over the rest, its last
            // one stands in the last column.
            const bool heading = row.size() < columns;
            if (heading && (c != columns - 1 || row.size() < 2))
                continue;
            const Cell &cell = heading ? row.last() : row[c];
            qreal width = 0;
            for (const Run &run : cell.runs)
                width += QFontMetricsF(fontOf(run, cell.right)).horizontalAdvance(run.text);
            widest = std::max(widest, width);
        }
        widest = std::min(widest, m_widest * QFontMetricsF(wire).averageCharWidth());
        widths.append(QTextLength(QTextLength::FixedLength, std::ceil(widest) + kGap));
    }

    QTextTableFormat format;
    format.setBorder(0);
    format.setCellSpacing(0);
    format.setCellPadding(2);
    format.setMargin(0);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    format.setColumnWidthConstraints(widths);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    QTextTable *table = cursor.insertTable(int(m_rows.size()), int(columns), format);
    for (int r = 0; r < m_rows.size(); ++r) {
        const Row &row = m_rows[r];
        if (row.size() < columns) {
            // Headings: the first cell spans, the last stays at the right.
            const int last = int(row.size()) - 1;
            const int span = int(columns) - last;
            table->mergeCells(r, 0, 1, span);
        }
        for (int c = 0; c < row.size(); ++c) {
            const int place = c == 0 ? 0 : c + int(columns - row.size());
            QTextTableCell cell = table->cellAt(r, place);
            QTextCursor at = cell.firstCursorPosition();
            QTextBlockFormat block;
            block.setAlignment(row[c].right ? Qt::AlignRight : Qt::AlignLeft);
            if (row[c].right && place < columns - 1)
                block.setRightMargin(kGap); // numbers end before the next column begins
            at.setBlockFormat(block);
            for (const Run &run : row[c].runs) {
                QTextCharFormat f;
                f.setFont(fontOf(run, row[c].right));
                f.setForeground(roleColor(run.role, palette()));
                if (run.marked) {
                    const QColor ground = tintColor(run.role, palette());
                    f.setBackground(ground);
                    f.setForeground(readableColor(run.role, ground, palette()));
                }
                if (!run.link.isEmpty()) {
                    f.setAnchor(true);
                    f.setAnchorHref(run.link);
                    f.setForeground(roleColor(Role::Accent, palette()));
                }
                at.insertText(run.text, f);
            }
        }
    }
    cursor.endEditBlock();
    // The paragraph that a table is always followed by must not make the view scroll.
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    QTextBlockFormat tiny;
    tiny.setLineHeight(1, QTextBlockFormat::FixedHeight);
    end.setBlockFormat(tiny);
    moveCursor(QTextCursor::Start);
    verticalScrollBar()->setValue(scrolled);
}

void WireTable::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange)
        rebuild();
}

void WireTable::contextMenuEvent(QContextMenuEvent *event)
{
    const QTextCursor at = cursorForPosition(event->pos());
    int row = -1;
    if (QTextTable *table = at.currentTable())
        row = table->cellAt(at).row();
    QMenu menu;
    QAction *copy = menu.addAction(tr("Copy"), this, &QTextEdit::copy);
    copy->setEnabled(textCursor().hasSelection());
    copy->setShortcut(QKeySequence(QKeySequence::Copy));
    Q_EMIT menuRequested(&menu, row);
    menu.addSeparator();
    menu.addAction(tr("Select all"), this, &QTextEdit::selectAll)
        ->setShortcut(QKeySequence(QKeySequence::SelectAll));
    menu.exec(event->globalPos());
}

QMimeData *WireTable::createMimeDataFromSelection() const
{
    auto *mime = new QMimeData;
    const QTextCursor cursor = textCursor();
    QTextTable *table = nullptr;
    for (QTextFrame *frame : document()->rootFrame()->childFrames())
        table = qobject_cast<QTextTable *>(frame);
    int first = 0;
    int rows = 0;
    int column = 0;
    int columns = 0;
    QTextCursor begin(cursor);
    begin.setPosition(cursor.selectionStart());
    QTextCursor end(cursor);
    end.setPosition(cursor.selectionEnd());
    const bool within =
        table && table->cellAt(begin).isValid() && table->cellAt(begin) == table->cellAt(end);
    if (!table || within) {
        mime->setText(cursor.selection().toPlainText());
        return mime;
    }
    cursor.selectedTableCells(&first, &rows, &column, &columns);
    if (rows <= 0) {
        first = 0;
        rows = int(m_rows.size());
    }
    QStringList lines;
    for (int r = first; r < first + rows && r < m_rows.size(); ++r) {
        QStringList cells;
        for (int c = 0; c < m_rows[r].size(); ++c)
            cells.append(cellText(r, c));
        lines.append(cells.join(u'\t'));
    }
    mime->setText(lines.join(u'\n'));
    return mime;
}

} // namespace sightglass
