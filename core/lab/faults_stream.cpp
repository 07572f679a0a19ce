// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/event_stream.h"
#include "core/lab/fault.h"

#include <QTimer>

namespace sightglass {

namespace {

/// Everything that an event stream can have wrong in its middle; each ends with an empty line.
QByteArray malformedEvents()
{
    return "data: this is no JSON\n\n"
           "data: "
           "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\n\n"
           "data: {\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":"
           "\"jsonrpc is missing\"}}\n\n"
           "data: {\"jsonrpc\":\"1.0\",\"method\":\"notifications/message\",\"params\":{\"level\":"
           "\"info\",\"data\":\"another version\"}}\n\n"
           "data: [1, 2, 3]\n\n"
           "\xEF\xBB\xBF"
           "data: a byte order mark stands before this line\n\n"
           "retry: soon\n"
           "colour: blue\n"
           "no colon here\n\n"
           "data: not UTF-8: \xFF\xFE\xC3(\n\n";
}

bool goSilent(FaultPlay &, const QByteArray &)
{
    return true;
}

bool sendMalformedEvents(FaultPlay &play, const QByteArray &)
{
    play.stream->raw(malformedEvents());
    return false;
}

void greetWithMalformedEvents(FaultPlay &play)
{
    play.stream->raw(malformedEvents());
}

bool leaveAnswerUnfinished(FaultPlay &play, const QByteArray &message)
{
    play.stream->raw(malformedEvents() + "data: " + message + '\n');
    play.stream->finish();
    return true;
}

/// The answer is kept for whoever resumes the stream.
bool dieMidEvent(FaultPlay &play, const QByteArray &message)
{
    play.stream->raw("event: message\ndata: " + message.left(message.size() / 2));
    if (play.stream->reply())
        play.stream->reply()->drop();
    play.stream->send(message);
    play.stream->finish();
    return true;
}

void closeSoon(FaultPlay &play)
{
    QTimer::singleShot(int(play.number), play.stream, &LabStream::disconnectNow);
}

void holdBack(FaultPlay &play)
{
    play.stream->holdBack();
}

void finishLater(FaultPlay &play)
{
    QTimer::singleShot(int(play.number), play.stream, &LabStream::finish);
}

} // namespace

QList<Fault> streamFaults()
{
    return {
        {.id = "stall",
         .title = "The stream stalls",
         .description = "The answer's event stream opens, then nothing follows.",
         .where = "tools/call",
         .needsStream = true,
         .stream = goSilent},
        {.id = "AF-96",
         .title = "Malformed event data",
         .description = "Events whose data is no JSON or no JSON-RPC, a stray byte order mark; and "
                        "the answer's event lacks the empty line at its end, so it never counts.",
         .where = "tools/call",
         .needsStream = true,
         .stream = leaveAnswerUnfinished},
        {.id = "malformed-events",
         .title = "Malformed events before the answer",
         .description = "Events whose data is no JSON or no JSON-RPC, a stray byte order mark, "
                        "unknown fields; then the right answer. With @GET: on listening streams.",
         .where = "tools/call",
         .needsStream = true,
         .stream = sendMalformedEvents,
         .listening = greetWithMalformedEvents},
        {.id = "dies-mid-event",
         .title = "The stream dies in the middle of an event",
         .description = "The connection closes half-way through the answer. A client that resumes "
                        "with Last-Event-ID gets the answer.",
         .where = "tools/call",
         .needsStream = true,
         .ofSessions = true,
         .stream = dieMidEvent},
        {.id = "closes-stream",
         .title = "Listening streams are closed",
         .description = "A stream opened by GET is closed after NUMBER ms (1000); the client "
                        "reconnects after the time that `retry` told.",
         .where = "GET",
         .number = 1000,
         .listening = closeSoon},
        {.id = "AF-88",
         .title = "Something in between buffers the stream",
         .description =
             "The head comes at once, then nothing until the stream ends, then all "
             "events together. With @GET a listening stream ends after NUMBER ms (3000).",
         .where = "tools/call",
         .number = 3000,
         .needsStream = true,
         .opened = holdBack,
         .listening = finishLater},
        {.id = "buffering",
         .title = "Something in between buffers the stream",
         .description = "The same as AF-88.",
         .where = "tools/call",
         .number = 3000,
         .needsStream = true,
         .opened = holdBack,
         .listening = finishLater},
    };
}

} // namespace sightglass
