// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_revision.h"

namespace sightglass {

const QList<LabRevision> &labRevisions()
{
    static const QList<LabRevision> table{
        {.name = "2024-11-05", .httpSse = true, .streamableHttp = false},
        {.name = "2025-03-26",
         .batches = true,
         .audio = true,
         .toolAnnotations = true,
         .progressMessages = true,
         .completions = true},
        {.name = "2025-06-18",
         .titles = true,
         .resourceLinks = true,
         .audio = true,
         .toolAnnotations = true,
         .structured = true,
         .progressMessages = true,
         .completions = true,
         .completionContext = true,
         .lastModified = true,
         .elicitation = true},
        {.name = "2025-11-25",
         .titles = true,
         .resourceLinks = true,
         .audio = true,
         .toolAnnotations = true,
         .structured = true,
         .progressMessages = true,
         .completions = true,
         .completionContext = true,
         .lastModified = true,
         .elicitation = true,
         .elicitationModes = true,
         .elicitationIds = true,
         .samplingTools = true,
         .icons = true,
         .tasks = true,
         .primesStreams = true},
        {.name = "2026-07-28",
         .stateless = true,
         .titles = true,
         .resourceLinks = true,
         .audio = true,
         .toolAnnotations = true,
         .structured = true,
         .progressMessages = true,
         .completions = true,
         .completionContext = true,
         .lastModified = true,
         .elicitation = true,
         .elicitationModes = true,
         .samplingTools = true,
         .icons = true,
         .extensions = true,
         .missingResource = -32602},
    };
    return table;
}

const LabRevision *labRevisionNamed(QByteArrayView name)
{
    for (const LabRevision &revision : labRevisions()) {
        if (revision.name == name)
            return &revision;
    }
    return nullptr;
}

const LabRevision *labNewestWithHandshake(const QList<QByteArray> &names)
{
    const LabRevision *newest = nullptr;
    for (const LabRevision &revision : labRevisions()) {
        if (!revision.stateless && names.contains(revision.name))
            newest = &revision;
    }
    return newest;
}

QList<QByteArray> labRevisionNames()
{
    QList<QByteArray> names;
    for (const LabRevision &revision : labRevisions())
        names.append(revision.name);
    return names;
}

} // namespace sightglass
