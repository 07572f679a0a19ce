// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme.h"

#include <QLabel>

namespace sightglass {

/// A label in the colour of a role, always plain text; follows the palette.
class RoleLabel final : public QLabel {
    Q_OBJECT
public:
    explicit RoleLabel(Role role, QWidget *parent = nullptr);
    RoleLabel(const QString &text, Role role, QWidget *parent = nullptr);

    void setRole(Role role);
    Role role() const { return m_role; }
    /// What does not fit is replaced by an ellipsis there; the whole is in the tool tip. The label
    /// may then be as narrow as need be.
    void setElide(Qt::TextElideMode mode);
    void setWholeText(const QString &text);
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void recolour();

    Role m_role;
    Qt::TextElideMode m_elide = Qt::ElideNone;
    bool m_recolouring = false;
};

} // namespace sightglass
