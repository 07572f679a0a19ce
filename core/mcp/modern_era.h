// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"
#include "core/mcp/header_parameter.h"

#include <functional>

namespace sightglass {

/// The era in which each request stands for itself (from 2026-07-28 on): its
/// revision, who we are and what we offer are in its _meta, and on HTTP its
/// method and name in headers as well.
class ModernEra final : public Era {
public:
    /// Parameters of a tool that go into headers; nothing for a tool that is not known.
    using ToolHeaders = std::function<HeaderParameters(const QString &tool)>;

    explicit ModernEra(ClientOffer offer = {}, ToolHeaders toolHeaders = {});

    std::optional<RpcCall> opening(const QByteArray &revision) const override;
    Expected<Agreement> settle(const QByteArray &asked, bool pinned,
                               const QByteArray &result) const override;
    std::optional<RpcCall> confirmation() const override { return {}; }
    RpcCall dressed(const Agreement &agreement, const RpcCall &call) const override;
    HeaderList commonHeaders(const Agreement &agreement) const override;
    HeaderList messageHeaders(const Agreement &agreement, const RpcCall &call) const override;
    bool hasSessions() const override { return false; }
    bool hasServerStream() const override { return false; }
    std::optional<RpcCall> listening(const Agreement &agreement,
                                     const QStringList &resources) const override;
    QByteArray subscriptionOf(QByteArrayView params) const override;
    std::optional<RpcCall> subscribing(const QString &, bool) const override { return {}; }
    std::optional<RpcCall> settingLogLevel(const QByteArray &) const override { return {}; }
    bool serverAsks() const override { return false; }
    bool mirrorsArguments() const override { return true; }
    bool refusesHeaders(qint64 errorCode) const override;
    bool cancelsByClosing() const override { return true; }
    bool errorsHaveStatus() const override { return true; }
    bool isSpokenIn(const Envelope &message) const override;
    ResultKind judge(const RpcCall &call, const QByteArray &result) const override;

private:
    QByteArray meta(const Agreement &agreement) const;

    ClientOffer m_offer;
    ToolHeaders m_toolHeaders;
};

/// Error codes that only servers of the modern era use (2026-07-28, basic).
enum class ModernError : qint64 {
    HeaderMismatch = -32020,
    MissingClientCapability = -32021,
    UnsupportedRevision = -32022,
};
bool isModernError(qint64 code);

} // namespace sightglass
