// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/house/include_rules.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

/// A folder, and whose files those in it may include: each a path's beginning. The first row that
/// a path begins with is its own.
struct Room {
    QString folder;
    QStringList below;
};

const QList<Room> &rooms()
{
    static const QList<Room> table = [] {
        const QString trace = u"core/trace/"_s;
        const QStringList wire{trace, u"core/http/"_s, u"core/sse/"_s, u"core/jsonrpc/"_s};
        const QString schema = u"core/schema/"_s;
        const QStringList auth = wire + QStringList{u"core/auth/"_s};
        const QStringList transport = auth + QStringList{u"core/transport/"_s, schema};
        const QStringList mcp = transport + QStringList{u"core/mcp/"_s};
        // What the window may see of the core: commands, state and values, not the machinery.
        const QStringList seen{trace,
                               u"core/sse/"_s,
                               u"core/jsonrpc/"_s,
                               u"core/filter/"_s,
                               u"core/schema/schema_validator.h"_s,
                               u"core/schema/format_check.h"_s,
                               u"core/auth/"_s,
                               u"core/mcp/"_s,
                               u"core/diagnose/"_s,
                               u"core/export/"_s,
                               u"core/compare/"_s,
                               u"core/profile/"_s,
                               u"core/lab/lab.h"_s,
                               u"core/http/origin.h"_s,
                               u"core/http/header_list.h"_s,
                               u"core/http/network_settings.h"_s};
        QList<Room> rows{{trace, {}},
                         {u"core/http/"_s, {trace}},
                         {u"core/sse/"_s, {trace}},
                         {u"core/jsonrpc/"_s, {trace}},
                         {schema, {trace, u"core/jsonrpc/"_s}},
                         {u"core/filter/"_s, {trace, u"core/jsonrpc/"_s}},
                         {u"core/auth/"_s, wire},
                         {u"core/transport/"_s, auth},
                         {u"core/mcp/"_s, transport}};
        for (const char *top : {"diagnose", "profile", "lab", "tap"})
            rows.append({u"core/%1/"_s.arg(QLatin1StringView(top)), mcp});
        for (const char *above : {"export", "compare"})
            rows.append({u"core/%1/"_s.arg(QLatin1StringView(above)),
                         mcp + QStringList{u"core/diagnose/"_s}});
        rows.append({u"core/"_s, {}});
        rows.append({u"ui/models/"_s, seen});
        rows.append({u"ui/widgets/"_s, seen + QStringList{u"ui/models/"_s}});
        rows.append({u"ui/"_s, seen});
        rows.append({u"app/cli/"_s, {u"core/"_s}});
        rows.append({u"app/"_s, {u"core/"_s, u"ui/"_s}});
        return rows;
    }();
    return table;
}

QStringList includesOf(const SourceFile &file)
{
    static const QRegularExpression line(u"^\\s*#\\s*include\\s*\"([^\"]+)\""_s,
                                         QRegularExpression::MultilineOption);
    QStringList names;
    auto match = line.globalMatch(QString::fromUtf8(codeOf(file.text, false)));
    while (match.hasNext())
        names.append(match.next().captured(1));
    return names;
}

/// The theme, words and glyphs of all screens stand in ui/ itself.
bool isOfAllScreens(const QString &name)
{
    return name.startsWith(u"ui/"_s) && name.count(u'/') == 1;
}

bool isBelow(const Room &room, const QString &name)
{
    if (name.startsWith(room.folder) || (room.folder.startsWith(u"ui/"_s) && isOfAllScreens(name)))
        return true;
    return std::any_of(room.below.begin(), room.below.end(),
                       [&](const QString &start) { return name.startsWith(start); });
}

} // namespace

QStringList includesOfOtherRooms(const QList<SourceFile> &files)
{
    static const QRegularExpression ours(u"^(core|ui|app|tests)/"_s);
    QStringList breaches;
    for (const SourceFile &file : files) {
        const auto room = std::find_if(rooms().begin(), rooms().end(), [&](const Room &row) {
            return file.path.startsWith(row.folder);
        });
        if (room == rooms().end())
            continue;
        const QStringList names = includesOf(file);
        for (const QString &name : names) {
            if (ours.match(name).hasMatch() && !isBelow(*room, name))
                breaches.append(u"%1 includes %2"_s.arg(file.path, name));
        }
    }
    return breaches;
}

QStringList includeCircles(const QList<SourceFile> &files)
{
    QHash<QString, QStringList> included;
    for (const SourceFile &file : files) {
        if (file.path.endsWith(u".h"_s))
            included.insert(file.path, includesOf(file));
    }
    QStringList breaches;
    QSet<QString> done;
    QStringList chain;
    const auto follow = [&](const auto &self, const QString &path) -> void {
        if (const qsizetype before = chain.indexOf(path); before >= 0) {
            breaches.append((chain.mid(before) + QStringList{path}).join(u" -> "_s));
            return;
        }
        if (done.contains(path))
            return;
        chain.append(path);
        for (const QString &next : included.value(path))
            self(self, next);
        chain.removeLast();
        done.insert(path);
    };
    QStringList starts = included.keys();
    starts.sort();
    for (const QString &path : std::as_const(starts))
        follow(follow, path);
    return breaches;
}

} // namespace sightglass::test
