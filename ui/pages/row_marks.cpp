// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/row_marks.h"

#include <QLineEdit>
#include <QMenu>
#include <QUndoCommand>

#include <functional>

namespace sightglass {

namespace {

/// More would not be read in a table.
constexpr int kLongestNote = 1000;

QString rowName(const TraceRow &row)
{
    return row.frame < 0
        ? RowMarks::tr("exchange %1").arg(row.exchange)
        : RowMarks::tr("line %1 of exchange %2").arg(row.frame + 1).arg(row.exchange);
}

/// A note that has another one as its opposite.
class RowNoteCommand final : public QUndoCommand {
public:
    using Write = std::function<void(const QString &text)>;

    RowNoteCommand(const QString &title, const QString &before, const QString &after, Write write)
        : QUndoCommand(title)
        , m_before(before)
        , m_after(after)
        , m_write(std::move(write))
    {
    }

    void undo() override { m_write(m_before); }
    void redo() override { m_write(m_after); }

private:
    QString m_before;
    QString m_after;
    Write m_write;
};

} // namespace

RowMarks::RowMarks(QWidget *parent)
    : AskLine(parent)
{
    lineEdit()->setMaxLength(kLongestNote);
    connect(&m_undo, &QUndoStack::indexChanged, this, [this] {
        if (m_undo.canRedo())
            Q_EMIT statusMessage(tr("Taken back: %1").arg(m_undo.redoText()));
    });
}

void RowMarks::setTrace(const TraceReader *trace)
{
    m_trace = trace;
    m_notes = {};
    m_undo.clear();
    close();
}

bool RowMarks::update(const TraceRow &row)
{
    if (!m_trace || row.exchange < 1 || row.exchange > m_trace->exchangeCount())
        return false;
    m_notes.update(*m_trace);
    return true;
}

void RowMarks::change(const char *name, const TraceRow &row, const QString &before,
                      const QString &after, const QString &title)
{
    m_undo.push(new RowNoteCommand(
        title, before, after, [this, name = QString::fromLatin1(name), row](const QString &text) {
            Q_EMIT noteWanted(name, text, row.exchange);
        }));
}

void RowMarks::toggleBookmark(const TraceRow &row)
{
    if (!update(row))
        return;
    const bool set = !m_notes.isMarked(row);
    change(BookmarkNote, row, bookmarkText(row, !set), bookmarkText(row, set),
           (set ? tr("bookmark on %1") : tr("no bookmark on %1")).arg(rowName(row)));
    Q_EMIT statusMessage((set ? tr("Bookmark set on %1; Ctrl+Z takes it back")
                              : tr("Bookmark removed from %1; Ctrl+Z takes it back"))
                             .arg(rowName(row)));
}

void RowMarks::editNote(const TraceRow &row)
{
    if (!update(row))
        return;
    ask(tr("Note on %1:").arg(rowName(row)), m_notes.remark(row),
        tr("What is to be remembered; empty takes the note away"),
        [this, row](const QString &text) {
            keepNote(row, text);
            return QString();
        });
}

void RowMarks::keepNote(const TraceRow &row, const QString &text)
{
    if (!update(row))
        return;
    const QString before = m_notes.remark(row);
    if (text == before)
        return;
    change(RemarkNote, row, remarkText(row, before), remarkText(row, text),
           tr("note on %1").arg(rowName(row)));
    Q_EMIT statusMessage((text.isEmpty() ? tr("Note removed from %1; Ctrl+Z takes it back")
                                         : tr("Note kept on %1; Ctrl+Z takes it back"))
                             .arg(rowName(row)));
}

void RowMarks::addTo(QMenu *menu, const TraceRow &row)
{
    if (!update(row))
        return;
    // Shown here, heard by the page.
    const auto shown = [](QAction *action, const char *keys) {
        action->setShortcut(QKeySequence(QLatin1String(keys)));
        action->setShortcutContext(Qt::WidgetShortcut);
    };
    QAction *mark = menu->addAction(tr("Bookmark"), this, [this, row] { toggleBookmark(row); });
    mark->setCheckable(true);
    mark->setChecked(m_notes.isMarked(row));
    shown(mark, "Ctrl+B");
    shown(menu->addAction(m_notes.remark(row).isEmpty() ? tr("Add a note") : tr("Edit the note"),
                          this, [this, row] { editNote(row); }),
          "F2");
    if (m_undo.canUndo())
        shown(
            menu->addAction(tr("Take back: %1").arg(m_undo.undoText()), &m_undo, &QUndoStack::undo),
            "Ctrl+Z");
}

} // namespace sightglass
