// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/answer_facts.h"

#include "core/trace/redaction.h"
#include "core/trace/secret_names.h"

#include <QUrlQuery>

#include <algorithm>

namespace sightglass {

namespace {

/// A token in the URL is one that was sent.
bool hasSecretParameter(const QUrl &url)
{
    const auto parameters = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    return std::any_of(parameters.cbegin(), parameters.cend(), [](const auto &parameter) {
        return isSecretParameterName(parameter.first.toUtf8());
    });
}

} // namespace

AnswerFacts answerFacts(const TraceReader &trace, ExchangeId exchange, bool expectsAnswer,
                        bool opensStream)
{
    constexpr qint64 BodyStart = 64 * 1024;
    const RequestRecord &request = trace.request(exchange);
    const std::optional<ResponseRecord> response = trace.response(exchange);
    AnswerFacts facts;
    facts.exchange = exchange;
    facts.method = request.method;
    facts.what = request.what;
    facts.status = response ? response->status : 0;
    facts.headers = response ? HeaderList(response->headers) : HeaderList();
    facts.body = trace.responseBody(exchange, 0, BodyStart);
    facts.bodyBytes = trace.summary(exchange).responseBytes;
    facts.expectsAnswer = expectsAnswer;
    facts.opensStream = opensStream;
    facts.url = request.url;
    facts.hadCredentials = hasSecretParameter(request.url);
    for (const Header &line : request.headers) {
        facts.hadSession = facts.hadSession || sameHeaderName(line.name, "Mcp-Session-Id");
        const bool own = line.source == HeaderSource::User;
        // What is asked by a proxy says nothing to the server.
        const bool secret =
            Redactor::isSecret(line) && !sameHeaderName(line.name, "Proxy-Authorization");
        if (line.source == HeaderSource::Credential || secret)
            facts.hadCredentials = true;
        else if (own && !facts.ownHeaders.contains(line.name))
            facts.ownHeaders.append(line.name);
    }
    // A recording may say that two are the cause of one another.
    ExchangeId later = exchange;
    for (ExchangeId id = request.cause; id > 0 && id < later; id = trace.request(id).cause) {
        later = id;
        const std::optional<ResponseRecord> hop = trace.response(id);
        if (!hop || hop->status / 100 != 3)
            break;
        facts.redirectedBy = hop->status;
        // What was redirected is what was asked, whatever the redirect made of it.
        facts.method = trace.request(id).method;
    }
    return facts;
}

AnswerFacts answerFacts(const TraceReader &trace, const HttpExchange &http, bool expectsAnswer,
                        bool opensStream)
{
    return answerFacts(trace, http.id(), expectsAnswer, opensStream);
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
