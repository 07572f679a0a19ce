// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme.h"

#include <QAbstractButton>

namespace sightglass {

/// An earlier call: when, with what, how it ended.
class CallRow final : public QAbstractButton {
    Q_OBJECT
public:
    CallRow(const QString &time, const QString &arguments, const QString &outcome, Role role,
            QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_time;
    QString m_outcome;
    Role m_role;
};

} // namespace sightglass
