// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

/// What a line of a program's stdout is, by how it begins. A message may still turn out to be none
/// when it is read; what is text is for no reader of messages.
enum class LineKind : quint8 {
    Undecided, ///< more of it has to come
    Blank,
    Text, ///< something that was printed
    Message,
};

/// Of the bytes of a line so far, its end included; `ends`: nothing more of it comes, and it is not
/// Undecided. A message with text glued before it is a message all the same, which nobody can read.
LineKind lineKind(QByteArrayView line, bool ends);

/// How much of a line decides on its kind, and how much of a text is ever needed.
constexpr qsizetype LineStart = 4096;

/// What a program writes beside its messages, and how much of that is kept.
class OutputBudget {
public:
    /// What comes when one of them is reached is counted, not kept: a program can write faster than
    /// anybody wants to have it.
    static constexpr qint64 MostBytes = 64 * 1024 * 1024;
    static constexpr qint64 MostLines = 500'000;

    void count(qint64 bytes, qint64 lines)
    {
        m_bytes += bytes;
        m_lines += lines;
    }
    qint64 bytes() const { return m_bytes; }
    qint64 lines() const { return m_lines; }
    bool isSpent() const { return m_spent; }
    /// That had come when it was spent.
    qint64 keptBytes() const { return m_kept; }
    /// True once: when a limit was reached.
    bool wasSpentNow();

private:
    qint64 m_bytes = 0;
    qint64 m_lines = 0;
    qint64 m_kept = 0;
    bool m_spent = false;
};

} // namespace sightglass
