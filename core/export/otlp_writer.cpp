// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_writers.h"

namespace sightglass {

void writeOtlp(ExportSource &, ByteOut &) { }

} // namespace sightglass
