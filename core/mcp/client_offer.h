// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/revision.h"

namespace sightglass {

/// What we offer to servers. A server may ask only for what was offered.
struct ClientOffer {
    bool roots = false;
    bool sampling = false;
    bool elicitation = false;
    bool tasks = false; ///< also those of the extension io.modelcontextprotocol/tasks

    bool operator==(const ClientOffer &) const = default;
};

/// ClientCapabilities as the revision spells them, as JSON text; what it does
/// not know is left out.
QByteArray clientCapabilities(const ClientOffer &offer, const Revision &revision);
/// Our own name and version: an Implementation, as JSON text.
QByteArray clientInfo();

/// The extension that carries tasks from 2026-07-28 on.
inline constexpr char TasksExtension[] = "io.modelcontextprotocol/tasks";

} // namespace sightglass
