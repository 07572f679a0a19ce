// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/listing.h"

namespace sightglass {

/// What happened to an entry since the list before.
enum class ListMark : quint8 { None, Came, Changed, Gone };

/// What differs between two lists of one kind. Another order is no difference.
struct ListChanges {
    QList<ListMark> marks; ///< of each entry of the newer list: None, Came or Changed
    QList<qsizetype> gone; ///< entries of the older list that the newer one has not

    qsizetype count(ListMark mark) const;
    bool isEmpty() const;
};

/// Entries are the same by ListItem::key(); where a key stands several times, the first is
/// compared with the first, and so on. White space between tokens is no change.
ListChanges listChanges(const QList<ListItem> &before, const QList<ListItem> &after);

} // namespace sightglass
