// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/answer_facts.h"

namespace sightglass {

AnswerFacts answerFacts(const TraceReader &trace, const HttpExchange &http, bool expectsAnswer,
                        bool opensStream)
{
    constexpr qint64 BodyStart = 64 * 1024;
    const ExchangeId exchange = http.id();
    const RequestRecord &request = trace.request(exchange);
    AnswerFacts facts;
    facts.exchange = exchange;
    facts.method = request.method;
    facts.what = request.what;
    facts.status = http.status();
    facts.headers = http.responseHeaders();
    facts.body = trace.responseBody(exchange, 0, BodyStart);
    facts.bodyBytes = trace.summary(exchange).responseBytes;
    facts.expectsAnswer = expectsAnswer;
    facts.opensStream = opensStream;
    facts.url = http.url();
    for (const Header &line : request.headers) {
        facts.hadSession = facts.hadSession || sameHeaderName(line.name, "Mcp-Session-Id");
        facts.hadCredentials = facts.hadCredentials || line.source == HeaderSource::Credential;
    }
    for (ExchangeId id = request.cause; id > 0 && id < exchange; id = trace.request(id).cause) {
        const ResponseRecord *hop = trace.response(id);
        if (!hop || hop->status / 100 != 3)
            break;
        facts.redirectedBy = hop->status;
        // What was redirected is what was asked, whatever the redirect made of it.
        facts.method = trace.request(id).method;
    }
    return facts;
}

std::function<std::optional<Failure>(const HttpExchange &)>
answerJudge(const TraceReader *trace, bool expectsAnswer, bool opensStream)
{
    return [trace, expectsAnswer, opensStream](const HttpExchange &http) -> std::optional<Failure> {
        if (http.status() / 100 == 2 && mediaType(http.responseHeaders()) == "text/event-stream")
            return {};
        std::optional<Failure> failure =
            checkAnswer(answerFacts(*trace, http, expectsAnswer, opensStream));
        // That there is no stream is an answer like any other.
        if (failure && failure->code == QLatin1String("no-stream"))
            return {};
        return failure;
    };
}

} // namespace sightglass
