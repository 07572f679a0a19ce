// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>

class QWidget;

namespace sightglass {

/// What Tab stops at in a part of the window, in the order in which it is laid out, whatever the
/// order in which it was made. Also what is hidden or disabled now.
QList<QWidget *> tabStops(const QWidget *part);

/// A page whose parts come and go: what is made later would be reached after all else, so the page
/// says itself in which order Tab goes through it.
class OrderedPage {
public:
    /// All stops, also those that are hidden or disabled now.
    virtual QList<QWidget *> tabOrder() const = 0;

protected:
    ~OrderedPage() = default;
};

/// Moves the focus as Tab does (`next`), or Shift+Tab, where a page is shown that has an order of
/// its own: through it in that order, and through the rest of the window as it was made, with the
/// page where it stands. False: there is nowhere to go.
bool tabThrough(QWidget *page, const OrderedPage &order, bool next);

} // namespace sightglass
