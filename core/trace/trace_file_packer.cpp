// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_file_packer.h"

#include <algorithm>

#include <zstd.h>

namespace sightglass {

namespace {

/// What may wait for the disk before whoever records waits for it.
constexpr qsizetype MostWaiting = 64 << 20;
constexpr int Level = 3;

ZSTD_CCtx *newCompressor()
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    return context;
}

struct FreeCompressor {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
};

} // namespace

/// Bytes in, frames out.
class TraceFilePacker::Frames {
public:
    /// The packed bytes, flushed; the frame is ended where it is full, or `last`.
    QByteArray pack(QByteArrayView bytes, bool last)
    {
        QByteArray packed;
        while (!bytes.isEmpty()) {
            const QByteArrayView part = bytes.first(std::min(bytes.size(), FrameBytes - m_inFrame));
            bytes = bytes.sliced(part.size());
            m_inFrame += part.size();
            const bool full = m_inFrame == FrameBytes;
            put(part,
                full                           ? ZSTD_e_end
                    : bytes.isEmpty() && !last ? ZSTD_e_flush
                                               : ZSTD_e_continue,
                packed);
            if (full)
                m_inFrame = 0;
        }
        if (last && m_inFrame > 0) {
            put({}, ZSTD_e_end, packed);
            m_inFrame = 0;
        }
        return packed;
    }

private:
    void put(QByteArrayView bytes, ZSTD_EndDirective how, QByteArray &packed)
    {
        ZSTD_inBuffer in{bytes.data(), size_t(bytes.size()), 0};
        size_t left = 0;
        do {
            const qsizetype before = packed.size();
            packed.resize(before + qsizetype(ZSTD_CStreamOutSize()));
            ZSTD_outBuffer out{packed.data() + before, ZSTD_CStreamOutSize(), 0};
            left = ZSTD_compressStream2(m_context.get(), &out, &in, how);
            packed.truncate(before + qsizetype(out.pos));
            // Nothing but memory can fail here, and there it ends anyway.
            if (ZSTD_isError(left))
                return;
        } while (in.pos < in.size || (how != ZSTD_e_continue && left > 0));
    }

    std::unique_ptr<ZSTD_CCtx, FreeCompressor> m_context{newCompressor()};
    qint64 m_inFrame = 0;
};

TraceFilePacker::TraceFilePacker(std::unique_ptr<QFile> file)
    : m_file(std::move(file))
    , m_written(m_file->pos())
    , m_thread([this] { run(); })
{
}

TraceFilePacker::~TraceFilePacker()
{
    close();
}

void TraceFilePacker::run()
{
    Frames frames;
    qint64 whole = m_file->pos();
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_more.wait(lock, [this] { return m_closing || !m_waiting.isEmpty(); });
        const QByteArray bytes = std::exchange(m_waiting, {});
        const bool last = m_closing;
        m_busy = true;
        m_less.notify_all();
        const bool failed = m_error.has_value();
        lock.unlock();
        QString why;
        if (!failed) {
            const QByteArray packed = frames.pack(bytes, last);
            // A full disk takes a part, and says why with the next one.
            qint64 done = 0;
            qint64 taken = 0;
            while (done < packed.size()
                   && (taken = m_file->write(packed.constData() + done, packed.size() - done)) > 0)
                done += taken;
            if (done == packed.size()) {
                whole += done;
            } else {
                why = m_file->errorString();
                // A part of a block is of no use to anybody.
                m_file->resize(whole);
            }
        }
        lock.lock();
        m_written = whole;
        m_busy = false;
        if (!why.isEmpty())
            m_error = why;
        m_less.notify_all();
        if (last)
            return;
    }
}

void TraceFilePacker::put(const QByteArray &bytes)
{
    std::unique_lock lock(m_mutex);
    m_less.wait(lock, [this] { return m_waiting.size() < MostWaiting || m_error; });
    if (m_error || m_closing)
        return;
    m_waiting += bytes;
    m_more.notify_one();
}

void TraceFilePacker::flush()
{
    std::unique_lock lock(m_mutex);
    m_less.wait(lock, [this] { return m_waiting.isEmpty() && !m_busy; });
}

void TraceFilePacker::close()
{
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_more.notify_one();
    }
    m_thread.join();
    m_file->close();
}

qint64 TraceFilePacker::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_written + m_waiting.size();
}

std::optional<QString> TraceFilePacker::error() const
{
    const std::lock_guard lock(m_mutex);
    return m_error;
}

QByteArray packedFrame(QByteArrayView bytes)
{
    const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(newCompressor());
    QByteArray packed(qsizetype(ZSTD_compressBound(size_t(bytes.size()))), Qt::Uninitialized);
    const size_t size = ZSTD_compress2(context.get(), packed.data(), size_t(packed.size()),
                                       bytes.data(), size_t(bytes.size()));
    packed.truncate(ZSTD_isError(size) ? 0 : qsizetype(size));
    return packed;
}

struct TraceFileUnpacker::Stream {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    Stream() = default;
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    ~Stream() { ZSTD_freeDCtx(context); }
};

TraceFileUnpacker::TraceFileUnpacker()
    : m_stream(std::make_unique<Stream>())
{
}

TraceFileUnpacker::~TraceFileUnpacker() = default;

bool TraceFileUnpacker::feed(QByteArrayView packed, QByteArray &contents)
{
    if (m_damaged)
        return false;
    ZSTD_inBuffer in{packed.data(), size_t(packed.size()), 0};
    // In small steps: damage is somewhere in the last one, or before.
    constexpr size_t Step = 4096;
    for (bool full = false; in.pos < size_t(packed.size()) || full;) {
        in.size = std::min(size_t(packed.size()), in.pos + Step);
        const qsizetype before = m_frame.size();
        const size_t room = ZSTD_DStreamOutSize();
        m_frame.resize(before + qsizetype(room));
        ZSTD_outBuffer out{m_frame.data() + before, room, 0};
        const size_t left = ZSTD_decompressStream(m_stream->context, &out, &in);
        m_frame.truncate(before + qsizetype(out.pos));
        // No writer of ours makes longer frames.
        m_damaged = ZSTD_isError(left) || m_frame.size() > TraceFilePacker::FrameBytes;
        if (m_damaged) {
            m_damagedBefore = m_fed + qint64(in.size);
            m_frame.clear();
            return false;
        }
        full = out.pos == out.size;
        constexpr size_t BlockHead = 3; // RFC 8878, 3.1.1.2
        m_flushed = left == 0 || left == BlockHead;
        if (left == 0) {
            contents += m_frame;
            m_frame.clear();
            m_whole = m_fed + qint64(in.pos);
            full = false;
        }
    }
    m_fed += packed.size();
    return true;
}

} // namespace sightglass
