// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/list_action.h"

#include "app/cli/commands.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

QString plural(ListKind kind)
{
    switch (kind) {
    case ListKind::Tools:
        return u"tools"_s;
    case ListKind::Resources:
        return u"resources"_s;
    case ListKind::ResourceTemplates:
        return u"resource templates"_s;
    case ListKind::Prompts:
        return u"prompts"_s;
    case ListKind::Tasks:
        return u"tasks"_s;
    }
    return {};
}

/// Arguments of a prompt: "[name] [style]", those that are required without brackets.
QString argumentsOf(const JsonText &json)
{
    QStringList words;
    for (const JsonText::Node argument : json.children(json.member(json.root(), u"arguments"))) {
        const QString name = json.string(json.member(argument, u"name"));
        words << (json.boolean(json.member(argument, u"required")) ? name : u'[' + name + u']');
    }
    return words.join(u' ');
}

} // namespace

Failure listFailure(Failure failure, const QByteArray &capabilities, ListKind kind)
{
    if (failure.code == "rpc-error"_L1 && failure.advice.isEmpty()
        && !offersList(capabilities, kind)) {
        failure.advice =
            u"The server does not announce that it has %1: discover tells what it offers."_s.arg(
                plural(kind));
    }
    return failure;
}

ListAction::ListAction(const Workplace &place, ListKind kind)
    : Action(place)
    , m_kind(kind)
{
}

void ListAction::begin()
{
    connect(&session(), &Session::listed, this, [this](const Listing &listing) {
        if (listing.kind != m_kind || hasEnded())
            return;
        if (!listing.complete && !listing.failure) {
            output().progress(u"%1 %2 on %3 pages …"_s.arg(QString::number(listing.items.size()),
                                                           plural(m_kind),
                                                           QString::number(listing.pages.size())));
            return;
        }
        print(listing);
    });
    session().list(m_kind);
}

void ListAction::print(const Listing &listing)
{
    if (options().json && !listing.failure) {
        QByteArray json = "{\"" + listKey(m_kind).toLatin1() + "\":[";
        for (qsizetype i = 0; i < listing.items.size(); ++i) {
            if (i)
                json += ',';
            json += listing.items.at(i).json.text();
        }
        output().resultLine(json + "]}");
    } else if (!options().json) {
        for (const ListItem &item : listing.items)
            printItem(item);
        if (listing.items.isEmpty() && !listing.failure)
            output().note(u"The server has no %1."_s.arg(plural(m_kind)));
    }
    if (listing.failure)
        fail(listFailure(*listing.failure, session().state().capabilities, m_kind));
    else
        finish(Done);
}

void ListAction::printItem(const ListItem &item)
{
    const JsonText &json = item.json;
    QStringList marks;
    if (!item.mimeType.isEmpty())
        marks << lineForTerminal(item.mimeType);
    if (item.size)
        marks << humanSize(*item.size);
    if (m_kind == ListKind::Tasks)
        marks << lineForTerminal(json.string(json.member(json.root(), u"status")));
    if (!item.problem.isEmpty())
        marks << u"faulty: "_s + lineForTerminal(item.problem);
    const QString key = item.key();
    QString line = output().bold(key.isEmpty() ? u"(no name)"_s : lineForTerminal(key));
    if (m_kind == ListKind::Prompts) {
        if (const QString words = argumentsOf(json); !words.isEmpty())
            line += u' ' + lineForTerminal(words);
    }
    const QString title = item.title.isEmpty() ? item.name : item.title;
    if (!title.isEmpty() && title != key)
        line += u"  "_s + lineForTerminal(title);
    if (!marks.isEmpty())
        line += output().muted(u"  [%1]"_s.arg(marks.join(u", "_s)));
    output().line(line);
    const QString description = forTerminal(item.description).section(u'\n', 0, 0).simplified();
    if (!description.isEmpty())
        output().line(u"    "_s + description);
}

std::unique_ptr<Action> resourcesAction(const Workplace &place)
{
    return std::make_unique<ListAction>(place, ListKind::Resources);
}

std::unique_ptr<Action> templatesAction(const Workplace &place)
{
    return std::make_unique<ListAction>(place, ListKind::ResourceTemplates);
}

std::unique_ptr<Action> promptsAction(const Workplace &place)
{
    return std::make_unique<ListAction>(place, ListKind::Prompts);
}

} // namespace sightglass::cli
