// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPointer>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace sightglass {

class RoleLabel;

/// A line that asks for one text in its place in the page, instead of a dialog: Enter takes it, Esc
/// gives it up, and the focus goes back to where it was. Hidden until it asks.
class AskLine : public QWidget {
    Q_OBJECT
public:
    explicit AskLine(QWidget *parent = nullptr);

    /// Says what is wrong with a text in a sentence, or takes it and gives none.
    using Take = std::function<QString(const QString &text)>;
    void ask(const QString &question, const QString &text, const QString &placeholder, Take take);
    void close();
    bool isAsking() const { return !isHidden(); }
    QLineEdit *lineEdit() const { return m_edit; }
    QString problem() const; ///< empty: none is shown

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void accept();

    QLabel *m_label;
    QLineEdit *m_edit;
    RoleLabel *m_problem;
    Take m_take;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace sightglass
