// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

/// A header that says something else than it has to.
struct HeaderContradiction {
    QByteArray name; ///< as sent
    QByteArray value; ///< as sent; empty where a person keeps it secret
    QByteArray wanted;

    bool operator==(const HeaderContradiction &) const = default;
};

/// Headers of a request that contradict its body or the revision that is spoken: those of
/// `mirrored` (what the era puts there for this message), MCP-Protocol-Version and Mcp-Method,
/// whoever set them (basic/transports, "Protocol Version Header"; 2026-07-28, "Standard Request
/// Headers"). `call` without a method is an answer. Pure.
QList<HeaderContradiction> contradictionsOfRequest(const QList<Header> &sent,
                                                   const HeaderList &mirrored,
                                                   const QByteArray &revision, const RpcCall &call);
/// An MCP-Protocol-Version in a response that names another revision. Pure.
QList<HeaderContradiction> contradictionsOfResponse(const QList<Header> &came,
                                                    const QByteArray &revision);

} // namespace sightglass
