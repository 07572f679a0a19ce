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
    /// Every request describes itself; there is no handshake, and no request of the server's own:
    /// what it needs it asks for in results.
    bool stateless = false;
    bool httpSse = false; ///< over HTTP with two endpoints, one for the stream
    bool streamableHttp = true; ///< over HTTP with one endpoint
    bool batches = false; ///< takes messages sent as arrays
    bool titles = false; ///< names have a title beside them, also serverInfo
    bool resourceLinks = false; ///< results may have blocks of the type resource_link
    bool audio = false; ///< results may have blocks of the type audio
    bool toolAnnotations = false; ///< hints about what a tool does
    bool structured = false; ///< outputSchema and structuredContent
    bool progressMessages = false; ///< progress has a text
    bool completions = false; ///< completion/complete is announced as a capability
    bool completionContext = false; ///< a completion knows the other arguments
    bool lastModified = false; ///< annotations tell when something was changed
    bool elicitation = false; ///< the client may be asked to fill in a form
    bool elicitationModes = false; ///< forms and URLs are told apart; choices have titles
    bool elicitationIds = false; ///< an elicitation by URL has an id, and its end is told
    bool samplingTools = false; ///< sampling may use tools
    bool icons = false;
    bool tasks = false; ///< tasks are part of the core
    bool extensions = false; ///< capabilities name extensions
    bool primesStreams = false; ///< a stream begins with an event with an id and no data
    qint64 missingResource = -32002; ///< the code for a resource that is not there

    bool operator==(const LabRevision &) const = default;
};

/// All that the lab speaks, oldest first.
const QList<LabRevision> &labRevisions();
/// Null where there is none of that name.
const LabRevision *labRevisionNamed(QByteArrayView name);
/// Of these names the newest that begins with a handshake, which is what a server answers to one
/// that it does not speak (lifecycle, "Version negotiation"). Null if none of them does.
const LabRevision *labNewestWithHandshake(const QList<QByteArray> &names);
/// Their names, oldest first.
QList<QByteArray> labRevisionNames();

} // namespace sightglass
