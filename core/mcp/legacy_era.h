// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

/// The era of the initialize handshake, sessions and the GET stream (basic/lifecycle of 2025-03-26
/// to 2025-11-25).
class LegacyEra final : public Era {
public:
    std::optional<RpcCall> opening(const QByteArray &revision) const override;
    Expected<Agreement> settle(const QByteArray &asked, bool pinned,
                               const QByteArray &result) const override;
    std::optional<RpcCall> confirmation() const override;
    HeaderList commonHeaders(const Agreement &agreement) const override;
    HeaderList messageHeaders(const Agreement &agreement, const RpcCall &call) const override;
    bool hasServerStream() const override { return true; }
};

} // namespace sightglass
