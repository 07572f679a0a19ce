// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/http_stream.h"

#include "core/transport/answer_facts.h"
#include "core/transport/back_off.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {
constexpr int ResumeTries = 5;
} // namespace

HttpStream::HttpStream(StreamableHttp *transport, Use use, const QString &what,
                       std::shared_ptr<EventRecorder> recorder)
    : QObject(transport)
    , m_transport(transport)
    , m_use(use)
    , m_what(what)
    , m_recorder(std::move(recorder))
    , m_triedBefore(use == Use::Resume)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &HttpStream::send);
}

HttpStream::~HttpStream()
{
    close();
}

void HttpStream::open(ExchangeId cause)
{
    m_cause = cause;
    if (m_http)
        return;
    m_timer.stop();
    send();
}

void HttpStream::openLater(ExchangeId cause)
{
    m_cause = cause;
    wait({}, 0);
}

void HttpStream::close()
{
    m_timer.stop();
    m_recorder->silence();
    if (m_http) {
        m_http->disconnect(this);
        m_http->abort(Failure{FailureKind::Cancelled,
                              u"closed"_s,
                              u"We closed the %1."_s.arg(m_what),
                              {},
                              m_http->id(),
                              {}});
        m_http->deleteLater();
        m_http = nullptr;
    }
    m_state.phase = StreamState::Phase::None;
    m_state.retryAt = -1;
}

void HttpStream::send()
{
    HttpRequest request = m_transport->request(
        m_triedBefore ? ExchangeKind::Reconnect : ExchangeKind::Stream, "GET", m_what);
    request.headers.set("Accept", "text/event-stream", HeaderSource::Protocol);
    if (m_session && m_session->isEmpty())
        request.headers.remove("Mcp-Session-Id");
    else if (m_session)
        request.headers.set("Mcp-Session-Id", *m_session, HeaderSource::Session);
    if (!m_recorder->lastEventId().isEmpty()) {
        const QByteArray id = m_recorder->lastEventId();
        if (!HeaderList::check("Last-Event-ID", id)
            || !HeaderList::check("Last-Event-ID", id)->fatal)
            request.headers.set("Last-Event-ID", id, HeaderSource::Protocol);
    }
    request.cause = m_cause;
    // Many servers send the head of a stream with its first event: no limit here.
    request.answerTimeoutMs = 0;
    m_check = check();
    request.judge = [check = m_check](const HttpExchange &http) {
        std::optional<Failure> failure = check(http);
        // That there is no stream is an answer like any other.
        return failure && failure->code == "no-stream"_L1 ? std::nullopt : failure;
    };
    m_triedBefore = true;
    m_isStream = false;
    m_eventsBefore = m_recorder->events();

    m_http = m_transport->gate()->send(request);
    m_state.phase = StreamState::Phase::Opening;
    m_state.exchange = m_http->id();
    m_state.retryAt = -1;
    connect(m_http, &HttpExchange::redirected, this,
            [this](ExchangeId, ExchangeId to) { m_state.exchange = to; });
    connect(m_http, &HttpExchange::headReceived, this, &HttpStream::onHead);
    connect(m_http, &HttpExchange::finished, this, &HttpStream::onFinished);
    Q_EMIT changed();
}

std::function<std::optional<Failure>(const HttpExchange &)> HttpStream::check() const
{
    const bool isFirst = m_use == Use::Server && m_state.opened == 0;
    const bool resumes = m_use == Use::Resume;
    // Where GET is not found at all, 404 says nothing of the session.
    const bool isAbsent =
        resumes && m_transport->streamState().phase == StreamState::Phase::NotOffered;
    return [trace = m_transport->gate()->trace(), isFirst, resumes,
            isAbsent](const HttpExchange &http) {
        AnswerFacts facts = answerFacts(*trace, http, false, true);
        facts.firstStream = isFirst;
        facts.resumes = resumes;
        facts.hadSession = facts.hadSession && !isAbsent;
        return checkAnswer(facts);
    };
}

void HttpStream::onHead()
{
    m_state.exchange = m_http->id();
    m_isStream =
        m_http->status() == 200 && mediaType(m_http->responseHeaders()) == "text/event-stream";
    if (!m_isStream)
        return;
    recordEvents(m_http, m_recorder);
    ++m_state.opened;
    m_state.phase = StreamState::Phase::Open;
    m_state.openedAt = m_transport->gate()->trace()->now();
    m_state.failure.reset();
    Q_EMIT changed();
}

void HttpStream::onFinished()
{
    HttpExchange *http = m_http;
    m_http = nullptr;
    http->deleteLater();
    m_state.exchange = http->id();
    m_cause = http->id();

    if (m_isStream) {
        // It did open: that is no try in vain, however it ended.
        m_state.tries = 0;
        constexpr qint64 Short = 1'000'000'000;
        const bool wasShort = m_transport->gate()->trace()->now() - m_state.openedAt < Short;
        const bool isEmpty = m_recorder->events() == m_eventsBefore;
        m_state.closedAtOnce = wasShort && isEmpty ? m_state.closedAtOnce + 1 : 0;
        // A server that says when to come back is polled, for as long as the request may take.
        const bool isPolled = m_recorder->retryMs().has_value();
        m_inVain = isEmpty && !isPolled ? m_inVain + 1 : 0;
        if (m_use == Use::Resume && m_inVain >= ResumeTries) {
            end(StreamState::Phase::Ended,
                Failure{
                    FailureKind::Unreachable,
                    u"stream-ended"_s,
                    u"GET %1 was answered %2 times, and each time the stream ended without anything new."_s
                        .arg(m_what, QString::number(ResumeTries)),
                    u"The server does not give the response any more: send the request once more."_s,
                    http->id(),
                    {}});
            return;
        }
        // What it asked for holds. Where it did not, a stream that at once ends with nothing is
        // tried less and less often.
        wait(http->failure(), isPolled ? 0 : m_state.closedAtOnce);
        return;
    }
    if (http->failure()) {
        ended(http->failure(),
              retryAfter(http->responseHeaders().value("Retry-After"),
                         QDateTime::currentDateTimeUtc()));
        return;
    }
    std::optional<Failure> failure = m_check(*http);
    if (!failure) {
        failure =
            Failure{FailureKind::Protocol,
                    u"unexpected-status"_s,
                    u"GET %1 was answered with %2."_s.arg(m_what, QString::number(http->status())),
                    {},
                    http->id(),
                    {}};
    }
    ended(failure, {});
}

void HttpStream::ended(const std::optional<Failure> &failure, std::optional<qint64> retryAfterMs)
{
    const QString &code = failure->code;
    ++m_state.tries;
    ++m_inVain;
    if (code == "no-stream"_L1) {
        end(StreamState::Phase::NotOffered, *failure);
    } else if (code == "session-expired"_L1) {
        end(StreamState::Phase::Ended, *failure);
        Q_EMIT sessionExpired(*failure);
    } else if (failure->kind == FailureKind::Refused) {
        // The same credentials will be refused once more: they have to change first.
        end(StreamState::Phase::Refused, *failure);
    } else if (m_use == Use::Resume && m_inVain >= ResumeTries) {
        end(StreamState::Phase::Ended, *failure);
    } else if (failure->kind == FailureKind::Protocol && code != "try-later"_L1
               && code != "server-error"_L1) {
        // It will not be another page the next time.
        end(StreamState::Phase::Ended, *failure);
    } else if (failure->kind == FailureKind::Usage) {
        end(StreamState::Phase::Ended, *failure);
    } else {
        wait(failure, m_state.tries, retryAfterMs);
    }
}

void HttpStream::wait(const std::optional<Failure> &failure, int tries,
                      std::optional<qint64> retryAfterMs)
{
    const int ms = backOffMs(tries, retryAfterMs ? retryAfterMs : m_recorder->retryMs(),
                             m_transport->random());
    m_state.phase = StreamState::Phase::Waiting;
    m_state.failure = failure;
    m_state.retryAt = m_transport->gate()->trace()->now() + ms * 1'000'000LL;
    m_timer.start(ms);
    Q_EMIT changed();
}

void HttpStream::end(StreamState::Phase phase, const Failure &failure)
{
    m_state.phase = phase;
    m_state.failure = failure;
    m_state.retryAt = -1;
    Q_EMIT changed();
    Q_EMIT gaveUp(failure);
}

} // namespace sightglass
