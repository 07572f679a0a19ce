// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QFile>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace sightglass {

/// Appends bytes to a file as zstd frames, on a thread of its own. What was put is handed to the
/// system as soon as that thread has come to it, flushed in the middle of a frame where nothing
/// more waits: after a kill all of it but what came in the last moment can be read.
class TraceFilePacker {
public:
    /// A frame holds so many bytes at most, before they are compressed.
    static constexpr qint64 FrameBytes = 1 << 20;

    /// `file` is open, and stands at its end.
    explicit TraceFilePacker(std::unique_ptr<QFile> file);
    /// close()
    ~TraceFilePacker();
    TraceFilePacker(const TraceFilePacker &) = delete;
    TraceFilePacker &operator=(const TraceFilePacker &) = delete;

    // From one thread:

    /// Waits where the disk is far behind.
    void put(const QByteArray &bytes);
    /// Returns when all that was put is in the file, or it failed.
    void flush();
    /// The same, ends the last frame and closes the file.
    void close();

    /// Bytes in the file, and those that wait, which will be fewer once they are compressed.
    qint64 size() const;

    /// Why it stopped writing, as the system says it. The file then ends with the last bytes that
    /// were flushed whole.
    std::optional<QString> error() const;

private:
    class Frames;

    void run();

    const std::unique_ptr<QFile> m_file; ///< the thread's own
    mutable std::mutex m_mutex;
    std::condition_variable m_more; ///< for the thread
    std::condition_variable m_less; ///< for who puts
    QByteArray m_waiting;
    qint64 m_written = 0; ///< bytes in the file
    bool m_busy = false; ///< the thread writes what it took
    bool m_closing = false;
    std::optional<QString> m_error;
    std::thread m_thread;
};

/// One frame of its own with these bytes.
QByteArray packedFrame(QByteArrayView bytes);

/// Takes frames apart as their bytes come. Nothing of a frame is given before its checksum was
/// seen, but for the last one of a file that was not closed.
class TraceFileUnpacker {
public:
    TraceFileUnpacker();
    ~TraceFileUnpacker();
    TraceFileUnpacker(const TraceFileUnpacker &) = delete;
    TraceFileUnpacker &operator=(const TraceFileUnpacker &) = delete;

    /// The contents of the frames that end in these bytes, after what came before. False: they are
    /// damaged; from then on it gives nothing more.
    bool feed(QByteArrayView packed, QByteArray &contents);
    /// Bytes fed before the frame that is not complete, or that is damaged.
    qint64 whole() const { return m_whole; }
    /// Where the damage was seen: it lies between whole() and these bytes fed.
    qint64 damagedBefore() const { return m_damagedBefore; }
    /// What can be had of the frame that is not complete; empty where there is none.
    QByteArray rest() const { return m_frame; }
    /// All that was fed could be had: the next byte begins a frame, or a block of one.
    bool isFlushed() const { return m_flushed; }

private:
    struct Stream;
    std::unique_ptr<Stream> m_stream;
    QByteArray m_frame;
    qint64 m_fed = 0;
    qint64 m_whole = 0;
    qint64 m_damagedBefore = 0;
    bool m_flushed = true;
    bool m_damaged = false;
};

} // namespace sightglass
