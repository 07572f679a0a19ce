// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_keys.h"

#include "core/trace/records.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Argument = FilterKey::Argument;

QStringList exchangeKinds()
{
    QStringList names;
    for (quint8 kind = 0; kind <= quint8(ExchangeKind::Input); ++kind)
        names << QString::fromLatin1(exchangeKindName(ExchangeKind(kind)));
    return names;
}

QStringList frameKinds()
{
    QStringList names;
    for (quint8 kind = 0; kind <= quint8(FrameKind::NoMessage); ++kind)
        names << QString::fromLatin1(frameKindName(FrameKind(kind)));
    return names;
}

/// Builds a row of the table: what most keys are is said once.
class KeyRow {
public:
    KeyRow(const char *name, FilterField field, FilterValueKind kind, FilterScope scope)
    {
        m_key.name = QString::fromUtf8(name);
        m_key.field = field;
        m_key.kind = kind;
        m_key.scope = scope;
        m_key.ordered = kind == FilterValueKind::Number || kind == FilterValueKind::Status
            || kind == FilterValueKind::ErrorCode || kind == FilterValueKind::Size
            || kind == FilterValueKind::Time || kind == FilterValueKind::Clock
            || kind == FilterValueKind::Json;
    }
    KeyRow &says(const char *description, const char *values, const char *example)
    {
        m_key.description = QString::fromUtf8(description);
        m_key.values = QString::fromUtf8(values);
        m_key.example = QString::fromUtf8(example);
        return *this;
    }
    KeyRow &with(Argument argument)
    {
        m_key.argument = argument;
        m_key.bare = true;
        return *this;
    }
    KeyRow &bare()
    {
        m_key.bare = true;
        return *this;
    }
    KeyRow &of(const QStringList &choices)
    {
        m_key.choices = choices;
        return *this;
    }
    operator FilterKey() const { return m_key; }

private:
    FilterKey m_key;
};

QList<FilterKey> makeKeys()
{
    using F = FilterField;
    using V = FilterValueKind;
    using S = FilterScope;
    const QStringList credentials{u"any"_s, u"authorization"_s, u"cookie"_s, u"x-api-key"_s};
    return {
        KeyRow("status", F::Status, V::Status, S::Exchange)
            .says("Status of the answer", "401, 4xx, none, 400..499", "status:4xx")
            .of({u"2xx"_s, u"3xx"_s, u"4xx"_s, u"5xx"_s, u"none"_s}),
        KeyRow("method", F::Method, V::Name, S::Exchange)
            .says("HTTP method", "POST, GET, DELETE", "method:GET")
            .of({u"POST"_s, u"GET"_s, u"DELETE"_s}),
        KeyRow("kind", F::Kind, V::Choice, S::Exchange)
            .says("What the request is for", "post, stream, reconnect, delete, discovery, …",
                  "kind:stream")
            .of(exchangeKinds()),
        KeyRow("what", F::What, V::Text, S::Exchange)
            .says("What it asks, in the protocol's words", "text", "what:\"tools/call\""),
        KeyRow("tool", F::Tool, V::Name, S::Exchange)
            .says("Calls of this tool", "the whole name", "tool:add"),
        KeyRow("url", F::Url, V::Text, S::Exchange)
            .says("The address that was asked", "a part of it", "url:/mcp"),
        KeyRow("server", F::Server, V::Text, S::Exchange)
            .says("Whom it was with", "a part of host and port, or of a program's command",
                  "server:127.0.0.1"),
        KeyRow("is", F::Is, V::Choice, S::Both)
            .says("A state: error is one of JSON-RPC or isError, acting a fault that you play, "
                  "marked your bookmark",
                  "failed, error, open, stream, acting or marked", "is:failed")
            .of({u"failed"_s, u"error"_s, u"open"_s, u"stream"_s, u"acting"_s, u"marked"_s}),
        KeyRow("error", F::Error, V::ErrorCode, S::Both)
            .says("Code of a JSON-RPC error, or isError of a tool's result", "-32602, isError",
                  "error:-32602")
            .of({u"isError"_s, u"-32700"_s, u"-32600"_s, u"-32601"_s, u"-32602"_s, u"-32603"_s}),
        KeyRow("finding", F::Finding, V::Name, S::Exchange)
            .says("Id of the catalogue of failures, of what is found in the traffic", "AF-01",
                  "finding:AF-01"),
        KeyRow("missing", F::Missing, V::Credential, S::Exchange)
            .says("A credential that it lacks though others had it", "name of a header, or any",
                  "missing:authorization")
            .of(credentials),
        KeyRow("carried", F::Carried, V::Credential, S::Exchange)
            .says("A credential that it carried", "name of a header, or any", "carried:any")
            .of(credentials),
        KeyRow("withheld", F::Withheld, V::Credential, S::Exchange)
            .says("A credential that was held back", "name of a header, or any", "withheld:any")
            .of(credentials),
        KeyRow("header.", F::RequestHeader, V::Text, S::Exchange)
            .says("A header of the request; alone: whether it was there", "text; secrets never",
                  "header.mcp-session-id")
            .with(Argument::Header),
        KeyRow("response.header.", F::ResponseHeader, V::Text, S::Exchange)
            .says("A header of the answer; alone: whether it was there", "text; secrets never",
                  "response.header.content-type:json")
            .with(Argument::Header),
        KeyRow("body", F::Body, V::Text, S::Both)
            .says("Text in a body: of the request, of the answer or of an event", "text",
                  "body:\"no such tool\""),
        KeyRow("body/", F::Body, V::Json, S::Both)
            .says("The value at a JSON pointer, in any of these bodies; * is every member",
                  "text, a number, true, false or null; alone: whether it is there",
                  "body/params/name=\"add\"")
            .with(Argument::Pointer),
        KeyRow("request.body", F::RequestBody, V::Text, S::Exchange)
            .says("Text in the request's body", "text", "request.body:initialize"),
        KeyRow("request.body/", F::RequestBody, V::Json, S::Exchange)
            .says("The value at a JSON pointer in the request's body", "as for body/",
                  "request.body/params/arguments/a>3")
            .with(Argument::Pointer),
        KeyRow("response.body", F::ResponseBody, V::Text, S::Both)
            .says("Text in the answer's body, or in an event", "text", "response.body:isError"),
        KeyRow("response.body/", F::ResponseBody, V::Json, S::Both)
            .says("The value at a JSON pointer in the answer's body, or in an event",
                  "as for body/", "response.body/result/isError=true")
            .with(Argument::Pointer),
        KeyRow("rpc.method", F::RpcMethod, V::Name, S::Both)
            .says("Method of a JSON-RPC message, of the request or of an event", "the whole name",
                  "rpc.method:notifications/progress")
            .of({u"initialize"_s, u"tools/list"_s, u"tools/call"_s, u"notifications/progress"_s,
                 u"notifications/message"_s, u"ping"_s}),
        KeyRow("rpc.id", F::RpcId, V::Json, S::Both)
            .says("Id of a JSON-RPC message", "7, \"a\"", "rpc.id:7"),
        KeyRow("ms", F::Duration, V::Time, S::Exchange)
            .says("How long it took, in milliseconds where no unit is written", "500, 2s, 1m",
                  "ms>500"),
        KeyRow("time", F::Duration, V::Time, S::Exchange)
            .says("How long it took, in seconds where no unit is written", "2s, 500ms, 1m",
                  "time>2s"),
        KeyRow("size", F::Size, V::Size, S::Both)
            .says("Bytes of the answer's body; of an event, of its frame", "200, 10kB, 1MB, 1MiB",
                  "size>1MB"),
        KeyRow("request.size", F::RequestSize, V::Size, S::Exchange)
            .says("Bytes of the request's body", "200, 10kB", "request.size>10kB"),
        KeyRow("events", F::Events, V::Number, S::Exchange)
            .says("How many events came on its stream", "a number, 10k, 1M", "events>1000"),
        KeyRow("at", F::At, V::Time, S::Both)
            .says("When it began (an event: came), since the recording began", "10s, 500ms, 2m",
                  "at:10s..20s"),
        KeyRow("clock", F::Clock, V::Clock, S::Both)
            .says("The same by the clock of this computer", "14:03, 14:03:20, 2026-11-27T14:03",
                  "clock:14:03..14:05"),
        KeyRow("id", F::Id, V::Number, S::Exchange)
            .says("Number of the exchange", "17, 10..20", "id:17"),
        KeyRow("event.type", F::EventType, V::Name, S::Event)
            .says("Type of an event; alone: whether one was written", "the whole type",
                  "event.type:message")
            .bare()
            .of({u"message"_s}),
        KeyRow("event.id", F::EventId, V::Name, S::Event)
            .says("Id that holds for an event; alone: whether it has one", "the whole id",
                  "event.id:41c0")
            .bare(),
        KeyRow("event.kind", F::EventKind, V::Choice, S::Event)
            .says("What a frame of a stream is",
                  "event, comment, retry, ignored, incomplete, line or no-message",
                  "event.kind:comment")
            .of(frameKinds()),
        KeyRow("event.data", F::EventData, V::Text, S::Event)
            .says("Text in an event's data; alone: whether it has any", "text",
                  "event.data:progress")
            .bare(),
        KeyRow("event.data/", F::EventData, V::Json, S::Event)
            .says("The value at a JSON pointer in an event's data", "as for body/",
                  "event.data/method=\"notifications/progress\"")
            .with(Argument::Pointer),
        KeyRow("event.size", F::EventSize, V::Size, S::Event)
            .says("Bytes of an event's frame", "200, 10kB", "event.size>10kB"),
        KeyRow("gap", F::Gap, V::Time, S::Event)
            .says("Silence before an event, in seconds where no unit is written", "5s, 500ms",
                  "gap>5s"),
        KeyRow("note", F::Note, V::Text, S::Both)
            .says("Text in your notes on it", "text", "note:look"),
    };
}

int distance(const QString &a, const QString &b)
{
    // Letters changed, left out, put in, or two that changed places.
    QList<QList<int>> d(a.size() + 1, QList<int>(b.size() + 1, 0));
    for (qsizetype i = 0; i <= a.size(); ++i) {
        for (qsizetype j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = int(i + j);
                continue;
            }
            const int same = a.at(i - 1) == b.at(j - 1) ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + same});
            if (i > 1 && j > 1 && a.at(i - 1) == b.at(j - 2) && a.at(i - 2) == b.at(j - 1))
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}

} // namespace

const QList<FilterKey> &filterKeys()
{
    static const QList<FilterKey> keys = makeKeys();
    return keys;
}

std::optional<FilterName> filterName(const QString &word)
{
    static const QString requestHeader = u"request.header."_s;
    QString plain = word;
    if (plain.startsWith(requestHeader, Qt::CaseInsensitive))
        plain.remove(0, u"request."_s.size());
    for (const FilterKey &key : filterKeys()) {
        if (key.argument == FilterKey::Argument::None) {
            if (plain.compare(key.name, Qt::CaseInsensitive) == 0)
                return FilterName{&key, {}};
            continue;
        }
        if (plain.size() <= key.name.size() || !plain.startsWith(key.name, Qt::CaseInsensitive))
            continue;
        const QString argument = plain.mid(key.name.size());
        return FilterName{&key,
                          key.argument == FilterKey::Argument::Pointer ? u'/' + argument
                                                                       : argument.toLower()};
    }
    return {};
}

QString similarFilterKey(const QString &word)
{
    // Whoever writes a whole sentence means none.
    if (word.size() < 2 || word.size() > 24)
        return {};
    const QString lower = word.toLower();
    QString best;
    int nearest = word.size() < 4 ? 2 : 3; // one less may differ
    for (const FilterKey &key : filterKeys()) {
        if (key.argument != FilterKey::Argument::None)
            continue;
        const int apart = distance(lower, key.name);
        if (apart < nearest && apart < key.name.size()) {
            nearest = apart;
            best = key.name;
        }
    }
    return best;
}

const QList<FilterRule> &filterRules()
{
    static const QList<FilterRule> rules{
        {u"word"_s,
         u"text in what is asked, the address, the heads (not in secrets) or the first 64 KiB of "
         "the bodies, without case"_s},
        {u"\"some words\""_s, u"text with spaces; \\\" and \\\\ within it"_s},
        {u"key:value"_s,
         u"a part of a text, a whole name, a number, a class such as 4xx; without case"_s},
        {u"key=value"_s, u"exactly that, the whole text, with case; != is its opposite"_s},
        {u"key>value"_s, u"also >=, < and <=, for numbers, sizes and times, with units"_s},
        {u"key:low..high"_s, u"a range with both its ends; one of them may be left out"_s},
        {u"key:/regex/i"_s,
         u"a regular expression, i without case; alone /regex/ searches as a word does, and a path "
         u"is put in quotation marks"_s},
        {u"a b, a and b"_s, u"both; “and” may be left out"_s},
        {u"a or b"_s, u"one of them; “and” binds more"_s},
        {u"not a, -a"_s, u"the others"_s},
        {u"( … )"_s, u"what belongs together"_s},
    };
    return rules;
}

} // namespace sightglass
