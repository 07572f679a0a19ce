// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/credential_matrix.h"
#include "ui/models/shown_trace.h"

#include <QString>

namespace sightglass {

/// One line of a request's or answer's head, as a person reads it.
struct HeaderLine {
    enum class Kind : quint8 {
        Sent, ///< stood on the wire
        Different, ///< so did it, but the exchange compared with carried another value
        Missing, ///< the exchange compared with carried it, this one did not
        Withheld, ///< would have been sent, but was held back on purpose
    };
    Kind kind = Kind::Sent;
    QByteArray name;
    QString value; ///< Missing, Withheld: what is to be said
    QString who; ///< who put it there: "protocol", "session", "credential", "you", "library"
    QByteArray otherValue; ///< Different, Missing: what the exchange compared with carried
    bool secret = false;

    bool operator==(const HeaderLine &) const = default;
};

/// One name in the heads of two exchanges, side by side.
struct ComparedLine {
    enum class Kind : quint8 {
        Same,
        Different, ///< as follows from another method, body or moment
        Telling, ///< could be why one was accepted and the other was not
        Lacking, ///< telling, and not in the first of the two
    };
    Kind kind = Kind::Same;
    QByteArray name;
    QString left; ///< of the first; where it is not there: what is to be said, mostly nothing
    QString right;
    bool inLeft = false;
    bool inRight = false;
    bool secret = false;

    bool operator==(const ComparedLine &) const = default;
};

/// Two heads as one list, in the wire order of the first; what only the other has stands where
/// that one had it.
QList<ComparedLine> comparedRequests(const ShownTrace &shown, ExchangeId id, ExchangeId other);
QList<ComparedLine> comparedResponses(const ShownTrace &shown, ExchangeId id, ExchangeId other);

/// The head of a request in wire order; what it lacks against `compared` (0: none) stands where
/// that one had it; what was withheld stands at the end.
QList<HeaderLine> requestLines(const ShownTrace &shown, ExchangeId id, ExchangeId compared);
/// The head of the answer, as received.
QList<HeaderLine> responseLines(const ShownTrace &shown, ExchangeId id);
/// The exchange to compare with: for one that failed or was refused, the nearest to the same
/// origin that was accepted (preferring those before it); else 0. `glance` is what is known of its
/// credentials.
ExchangeId comparableExchange(const ShownTrace &shown, ExchangeId id,
                              const CredentialGlance &glance);

} // namespace sightglass
