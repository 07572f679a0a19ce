// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/session_status.h"

#include "core/trace/trace_text.h"
#include "ui/session_controller.h"
#include "ui/visible_text.h"
#include "ui/widgets/status_line.h"

#include <QFileInfo>
#include <QLocale>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 second = 1'000'000'000;

QString clockWords(qint64 nanoseconds)
{
    const qint64 seconds = std::max<qint64>(0, nanoseconds / second);
    const QString tail = u"%1:%2"_s.arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
                             .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return seconds < 3600 ? tail : u"%1:%2"_s.arg(seconds / 3600).arg(tail);
}

bool wasCancelled(const SessionState &state)
{
    return state.failure && state.failure->kind == FailureKind::Cancelled;
}

QString sessionWords(const SessionState &state, const OAuthState &oauth, const QString &server)
{
    if (state.phase == SessionPhase::Connecting && oauth.waitsForPerson())
        return SessionStatus::tr("waiting for you to log in");
    switch (state.phase) {
    case SessionPhase::Idle:
        return SessionStatus::tr("not connected");
    case SessionPhase::Connecting:
        return SessionStatus::tr("connecting to %1").arg(server);
    case SessionPhase::Disconnecting:
        return SessionStatus::tr("ending the session");
    case SessionPhase::Failed:
        return wasCancelled(state) ? SessionStatus::tr("not connected: cancelled")
                                   : SessionStatus::tr("not connected: the last try failed");
    case SessionPhase::Ready:
        break;
    }
    return state.revision;
}

} // namespace

SessionStatus::SessionStatus(SessionController *session, StatusLine *line, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_phase(line->addLeft(tr("Revision")))
    , m_sessionId(line->addLeft(tr("Session")))
    , m_stream(line->addLeft(tr("Event stream")))
    , m_acting(line->addRight(tr("Acting")))
    , m_counts(line->addRight(tr("Recorded so far")))
    , m_record(line->addRight(tr("Record to a file")))
{
    connect(m_phase, &StatusItem::clicked, this, &SessionStatus::ladderRequested);
    connect(m_sessionId, &StatusItem::clicked, this, [this] {
        if (const ExchangeId id = m_session->state().sessionExchange)
            Q_EMIT exchangeRequested(id);
    });
    connect(m_stream, &StatusItem::clicked, this, [this] {
        if (const ExchangeId id = m_session->state().stream.exchange)
            Q_EMIT exchangeRequested(id);
    });
    connect(m_record, &StatusItem::clicked, this, &SessionStatus::recordToggled);
    m_record->setLeadsSomewhere(true);
    m_tick.setInterval(500);
    connect(&m_tick, &QTimer::timeout, this, &SessionStatus::update);
    m_tick.start();
    connect(session, &SessionController::stateChanged, this, &SessionStatus::update);
    connect(session, &SessionController::oauthChanged, this, &SessionStatus::update);
    connect(session, &SessionController::traceChanged, this, &SessionStatus::update);
    connect(session, &SessionController::recordingToChanged, this, &SessionStatus::update);
    update();
}

QString SessionStatus::countWords(qint64 count)
{
    if (count < 10'000)
        return QLocale().toString(count);
    if (count < 1'000'000)
        return tr("%1 k").arg(QLocale().toString(double(count) / 1e3, 'f', 1));
    return tr("%1 M").arg(QLocale().toString(double(count) / 1e6, 'f', 1));
}

QString SessionStatus::streamWords(const StreamState &stream, qint64 now, qint64 lastEvent)
{
    switch (stream.phase) {
    case StreamState::Phase::None:
        return {};
    case StreamState::Phase::Opening:
        return tr("Event stream: opening");
    case StreamState::Phase::Open: {
        const QString open = tr("Event stream open %1").arg(clockWords(now - stream.openedAt));
        if (lastEvent < 0)
            return tr("%1, no event yet").arg(open);
        return tr("%1, last event %2 s ago")
            .arg(open)
            .arg(std::max<qint64>(0, (now - lastEvent) / second));
    }
    case StreamState::Phase::NotOffered:
        return tr("Event stream: not offered by the server");
    case StreamState::Phase::Waiting: {
        const qint64 wait = std::max<qint64>(0, (stream.retryAt - now + second - 1) / second);
        const bool refused = stream.failure && stream.failure->kind == FailureKind::Refused;
        return refused ? tr("Event stream: refused, tries again in %1 s").arg(wait)
                       : tr("Event stream: ended, tries again in %1 s").arg(wait);
    }
    case StreamState::Phase::Refused:
        return tr("Event stream: refused");
    case StreamState::Phase::Ended:
        return tr("Event stream: ended");
    }
    return {};
}

void SessionStatus::update()
{
    const SessionState &state = m_session->state();
    const TraceReader *trace = m_session->trace();
    if (m_session->isRecordingShown()) {
        m_phase->say(tr("Recording %1").arg(m_session->recordingName()), Role::Accent);
        m_phase->setLeadsSomewhere(false);
        m_sessionId->say({});
        m_stream->say({});
        m_acting->say({});
    } else {
        const bool ready = state.phase == SessionPhase::Ready;
        const bool failed = state.phase == SessionPhase::Failed && !wasCancelled(state);
        const ServerTarget &target = m_session->target();
        const QString server = target.command
            ? visibleText(QFileInfo(target.command->program).fileName())
            : state.url.host();
        m_phase->say(sessionWords(state, m_session->oauth(), server),
                     failed ? Role::Failure : Role::Muted,
                     ready        ? u"check"_s
                         : failed ? u"refused"_s
                                  : QString(),
                     ready ? Role::Ok : Role::Failure);
        m_phase->setLeadsSomewhere(state.phase != SessionPhase::Idle);
        m_sessionId->say(
            !ready ? QString()
                : state.sessionId.isEmpty()
                ? tr("no session")
                : tr("session %1").arg(visibleText(QString::fromUtf8(state.sessionId.left(4)))));
        m_sessionId->setLeadsSomewhere(state.sessionExchange > 0);

        const StreamState &stream = state.stream;
        const TraceClock clock = m_session->clock();
        qint64 lastEvent = -1;
        if (stream.exchange > 0 && stream.exchange <= trace->exchangeCount())
            lastEvent = trace->summary(stream.exchange).lastEvent;
        const bool trouble = stream.phase == StreamState::Phase::Refused
            || stream.phase == StreamState::Phase::Ended
            || (stream.phase == StreamState::Phase::Waiting && stream.failure);
        m_stream->say(ready ? streamWords(stream, clock ? clock() : 0, lastEvent) : QString(),
                      trouble ? Role::Failure : Role::Muted);
        m_stream->setLeadsSomewhere(stream.exchange > 0);
        m_acting->say(state.acting.isEmpty() ? QString()
                                             : tr("acting like a client with %1").arg(state.acting),
                      Role::Attention);
    }
    const qint64 exchanges = trace->exchangeCount();
    const qint64 events = trace->totalEvents();
    const QStringList counts{exchanges == 1 ? tr("1 exchange")
                                            : tr("%1 exchanges").arg(countWords(exchanges)),
                             events == 1 ? tr("1 event") : tr("%1 events").arg(countWords(events)),
                             humanSize(trace->totalBytes())};
    m_counts->say(exchanges == 0 ? QString() : counts.join(u"   "_s));
    if (m_session->isRecordingShown() || (exchanges == 0 && m_session->recordingTo().isEmpty()))
        m_record->say({});
    else if (m_session->recordingTo().isEmpty())
        m_record->say(tr("record"));
    else
        m_record->say(tr("recording"), Role::Failure, u"record"_s);
}

} // namespace sightglass
