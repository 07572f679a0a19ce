// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// Puts the notes of a trace from number `firstNote` on (bookmarks and notes that were added)
/// behind its recording, which was `size` bytes long when it was read; an older version of the
/// format is written anew. Redacted as the trace is. The new size; fails, and leaves the file as it
/// is, where it cannot be written, where another program is recording to it, or where it is not as
/// long any more. May take long: not for the GUI's thread.
Expected<qint64> keepNotes(const QString &path, qint64 size, const TraceReader &trace,
                           qint64 firstNote);

} // namespace sightglass
