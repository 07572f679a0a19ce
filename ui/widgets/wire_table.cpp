// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/wire_table.h"

#include <QAbstractTextDocumentLayout>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QTextDocument>
#include <QTextDocumentFragment>
#include <QTextTable>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sightglass {

namespace {
constexpr int kGap = 14; ///< between columns
constexpr int kPadding = 1;

int spanOf(const WireTable::Row &row)
{
    return std::accumulate(row.cbegin(), row.cend(), 0,
                           [](int sum, const WireTable::Cell &cell) { return sum + cell.span; });
}

/// A row that is short of the table's columns gives the rest to its first cell: a heading.
int spanAt(const WireTable::Row &row, qsizetype cell, int columns)
{
    return row[cell].span + (cell == 0 ? columns - spanOf(row) : 0);
}
} // namespace

WireTable::WireTable(QWidget *parent)
    : QTextBrowser(parent)
{
    m_later.setSingleShot(true);
    m_later.setInterval(0);
    connect(&m_later, &QTimer::timeout, this, &WireTable::rebuild);
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

void WireTable::setRows(const QList<Row> &rows, int wrappingColumn, int widest, int wrappingColumns)
{
    m_wrappingColumns = std::max(1, wrappingColumns);
    m_rows = rows;
    m_wrapping = wrappingColumn;
    m_widest = widest;
    rebuild();
}

void WireTable::setFitting(bool fitting)
{
    m_fitting = fitting;
    setVerticalScrollBarPolicy(fitting ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(fitting ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    if (!fitting)
        return;
    setViewportMargins(0, 0, 0, 0);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &WireTable::fit);
    fit();
}

void WireTable::fit()
{
    if (m_fitting)
        setFixedHeight(m_rows.isEmpty() ? 0 : int(std::ceil(document()->size().height())) + 2);
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
    int columns = 0;
    for (const Row &row : m_rows)
        columns = std::max(columns, spanOf(row));
    if (columns == 0) {
        fit();
        return;
    }

    const QFont wire = wireFont();
    const QFont text = font();
    QFont small = scaledFont(-1);
    const auto fontOf = [&](const Run &run, bool right) {
        QFont f = run.wire ? wire : (right ? small : text);
        f.setBold(run.bold);
        return f;
    };
    // Rows of either font are of one height, so that what stands side by side stays so.
    const qreal lineHeight =
        std::ceil(std::max({QFontMetricsF(wire).height(), QFontMetricsF(small).height(),
                            QFontMetricsF(text).height()}));
    QList<qreal> widest(columns, 0);
    for (const Row &row : std::as_const(m_rows)) {
        int place = 0;
        for (qsizetype c = 0; c < row.size(); ++c) {
            const int span = spanAt(row, c, columns);
            if (span == 1) {
                qreal width = 0;
                for (const Run &run : row[c].runs)
                    width += QFontMetricsF(fontOf(run, row[c].right)).horizontalAdvance(run.text);
                widest[place] = std::max(widest[place], width);
            }
            place += span;
        }
    }
    const auto wraps = [this](int c) {
        return c >= m_wrapping && c < m_wrapping + m_wrappingColumns;
    };
    QList<bool> whole(columns, false); ///< nothing of it has to break
    qreal left = viewport()->width();
    for (int c = 0; c < columns; ++c) {
        const qreal most = m_widest * QFontMetricsF(wire).averageCharWidth();
        whole[c] = widest[c] <= most;
        widest[c] = std::ceil(std::min(widest[c], most)) + kGap + 1;
        if (!wraps(c))
            left -= widest[c] + 2 * kPadding;
    }
    // Text tables share by content: columns that are to be alike are given their widths.
    const qreal share = std::max(60.0, std::floor(left / m_wrappingColumns) - 2 * kPadding);
    QList<QTextLength> widths;
    for (int c = 0; c < columns; ++c) {
        if (!wraps(c))
            widths.append(QTextLength(QTextLength::FixedLength, widest[c]));
        else if (m_wrappingColumns > 1 && c == m_wrapping)
            widths.append(QTextLength(QTextLength::FixedLength, share));
        else
            widths.append(QTextLength(QTextLength::VariableLength, 0));
    }

    QTextTableFormat format;
    format.setBorder(0);
    format.setCellSpacing(0);
    format.setCellPadding(kPadding);
    format.setMargin(0);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    format.setColumnWidthConstraints(widths);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    QTextTable *table = cursor.insertTable(int(m_rows.size()), columns, format);
    for (int r = 0; r < m_rows.size(); ++r) {
        const Row &row = m_rows[r];
        int place = 0;
        for (qsizetype c = 0; c < row.size(); ++c) {
            const int span = spanAt(row, c, columns);
            if (span > 1)
                table->mergeCells(r, place, 1, span);
            const bool breaks = span > 1 || wraps(place) || !whole[place];
            QTextCursor at = table->cellAt(r, place).firstCursorPosition();
            place += span;
            QTextBlockFormat block;
            block.setLineHeight(lineHeight, QTextBlockFormat::MinimumHeight);
            block.setAlignment(row[c].right ? Qt::AlignRight : Qt::AlignLeft);
            if (row[c].right && place < columns)
                block.setRightMargin(kGap); // numbers end before the next column begins
            block.setNonBreakableLines(!breaks); // a number is never two
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
    fit();
}

void WireTable::showRow(int row)
{
    QMetaObject::invokeMethod(
        this,
        [this, row] {
            QTextTable *table = nullptr;
            for (QTextFrame *frame : document()->rootFrame()->childFrames())
                table = qobject_cast<QTextTable *>(frame);
            if (!table || row < 0 || row >= table->rows())
                return;
            const QRect at = cursorRect(table->cellAt(row, 0).lastCursorPosition());
            const QRect above =
                cursorRect(table->cellAt(std::max(0, row - 1), 0).firstCursorPosition());
            if (at.bottom() > viewport()->height() || above.top() < 0)
                verticalScrollBar()->setValue(verticalScrollBar()->value() + above.top());
        },
        Qt::QueuedConnection);
}

void WireTable::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange)
        rebuild();
}

void WireTable::resizeEvent(QResizeEvent *event)
{
    QTextBrowser::resizeEvent(event);
    // Not within: the document is being laid out, and a new one would resize us again.
    if (m_wrappingColumns > 1 && event->size().width() != event->oldSize().width())
        m_later.start();
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

WireTable::Cell wordsCell(const QString &text, Role role, bool bold)
{
    return {{{text, role, bold, false}}};
}

WireTable::Run exchangeLink(ExchangeId id, const QString &text)
{
    return {text.isEmpty() ? WireTable::tr("Exchange %1").arg(id) : text, Role::Accent, false,
            false, QString::number(id)};
}

void addHeading(QList<WireTable::Row> *rows, const QString &title)
{
    if (!rows->isEmpty())
        rows->append({wordsCell({})});
    rows->append({wordsCell(title, Role::Muted, true)});
}

} // namespace sightglass
