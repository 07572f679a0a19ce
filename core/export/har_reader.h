// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/trace_export.h"
#include "core/trace/trace_file.h"

namespace sightglass {

/// Reads an HTTP Archive (HAR 1.2; also what browsers and proxies make of it) as a recording. What
/// Sightglass wrote itself comes back with what HAR has no place for. Bodies in base64 are decoded;
/// event streams are taken apart again, so that their events are there; what a request was for is
/// told from it.
///
/// Fails (kind File) on what is no JSON, with the place, and on what has no entry that can be read.
/// Entries that make no sense are left out, and Recording::warning says which. `progress` is told
/// of entries; where it ends the work the failure is of kind Cancelled. `name` is what the text is
/// called in sentences.
Expected<Recording> readHar(const QByteArray &text, const QString &name,
                            const ExportProgress &progress = {});

/// The recording in a file of either kind: one of Sightglass's own, or HAR. Which one it is its
/// first bytes tell. `progress` is told of bytes, or of entries. The trace of one of ours is given
/// to `begun` before it is read: it may be looked at while it grows.
Expected<Recording>
readAnyRecording(const QString &path, const ExportProgress &progress = {},
                 const std::function<void(const std::shared_ptr<TraceStore> &)> &begun = {});

} // namespace sightglass
