// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

/// The era of the initialize handshake, sessions and the GET stream (basic/lifecycle of 2024-11-05
/// to 2025-11-25).
class LegacyEra final : public Era {
public:
    explicit LegacyEra(ClientOffer offer = {});

    std::optional<RpcCall> opening(const QByteArray &revision) const override;
    Expected<Agreement> settle(const QByteArray &asked, bool pinned,
                               const QByteArray &result) const override;
    std::optional<RpcCall> confirmation() const override;
    RpcCall dressed(const Agreement &agreement, const RpcCall &call) const override;
    HeaderList commonHeaders(const Agreement &agreement) const override;
    HeaderList messageHeaders(const Agreement &agreement, const RpcCall &call) const override;
    bool hasSessions() const override { return true; }
    bool hasServerStream() const override { return true; }
    std::optional<RpcCall> listening(const Agreement &, const QStringList &) const override
    {
        return {};
    }
    QByteArray subscriptionOf(QByteArrayView) const override { return {}; }
    std::optional<RpcCall> subscribing(const QString &uri, bool on) const override;
    std::optional<RpcCall> settingLogLevel(const QByteArray &level) const override;
    bool serverAsks() const override { return true; }
    bool mirrorsArguments() const override { return false; }
    bool refusesHeaders(qint64) const override { return false; }
    bool cancelsByClosing() const override { return false; }
    bool errorsHaveStatus() const override { return false; }
    bool isSpokenIn(const Envelope &) const override { return true; }
    ResultKind judge(const RpcCall &, const QByteArray &) const override { return {}; }

private:
    ClientOffer m_offer;
};

} // namespace sightglass
