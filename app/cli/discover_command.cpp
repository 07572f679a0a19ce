// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"

#include "core/jsonrpc/envelope.h"
#include "core/sse/sse_parser.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

QString transportName(TransportChoice transport)
{
    switch (transport) {
    case TransportChoice::StreamableHttp:
        return u"streamable HTTP"_s;
    case TransportChoice::HttpSse:
        return u"HTTP+SSE, the older transport"_s;
    case TransportChoice::Stdio:
        return u"stdio"_s;
    case TransportChoice::Auto:
        break;
    }
    return u"not known"_s;
}

/// "tools (listChanged), logging": the members of an object, and of each the members that are
/// there.
QString features(const JsonText &json, JsonText::Node object, const QString &without = {})
{
    QStringList list;
    for (const JsonText::Node feature : json.children(object)) {
        const QString name = json.key(feature);
        if (name == without)
            continue;
        QStringList parts;
        for (const JsonText::Node part : json.children(feature)) {
            if (json.type(part) != JsonType::False && !json.key(part).isEmpty())
                parts << json.key(part);
        }
        list << (parts.isEmpty() ? name : u"%1 (%2)"_s.arg(name, parts.join(u", "_s)));
    }
    return list.isEmpty() ? u"none"_s : list.join(u", "_s);
}

class DiscoverAction final : public Action {
public:
    using Action::Action;

    void begin() override
    {
        if (options().json)
            printJson();
        else
            printText();
        finish(Done);
    }

    void notConnected() override
    {
        for (const Note &rung : rungs())
            output().note(told(rung));
    }

private:
    /// What was tried, and why it was left: of the connection that is there.
    QList<Note> rungs()
    {
        QList<Note> list;
        for (qint64 i = 0; i < trace().noteCount(); ++i) {
            const Note note = trace().note(i);
            if (note.name == "connect"_L1)
                list.clear();
            else if (note.name == "rung"_L1 || note.name == QLatin1String(LeftNote))
                list.append(note);
        }
        return list;
    }

    static QString told(const Note &rung)
    {
        const QString text = lineForTerminal(rung.text);
        return rung.exchange > 0 ? u"%1 [exchange %2]"_s.arg(text, QString::number(rung.exchange))
                                 : text;
    }

    /// The result that opened the connection, as the server sent it; empty where there was none.
    QByteArray opening(ExchangeId asked)
    {
        if (asked <= 0)
            return {};
        const QByteArray id = scanEnvelope(trace().requestBody(asked)).id.raw;
        const auto resultIn = [&id](QByteArrayView text) {
            const Envelope envelope = scanEnvelope(text);
            return envelope.kind == EnvelopeKind::Result && envelope.id.raw == id
                ? envelope.result.toByteArray()
                : QByteArray();
        };
        if (const QByteArray result = resultIn(trace().responseBody(asked)); !result.isEmpty())
            return result;
        // In a stream of its own, or over the older transport in that of the server.
        for (ExchangeId exchange = 1; exchange <= trace().exchangeCount(); ++exchange) {
            for (qint64 i = 0; i < trace().summary(exchange).frames; ++i) {
                const Frame frame = trace().frame(exchange, i);
                const QByteArray bytes =
                    trace().responseBody(exchange, frame.start, frame.end - frame.start);
                const QByteArray data = frameContent(frame.kind, bytes).data;
                if (const QByteArray result = resultIn(data); !result.isEmpty())
                    return result;
            }
        }
        return {};
    }

    void printText()
    {
        const SessionState state = session().state();
        const auto row = [this](const QString &name, const QString &text) {
            output().line(name.leftJustified(13) + lineForTerminal(text));
        };
        const auto shown = [](ExchangeId exchange) {
            return exchange > 0 ? u" [exchange %1]"_s.arg(exchange) : QString();
        };
        QStringList server{state.serverName.isEmpty() ? u"(no name)"_s : state.serverName};
        if (!state.serverTitle.isEmpty() && state.serverTitle != state.serverName)
            server << u"“%1”"_s.arg(state.serverTitle);
        server << state.serverVersion;
        row(u"server"_s, server.join(u' ').trimmed());
        row(u"at"_s, targetName(options().target));
        row(u"revision"_s, state.revision + shown(state.revisionExchange));
        row(u"transport"_s, transportName(state.transport));
        if (!state.sessionId.isEmpty())
            row(u"session"_s, u"it gave a session id"_s + shown(state.sessionExchange));
        const QList<Note> left = rungs();
        row(u"found"_s,
            left.isEmpty() ? u"at the first try"_s : u"at try %1, after:"_s.arg(left.size() + 1));
        for (const Note &rung : left)
            row({}, told(rung));
        const JsonText capabilities = JsonText::parse(state.capabilities);
        row(u"capabilities"_s, features(capabilities, capabilities.root(), u"extensions"_s));
        const JsonText::Node extensions = capabilities.member(capabilities.root(), u"extensions");
        row(u"extensions"_s, features(capabilities, extensions));
        if (!state.instructions.isEmpty()) {
            output().line(u"instructions"_s);
            for (const QString &line : forTerminal(state.instructions).trimmed().split(u'\n'))
                output().line((u"    "_s + line).trimmed().isEmpty() ? QString()
                                                                     : u"    "_s + line);
        }
    }

    void printJson()
    {
        const SessionState state = session().state();
        JsonWriter json;
        json.beginObject().key(u"target").value(targetName(options().target));
        json.key(u"revision").value(state.revision);
        json.key(u"transport").value(QString::fromLatin1(transportChoiceName(state.transport)));
        json.key(u"exchange").value(state.revisionExchange);
        json.key(u"left").beginArray();
        for (const Note &rung : rungs()) {
            json.beginObject().key(u"why").value(rung.text);
            json.key(u"exchange").value(rung.exchange).endObject();
        }
        json.endArray();
        if (const QByteArray result = opening(state.revisionExchange); !result.isEmpty())
            json.key(u"result").raw(result);
        json.endObject();
        output().resultLine(json.text());
    }
};

} // namespace

std::unique_ptr<Action> discoverAction(const Workplace &place)
{
    return std::make_unique<DiscoverAction>(place);
}

} // namespace sightglass::cli
