// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/recorded_lists.h"

#include "core/jsonrpc/envelope.h"
#include "core/sse/sse_parser.h"

#include <algorithm>

namespace sightglass {

namespace {

/// An answer that came on another stream (HTTP+SSE) is looked for among so many events of it.
constexpr qint64 FramesLookedAt = 5000;

std::optional<ListKind> kindOf(const QString &what)
{
    for (const ListKind kind : listKinds()) {
        if (what == QLatin1String(listMethod(kind)))
            return kind;
    }
    return {};
}

/// The result that answers `id` in this text; null where there is none.
QByteArray resultIn(const QByteArray &text, const RpcId &id)
{
    const EnvelopeBatch body = scanBody(text);
    for (const Envelope &message : body.messages) {
        if (message.kind == EnvelopeKind::Result && message.id == id)
            return message.result.toByteArray();
    }
    return {};
}

QByteArray resultInFrames(const TraceReader &trace, ExchangeId exchange, const RpcId &id)
{
    const qint64 frames = trace.summary(exchange).frames;
    for (qint64 i = frames - 1; i >= std::max<qint64>(0, frames - FramesLookedAt); --i) {
        const Frame frame = trace.frame(exchange, i);
        if (!isDispatched(frame.kind))
            continue;
        const QByteArray bytes = trace.responseBody(exchange, frame.start, frame.end - frame.start);
        const QByteArray result = resultIn(frameContent(frame.kind, bytes).data, id);
        if (!result.isNull())
            return result;
    }
    return {};
}

/// What answered the request of an exchange, wherever it came: `at` tells where.
QByteArray resultOf(const TraceReader &trace, ExchangeId exchange, const RpcId &id, ExchangeId *at)
{
    *at = exchange;
    QByteArray result = trace.summary(exchange).frames > 0
        ? resultInFrames(trace, exchange, id)
        : resultIn(trace.responseBody(exchange), id);
    if (!result.isNull() || trace.summary(exchange).responseBytes > 0)
        return result;
    // The older transport answers on the stream that was opened before.
    for (ExchangeId other = exchange - 1; other >= 1 && result.isNull(); --other) {
        if (trace.summary(other).kind != ExchangeKind::Stream)
            continue;
        *at = other;
        result = resultInFrames(trace, other, id);
        break;
    }
    return result;
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
        const Envelope asked = scanEnvelope(trace.requestBody(id));
        if (asked.kind != EnvelopeKind::Request || asked.method != listMethod(*kind))
            continue;
        ExchangeId at = 0;
        const QByteArray result = resultOf(trace, id, asked.id, &at);
        if (result.isNull())
            continue;
        ReadPage read = readListPage(*kind, result);
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
        read.page.exchange = at;
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
