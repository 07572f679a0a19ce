// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <memory>

namespace sightglass {

/// A trace as the screen may show it: secret values as fingerprints, unless somebody asked to see
/// them. Every text of a trace that is shown or copied comes through here. A plain value.
struct ShownTrace {
    const TraceReader *trace = nullptr;
    std::shared_ptr<const Redactor> redactor;
    bool reveal = false; ///< the true values: a deliberate act

    /// True if values have to be replaced: not where a recording holds fingerprints already.
    bool redacts() const { return redactor && trace && !reveal && !trace->redacted(); }
    QByteArray headerValue(const Header &header) const;
    /// Why an exchange failed, with what the trace tells of the cause.
    std::optional<Failure> failure(ExchangeId id) const;
    QUrl url(const QUrl &url) const;
    QByteArray requestBody(ExchangeId id) const;
    QByteArray requestBody(ExchangeId id, qint64 start, qint64 length) const;
    /// [start, start + length) of a response's body; byte ranges stay what they were. Looks some
    /// bytes further, so that a secret at the edge is not cut into something unknown.
    QByteArray responseBody(ExchangeId id, qint64 start = 0, qint64 length = -1) const;
};

} // namespace sightglass
