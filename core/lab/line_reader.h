// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

#include <optional>

namespace sightglass {

/// Lines out of bytes that arrive in any portions; blank ones are left out.
class LabLineReader {
public:
    static constexpr qsizetype longest = 64 * 1024 * 1024;

    void feed(QByteArrayView bytes) { m_buffer.append(bytes); }
    /// Without its end.
    std::optional<QByteArray> next();
    /// More than `longest` came without an end.
    bool isTooLong() const { return m_buffer.size() - m_at > longest; }

private:
    QByteArray m_buffer;
    qsizetype m_at = 0; ///< handed out so far
    qsizetype m_scanned = 0; ///< where the search for the end goes on
};

} // namespace sightglass
