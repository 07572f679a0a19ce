// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

namespace sightglass {

/// Number of an exchange in its trace, counted from 1 in the order in which
/// the exchanges began. 0 means "no exchange".
using ExchangeId = qint64;

/// What a failure means for the person (and for the CLI's exit code).
enum class FailureKind : quint8 {
    Usage, ///< we were asked for something that cannot be done: a malformed URL, a header with CR
    Unreachable, ///< no HTTP answer could be had: name, refused, reset, TLS, proxy, broken stream
    Refused, ///< the server answered 401 or 403
    Protocol, ///< an answer came, but it is not what HTTP, JSON-RPC or MCP allow here
    TimedOut, ///< no answer within the time that was set
    Cancelled, ///< the person cancelled
    File, ///< a local file could not be read or written
};

/// A failure is a value with evidence: what failed and why in one plain
/// sentence, what to do about it, and which exchange shows it.
struct Failure {
    FailureKind kind = FailureKind::Protocol;
    QString code; ///< stable, kebab-case, such as "connection-refused"; never translated
    QString sentence; ///< what happened, on which request, and why
    QString advice; ///< what to do; may be empty
    ExchangeId exchange = 0; ///< the exchange that shows it; 0 where there is none
    QString finding; ///< id of the catalogue of failures, such as "AF-20"; may be empty
    /// SHA-256 of the server's certificate that was not trusted (32 bytes): what a person may
    /// choose to accept. Empty: it is not about one. Not in recordings, which are of the past.
    QByteArray certificateSha256 = {};

    bool operator==(const Failure &) const = default;
};

/// An exchange that was ended by us in good order, when there was nothing more to wait for: the
/// sentence says so, and nothing has failed.
inline bool isOrderlyEnd(const Failure &failure)
{
    return failure.kind == FailureKind::Cancelled && failure.code == QLatin1String("closed");
}

} // namespace sightglass
