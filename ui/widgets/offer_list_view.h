// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QListView>

namespace sightglass {

/// What a server offers, as a list. Keys go past rows that are titles.
class OfferListView final : public QListView {
    Q_OBJECT
public:
    explicit OfferListView(QWidget *parent = nullptr);

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
};

} // namespace sightglass
