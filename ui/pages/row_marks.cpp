// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/row_marks.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QUndoCommand>

#include <functional>

namespace sightglass {

namespace {

/// More would not be read in a table.
constexpr int kLongestNote = 1000;

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
    : QWidget(parent)
    , m_label(new QLabel(this))
    , m_edit(new QLineEdit(this))
{
    m_label->setBuddy(m_edit);
    m_edit->setMaxLength(kLongestNote);
    m_edit->setPlaceholderText(tr("What is to be remembered; empty takes the note away"));
    auto *done = new LinkButton(tr("Keep"), this);
    auto *cancel = new LinkButton(tr("Cancel"), this);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(8);
    layout->addWidget(m_label);
    layout->addWidget(m_edit, 1);
    layout->addWidget(done);
    layout->addWidget(cancel);
    hide();
    connect(m_edit, &QLineEdit::returnPressed, this, &RowMarks::accept);
    connect(done, &QAbstractButton::clicked, this, &RowMarks::accept);
    connect(cancel, &QAbstractButton::clicked, this, &RowMarks::close);
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
    if (isEditing())
        close();
}

QString RowMarks::nameOf(const TraceRow &row) const
{
    return row.frame < 0 ? tr("exchange %1").arg(row.exchange)
                         : tr("line %1 of exchange %2").arg(row.frame + 1).arg(row.exchange);
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
    if (!m_trace || row.exchange < 1 || row.exchange > m_trace->exchangeCount())
        return;
    m_notes.update(*m_trace);
    const bool set = !m_notes.isMarked(row);
    const QString title = (set ? tr("bookmark on %1") : tr("no bookmark on %1")).arg(nameOf(row));
    change(BookmarkNote, row, bookmarkText(row, !set), bookmarkText(row, set), title);
    Q_EMIT statusMessage((set ? tr("Bookmark set on %1; Ctrl+Z takes it back")
                              : tr("Bookmark removed from %1; Ctrl+Z takes it back"))
                             .arg(nameOf(row)));
}

void RowMarks::editNote(const TraceRow &row)
{
    if (!m_trace || row.exchange < 1 || row.exchange > m_trace->exchangeCount())
        return;
    m_notes.update(*m_trace);
    m_row = row;
    if (!isAncestorOf(QApplication::focusWidget()))
        m_before = QApplication::focusWidget();
    m_label->setText(tr("Note on %1:").arg(nameOf(row)));
    m_edit->setAccessibleName(tr("Note on %1").arg(nameOf(row)));
    m_edit->setText(m_notes.remark(row));
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void RowMarks::accept()
{
    if (!m_trace)
        return;
    m_notes.update(*m_trace);
    const QString before = m_notes.remark(m_row);
    const QString after = m_edit->text().trimmed();
    close();
    if (after == before)
        return;
    change(RemarkNote, m_row, remarkText(m_row, before), remarkText(m_row, after),
           tr("note on %1").arg(nameOf(m_row)));
    Q_EMIT statusMessage((after.isEmpty() ? tr("Note removed from %1; Ctrl+Z takes it back")
                                          : tr("Note kept on %1; Ctrl+Z takes it back"))
                             .arg(nameOf(m_row)));
}

void RowMarks::close()
{
    const bool focused = isAncestorOf(QApplication::focusWidget());
    hide();
    if (focused && m_before)
        m_before->setFocus(Qt::OtherFocusReason);
}

void RowMarks::addTo(QMenu *menu, const TraceRow &row)
{
    if (!m_trace)
        return;
    m_notes.update(*m_trace);
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

void RowMarks::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace sightglass
