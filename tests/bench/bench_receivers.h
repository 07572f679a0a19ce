// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QUrl>

namespace sightglass::bench {

// Each of these is the work of a process of its own, so that memory is its own too. They print one
// line: count, seconds, peak resident kilobytes at the end, the same before the work, processor
// seconds of all threads, peak of resident kilobytes that are no pages of files; and return the
// exit code.

/// A bare QNetworkAccessManager that reads the stream and throws it away.
int receiveBare(const QUrl &url, qint64 events);
/// A Session as the program has it: HttpGate, TraceStore, SseParser, envelopes.
int receiveOurs(const QUrl &url, qint64 events);
/// Pings one after another by a Session.
int callOurs(const QUrl &url, qint64 calls);
/// A recording of one stream with so many events.
int recordFile(const QString &path, qint64 events);
/// Reads it; the line begins with the seconds to the first event.
int openFile(const QString &path);
/// Only takes its frames apart. Counts bytes.
int unpackFile(const QString &path);

} // namespace sightglass::bench
