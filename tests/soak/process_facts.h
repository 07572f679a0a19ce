// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace sightglass::soak {

/// What the system says of this process.
struct ProcessFacts {
    qint64 bytes = 0; ///< resident memory that no file stands behind (RssAnon)
    qint64 heapBytes = 0; ///< of these in use; 0: it cannot be told
    int descriptors = 0;
    int threads = 0;
};
ProcessFacts processFacts();

} // namespace sightglass::soak
