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
        Missing, ///< not carried though another request to the same origin carried it
        Withheld, ///< held back on purpose, with a reason
        Refused, ///< carried, and the answer was 401 or 403
    };
    State state = State::None;
    QByteArray
        text; ///< fingerprint ("~7f2a"), start of the session id ("41c0"), or the plain value
    QString why; ///< of Withheld
    QList<ExchangeId> exchanges; ///< that are as this cell says, oldest first

    bool operator==(const MatrixCell &) const = default;
};

struct MatrixRow {
    ExchangeKind kind = ExchangeKind::Other;
    QByteArray method; ///< "POST"
    QString what; ///< "initialize", "messages", "event stream", "reconnect", "end of session", …
    qint64 count = 0;
    int status = 0; ///< of the newest answer; 0: none
    QList<MatrixCell> cells; ///< one for each column; the worst of the row's exchanges

    bool operator==(const MatrixRow &) const = default;
};

/// Which request carried what: rows are kinds of request that occurred,
/// columns the credentials that any of them carried (and Mcp-Session-Id,
/// MCP-Protocol-Version).
struct CredentialMatrix {
    QList<QByteArray> columns; ///< header names as first spelled
    QList<MatrixRow> rows;

    bool operator==(const CredentialMatrix &) const = default;
};

CredentialMatrix credentialMatrix(const TraceReader &trace, const Redactor &redactor);

/// The credential column of one exchange, for table rows: what it carried, or what it lacks
/// although another exchange to the same origin carried it.
struct CredentialGlance {
    enum class State : quint8 { NoneNeeded, Carried, Withheld, Missing, Refused };
    State state = State::NoneNeeded;
    QByteArray text; ///< "~7f2a", or the header name that is missing or withheld
    ExchangeId comparedWith =
        0; ///< Missing, Refused: the nearest exchange that was accepted with it
};
CredentialGlance credentialGlance(const TraceReader &trace, ExchangeId id,
                                  const Redactor &redactor);

} // namespace sightglass
