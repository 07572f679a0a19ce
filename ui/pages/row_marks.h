// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "ui/widgets/ask_line.h"

#include <QUndoStack>

class QMenu;

namespace sightglass {

/// A person's bookmarks and notes on rows: the line in which a note is written, what the menus
/// offer, and what undoes it. They are kept in the trace as notes; whoever owns the trace writes
/// them there, as `noteWanted` asks.
class RowMarks final : public AskLine {
    Q_OBJECT
public:
    explicit RowMarks(QWidget *parent = nullptr);

    /// Null: none. What was done to another trace can't be undone in this one.
    void setTrace(const TraceReader *trace);
    void toggleBookmark(const TraceRow &row);
    /// Opens the line for the note on a row.
    void editNote(const TraceRow &row);
    void addTo(QMenu *menu, const TraceRow &row);
    QUndoStack *undoStack() { return &m_undo; }

Q_SIGNALS:
    void noteWanted(const QString &name, const QString &text, sightglass::ExchangeId exchange);
    void statusMessage(const QString &text);

private:
    bool update(const TraceRow &row);
    void change(const char *name, const TraceRow &row, const QString &before, const QString &after,
                const QString &title);
    void keepNote(const TraceRow &row, const QString &text);

    const TraceReader *m_trace = nullptr;
    RowNotes m_notes;
    QUndoStack m_undo;
};

} // namespace sightglass
