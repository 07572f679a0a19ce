// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

namespace sightglass {

struct LabHeader {
    QByteArray name;
    QByteArray value;

    bool operator==(const LabHeader &) const = default;
};

/// A request as the lab received it.
struct LabRequest {
    QByteArray method;
    QByteArray target; ///< as sent
    QByteArray path; ///< of the target, up to '?'
    int minorVersion = 1; ///< of HTTP/1.
    QList<LabHeader> headers;
    QByteArray body;

    bool has(QByteArrayView name) const;
    /// Value of a header, names without regard to case; several are joined by ", ".
    QByteArray header(QByteArrayView name) const;
    bool keepsAlive() const;

    bool operator==(const LabRequest &) const = default;
};

/// The part of a text before the first `mark`; all of it if there is none.
QByteArray labBefore(const QByteArray &text, char mark);

/// Reads HTTP/1.1 requests (RFC 9112) out of bytes that arrive in any portions.
/// No sockets here: feed bytes, ask for the next step.
class LabRequestParser {
public:
    static constexpr qsizetype maxHead = 64 * 1024;
    static constexpr qsizetype maxBody = 64 * 1024 * 1024;

    enum class Step {
        NeedsMore,
        ExpectsContinue, ///< the head is complete and its sender waits for "100 Continue"; said
                         ///< once
        Complete, ///< take() has a request
        Malformed, ///< status() and reason() tell; nothing more can be read
    };

    void feed(QByteArrayView bytes);
    Step next();
    LabRequest take();
    int status() const { return m_status; }
    QByteArray reason() const { return m_reason; }

private:
    enum class Part { Head, Length, ChunkSize, ChunkData, ChunkEnd, Trailer, Done, Broken };
    Step malformed(int status, const QByteArray &reason);
    std::optional<Step> readHead();
    std::optional<Step> readHeaderLine(QByteArrayView line);
    std::optional<Step> readBodyPart();
    std::optional<Step> chooseFraming();
    std::optional<QByteArray> takeLine(qsizetype limit, bool *tooLong);

    QByteArray m_buffer;
    qsizetype m_at = 0; ///< read so far, in m_buffer
    qsizetype m_scanned = 0; ///< where the search for the end of the line goes on
    qsizetype m_headBytes = 0;
    qint64 m_left = 0; ///< of the body or chunk
    Part m_part = Part::Head;
    bool m_saidContinue = false;
    LabRequest m_request;
    int m_status = 0;
    QByteArray m_reason;
    std::optional<QByteArray> m_authority; ///< of a target that is a whole URL
};

} // namespace sightglass
