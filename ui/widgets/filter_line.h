// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLineEdit;

namespace sightglass {

class RoleLabel;

/// A line to filter by, with the search glyph inside. What is wrong with the
/// filter is said under it, with the place marked in the text.
class FilterLine final : public QWidget {
    Q_OBJECT
public:
    explicit FilterLine(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    void setPlaceholderText(const QString &text);
    QLineEdit *lineEdit() const { return m_edit; }
    /// Marks `length` characters from `start` and says why; an empty sentence takes it away.
    void setProblem(const QString &sentence, qsizetype start = 0, qsizetype length = 0);

Q_SIGNALS:
    void textChanged(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QLineEdit *m_edit;
    RoleLabel *m_problem;
};

} // namespace sightglass
