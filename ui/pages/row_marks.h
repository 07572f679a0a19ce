// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"

#include <QPointer>
#include <QUndoStack>
#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;

namespace sightglass {

/// A person's bookmarks and notes on rows: the line in which a note is written (it shows while one
/// is), what the menus offer, and what undoes it. They are kept in the trace as notes; whoever owns
/// the trace writes them there, as `noteWanted` asks.
class RowMarks final : public QWidget {
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
    QLineEdit *lineEdit() const { return m_edit; }
    bool isEditing() const { return isVisibleTo(parentWidget()); }

Q_SIGNALS:
    void noteWanted(const QString &name, const QString &text, sightglass::ExchangeId exchange);
    void statusMessage(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void change(const char *name, const TraceRow &row, const QString &before, const QString &after,
                const QString &title);
    void accept();
    void close();
    QString nameOf(const TraceRow &row) const;

    const TraceReader *m_trace = nullptr;
    RowNotes m_notes;
    TraceRow m_row;
    QUndoStack m_undo;
    QLabel *m_label;
    QLineEdit *m_edit;
    QPointer<QWidget> m_before; ///< had the focus before the line opened
};

} // namespace sightglass
