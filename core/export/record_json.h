// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/export_source.h"
#include "core/export/json_out.h"

namespace sightglass {

// What only a trace knows of its exchanges, as JSON with the same names in every format.

/// {"kind","code","sentence","advice","exchange","finding"}, as `trace --json` has it.
void writeFailureJson(JsonOut &json, ExportSource &source, const Failure &failure);
/// {"at","name","text","exchange","finding","failure"}; `at` in nanoseconds.
void writeNoteJson(JsonOut &json, ExportSource &source, const Note &note);
/// Where the trace as a whole is handed on all notes, else those of the exchanges that are.
QList<Note> notesToExport(ExportSource &source);
/// A response's body as a string, or as base64 where it is no UTF-8.
void writeBodyJson(JsonOut &json, ExportSource &source, ExchangeId id, bool isText);

} // namespace sightglass
