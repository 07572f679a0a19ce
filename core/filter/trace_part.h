// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "core/filter/trace_filter.h"
#include "core/trace/expected.h"
#include "core/trace/redaction.h"

#include <memory>

namespace sightglass {

/// The note by which a part tells of each exchange which number it had.
inline constexpr char PartNote[] = "part";
/// The note by which a part tells what the rules found of an exchange in the whole.
inline constexpr char PartFindingNote[] = "part finding";

/// A part of a trace as a trace of its own: these exchanges, numbered anew, and of those of which
/// only events are named the bytes of these frames alone. Times stay. What is said of them in notes
/// comes along, and a PartNote for each tells where it stood; a cause that is not in it is left
/// out. What is not finished is not finished there. Redacted as the source is.
///
/// The findings that `filter` asked for are noted with their exchanges: what shows them may be left
/// out. `rows` are in the order of the trace. Of an event whose id stands in another frame (or was
/// sent before) that id is kept only where its bytes are.
std::unique_ptr<TraceStore> tracePart(const TraceReader &source, const QList<TraceRow> &rows,
                                      const TraceFilter &filter = {});

/// Writes the exchanges that match a filter to a recording of its own (see TraceFileWriter), and
/// gives how many they are. Blocks. Nothing is written where none matches, or once `stop` is true
/// before all is found.
Expected<qint64> saveTracePart(const TraceReader &source, const TraceFilter &filter,
                               const QString &path, const Redactor &redactor, bool withSecrets,
                               const std::atomic<bool> &stop);

} // namespace sightglass
