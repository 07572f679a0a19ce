// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>
#include <QDateTime>

#include <optional>

namespace sightglass {

/// How long to wait before a stream is tried again.
///
/// What the server asked for with `retry` holds (from 100 ms up to an hour); otherwise 500 ms that
/// double with each try in vain up to 30 s, of which `random` (0 to 1) takes away up to a half, so
/// that many clients do not come back at the same moment.
/// `tries`: how many in a row did not open, from 0; of a stream that was open and ended the
/// server's `retry` holds as it is (HTML, 9.2.3). Milliseconds.
int backOffMs(int tries, std::optional<qint64> serverRetryMs, double random);

/// How long a server that is not ready wants to be left alone (Retry-After, RFC 9110, 10.2.3:
/// seconds or a date), in milliseconds; nothing where it does not say so, or not so that it can be
/// read.
std::optional<qint64> retryAfter(const QByteArray &value, const QDateTime &now);

} // namespace sightglass
