// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/watch_action.h"

#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

WatchAction::WatchAction(const Workplace &place)
    : Action(place)
{
    m_end.setSingleShot(true);
    connect(&m_end, &QTimer::timeout, this, &WatchAction::timeIsOver);
    // Nobody tells that the reader of a pipe went away.
    connect(&m_look, &QTimer::timeout, this, [this] {
        if (output().ended())
            finish(Done);
    });
    m_look.start(500);
}

void WatchAction::watch()
{
    if (options().seconds <= 0)
        return;
    m_end.start(options().seconds * 1000);
    output().waitUntil(QDeadlineTimer(options().seconds * 1000));
}

void WatchAction::timeIsOver()
{
    const StreamState stream = session().state().stream;
    if (stream.closedAtOnce > 0 && stream.phase != StreamState::Phase::Open) {
        output().note(
            u"note: each GET of the event stream was answered (200), but its stream was closed at once, without an event, %1: no %2 can come on it like this. [exchange %3]"_s
                .arg(stream.closedAtOnce == 1 ? u"1 time"_s
                                              : u"%1 times"_s.arg(stream.closedAtOnce),
                     what(), QString::number(stream.exchange)));
    }
    if (m_wasOpen || stream.opened > 0 || stream.phase == StreamState::Phase::Open
        || stream.phase == StreamState::Phase::NotOffered) {
        finish(Done);
    } else if (stream.failure) {
        fail(*stream.failure);
    } else {
        Failure failure{
            FailureKind::TimedOut,
            u"stream-unanswered"_s,
            u"The GET of the event stream was not answered within %1 s."_s.arg(options().seconds),
            u"The server, or a proxy before it, holds the head of the stream back."_s,
            stream.exchange,
            {}};
        const ExchangeKind kind =
            stream.exchange > 0 ? trace().summary(stream.exchange).kind : ExchangeKind::Stream;
        if (kind != ExchangeKind::Stream && kind != ExchangeKind::Reconnect) {
            failure.sentence = u"%1 was not acknowledged within %2 s."_s.arg(
                trace().request(stream.exchange).what, QString::number(options().seconds));
            failure.advice =
                u"The server has to send notifications/subscriptions/acknowledged first."_s;
        }
        if (m_came) {
            output().note(u"note: %1 %2 [exchange %3]"_s.arg(failure.sentence, failure.advice,
                                                             QString::number(stream.exchange)));
            finish(Done);
        } else {
            fail(failure);
        }
    }
}

void WatchAction::tellOpen(const SessionState &state)
{
    const ExchangeId exchange = state.stream.exchange;
    if (exchange == m_toldOpen)
        return;
    m_toldOpen = exchange;
    output().note(state.isProgram ? u"the program runs (exchange %1)"_s.arg(exchange)
                                  : u"event stream open (exchange %1)"_s.arg(exchange));
}

void WatchAction::tellCurtailed(const SessionState &state)
{
    for (const Note &remark : state.remarks) {
        if (remark.name != "not-granted"_L1 || m_told.contains(remark.text))
            continue;
        m_told.insert(remark.text);
        output().note(u"note: "_s + lineForTerminal(remark.text)
                      + u" [exchange %1]"_s.arg(remark.exchange));
    }
}

void WatchAction::onState(const SessionState &state)
{
    const StreamState &stream = state.stream;
    if (!hasEnded())
        tellCurtailed(state);
    if (hasEnded() || (stream.phase == m_phase && stream.exchange == m_exchange))
        return;
    m_phase = stream.phase;
    m_exchange = stream.exchange;
    m_wasOpen = m_wasOpen || stream.opened > 0;
    switch (stream.phase) {
    case StreamState::Phase::Open:
        m_wasOpen = true;
        tellOpen(state);
        break;
    case StreamState::Phase::NotOffered:
        output().note(
            u"The server offers no event stream (which is allowed): no %1 can come. [exchange %2]"_s
                .arg(what(), QString::number(stream.exchange)));
        finish(Done);
        break;
    case StreamState::Phase::Waiting: {
        if (stream.opened > 0 && !stream.failure)
            tellOpen(state);
        const QString in = humanDuration(stream.retryAt - trace().now());
        output().note(stream.failure ? u"%1 Tried again in %2."_s.arg(
                          lineForTerminal(stream.failure->sentence), in)
                          : stream.closedAtOnce > 0
                          ? u"The stream was closed at once; opened again in %1."_s.arg(in)
                          : u"The stream ended; opened again in %1."_s.arg(in));
        break;
    }
    case StreamState::Phase::Ended:
        // The session opens another one; if it cannot, it says so itself.
        if (stream.failure && stream.failure->code == "session-expired"_L1)
            break;
        fail(stream.failure.value_or(Failure{}));
        break;
    case StreamState::Phase::Refused:
        fail(stream.failure.value_or(Failure{}));
        break;
    default:
        break;
    }
}

} // namespace sightglass::cli
