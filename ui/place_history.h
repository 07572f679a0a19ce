// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QList>

namespace sightglass {

/// Where one was in the window.
struct Place {
    int page = 0;
    ExchangeId exchange = 0; ///< 0: none

    bool operator==(const Place &) const = default;
};

/// Back and forth between exchange and cause, as in a browser.
class PlaceHistory {
public:
    /// Notes where one is now. What was ahead is forgotten; the same place twice counts once.
    void visit(const Place &place);
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_places.size(); }
    /// Only where it can.
    Place goBack() { return m_places.at(--m_at); }
    Place goForward() { return m_places.at(++m_at); }
    void clear();

private:
    QList<Place> m_places;
    qsizetype m_at = -1;
};

} // namespace sightglass
