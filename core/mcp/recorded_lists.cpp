// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/recorded_lists.h"

#include "core/mcp/recorded_answer.h"

namespace sightglass {

namespace {

std::optional<ListKind> kindOf(const QString &what)
{
    for (const ListKind kind : listKinds()) {
        if (what == QLatin1String(listMethod(kind)))
            return kind;
    }
    return {};
}

struct Collected {
    QString server;
    Listing current; ///< that is being put together
    bool any = false;
    std::optional<Listing> best;

    void keep()
    {
        if (any && (current.complete || !best || !best->complete))
            best = current;
        any = false;
    }
};

} // namespace

QList<Listing> recordedLists(const TraceReader &trace)
{
    QString server;
    QList<Collected> lists;
    for (const ListKind kind : listKinds()) {
        Collected list;
        list.current.kind = kind;
        lists.append(list);
    }
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        const std::optional<ListKind> kind = kindOf(trace.request(id).what);
        if (!kind)
            continue;
        const QByteArray body = trace.requestBody(id);
        const Envelope asked = scanEnvelope(body);
        if (asked.kind != EnvelopeKind::Request || asked.method != listMethod(*kind))
            continue;
        const RecordedAnswer answer = recordedAnswer(trace, id, asked.id);
        if (answer.kind != RecordedAnswer::Kind::Result)
            continue;
        ReadPage read = readListPage(*kind, answer.json);
        if (!read.problem.isEmpty())
            continue;
        if (const QString from = serverOf(trace, id); from != server) {
            for (Collected &list : lists)
                list = Collected{from, {list.current.kind, {}, {}, false, {}}, false, {}};
            server = from;
        }
        Collected &list = lists[listKinds().indexOf(*kind)];
        const JsonText params = JsonText::parse(asked.params.toByteArray());
        if (params.member(params.root(), u"cursor") < 0 || !list.any) {
            list.keep();
            list.current = {*kind, {}, {}, false, {}};
        }
        read.page.exchange = answer.exchange;
        list.any = true;
        list.current.items += read.items;
        list.current.pages.append(read.page);
        list.current.complete = !read.page.nextCursor;
    }
    QList<Listing> found;
    for (Collected &list : lists) {
        list.keep();
        if (list.best)
            found.append(*list.best);
    }
    return found;
}

} // namespace sightglass
