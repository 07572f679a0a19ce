// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/edited_request.h"

#include "core/http/origin.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/calls.h"
#include "core/trace/redaction.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype NamedBody = 1024 * 1024; ///< longer messages are not read for their name

bool isSame(const Header &a, const Header &b)
{
    return a.name == b.name && a.value == b.value;
}

const Header *findLine(const QList<Header> &lines, const Header &wanted)
{
    const auto found = std::find_if(lines.cbegin(), lines.cend(),
                                    [&](const Header &line) { return isSame(line, wanted); });
    return found == lines.cend() ? nullptr : &*found;
}

bool hasName(const QList<Header> &lines, QByteArrayView name)
{
    return std::any_of(lines.cbegin(), lines.cend(),
                       [&](const Header &line) { return sameHeaderName(line.name, name); });
}

ExchangeKind kindOf(const RequestRecord &record, const QByteArray &method)
{
    if (method == record.method)
        return record.kind;
    return method == "POST"  ? ExchangeKind::Post
        : method == "GET"    ? ExchangeKind::Stream
        : method == "DELETE" ? ExchangeKind::Delete
                             : ExchangeKind::Other;
}

struct Source {
    RequestRecord record;
    QByteArray body;
};

Source sourceOf(const TraceReader &trace, const EditedRequest &edited)
{
    if (edited.recorded)
        return {edited.recorded->record, edited.recorded->body};
    return {trace.request(edited.from), trace.requestBody(edited.from)};
}

/// What a message asks, in the protocol's words.
QString titleOf(const QByteArray &body)
{
    if (body.size() > NamedBody)
        return {};
    const Envelope message = scanEnvelope(body);
    if (message.kind != EnvelopeKind::Request && message.kind != EnvelopeKind::Notification)
        return {};
    return callTitle(RpcCall{message.method, message.params.toByteArray()});
}

} // namespace

QList<Header> editableHeaders(const RequestRecord &record)
{
    QList<Header> lines;
    for (const Header &line : record.headers) {
        if (line.source != HeaderSource::Credential && line.source != HeaderSource::Library)
            lines.append(line);
    }
    return lines;
}

EditedRequest uneditedRequest(const TraceReader &trace, ExchangeId from)
{
    const RequestRecord &record = trace.request(from);
    return {from, record.method, record.url, editableHeaders(record), trace.requestBody(from)};
}

QUrl urlAtServer(const RequestRecord &record, const QUrl &server)
{
    switch (record.kind) {
    case ExchangeKind::Post:
    case ExchangeKind::Stream:
    case ExchangeKind::Reconnect:
    case ExchangeKind::Delete:
        return Origin::of(record.url) == Origin::of(server) || server.isEmpty() ? record.url
                                                                                : server;
    default:
        return record.url;
    }
}

RecordedRequest recordedRequest(const TraceReader &recording, ExchangeId number,
                                const QString &name)
{
    return {name, number, recording.request(number), recording.requestBody(number),
            recording.redacted()};
}

EditedRequest requestOfRecording(const RecordedRequest &recorded, const QUrl &server)
{
    const RequestRecord &record = recorded.record;
    return {0,
            record.method,
            urlAtServer(record, server),
            editableHeaders(record),
            recorded.body,
            std::make_shared<const RecordedRequest>(recorded)};
}

EditedRequest requestOfRecording(const TraceReader &recording, ExchangeId number,
                                 const QString &name, const QUrl &server)
{
    return requestOfRecording(recordedRequest(recording, number, name), server);
}

QString editWords(const TraceReader &trace, const EditedRequest &edited)
{
    const Source source = sourceOf(trace, edited);
    // That it goes to another server than the recorded one is no edit.
    const EditedRequest before{edited.from, source.record.method,
                               edited.recorded ? edited.url : source.record.url,
                               editableHeaders(source.record), source.body};
    QStringList words;
    if (edited.method != before.method)
        words << u"method"_s;
    if (edited.url != before.url)
        words << u"URL"_s;
    QList<QByteArray> names;
    const auto note = [&names](const QList<Header> &lines, const QList<Header> &others) {
        for (const Header &line : lines) {
            if (!findLine(others, line) && !names.contains(line.name))
                names << line.name;
        }
    };
    note(edited.headers, before.headers);
    note(before.headers, edited.headers);
    for (const QByteArray &name : std::as_const(names))
        words << u"header %1"_s.arg(QString::fromUtf8(name));
    if (edited.body != before.body)
        words << u"body"_s;
    return words.join(u", "_s);
}

HttpRequest editedRequest(const TraceReader &trace, const EditedRequest &edited,
                          const CurrentSession &now)
{
    const Source source = sourceOf(trace, edited);
    const RequestRecord &record = source.record;
    const QList<Header> before = editableHeaders(record);
    HttpRequest request;
    request.kind = kindOf(record, edited.method);
    request.method = edited.method;
    request.url = edited.url;
    request.body = edited.body;
    request.cause = edited.from;
    request.what = record.what;
    if (edited.method != record.method || edited.body != source.body) {
        const QString title = titleOf(edited.body);
        request.what = title.isEmpty() ? u"request by hand"_s : title;
    }
    const bool elsewhere = Origin::of(edited.url) != Origin::of(record.url);
    for (const Header &line : edited.headers) {
        const Header *kept = findLine(before, line);
        if (kept && edited.recorded) {
            Header sent = *kept;
            if (edited.recorded->redacted && Redactor::isSecret(sent)) {
                request.withheld.append({line.name, u"the recording has only its fingerprint"_s});
                continue;
            }
            if (kept->source == HeaderSource::Session) {
                if (now.id.isEmpty()) {
                    request.withheld.append({line.name, u"it is of the recorded session"_s});
                    continue;
                }
                sent.value = now.id;
                request.headers.add(sent);
                continue;
            }
            if (sameHeaderName(line.name, "MCP-Protocol-Version") && !now.revision.isEmpty()) {
                sent.value = now.revision;
                request.headers.add(sent);
                continue;
            }
        }
        if (kept && elsewhere && kept->source != HeaderSource::Protocol) {
            request.withheld.append({line.name,
                                     u"another origin (%1)"_s.arg(
                                         QString::fromLatin1(Origin::of(edited.url).toString()))});
            continue;
        }
        Header sent = kept ? *kept : line;
        if (!kept)
            sent.source = HeaderSource::User;
        request.headers.add(sent);
    }
    for (const Header &line : before) {
        if (!hasName(edited.headers, line.name))
            request.withheld.append({line.name, u"you took it away"_s});
    }
    return request;
}

} // namespace sightglass
