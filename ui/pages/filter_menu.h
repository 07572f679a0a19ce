// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/filter_book.h"

#include <QToolButton>

#include <functional>
#include <memory>

class QUndoStack;

namespace sightglass {

class AskLine;

/// The button beside a filter line: saved filters to choose from, the one that stands there to be
/// saved or to give its rows a colour, and what takes both away again.
class FilterMenu final : public QToolButton {
    Q_OBJECT
public:
    /// `line` asks for names. None of these is owned.
    FilterMenu(FilterBook *book, AskLine *line, QUndoStack *undo, QWidget *parent = nullptr);

    /// The menu that opens, as it is now.
    QMenu *filledMenu();
    /// The filter that stands in the line.
    void setFilterText(const QString &text) { m_text = text; }
    /// What may not be kept.
    void setRedactor(std::shared_ptr<const Redactor> redactor) { m_redactor = std::move(redactor); }

Q_SIGNALS:
    void filterChosen(const QString &text);
    /// What the filter finds is to be saved as a recording of its own.
    void partWanted(const QString &text);
    void statusMessage(const QString &text);

private:
    void fill(QMenu *menu);
    void open();
    void askName();
    QString save(const QString &name);
    void colour(Role role);
    void setFilters(const QList<SavedFilter> &filters, const QString &title);
    void setRules(const QList<ColourRule> &rules, const QString &title);
    void push(const QString &title, const std::function<void()> &redo,
              const std::function<void()> &undo);

    QMenu *m_menu;
    FilterBook *m_book;
    AskLine *m_line;
    QUndoStack *m_undo;
    QString m_text;
    std::shared_ptr<const Redactor> m_redactor;
};

} // namespace sightglass
