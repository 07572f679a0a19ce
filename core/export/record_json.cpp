// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/record_json.h"

namespace sightglass {

void writeFailureJson(JsonOut &json, ExportSource &source, const Failure &failure)
{
    json.beginObject();
    json.key("kind").text(failureKindName(failure.kind));
    json.key("code").text(failure.code);
    json.key("sentence").text(source.text(failure.sentence));
    json.key("advice").text(source.text(failure.advice));
    json.key("exchange").number(failure.exchange);
    json.key("finding").text(failure.finding);
    json.endObject();
}

void writeNoteJson(JsonOut &json, ExportSource &source, const Note &note)
{
    json.beginObject();
    json.key("at").number(note.at);
    json.key("name").text(note.name);
    json.key("text").text(source.text(note.text));
    json.key("exchange").number(note.exchange);
    json.key("finding").text(note.finding);
    json.key("failure");
    if (note.failure)
        writeFailureJson(json, source, *note.failure);
    else
        json.null();
    json.endObject();
}

QList<Note> notesToExport(ExportSource &source)
{
    const QSet<ExchangeId> chosen(source.exchanges().begin(), source.exchanges().end());
    QList<Note> notes;
    const TraceReader &trace = source.trace();
    const qint64 count = trace.noteCount();
    for (qint64 i = 0; i < count; ++i) {
        const Note note = trace.note(i);
        if (chosen.contains(note.exchange) || (note.exchange == 0 && source.isWhole()))
            notes.append(note);
    }
    return notes;
}

void writeBodyJson(JsonOut &json, ExportSource &source, ExchangeId id, bool isText)
{
    if (isText) {
        json.beginText();
        source.responseBody(id, [&json](QByteArrayView part) { json.textPart(part); });
        json.endText();
    } else {
        json.beginBase64();
        source.responseBody(id, [&json](QByteArrayView part) { json.base64Part(part); });
        json.endBase64();
    }
}

} // namespace sightglass
