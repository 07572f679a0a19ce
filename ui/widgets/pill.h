// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>

namespace sightglass {

/// A small rounded button that lies over a view: "42 new".
class Pill final : public QAbstractButton {
    Q_OBJECT
public:
    explicit Pill(const QString &text = {}, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace sightglass
