// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/trace_export.h"

namespace sightglass {

/// Why an export is not to go to a file: it is the one that is read (`source`, by whatever links;
/// may be empty), or a recording.
std::optional<Failure> refusedExportFile(const QString &path, const QString &source);

/// Exports to a file, which is there when all of it is; what was there before stays until then.
/// Refused as above, and where it is no file. May run in any thread.
Expected<ExportOutcome> exportToFile(const TraceReader &trace, const ExportWish &wish,
                                     const QString &path, const QString &source);

} // namespace sightglass
