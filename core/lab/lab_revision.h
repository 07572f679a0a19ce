// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

namespace sightglass {

/// A dated revision of MCP as a server sees it: what it may do towards a client that chose it.
/// A table of its own, not the client's (core/mcp/revision.h): a mistake in one of them shows
/// against the other.
struct LabRevision {
    QByteArray name; ///< "2025-11-25"
    bool batches = false; ///< takes messages sent as arrays
    bool titles = false; ///< serverInfo has a title
    bool resourceLinks = false; ///< results may have blocks of the type resource_link
    bool primesStreams = false; ///< a stream begins with an event with an id and no data

    bool operator==(const LabRevision &) const = default;
};

/// All that the lab speaks, oldest first.
const QList<LabRevision> &labRevisions();
/// The one of that name; the newest where the lab does not speak it, which is what a server
/// answers then (lifecycle, "Version negotiation").
const LabRevision &labRevisionFor(QByteArrayView name);
/// Their names.
QList<QByteArray> labRevisionNames();

} // namespace sightglass
