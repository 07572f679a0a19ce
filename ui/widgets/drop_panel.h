// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QLabel;
class QScrollArea;

namespace sightglass {

/// A panel that drops down from a button of the connection line and lies over
/// the page. It stays until it is closed (its button, Esc, Done): nothing
/// typed in it is lost by a click elsewhere.
class DropPanel final : public QFrame {
    Q_OBJECT
public:
    /// `content` becomes the panel's. `parent` is the widget over which it lies.
    DropPanel(const QString &title, QWidget *content, QWidget *parent);

    /// Opens it with its right edge under the right edge of `anchor`, as wide as the content wants
    /// and as high as there is room; focus goes to the first field.
    void openUnder(QWidget *anchor);
    /// Closes it; focus goes back to the anchor.
    void closePanel();
    /// Places it anew, after the parent or the content changed its size.
    void place();

Q_SIGNALS:
    void closed();
    /// Enter in one of its lines: what was typed is to be used.
    void accepted();

protected:
    /// Tab stays within, as long as the panel is open.
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    QScrollArea *m_scroll;
    QWidget *m_content;
    QWidget *m_head;
    QWidget *m_anchor = nullptr;
};

} // namespace sightglass
