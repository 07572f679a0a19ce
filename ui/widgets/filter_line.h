// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_completion.h"

#include <QWidget>

#include <functional>

class QCompleter;
class QLineEdit;

namespace sightglass {

class FilterSuggestionModel;
class RoleLabel;

/// A line to filter by, with the search glyph inside. What is wrong with the filter is said under
/// it, with the place marked in the text.
///
/// Where it is given suggestions it lists them under the cursor as one types, each with what it
/// means; Ctrl+Space asks without typing, Enter or Tab takes one, Esc closes the list.
class FilterLine final : public QWidget {
    Q_OBJECT
public:
    /// For a text, its cursor, and whether it was asked for.
    using Suggest =
        std::function<QList<FilterSuggestion>(const QString &text, qsizetype cursor, bool asked)>;

    explicit FilterLine(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    void setPlaceholderText(const QString &text);
    QLineEdit *lineEdit() const { return m_edit; }
    /// Marks `length` characters from `start` and says why; an empty sentence takes it away.
    void setProblem(const QString &sentence, qsizetype start = 0, qsizetype length = 0);
    void setSuggest(Suggest suggest);
    /// What is listed now.
    QList<FilterSuggestion> suggestions() const;
    QWidget *suggestionList() const; ///< null where it has no suggestions to give

Q_SIGNALS:
    void textChanged(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void suggest(bool asked);
    void take(int row);

    QLineEdit *m_edit;
    RoleLabel *m_problem;
    Suggest m_suggest;
    FilterSuggestionModel *m_model = nullptr;
    QCompleter *m_completer = nullptr;
};

} // namespace sightglass
