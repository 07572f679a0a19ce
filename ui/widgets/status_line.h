// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme.h"

#include <QAbstractButton>
#include <QTimer>

class QHBoxLayout;

namespace sightglass {

/// A few words in the status line, in the colour of a role and with a glyph
/// where colour alone would have to say it. Can be clicked where it leads
/// somewhere.
class StatusItem final : public QAbstractButton {
    Q_OBJECT
public:
    explicit StatusItem(QWidget *parent = nullptr);

    /// Hidden where `text` is empty.
    void say(const QString &text, Role role = Role::Muted, const QString &glyph = {},
             Role glyphRole = Role::Muted);
    void setLeadsSomewhere(bool leads);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Role m_role = Role::Muted;
    Role m_glyphRole = Role::Muted;
    QString m_glyph;
};

/// The line at the foot of the window: items at the left, items at the right,
/// and for some seconds a message in between.
class StatusLine final : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    StatusItem *addLeft(const QString &accessibleName);
    StatusItem *addRight(const QString &accessibleName);
    void showMessage(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QHBoxLayout *m_left;
    QHBoxLayout *m_right;
    StatusItem *m_message;
    QTimer m_messageTime;
};

} // namespace sightglass
