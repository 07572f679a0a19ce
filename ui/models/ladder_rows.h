// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// A way to open the connection that was tried.
struct LadderRow {
    enum class State : quint8 { Left, Tried, Holds, Failed };

    State state = State::Left;
    QString name; ///< what was sent: "initialize"
    QString seen; ///< what came back: "HTTP 400"; empty: nothing yet, or it is in the words
    QString words; ///< why it was left, or what holds; a sentence
    ExchangeId exchange = 0;

    bool operator==(const LadderRow &) const = default;
};

/// The ladder of the newest connection, as its notes in the trace tell it. Each note is read once,
/// so that a long trace costs nothing.
class LadderRows {
public:
    void setTrace(const TraceReader *trace); ///< begins anew; may be null
    /// The rungs that were left, then the one that holds, is tried or failed. `state` null: of a
    /// recording nothing else is known.
    QList<LadderRow> rows(const SessionState *state);

private:
    const TraceReader *m_trace = nullptr;
    qint64 m_seen = 0; ///< notes
    QList<LadderRow> m_left;
};

} // namespace sightglass
