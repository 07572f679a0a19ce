// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_revision.h"

namespace sightglass {

const QList<LabRevision> &labRevisions()
{
    static const QList<LabRevision> table{
        {.name = "2025-03-26", .batches = true},
        {.name = "2025-06-18", .titles = true, .resourceLinks = true},
        {.name = "2025-11-25", .titles = true, .resourceLinks = true, .primesStreams = true},
    };
    return table;
}

const LabRevision &labRevisionFor(QByteArrayView name)
{
    for (const LabRevision &revision : labRevisions()) {
        if (revision.name == name)
            return revision;
    }
    return labRevisions().constLast();
}

QList<QByteArray> labRevisionNames()
{
    QList<QByteArray> names;
    for (const LabRevision &revision : labRevisions())
        names.append(revision.name);
    return names;
}

} // namespace sightglass
