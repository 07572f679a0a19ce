// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_file_format.h"
#include "core/trace/trace_file_packer.h"

namespace sightglass {

/// What stands in a file, for who looks for something in it: of a recording the head and the
/// records, which are compressed there; of others the bytes as they are.
inline QByteArray plainRecording(const QByteArray &file)
{
    const QByteArray magic = QByteArray(trace_file::Magic) + QByteArray("\0\2", 2);
    if (!file.startsWith(magic))
        return file;
    TraceFileUnpacker unpacker;
    QByteArray plain = file.first(trace_file::HeadSize);
    unpacker.feed(QByteArrayView(file).sliced(trace_file::HeadSize), plain);
    return plain + unpacker.rest();
}

} // namespace sightglass
