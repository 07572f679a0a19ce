// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

class QIODevice;

namespace sightglass {

/// Writes to a device in large pieces. Once a write failed, all that follows is dropped, and
/// problem() says why.
class ByteOut {
public:
    explicit ByteOut(QIODevice &out); ///< not owned, open for writing
    void write(QByteArrayView bytes);
    /// Hands over what is held back; false where a write failed.
    bool flush();
    bool failed() const { return !m_problem.isEmpty(); }
    const QString &problem() const { return m_problem; }

private:
    QIODevice &m_out;
    QByteArray m_held;
    QString m_problem;
};

} // namespace sightglass
