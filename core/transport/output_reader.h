// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transport/output_lines.h"

namespace sightglass {

/// One line of a program's stdout, for as long as the call that hands it over.
struct OutputLine {
    LineKind kind = LineKind::Text; ///< never Undecided
    /// With its line end, where it has one. A message is whole; of anything else there may be no
    /// more than the first LineStart bytes.
    QByteArrayView bytes;
    /// Where it stands in what was recorded. Both are the same where it was counted and not kept.
    qint64 start = 0;
    qint64 end = 0;
};

/// What an OutputReader tells, in order.
class OutputSink {
public:
    virtual ~OutputSink() = default;
    /// The next bytes of stdout to be kept. They are told before anything looks at them.
    virtual void onRecord(QByteArrayView bytes) = 0;
    /// False: nobody wants to hear more, not even of what came with it.
    virtual bool onLine(const OutputLine &line) = 0;
};

/// Cuts what a program writes to stdout into lines, and tells for each what it is. Any split of the
/// bytes gives the same lines.
///
/// All bytes are recorded until what is no message has spent the OutputBudget; from then on
/// messages alone are, whole. Linear in the number of bytes; of a line that is no message only its
/// beginning is held.
class OutputReader {
public:
    void feed(QByteArrayView bytes, OutputSink &sink);
    /// The program ended: what it wrote last is a line, though nothing ends it.
    void finish(OutputSink &sink);

    /// What came that is no message.
    OutputBudget &besides() { return m_besides; }

private:
    /// A part of a line; `position`: its end in what was recorded, if it stands there already.
    bool take(QByteArrayView part, bool ends, bool isRecorded, qint64 position, OutputSink &sink);
    bool endLine(QByteArrayView line, bool isRecorded, qint64 position, OutputSink &sink);
    void record(QByteArrayView bytes, OutputSink &sink);

    QByteArray m_partial; ///< of the last line; of a text its beginning
    LineKind m_kind = LineKind::Undecided; ///< of that line
    qint64 m_lineBytes = 0; ///< of it so far
    qint64 m_lineRecorded = 0; ///< of these, recorded
    qint64 m_lineCounted = 0; ///< of these, in the budget
    qint64 m_lineStart = 0; ///< where it begins in what was recorded
    qint64 m_recorded = 0; ///< bytes
    OutputBudget m_besides;
};

} // namespace sightglass
