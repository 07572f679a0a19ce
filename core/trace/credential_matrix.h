// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

namespace sightglass {

/// What one kind of request did with one credential.
struct MatrixCell {
    enum class State : quint8 {
        None, ///< not carried, and none of its kind was carried elsewhere before: nothing to say
        NotYet, ///< could not be there yet (session id on initialize)
        Carried,
        Missing, ///< not carried though another request to the same origin carried it before, since
                 ///< the last initialize; also where we leave it off on purpose ("acting like"),
                 ///< and an Authorization that nothing carried and a refusal asks for
        Withheld, ///< held back on purpose, with a reason
        Refused, ///< carried, the answer was 401 or 403, and no other credential was missing
    };
    State state = State::None;
    QByteArray
        text; ///< fingerprint ("~7f2a"), start of the session id ("41c0"), or the plain value
    QString why; ///< of Withheld, and of what is missing on purpose
    QList<ExchangeId> exchanges; ///< that are as this cell says, oldest first
    int refusedWith = 0; ///< of what only a refusal tells to be missing: its status
    QByteArray asksFor = {}; ///< and the scheme of its challenge ("Bearer"); empty: it has none

    bool operator==(const MatrixCell &) const = default;
};

struct MatrixRow {
    ExchangeKind kind = ExchangeKind::Other;
    QByteArray method; ///< "POST"
    QString what; ///< "initialize", "messages", "event stream", "reconnect", "end of session", …
    qint64 count = 0;
    int status = 0; ///< of the newest answer; 0: none
    QList<int> statuses = {}; ///< that were answered, each once, in the order of the requests
    bool left = false; ///< a way to open the connection that was left for another
    QList<MatrixCell> cells; ///< one for each column; the worst of the row's exchanges

    bool operator==(const MatrixRow &) const = default;
};

/// Which request carried what: rows are kinds of request that occurred,
/// columns the credentials that any of them carried or was refused for (and
/// Mcp-Session-Id, MCP-Protocol-Version).
struct CredentialMatrix {
    QList<QByteArray> columns; ///< header names as first spelled
    QList<MatrixRow> rows;

    bool operator==(const CredentialMatrix &) const = default;
};

/// The credential column of one exchange, for table rows: what it carried, or what it lacks
/// although another exchange to the same origin carried it.
struct CredentialGlance {
    enum class State : quint8 { NoneNeeded, Carried, Withheld, Missing, Refused };
    State state = State::NoneNeeded;
    QByteArray text; ///< "~7f2a", or the header name that is missing or withheld
    ExchangeId comparedWith =
        0; ///< Missing, Refused: the nearest exchange that was accepted with it

    bool operator==(const CredentialGlance &) const = default;
};

/// What was exchanged from one "connect" note of a trace to the next.
struct TraceConnection {
    ExchangeId first = 1;
    ExchangeId last = 0; ///< of the newest: 0, it goes on
    qint64 at = 0; ///< nanoseconds since the trace began
    QString target; ///< as the note says; empty for what stands before the first

    bool operator==(const TraceConnection &) const = default;
};

/// Oldest first. Those without an exchange are left out, but for the newest.
QList<TraceConnection> traceConnections(const TraceReader &trace);

/// Keeps the matrix of a growing trace: each exchange is looked at once, so that an update costs
/// what is new. For one thread.
class CredentialMatrixBuilder {
public:
    explicit CredentialMatrixBuilder(Redactor redactor);
    ~CredentialMatrixBuilder();
    CredentialMatrixBuilder(CredentialMatrixBuilder &&) noexcept;
    CredentialMatrixBuilder &operator=(CredentialMatrixBuilder &&) noexcept;

    /// Restricts the matrix and missingCount() to the exchanges from `first` to `last` (0: no end);
    /// they are taken in anew by the next updates. Glances know the whole trace all the same.
    void setRange(ExchangeId first, ExchangeId last = 0);
    /// Takes in what is new since the last update; false if nothing changed. Another trace than the
    /// last time starts it anew.
    bool update(const TraceReader &trace);
    /// The same for at most `most` exchanges that are new: a long trace is taken in by slices, call
    /// it until isBehind() is false.
    bool update(const TraceReader &trace, qint64 most);
    /// True where the trace holds exchanges that were not taken in yet.
    bool isBehind(const TraceReader &trace) const;
    ExchangeId count() const; ///< exchanges looked at so far
    /// As of the last update.
    const CredentialMatrix &matrix() const;
    /// As of the last update; quick, for each row that is painted.
    CredentialGlance glance(ExchangeId id) const;
    /// How many exchanges lack a credential.
    qint64 missingCount() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The matrix of the whole trace. For a trace that grows use the builder.
CredentialMatrix credentialMatrix(const TraceReader &trace, const Redactor &redactor);
/// One glance. Looks at all exchanges: for table rows use the builder.
CredentialGlance credentialGlance(const TraceReader &trace, ExchangeId id,
                                  const Redactor &redactor);

} // namespace sightglass
