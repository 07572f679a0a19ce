// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/trace_store.h"

#include <QByteArrayList>

namespace sightglass {

/// What a refused request lacked that another had.
struct Lack {
    ExchangeId accepted = 0; ///< the nearest one before it that had it and was accepted
    QByteArrayList headers; ///< names, as that one spelled them; Authorization first

    bool operator==(const Lack &) const = default;
};
/// Against the exchanges of the same connection and to the same origin. Nothing where they had no
/// more than it. Pure.
std::optional<Lack> lackOf(const TraceReader &trace, ExchangeId refused);

/// Its Accept lists what MCP wants: application/json and text/event-stream, of a GET the latter
/// alone. Pure.
bool isAcceptRight(const RequestRecord &request);

/// A failure with what the trace says about its cause: which credential the refused request lacked
/// while others carried it (AF-01 to AF-05), what is wrong with the one that it carried (AF-06,
/// AF-07), its Host or Origin (AF-87), what a redirect made of it or took from it (AF-08), a
/// Content-Type on a GET (AF-09), a session that is lost again and again (AF-81), what Accept said
/// (AF-85), a WWW-Authenticate that is malformed, a client certificate that a proxy before the
/// server wants (AF-94), what came in place of a message, and how far an answer was that did not
/// come in time. Unchanged where the trace shows nothing more. Pure.
Failure explained(const TraceReader &trace, const Failure &failure);

} // namespace sightglass
