// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/place_history.h"

namespace sightglass {

namespace {

constexpr qsizetype mostPlaces = 200;

} // namespace

void PlaceHistory::visit(const Place &place)
{
    if (m_at >= 0 && m_places.at(m_at) == place)
        return;
    m_places.resize(m_at + 1);
    m_places.append(place);
    if (m_places.size() > mostPlaces)
        m_places.removeFirst();
    m_at = m_places.size() - 1;
}

void PlaceHistory::clear()
{
    m_places.clear();
    m_at = -1;
}

} // namespace sightglass
