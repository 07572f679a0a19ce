// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/byte_out.h"
#include "core/export/export_source.h"

namespace sightglass {

// The formats, a file each. They write as long as the source is not cancelled and the device takes
// it; exportTrace() tells how it ended.

void writeHar(ExportSource &source, ByteOut &out);
void writeCurl(ExportSource &source, ByteOut &out);
void writeTranscript(ExportSource &source, ByteOut &out);
void writeJsonLines(ExportSource &source, ByteOut &out);
void writeMarkdown(ExportSource &source, ByteOut &out);
void writeOtlp(ExportSource &source, ByteOut &out);

} // namespace sightglass
