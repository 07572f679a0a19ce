// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/offer.h"

#include "core/mcp/tool.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/visible_text.h"

#include <QCoreApplication>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostName = 200; ///< characters of a name that a row takes
constexpr qsizetype mostNote = 300;

QString tr(const char *text)
{
    return QCoreApplication::translate("Offer", text);
}

/// "2 arguments", at length "2 arguments, 1 required"
QString promptHints(const ListItem &item, bool brief)
{
    const JsonText &json = item.json;
    const JsonText::Node arguments = json.member(json.root(), u"arguments");
    if (!json.isArray(arguments) || json.childCount(arguments) == 0)
        return {};
    int required = 0;
    for (JsonText::Node one = json.firstChild(arguments); one >= 0; one = json.nextSibling(one))
        required += json.boolean(json.member(one, u"required")) ? 1 : 0;
    const QString count = counted(json.childCount(arguments), tr("1 argument"), tr("%1 arguments"));
    return brief || required == 0 ? count : tr("%1, %2 required").arg(count).arg(required);
}

} // namespace

QString offerKey(ListKind kind, const QString &itemKey)
{
    return listKey(kind) + u' ' + itemKey;
}

QString toolHints(const Tool &tool, bool brief)
{
    QStringList words;
    if (!tool.problem.isEmpty() && brief)
        return tr("malformed");
    if (tool.readOnly.value_or(false))
        words.append(tr("read-only"));
    if (tool.destructive.value_or(false) && !tool.readOnly.value_or(false))
        words.append(tr("destructive"));
    if (tool.tasks != ToolTasks::Forbidden)
        words.append(brief                                   ? tr("task")
                         : tool.tasks == ToolTasks::Required ? tr("runs as a task only")
                                                             : tr("may run as a task"));
    if (!brief) {
        if (tool.idempotent.value_or(false))
            words.append(tr("idempotent"));
        if (tool.openWorld.value_or(false))
            words.append(tr("open world"));
    }
    return words.join(u", "_s);
}

QString resourceHints(const ListItem &item)
{
    QStringList words;
    if (!item.mimeType.isEmpty())
        words.append(visibleText(item.mimeType.left(80)));
    if (item.size)
        words.append(humanSize(*item.size));
    return words.join(u", "_s);
}

QString annotationWords(const JsonText &json)
{
    const JsonText::Node annotations = json.member(json.root(), u"annotations");
    if (!json.isObject(annotations))
        return {};
    QStringList words;
    QStringList readers;
    const JsonText::Node audience = json.member(annotations, u"audience");
    if (json.isArray(audience)) {
        for (JsonText::Node one = json.firstChild(audience); one >= 0 && readers.size() < 8;
             one = json.nextSibling(one))
            readers.append(visibleText(json.string(one).left(40)));
    }
    if (!readers.isEmpty())
        words.append(tr("for %1").arg(readers.join(tr(" and "))));
    if (const JsonText::Node priority = json.member(annotations, u"priority"); priority >= 0)
        words.append(tr("priority %1")
                         .arg(visibleText(QString::fromUtf8(json.raw(priority).first(
                             std::min<qsizetype>(json.raw(priority).size(), 40))))));
    if (const JsonText::Node when = json.member(annotations, u"lastModified"); json.isString(when))
        words.append(tr("last modified %1").arg(visibleText(json.string(when).left(60))));
    return words.join(u", "_s);
}

QString markWord(ListMark mark)
{
    switch (mark) {
    case ListMark::None:
        break;
    case ListMark::Came:
        return tr("new");
    case ListMark::Changed:
        return tr("changed");
    case ListMark::Gone:
        return tr("gone");
    }
    return {};
}

QString changesWords(const ListChanges &changes)
{
    QStringList words;
    for (const ListMark mark : {ListMark::Came, ListMark::Changed, ListMark::Gone}) {
        if (const qsizetype count = changes.count(mark); count > 0)
            words.append(u"%1 %2"_s.arg(count).arg(markWord(mark)));
    }
    return words.join(u", "_s);
}

QString offerCount(ListKind kind, qint64 count)
{
    switch (kind) {
    case ListKind::Tools:
        return counted(count, tr("1 tool"), tr("%1 tools"));
    case ListKind::Resources:
        return counted(count, tr("1 resource"), tr("%1 resources"));
    case ListKind::ResourceTemplates:
        return counted(count, tr("1 template"), tr("%1 templates"));
    case ListKind::Prompts:
        return counted(count, tr("1 prompt"), tr("%1 prompts"));
    case ListKind::Tasks:
        return counted(count, tr("1 task"), tr("%1 tasks"));
    }
    return {};
}

QString offerSection(ListKind kind)
{
    return kind == ListKind::ResourceTemplates ? tr("Templates") : tr("Resources");
}

Offer makeOffer(ListKind kind, const ListItem &item)
{
    Offer offer;
    offer.kind = kind;
    offer.item = item;
    offer.problem = item.problem;
    QString title = item.title;
    QString description = item.description;
    if (kind == ListKind::Tools) {
        const Tool tool = readTool(item.json.text());
        if (!tool.problem.isEmpty())
            offer.problem = tool.problem;
        offer.badge = tool.problem.isEmpty() && !item.problem.isEmpty() ? tr("left out")
                                                                        : toolHints(tool, true);
        offer.hints = toolHints(tool, false);
        offer.alarming = tool.destructive.value_or(false) && !tool.readOnly.value_or(false);
        title = tool.title;
        offer.item.title = tool.title; // also that of the annotations
    } else {
        const bool prompt = kind == ListKind::Prompts;
        offer.hints = prompt ? promptHints(item, false) : resourceHints(item);
        offer.badge = !offer.problem.isEmpty() ? tr("malformed")
            : prompt                           ? promptHints(item, true)
                                               : offer.hints;
    }
    offer.alarming = offer.alarming || !offer.problem.isEmpty();
    offer.name = item.name.isEmpty() ? tr("(no name)") : visibleText(item.name.left(mostName));
    if (title == item.name)
        title.clear();
    if (title.isEmpty())
        title = description.isEmpty() ? item.uri : description;
    offer.note = visibleText(title.left(mostNote).section(u'\n', 0, 0).trimmed());
    return offer;
}

} // namespace sightglass
