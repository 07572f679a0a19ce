// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/trace/failure.h"

#include <QMetaType>

#include <optional>

namespace sightglass {

/// What servers list, page by page.
enum class ListKind : quint8 { Tools, Resources, ResourceTemplates, Prompts, Tasks };
/// All of them.
const QList<ListKind> &listKinds();
QByteArray listMethod(ListKind kind); ///< "tools/list"
QString listKey(ListKind kind); ///< "tools": the member of the result that has the entries
/// True where the server's capabilities (raw JSON) say that it lists these.
bool offersList(const QByteArray &capabilities, ListKind kind);
/// The lists that a notification of this method says have changed; mostly none.
QList<ListKind> listsChangedBy(QByteArrayView method);

/// An entry of a list as the server sent it. All text is untrusted.
struct ListItem {
    JsonText json; ///< the whole entry
    QString name; ///< of a task its taskId
    QString title;
    QString description;
    QString uri; ///< uri of a resource, uriTemplate of a template; else empty
    QString mimeType;
    std::optional<qint64> size; ///< bytes, of a resource
    /// What is wrong with the entry ("no name"), and of a tool that a session listed also why a
    /// client has to leave it out (ToolList::refused); mostly empty.
    QString problem;

    /// By what it is known from one list to the next: its URI, else its name.
    QString key() const { return uri.isEmpty() ? name : uri; }
};
/// Reads an entry; what is wrong with it is told in `problem`, never thrown away.
ListItem readListItem(ListKind kind, QByteArrayView entry);

/// A page as it came.
struct ListPage {
    ExchangeId exchange = 0;
    qsizetype count = 0; ///< entries on it
    std::optional<QString> nextCursor;
    std::optional<qint64> ttlMs; ///< how long it may be kept (2026-07-28, caching)
    QString cacheScope; ///< "public", "private"; empty: not said

    bool operator==(const ListPage &) const = default;
};

/// A list, all pages so far.
struct Listing {
    ListKind kind = ListKind::Tools;
    QList<ListItem> items;
    QList<ListPage> pages;
    bool complete = false;
    std::optional<Failure> failure;
};

/// One page from the text of its `result`.
struct ReadPage {
    QList<ListItem> items;
    ListPage page; ///< without its exchange
    QString problem; ///< "tools is no array"; mostly empty
};
ReadPage readListPage(ListKind kind, const QByteArray &result);

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::Listing)
