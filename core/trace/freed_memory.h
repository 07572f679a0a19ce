// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace sightglass {

/// Has the program keep some of the memory that it frees. For programs, at their start: the network
/// hands on what came in pieces of up to 1 MiB, and for each the system would have to provide and
/// clear pages anew, which costs as much as reading them.
inline void keepFreedMemory()
{
#if defined(__GLIBC__)
    ::mallopt(M_MMAP_THRESHOLD, 8 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
}

} // namespace sightglass
