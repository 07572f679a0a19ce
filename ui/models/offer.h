// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/list_changes.h"

namespace sightglass {

struct Tool;

/// By what an entry is known on its page from one list to the next; `itemKey` as ListItem::key().
QString offerKey(ListKind kind, const QString &itemKey);

/// Something that a server lists (a tool, a resource, a template, a prompt), with the words that
/// stand in its row. The words are untrusted text that has its marks already.
struct Offer {
    ListKind kind = ListKind::Tools;
    ListItem item;
    ListMark mark = ListMark::None;
    bool updated = false; ///< the server said so (notifications/resources/updated)
    QString name; ///< "(no name)" where there is none
    QString note; ///< one line: title, else description
    QString badge; ///< "read-only", "text/plain, 1.2 kB"; may be empty
    QString hints; ///< the same at length
    bool alarming = false; ///< the badge asks for attention
    QString problem; ///< what is wrong with the entry; mostly empty

    QString key() const { return offerKey(kind, item.key()); }
};
Offer makeOffer(ListKind kind, const ListItem &item);

/// "read-only, idempotent": what a tool's annotations say in the protocol's words.
QString toolHints(const Tool &tool, bool brief);
/// "text/plain, 1.2 kB"; empty where the entry says neither.
QString resourceHints(const ListItem &item);
/// "for the user, priority 0.8, last modified 2025-01-12": the annotations of a resource.
QString annotationWords(const JsonText &json);
/// "came", "changed", "gone" for people; empty for None.
QString markWord(ListMark mark);
/// "1 new, 2 gone": what is another; empty: nothing.
QString changesWords(const ListChanges &changes);
/// "1 tool", "12 resource templates".
QString offerCount(ListKind kind, qint64 count);
/// The head of its part of the list: "Templates".
QString offerSection(ListKind kind);

} // namespace sightglass
