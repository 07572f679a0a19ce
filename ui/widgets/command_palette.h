// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <QPointer>

class QAction;
class QLineEdit;
class QListWidget;

namespace sightglass {

/// Every action of the window by its name (Ctrl+K): type a few letters, Enter.
class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *parent);

    /// The actions to choose from; not owned. Disabled and hidden ones are left out.
    void open(const QList<QAction *> &actions);
    void close();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void fill();
    void run();

    QLineEdit *m_edit;
    QListWidget *m_list;
    QList<QPointer<QAction>> m_actions;
    QPointer<QWidget> m_before;
};

} // namespace sightglass
