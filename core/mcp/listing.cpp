// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/listing.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

struct Kind {
    ListKind kind;
    const char *method;
    const char *key;
    const char *capability; ///< JSON pointer
    const char *changed; ///< notification; null: there is none
    const char *nameKey;
    const char *uriKey; ///< null: entries have none
};

constexpr Kind Kinds[] = {
    {ListKind::Tools, "tools/list", "tools", "/tools", "notifications/tools/list_changed", "name",
     nullptr},
    {ListKind::Resources, "resources/list", "resources", "/resources",
     "notifications/resources/list_changed", "name", "uri"},
    {ListKind::ResourceTemplates, "resources/templates/list", "resourceTemplates", "/resources",
     "notifications/resources/list_changed", "name", "uriTemplate"},
    {ListKind::Prompts, "prompts/list", "prompts", "/prompts", "notifications/prompts/list_changed",
     "name", nullptr},
    {ListKind::Tasks, "tasks/list", "tasks", "/tasks/list", nullptr, "taskId", nullptr},
};

const Kind &row(ListKind kind)
{
    return Kinds[int(kind)];
}

} // namespace

const QList<ListKind> &listKinds()
{
    static const QList<ListKind> all = [] {
        QList<ListKind> kinds;
        for (const Kind &one : Kinds)
            kinds.append(one.kind);
        return kinds;
    }();
    return all;
}

QByteArray listMethod(ListKind kind)
{
    return row(kind).method;
}

QString listKey(ListKind kind)
{
    return QString::fromLatin1(row(kind).key);
}

bool offersList(const QByteArray &capabilities, ListKind kind)
{
    const JsonText json = JsonText::parse(capabilities);
    return json.isValid() && json.find(row(kind).capability) >= 0;
}

QList<ListKind> listsChangedBy(QByteArrayView method)
{
    QList<ListKind> lists;
    for (const Kind &one : Kinds) {
        if (one.changed && method == QByteArrayView(one.changed))
            lists.append(one.kind);
    }
    return lists;
}

ListItem readListItem(ListKind kind, QByteArrayView entry)
{
    const Kind &as = row(kind);
    ListItem item;
    item.json = JsonText::parse(entry.toByteArray());
    const JsonText &json = item.json;
    const JsonText::Node root = json.root();
    if (!json.isValid() || !json.isObject(root)) {
        item.problem = u"the entry is no object"_s;
        return item;
    }
    QStringList problems;
    const auto required = [&](const char *key) {
        const QString name = QString::fromLatin1(key);
        const JsonText::Node node = json.member(root, name);
        if (node < 0)
            problems << u"it has no %1"_s.arg(name);
        else if (!json.isString(node))
            problems << u"its %1 is no string"_s.arg(name);
        else if (json.string(node).isEmpty())
            problems << u"its %1 is empty"_s.arg(name);
        return json.string(node);
    };
    item.name = required(as.nameKey);
    if (as.uriKey)
        item.uri = required(as.uriKey);
    item.title = json.string(json.member(root, u"title"));
    item.description = json.string(json.member(
        root, kind == ListKind::Tasks ? QStringView(u"statusMessage") : u"description"));
    item.mimeType = json.string(json.member(root, u"mimeType"));
    const JsonText::Node size = json.member(root, u"size");
    if (json.type(size) == JsonType::Number) {
        bool whole = false;
        const qint64 bytes = json.raw(size).toByteArray().toLongLong(&whole);
        if (whole && bytes >= 0)
            item.size = bytes;
    }
    item.problem = problems.join(u", "_s);
    return item;
}

ReadPage readListPage(ListKind kind, const QByteArray &result)
{
    ReadPage read;
    const JsonText json = JsonText::parse(result);
    const JsonText::Node root = json.root();
    if (!json.isValid() || !json.isObject(root)) {
        read.problem = u"the result is no object"_s;
        return read;
    }
    const QString key = listKey(kind);
    const JsonText::Node entries = json.member(root, key);
    if (!json.isArray(entries)) {
        read.problem =
            entries < 0 ? u"the result has no %1"_s.arg(key) : u"%1 is no array"_s.arg(key);
        return read;
    }
    for (JsonText::Node entry = json.firstChild(entries); entry >= 0;
         entry = json.nextSibling(entry))
        read.items.append(readListItem(kind, json.raw(entry)));
    read.page.count = read.items.size();
    const JsonText::Node cursor = json.member(root, u"nextCursor");
    if (json.isString(cursor))
        read.page.nextCursor = json.string(cursor);
    else if (cursor >= 0 && json.type(cursor) != JsonType::Null)
        read.problem = u"nextCursor is no string"_s;
    bool whole = false;
    const qint64 ttl = json.raw(json.member(root, u"ttlMs")).toByteArray().toLongLong(&whole);
    if (whole && ttl >= 0)
        read.page.ttlMs = ttl;
    read.page.cacheScope = json.string(json.member(root, u"cacheScope"));
    return read;
}

} // namespace sightglass
