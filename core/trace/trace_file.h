// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// Writes a trace to a file while it grows; the format is documented in
/// trace_file_format.h. Redacted unless secrets are asked for. Every record is handed to the system
/// whole, so that after a kill the file can be read up to the last complete one.
class TraceFileWriter final : public TraceSink {
public:
    /// Creates the file (never overwrites another program's: an existing file is replaced only if
    /// it is a trace file; pipes, devices and folders are refused). Holds it until close(): a
    /// recording that somebody still writes is refused.
    static Expected<std::unique_ptr<TraceFileWriter>>
    create(const QString &path, const QDateTime &began, Redactor redactor, bool withSecrets);
    ~TraceFileWriter() override;

    /// Set once writing failed (disk full); the session goes on, and the file ends with the last
    /// record that fitted.
    std::optional<Failure> failure() const;
    QString path() const;
    /// There was a recording in the file, which is gone.
    bool hasReplaced() const;
    /// It knows more secrets from now on. The same salt as before.
    void setRedactor(const Redactor &redactor);
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
    std::unique_ptr<TraceStore> trace;
    QString warning; ///< "the file ends in the middle of a record, at byte 1234": what was before
                     ///< it is here
};
/// Fails for what is no regular file, empty, of another format or of a later version; what is cut
/// off or damaged is read as far as it is whole.
Expected<Recording> readTraceFile(const QString &path);

} // namespace sightglass
