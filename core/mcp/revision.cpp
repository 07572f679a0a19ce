// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/revision.h"

namespace sightglass {

const QList<Revision> &revisions()
{
    static const QList<Revision> table{
        {.name = "2025-11-25", .versionHeader = true, .batches = false},
        {.name = "2025-06-18", .versionHeader = true, .batches = false},
        {.name = "2025-03-26", .versionHeader = false, .batches = true},
    };
    return table;
}

const Revision *revisionNamed(QByteArrayView name)
{
    for (const Revision &revision : revisions()) {
        if (revision.name == name)
            return &revision;
    }
    return nullptr;
}

} // namespace sightglass
