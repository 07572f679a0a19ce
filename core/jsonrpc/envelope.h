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

/// What one JSON-RPC 2.0 message is, found in one pass without altering or copying the text: the
/// views point into it. The kind follows from the members that are not null: with a method it is a
/// Request or (without an id) a Notification, else with an error an Error, else with a result a
/// Result. A method beside a result or error, no such member, or no JSON object at all: Malformed.
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
    /// …). Offsets are bytes in the message's text.
    QList<JsonError> problems;
};

/// One message. `text` must outlive the views. Malformed members do not hide the others: the id of
/// a broken answer is told where it could be read.
Envelope scanEnvelope(QByteArrayView text);

/// The same for many messages, one after another: a notification that differs from the one before
/// in its params alone is not taken apart once more.
class EnvelopeScanner {
public:
    /// What scanEnvelope() gives; it stands here until the next call.
    const Envelope &scan(QByteArrayView text);

private:
    Envelope m_last;
    QByteArray m_before; ///< up to its params; empty: there is nothing to compare with
    QByteArray m_behind; ///< what follows them
};

/// So that a hostile body of some megabytes does not take gigabytes.
constexpr qsizetype MaxBatchMessages = 100'000;
/// A body: one message, or each of a batch (2025-03-26); `batch` tells which.
struct EnvelopeBatch {
    bool batch = false;
    QList<Envelope> messages;
    QList<QByteArrayView> texts; ///< the raw text of each
    /// The body is no JSON (then there are no messages), a batch without messages, or one with more
    /// than MaxBatchMessages (the first of them are here). The offset is a byte in the body.
    std::optional<JsonError> error;
};
EnvelopeBatch scanBody(QByteArrayView text);

} // namespace sightglass
