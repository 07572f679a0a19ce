// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/session_id.h"
#include "core/trace/trace_text.h"

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

// The JSON room stands above this one: what is written here are a few fixed shapes.

QByteArray quoted(QStringView text)
{
    QString out;
    out.reserve(text.size() + 2);
    out += u'"';
    for (const QChar c : text) {
        switch (c.unicode()) {
        case '"':
            out += "\\\""_L1;
            break;
        case '\\':
            out += "\\\\"_L1;
            break;
        case '\n':
            out += "\\n"_L1;
            break;
        case '\r':
            out += "\\r"_L1;
            break;
        case '\t':
            out += "\\t"_L1;
            break;
        default:
            if (c.unicode() < 0x20)
                out += u"\\u%1"_s.arg(uint(c.unicode()), 4, 16, QLatin1Char('0'));
            else
                out += c;
        }
    }
    return (out + u'"').toUtf8();
}

QByteArray quoted(const QByteArray &bytes)
{
    return quoted(QString::fromUtf8(bytes));
}

/// A body, or what was taken out of one.
QByteArray bodyText(const QByteArray &bytes, const Redactor *redactor)
{
    return quoted(redactor ? redactor->body(bytes) : bytes);
}

/// Milliseconds from the beginning, with a precision of a microsecond; null where it did not
/// happen.
QByteArray milliseconds(qint64 at, qint64 begun)
{
    if (at < 0)
        return "null";
    return QByteArray::number(std::round(double(at - begun) / 1e3) / 1e3, 'g', 15);
}

QByteArray headerJson(const Header &header, const Redactor *redactor, bool withSource)
{
    const QByteArray name = redactor ? redactor->withoutKnown(header.name) : header.name;
    const QByteArray value = redactor ? valueToHandOut(*redactor, header) : header.value;
    QByteArray json = "{\"name\":" + quoted(name) + ",\"value\":" + quoted(value);
    if (withSource)
        json += ",\"source\":" + quoted(headerSourceName(header.source));
    return json + '}';
}

template <typename List, typename Write> QByteArray array(const List &list, Write write)
{
    QByteArray json = "[";
    for (const auto &item : list) {
        if (json.size() > 1)
            json += ',';
        json += write(item);
    }
    return json + ']';
}

struct EventFields {
    QByteArray type;
    QByteArray data;
};

/// The fields of an event by its bytes (HTML, 9.2.6); where it begins and ends is known already.
EventFields eventFields(QByteArray bytes, bool atStart)
{
    if (atStart && bytes.startsWith("\xef\xbb\xbf"))
        bytes.remove(0, 3);
    bytes.replace("\r\n", "\n").replace('\r', '\n');
    EventFields fields;
    QByteArrayList data;
    for (const QByteArray &line : bytes.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        const QByteArray name = colon < 0 ? line : line.first(colon);
        QByteArray value = colon < 0 ? QByteArray() : line.sliced(colon + 1);
        if (value.startsWith(' '))
            value.remove(0, 1);
        if (name == "data")
            data.append(value);
        else if (name == "event")
            fields.type = value;
    }
    if (fields.type.isEmpty())
        fields.type = "message";
    fields.data = data.join('\n');
    return fields;
}

QByteArray eventsJson(const TraceReader &trace, ExchangeId id, qint64 begun, const QByteArray &body,
                      const Redactor *redactor)
{
    QByteArray json = "[";
    const qint64 frames = trace.summary(id).frames;
    for (qint64 i = 0; i < frames; ++i) {
        const Frame frame = trace.frame(id, i);
        const bool printed = frame.kind == FrameKind::NoMessage;
        if (!isDispatched(frame.kind) && !printed)
            continue;
        const QByteArray bytes = body.mid(frame.start, frame.end - frame.start);
        if (json.size() > 1)
            json += ',';
        if (printed) {
            json += "{\"kind\":\"" + frameKindName(frame.kind) + "\",\"text\":"
                + bodyText(bytes.trimmed(), redactor) + ",\"at\":" + milliseconds(frame.at, begun)
                + ",\"start\":" + QByteArray::number(frame.start)
                + ",\"end\":" + QByteArray::number(frame.end) + '}';
            continue;
        }
        const EventFields fields = frame.kind == FrameKind::Line
            ? EventFields{"message", bytes.trimmed()}
            : eventFields(bytes, frame.start == 0);
        const QByteArray eventId =
            frame.idStart < 0 ? QByteArray() : body.mid(frame.idStart, frame.idLength);
        json += "{\"type\":" + bodyText(fields.type, redactor) + ",\"data\":"
            + bodyText(fields.data, redactor) + ",\"lastEventId\":" + bodyText(eventId, redactor)
            + ",\"at\":" + milliseconds(frame.at, begun) + ",\"start\":"
            + QByteArray::number(frame.start) + ",\"end\":" + QByteArray::number(frame.end) + '}';
    }
    return json + ']';
}

QByteArray failureJson(const Failure &failure, const Redactor *redactor)
{
    const auto text = [redactor](const QString &words) {
        return quoted(redactor ? redactor->text(words) : words);
    };
    return "{\"kind\":" + quoted(failureKindName(failure.kind))
        + ",\"code\":" + quoted(failure.code) + ",\"sentence\":" + text(failure.sentence)
        + ",\"advice\":" + text(failure.advice) + ",\"exchange\":"
        + QByteArray::number(failure.exchange) + ",\"finding\":" + quoted(failure.finding) + '}';
}

} // namespace

QByteArray exchangeToJson(const TraceReader &trace, ExchangeId id, const Redactor *redactor,
                          const Explain &explain)
{
    if (id < 1 || id > trace.exchangeCount())
        return "null";
    const RequestRecord &request = trace.request(id);
    const std::optional<ResponseRecord> response = trace.response(id);
    const ExchangeTimes times = trace.summary(id).times;
    const QUrl url = redactor ? redactor->url(request.url) : request.url;
    const QByteArray responseBody = trace.responseBody(id);

    QByteArray json =
        "{\"id\":" + QByteArray::number(id) + ",\"kind\":" + quoted(exchangeKindName(request.kind));
    json +=
        ",\"started\":"
        + quoted(
            trace.began().addMSecs(times.begun / 1'000'000).toUTC().toString(Qt::ISODateWithMs));
    json += ",\"request\":{\"method\":" + quoted(request.method)
        + ",\"url\":" + quoted(QString::fromLatin1(url.toEncoded()));
    json += ",\"headers\":" + array(request.headers, [&](const Header &header) {
                return headerJson(header, redactor, true);
            });
    json +=
        ",\"withheld\":" + array(request.withheld, [](const Withheld &withheld) {
            return "{\"name\":" + quoted(withheld.name) + ",\"why\":" + quoted(withheld.why) + '}';
        });
    json += ",\"body\":" + bodyText(trace.requestBody(id), redactor) + '}';
    json += ",\"response\":";
    if (response) {
        json += "{\"status\":" + QByteArray::number(response->status)
            + ",\"http\":" + quoted(response->http) + ",\"headers\":"
            + array(response->headers,
                    [&](const Header &header) { return headerJson(header, redactor, false); })
            + ",\"body\":" + bodyText(responseBody, redactor) + '}';
    } else {
        json += "null";
    }
    json += ",\"events\":" + eventsJson(trace, id, times.begun, responseBody, redactor);
    std::optional<Failure> failure = judgedFailure(trace, id);
    if (failure && explain)
        failure = explain(trace, *failure);
    const bool closed = failure && isOrderlyEnd(*failure);
    json += ",\"failure\":"
        + (failure && !closed && !trace.summary(id).left ? failureJson(*failure, redactor)
                                                         : QByteArray("null"));
    const qint64 connected = times.encrypted >= 0 ? times.encrypted : times.connecting;
    json += ",\"ms\":{\"connected\":" + milliseconds(connected, times.begun)
        + ",\"sent\":" + milliseconds(times.sent, times.begun)
        + ",\"firstByte\":" + milliseconds(times.head, times.begun)
        + ",\"end\":" + milliseconds(times.ended, times.begun) + "}}";
    return json;
}

} // namespace sightglass
