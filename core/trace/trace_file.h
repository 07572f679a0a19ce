// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// Writes a trace to a file while it grows; the format is documented in
/// trace_file_format.h. Redacted unless secrets are asked for. It is compressed and written on a
/// thread of its own, at once: after a kill the file can be read up to the last complete record
/// that thread had come to.
class TraceFileWriter final : public TraceSink {
public:
    /// Creates the file (never overwrites another program's: an existing file is replaced only if
    /// it is a trace file; pipes, devices and folders are refused). Holds it until close(): a
    /// recording that somebody still writes is refused.
    static Expected<std::unique_ptr<TraceFileWriter>>
    create(const QString &path, const QDateTime &began, Redactor redactor, bool withSecrets);
    /// The same for what is there already: it stands under its name as a whole, once close() was
    /// called, or not at all; a recording that was there stays until then.
    static Expected<std::unique_ptr<TraceFileWriter>>
    createWhole(const QString &path, const QDateTime &began, Redactor redactor, bool withSecrets);
    /// As create(), for records behind the last one of a recording, which is whole, `size` bytes
    /// long and of this version of the format. Where they cannot be written it stays as it is.
    static Expected<std::unique_ptr<TraceFileWriter>> append(const QString &path, qint64 size,
                                                             Redactor redactor, bool withSecrets);
    ~TraceFileWriter() override;

    /// Set once writing failed (disk full); the session goes on, and the file ends with the last
    /// records that fitted.
    std::optional<Failure> failure() const;
    QString path() const;
    /// The recording ends when the file has so many bytes (0: never): a note "stopped" is its last
    /// record, and failure() has the code "recording-limit".
    void setMostBytes(qint64 bytes);
    /// There was a recording in the file, which is gone.
    bool hasReplaced() const;
    /// It knows more secrets from now on. The same salt as before.
    void setRedactor(const Redactor &redactor);
    /// Returns when all that can be written yet is in the file, or writing failed.
    void flush();
    /// Writes what is held back (a secret may span two reads) and closes.
    void close();

    void onRequest(ExchangeId id, qint64 at, const RequestRecord &request,
                   const QByteArray &body) override;
    void onMark(ExchangeId id, Mark mark, qint64 at) override;
    void onResponse(ExchangeId id, qint64 at, const ResponseRecord &response) override;
    void onBody(ExchangeId id, const BodyChunk &chunk, const char *bytes) override;
    void onFrame(ExchangeId id, const Frame &frame) override;
    void onFinish(ExchangeId id, qint64 at, const std::optional<Failure> &failure) override;
    void onNote(const Note &note) override;

private:
    struct Private;
    explicit TraceFileWriter(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

/// A recording read back.
struct Recording {
    std::shared_ptr<TraceStore> trace;
    QString warning; ///< "the file ends in the middle of a record, at byte 1234": what was before
                     ///< it is here
};

/// Reads a recording bit by bit, into a trace that others may read meanwhile.
class TraceFileReader {
public:
    /// Fails for what is no regular file, empty, of another format or of a later version.
    static Expected<std::unique_ptr<TraceFileReader>> open(const QString &path);
    ~TraceFileReader();

    /// Written by read() alone, until that has nothing more.
    std::shared_ptr<TraceStore> trace() const;
    /// Reads the next part, of about a megabyte. False: that was all of it.
    bool read();
    /// Bytes of the file that were read, of size().
    qint64 position() const;
    qint64 size() const;
    /// What is cut off or damaged is read as far as it is whole: why it ended there; see Recording.
    QString warning() const;

private:
    struct Private;
    explicit TraceFileReader(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

/// The whole file at once.
Expected<Recording> readTraceFile(const QString &path);

} // namespace sightglass
