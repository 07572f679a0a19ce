// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QUrl>

#include <optional>

namespace sightglass {

/// What a request is for. Only for showing and sorting: credentials never
/// depend on it.
enum class ExchangeKind : quint8 {
    Post, ///< a JSON-RPC message
    Stream, ///< GET that opens the event stream
    Reconnect, ///< GET with Last-Event-ID, or any later try of a stream
    Delete, ///< end of the session
    Discovery, ///< well-known metadata
    Registration, ///< OAuth client registration
    Token, ///< OAuth token endpoint
    Other,
    Process, ///< a server that was started as a program: its body is what it wrote to stdout
    ErrorOutput, ///< what that program wrote to stderr
    Input, ///< a message to that program's stdin; its body is the line that answered it
};

/// A request over HTTP, not a stream or message of a program.
constexpr bool isHttp(ExchangeKind kind)
{
    return kind <= ExchangeKind::Other;
}
/// The kind as it is written in files, filters and JSON: "post", "stream", …
QByteArray exchangeKindName(ExchangeKind kind);
std::optional<ExchangeKind> exchangeKindFromName(QByteArrayView name);

/// The kind of a failure as it is written in files and JSON: "unreachable", "timed-out", …
QByteArray failureKindName(FailureKind kind);
std::optional<FailureKind> failureKindFromName(QByteArrayView name);

/// Who put a header there.
enum class HeaderSource : quint8 {
    Protocol, ///< MCP's transport asks for it (Accept, MCP-Protocol-Version, Last-Event-ID, …)
    Session, ///< Mcp-Session-Id
    Credential, ///< from the credential set
    User, ///< typed by the person
    Library, ///< HTTP itself needs it (Host, Connection, Content-Length, User-Agent, …)
    Server, ///< a response header
};
QByteArray headerSourceName(HeaderSource source);
std::optional<HeaderSource> headerSourceFromName(QByteArrayView name);

/// One header line. Order and duplicates are kept by the list that holds it.
struct Header {
    QByteArray name; ///< spelled as on the wire
    QByteArray value;
    HeaderSource source = HeaderSource::Protocol;
    bool secret =
        false; ///< marked by the person as secret; names like Authorization are secret anyway

    bool operator==(const Header &) const = default;
};

/// A header that would have been sent but was not, and why.
struct Withheld {
    QByteArray name;
    QString why; ///< a clause: "another origin (https://b.example)", "acting like AF-01"

    bool operator==(const Withheld &) const = default;
};

/// A request as it leaves. Immutable once begun.
struct RequestRecord {
    ExchangeKind kind = ExchangeKind::Other;
    ExchangeId cause = 0; ///< the exchange that led to this one: a redirect, a try before; 0: none
    QByteArray method; ///< "POST"
    QUrl url; ///< without user info
    QByteArray target; ///< the request target as sent: "/mcp?x=1", or absolute form to a proxy
    QList<Header> headers; ///< in wire order, Host included
    QList<Withheld> withheld;
    QString what; ///< what it asks, in the protocol's words: "tools/call add", "event stream"
    QString acting; ///< id of the misbehaviour that we play on purpose ("AF-01"); mostly empty

    bool operator==(const RequestRecord &) const = default;
};

/// The head of an answer, as received by Qt: folded duplicates, see wire-facts 5.
struct ResponseRecord {
    int status = 0;
    QByteArray reason;
    /// "HTTP/2", or "HTTP/1.1", which is what we asked for: whether the server wrote 1.0 Qt does
    /// not tell. "stdio" and "in-process" are not HTTP.
    QByteArray http;
    QList<Header> headers;

    bool operator==(const ResponseRecord &) const = default;
};

/// Points in the life of an exchange. Times are nanoseconds since the trace
/// began; -1: did not happen (on a reused connection Connecting and Encrypted do not).
struct ExchangeTimes {
    qint64 begun = 0;
    qint64 connecting = -1; ///< the socket began to connect
    qint64 encrypted = -1; ///< the TLS handshake was done
    qint64 sent = -1; ///< the request was written
    qint64 head = -1; ///< the response's head was there (first byte)
    qint64 lastByte = -1; ///< last body byte so far
    qint64 ended = -1;

    bool operator==(const ExchangeTimes &) const = default;
};
enum class Mark : quint8 { Connecting, Encrypted, Sent };

/// A part of the response body as it arrived in one read.
struct BodyChunk {
    qint64 at = 0; ///< nanoseconds since the trace began
    qint64 offset = 0; ///< in the body
    qint64 length = 0;

    bool operator==(const BodyChunk &) const = default;
};

/// What the bytes of a stream were: of an event stream by its standard (HTML,
/// 9.2.6), or Line for a line of a program's output that is a message, NoMessage for one that is
/// none.
enum class FrameKind : quint8 { Event, Comment, Retry, Ignored, Incomplete, Line, NoMessage };
QByteArray frameKindName(FrameKind kind);
std::optional<FrameKind> frameKindFromName(QByteArrayView name);
/// It brought a message (an Event without data brought an empty one).
constexpr bool isDispatched(FrameKind kind)
{
    return kind == FrameKind::Event || kind == FrameKind::Line;
}

/// A frame is a byte range of a response body: what it says is read from there.
struct Frame {
    FrameKind kind = FrameKind::Event;
    qint64 start = 0; ///< first byte, offset in the body
    qint64 end = 0; ///< behind the last byte, the closing blank line included
    qint64 at = 0; ///< when its last byte arrived, nanoseconds since the trace began
    qint64 idStart = -1; ///< where the last event id that holds for it stands in the body; -1: none
    qint32 idLength = 0;

    bool operator==(const Frame &) const = default;
};

/// The name of the note that a way to open a connection, its exchange, was left for another.
inline constexpr char LeftNote[] = "left";

/// Something that happened beside the exchanges: "connect", "revision", "session-expired",
/// "notice", "deviation", LeftNote. Names are stable; text is for people.
struct Note {
    qint64 at = 0;
    QString name;
    QString text;
    ExchangeId exchange = 0;
    QString finding = {}; ///< id of the catalogue of failures; mostly empty
    /// What is told, in full, where it is a failure; "failure" notes of older files have none.
    std::optional<Failure> failure = {};

    bool operator==(const Note &) const = default;
};

/// What a table row needs; cheap to take at any time.
struct ExchangeSummary {
    ExchangeId id = 0;
    ExchangeKind kind = ExchangeKind::Other;
    ExchangeTimes times;
    int status = 0; ///< 0: no answer yet, or never
    bool finished = false;
    bool failed = false; ///< ended with a Failure; being cancelled is none
    /// Another way to open the connection was tried after it (a "left" note says why): how it was
    /// answered is no fault.
    bool left = false;
    qint64 requestBytes = 0; ///< body
    qint64 responseBytes = 0; ///< body so far
    qint64 letGo = 0; ///< bytes at the body's beginning that are not there any more (TraceLimit)
    qint64 events = 0; ///< dispatched events so far
    qint64 frames = 0; ///< frames of all kinds so far
    qint64 lastEvent = -1; ///< when the last event came
};

/// 405 to a GET for the event stream: the server has none, and need not.
bool isStreamNotOffered(ExchangeKind kind, int status);
/// A refusal that is as it may be: isStreamNotOffered(), or of a way to open a connection that was
/// left for another.
bool isNoFault(const ExchangeSummary &summary);

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::Failure)
