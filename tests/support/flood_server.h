// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QUrl>

#include <atomic>
#include <memory>

namespace sightglass::test {

/// A plain HTTP/1.1 server that sends as fast as the kernel takes it, from threads of its own with
/// blocking sockets: faster than any reader, so that only the reader's holding back slows it.
///
/// A request whose target begins with /flood is answered with `total` bytes of pattern(); every
/// other one with "{}", and its connection kept.
class FloodServer {
public:
    enum class Framing : quint8 { Length, OneChunk, SmallChunks, UntilClose };

    FloodServer(Framing framing, qint64 total);
    /// Ends all connections.
    ~FloodServer();
    FloodServer(const FloodServer &) = delete;
    FloodServer &operator=(const FloodServer &) = delete;

    QUrl url(const QString &path) const;
    qint64 sent() const; ///< body bytes of floods that the kernel took
    int connections() const;
    /// Waits in the event loop until nothing more was taken for a while.
    qint64 waitUntilHeldBack() const;
    /// The same without the event loop, as whoever has something else to do.
    qint64 blockUntilHeldBack() const;

    /// The byte at `offset` of a flood.
    static char pattern(qint64 offset) { return char('A' + offset % 32); }

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass::test
