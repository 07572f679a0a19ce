// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLineEdit>

class QCompleter;

namespace sightglass {

class SuggestionModel;

/// A line that asks for suggestions while one types, and lists those that it is given under it.
/// Down (or Ctrl+Space) asks without typing. Suggestions are untrusted: shown with their marks,
/// taken over as they are.
class SuggestingLine final : public QLineEdit {
    Q_OBJECT
public:
    explicit SuggestingLine(QWidget *parent = nullptr);

    /// Those for the text that stands there; none closes the list.
    void setSuggestions(const QStringList &values);
    QStringList suggestions() const;

Q_SIGNALS:
    void suggestionsWanted();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    SuggestionModel *m_model;
    QCompleter *m_completer;
};

} // namespace sightglass
