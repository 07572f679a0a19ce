// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// An entry of a HAR file, as far as it could be read. Members of the wrong type are as if they
/// were not there.
struct HarEntry {
    JsonText::Node node = -1;
    qint64 number = 0; ///< in the file, from 0
    QDateTime started; ///< invalid: not said
    RequestRecord request;
    std::optional<ResponseRecord> response;
    ExchangeTimes times; ///< from the start of the entry; of our own files from that of the trace
    bool ownTimes = false;
    std::optional<Failure> failure;
    QStringList problems; ///< what of it is left out, as clauses
    ExchangeId id = 0; ///< as Sightglass counted them in the recording it wrote; 0: not said
};

/// Reads the head of an entry; nothing where it has no request with a method and a URL.
std::optional<HarEntry> readHarEntry(const JsonText &json, JsonText::Node node);
/// The bodies, decoded. `problem` is told where one could not be.
QByteArray harRequestBody(const JsonText &json, JsonText::Node entry, QString *problem);
QByteArray harResponseBody(const JsonText &json, JsonText::Node entry, QString *problem);
/// A failure or a note as writeFailureJson() and writeNoteJson() have it.
std::optional<Failure> harFailure(const JsonText &json, JsonText::Node node);
std::optional<Note> harNote(const JsonText &json, JsonText::Node node);

/// What a request is for, by what it says.
ExchangeKind guessedKind(const RequestRecord &request, const QByteArray &body);
/// What it asks, in the protocol's words: "tools/call add", "event stream".
QString guessedWhat(const RequestRecord &request, const QByteArray &body);

/// A JSON string as UTF-8, without going through UTF-16; `raw` has its quotes.
QByteArray jsonBytes(QByteArrayView raw);

} // namespace sightglass
