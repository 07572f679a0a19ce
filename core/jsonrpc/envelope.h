// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

namespace sightglass {

/// The id of a request, as spelled: 1, 1.0 and "1" are three different ids.
struct RpcId {
    QByteArray raw; ///< JSON text: 7, "7", null; empty: absent

    bool isPresent() const { return !raw.isEmpty(); }
    bool isNull() const { return raw == "null"; }
    bool operator==(const RpcId &) const = default;
};
size_t qHash(const RpcId &id, size_t seed = 0) noexcept;

enum class EnvelopeKind : quint8 { Request, Notification, Result, Error, Malformed };

/// What one JSON-RPC 2.0 message is, found without altering or copying the
/// text: the views point into it.
struct Envelope {
    EnvelopeKind kind = EnvelopeKind::Malformed;
    RpcId id;
    QByteArray method; ///< decoded
    QByteArrayView params; ///< raw; empty: absent
    QByteArrayView result; ///< raw
    QByteArrayView error; ///< raw error object
    qint64 errorCode = 0;
    QString errorMessage;
    /// What is wrong with it, also where the kind could be told all the same (jsonrpc missing,
    /// error without a code, duplicate keys, a notification's method with an id of the wrong type
    /// …).
    QList<JsonError> problems;
};

/// One message. `text` must outlive the views.
Envelope scanEnvelope(QByteArrayView text);
/// A body: one message, or each of a batch (2025-03-26); `batch` tells which.
struct EnvelopeBatch {
    bool batch = false;
    QList<Envelope> messages;
    QList<QByteArrayView> texts; ///< the raw text of each
    std::optional<JsonError> error; ///< the body is no JSON, or a batch without messages
};
EnvelopeBatch scanBody(QByteArrayView text);

} // namespace sightglass
