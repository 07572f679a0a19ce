// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The client that the official conformance suite drives: connects to the URL that comes last on the
// command line, lists the tools, calls each with values that fit its schema, and disconnects. A
// test part only.
#include "core/mcp/session.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

using namespace sightglass;

namespace {

/// A value that fits a property's schema well enough to be called with.
void writeSample(JsonWriter &json, const JsonText &schema, JsonText::Node property, qint64 number)
{
    const QString type = schema.string(schema.member(property, u"type"));
    if (type == QLatin1String("number") || type == QLatin1String("integer"))
        json.value(number);
    else if (type == QLatin1String("boolean"))
        json.value(true);
    else if (type == QLatin1String("array"))
        json.beginArray().endArray();
    else if (type == QLatin1String("object"))
        json.beginObject().endObject();
    else
        json.value(QStringView(u"sightglass"));
}

QByteArray sampleArguments(const QByteArray &inputSchema)
{
    const JsonText schema = JsonText::parse(inputSchema);
    JsonWriter json;
    json.beginObject();
    qint64 number = 5;
    for (const JsonText::Node property :
         schema.children(schema.member(schema.root(), u"properties"))) {
        json.key(schema.key(property));
        writeSample(json, schema, property, number);
        number = 3;
    }
    json.endObject();
    return json.text();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const Expected<ServerTarget> parsed = parseTarget(QCoreApplication::arguments().constLast());
    if (!parsed || argc < 2) {
        std::fprintf(stderr, "usage: conformance-client URL\n");
        return 2;
    }
    ServerTarget target = *parsed;
    target.network.proxy = NetworkSettings::Proxy::None;

    TraceStore trace;
    Session session(&trace);
    int open = 0;
    int code = 0;
    bool listed = false;
    const auto fail = [&](const Failure &failure) {
        std::fprintf(stderr, "conformance-client: %s\n", qPrintable(failure.sentence));
        code = 1;
    };
    QObject::connect(&session, &Session::stateChanged, &app, [&](const SessionState &state) {
        if (state.phase == SessionPhase::Failed) {
            if (state.failure)
                fail(*state.failure);
            QCoreApplication::exit(1);
        } else if (state.phase == SessionPhase::Ready && !listed) {
            listed = true;
            session.listTools();
        } else if (state.phase == SessionPhase::Idle && listed) {
            QCoreApplication::exit(code);
        }
    });
    QObject::connect(&session, &Session::toolsListed, &app, [&](const ToolList &list) {
        // A server without tools may refuse to list them.
        if (!list.complete && !list.failure)
            return;
        open = int(list.tools.size());
        for (const Tool &tool : list.tools)
            session.callTool(tool.name, sampleArguments(tool.inputSchema));
        if (open == 0)
            session.disconnectFrom();
    });
    QObject::connect(&session, &Session::callFinished, &app, [&](Ticket, const CallResult &result) {
        if (result.failure && result.failure->kind != FailureKind::Cancelled)
            fail(*result.failure);
        if (--open == 0)
            session.disconnectFrom();
    });
    session.connectTo(target);
    return QCoreApplication::exec();
}
