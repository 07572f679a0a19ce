// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/revision.h"

#include <QCoreApplication>

#include <algorithm>

namespace sightglass {

const QList<Revision> &revisions()
{
    static const QList<Revision> table{
        {.name = "2026-07-28",
         .era = EraKind::Modern,
         .versionHeader = true,
         .batches = false,
         .elicitation = true,
         .elicitationModes = true,
         .samplingTools = true,
         .rootsListChanged = false,
         .tasks = false,
         .extensions = true,
         .hallmark =
             QT_TRANSLATE_NOOP("sightglass::RevisionPanel",
                               "The newest: no handshake, every request stands for itself")},
        {.name = "2025-11-25",
         .era = EraKind::Legacy,
         .versionHeader = true,
         .batches = false,
         .elicitation = true,
         .elicitationModes = true,
         .samplingTools = true,
         .rootsListChanged = true,
         .tasks = true,
         .extensions = false,
         .hallmark = QT_TRANSLATE_NOOP("sightglass::RevisionPanel",
                                       "The newest with a handshake and sessions")},
        {.name = "2025-06-18",
         .era = EraKind::Legacy,
         .versionHeader = true,
         .batches = false,
         .elicitation = true,
         .elicitationModes = false,
         .samplingTools = false,
         .rootsListChanged = true,
         .tasks = false,
         .extensions = false,
         .hallmark = QT_TRANSLATE_NOOP("sightglass::RevisionPanel",
                                       "The first with the MCP-Protocol-Version header")},
        {.name = "2025-03-26",
         .era = EraKind::Legacy,
         .versionHeader = false,
         .batches = true,
         .elicitation = false,
         .elicitationModes = false,
         .samplingTools = false,
         .rootsListChanged = true,
         .tasks = false,
         .extensions = false,
         .hallmark = QT_TRANSLATE_NOOP("sightglass::RevisionPanel",
                                       "The first with streamable HTTP, the last with batches")},
        {.name = "2024-11-05",
         .era = EraKind::Legacy,
         .versionHeader = false,
         .batches = false,
         .elicitation = false,
         .elicitationModes = false,
         .samplingTools = false,
         .rootsListChanged = true,
         .tasks = false,
         .extensions = false,
         .hallmark = QT_TRANSLATE_NOOP("sightglass::RevisionPanel",
                                       "The first of all: HTTP+SSE with two endpoints")},
    };
    return table;
}

QStringList revisionNames()
{
    QStringList names;
    for (const Revision &revision : revisions())
        names.append(QString::fromLatin1(revision.name));
    return names;
}

const Revision *revisionNamed(QByteArrayView name)
{
    for (const Revision &revision : revisions()) {
        if (revision.name == name)
            return &revision;
    }
    return nullptr;
}

const Revision &newestRevision(EraKind era)
{
    return *std::find_if(revisions().cbegin(), revisions().cend(),
                         [era](const Revision &revision) { return revision.era == era; });
}

} // namespace sightglass
