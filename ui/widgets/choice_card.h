// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>

namespace sightglass {

/// A large choice in words: glyph, title, one line under it, the key that does the same.
class ChoiceCard final : public QAbstractButton {
    Q_OBJECT
public:
    ChoiceCard(const QString &iconName, const QString &title, const QString &explanation,
               const QString &key, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_iconName;
    QString m_explanation;
    QString m_key;
};

} // namespace sightglass
