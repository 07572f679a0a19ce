// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"
#include "core/transport/answer_check.h"

namespace sightglass {

/// What checkAnswer() wants to know of an exchange that has its answer: all of it stands in the
/// trace. Of one that was answered only; who put a header there need not be known.
AnswerFacts answerFacts(const TraceReader &trace, ExchangeId exchange, bool expectsAnswer,
                        bool opensStream);
/// The same of one that is at hand.
AnswerFacts answerFacts(const TraceReader &trace, const HttpExchange &http, bool expectsAnswer,
                        bool opensStream);

/// checkAnswer() as a request's judge. Of an event stream it says nothing, nor of a server that
/// has none to open (405). The trace outlives the request.
std::function<std::optional<Failure>(const HttpExchange &)>
answerJudge(const TraceReader *trace, bool expectsAnswer, bool opensStream);

} // namespace sightglass
