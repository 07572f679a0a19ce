// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/list_changes.h"

#include <QHash>

namespace sightglass {

namespace {

bool isSame(const ListItem &a, const ListItem &b)
{
    return a.json.text() == b.json.text()
        || (a.json.isValid() && b.json.isValid() && a.json.compact() == b.json.compact());
}

} // namespace

qsizetype ListChanges::count(ListMark mark) const
{
    return mark == ListMark::Gone ? gone.size() : marks.count(mark);
}

bool ListChanges::isEmpty() const
{
    return gone.isEmpty() && marks.count(ListMark::None) == marks.size();
}

ListChanges listChanges(const QList<ListItem> &before, const QList<ListItem> &after)
{
    ListChanges changes;
    QHash<QString, QList<qsizetype>> left; // places in `before`, the first of a key first
    for (qsizetype i = 0; i < before.size(); ++i)
        left[before.at(i).key()].append(i);
    QList<bool> found(before.size(), false);
    for (const ListItem &item : after) {
        const auto places = left.find(item.key());
        if (places == left.end() || places->isEmpty()) {
            changes.marks.append(ListMark::Came);
            continue;
        }
        const qsizetype place = places->takeFirst();
        found[place] = true;
        changes.marks.append(isSame(before.at(place), item) ? ListMark::None : ListMark::Changed);
    }
    for (qsizetype i = 0; i < before.size(); ++i) {
        if (!found.at(i))
            changes.gone.append(i);
    }
    return changes;
}

} // namespace sightglass
