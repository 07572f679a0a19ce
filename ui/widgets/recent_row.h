// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>

namespace sightglass {

/// A server used before: name, URL, what is known of it, when.
class RecentRow final : public QAbstractButton {
    Q_OBJECT
public:
    RecentRow(const QString &name, const QString &url, const QString &note, const QString &when,
              QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void forgetRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    QString m_url;
    QString m_note;
    QString m_when;
};

} // namespace sightglass
