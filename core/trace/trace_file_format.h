// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <QDataStream>
#include <QDateTime>

namespace sightglass::trace_file {

// A trace file is a head and then records, in the order in which things happened.
//
//   head    16 bytes "sightglass-trace", u16 version (2), u8 flags (bit 0: redacted, bit 1: with a
//           checksum), i64 beginning (ms since 1970-01-01 UTC). With a checksum, the first two
//           bytes of the beginning are not its own but the CRC-16 (ISO 3309) of the head in which
//           they are 0; a beginning that needs them (before 1970) goes without.
//   records as frames of zstd (RFC 8878) of at most 1 MiB each, with checksums, one behind the
//           other; a record may go over from one frame to the next. So "tail -c +28 | zstd -d"
//           gives them.
//   record  u8 type, u32 length of the payload, payload
//
// Version 1 has no frames: the records stand in the file as they are, and each has a u16 checksum
// of its payload (CRC-16 of ISO 3309) behind the length.
//
// All numbers are big-endian. In payloads a text or byte string is its u32 length and its bytes
// (texts in UTF-8), a list its u32 count and its items, a time an i64 of ns since the beginning.
// While it is written, a frame is flushed as soon as nothing more waits, so a file that was cut off
// is whole up to the last record that was flushed; a reader stops at the first one that is not.

constexpr char Magic[] = "sightglass-trace";
constexpr int MagicSize = 16;
constexpr quint16 Version = 2;
constexpr quint16 UnpackedVersion = 1;
constexpr quint8 RedactedFlag = 1;
constexpr quint8 ChecksumFlag = 2;
constexpr int HeadSize = MagicSize + 2 + 1 + 8;
/// Without the checksum of version 1.
constexpr int RecordHeadSize = 1 + 4;
constexpr int ChecksumSize = 2;
/// Longer payloads are not written (bodies come in parts, anything else ends the recording with a
/// Failure) and not believed.
constexpr quint32 MostPayload = 256 * 1024 * 1024;
constexpr qint64 BodyPart = 1024 * 1024;

enum class Type : quint8 {
    Request = 1, ///< id, at, record, body (of a long one the last part)
    Mark = 2, ///< id, mark u8, at
    Response = 3, ///< id, at, record
    Body = 4, ///< id, at, bytes: the next part of the response body
    Frame = 5, ///< id, kind u8, start, end, at, idStart, idLength i32
    Finish = 6, ///< id, at, u8 whether a failure follows, failure
    Note = 7, ///< at, name, text, exchange, finding, failure as in Finish (older files end before)
    RequestBody = 8, ///< id, bytes: the next part of a long request body, before its Request
};

/// What stands at a path where a regular file is wanted, as a clause; empty for a regular file and
/// for nothing. To open a pipe, even to look, may wait for ever.
QString notAFile(const QString &path);

/// The head of a file of this version.
QByteArray head(const QDateTime &began, bool redacted);

/// What the bytes of a head say, of any version.
struct Head {
    quint16 version = 0;
    bool redacted = false;
    QDateTime began;
    /// False: it is not as it was written. Then `began` is a guess, and `redacted` false, which
    /// leaves nothing of a secret unmasked.
    bool isSound = true;
};
/// `bytes` are HeadSize bytes that begin with Magic.
Head readHead(QByteArrayView bytes);

void writeText(QDataStream &out, const QString &text);
QString readText(QDataStream &in);
void writeRequest(QDataStream &out, const RequestRecord &request);
bool readRequest(QDataStream &in, RequestRecord &request);
void writeResponse(QDataStream &out, const ResponseRecord &response);
bool readResponse(QDataStream &in, ResponseRecord &response);
void writeFailure(QDataStream &out, const Failure &failure);
bool readFailure(QDataStream &in, Failure &failure);

} // namespace sightglass::trace_file
