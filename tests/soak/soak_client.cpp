// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/soak_client.h"

namespace sightglass::soak {

using namespace Qt::StringLiterals;

namespace {
constexpr int MostOpen = 6;
constexpr int StepMs = 25;
} // namespace

SoakClient::SoakClient(const QUrl &url, const QString &revision, quint32 seed, QObject *parent)
    : QObject(parent)
    , m_session(&m_trace)
    , m_revision(revision)
    , m_random(seed)
{
    m_target.url = url;
    m_target.revision = revision;
    m_target.requestTimeoutMs = 5000;
    m_timer.setInterval(StepMs);
    connect(&m_timer, &QTimer::timeout, this, &SoakClient::step);
    connect(&m_session, &Session::callFinished, this,
            [this](Ticket ticket, const CallResult &result) {
                SoakCall &call = m_calls[ticket];
                ++call.ended;
                call.result = result;
                // What is needed of it is in the trace.
                if (call.tool != "echo")
                    call.result.result = result.result.left(200);
                m_open.removeAll(ticket);
            });
    connect(&m_session, &Session::notified, this, [this] { ++m_notices; });
}

void SoakClient::start()
{
    m_session.connectTo(m_target);
    ++m_connects;
    m_timer.start();
}

void SoakClient::stop()
{
    m_stopped = true;
    m_timer.stop();
}

bool SoakClient::isQuiet() const
{
    const SessionPhase phase = m_session.state().phase;
    return m_open.isEmpty() && phase != SessionPhase::Connecting
        && phase != SessionPhase::Disconnecting;
}

QString SoakClient::words() const
{
    QString text = u"phase %1, revision %2"_s.arg(QString::number(int(m_session.state().phase)),
                                                  m_session.state().revision);
    for (const Ticket ticket : m_open)
        text += u", waits for %1 (ticket %2)"_s.arg(QString::fromLatin1(m_calls[ticket].tool),
                                                    QString::number(ticket));
    return text;
}

void SoakClient::step()
{
    const SessionState state = m_session.state();
    if (state.phase == SessionPhase::Idle || state.phase == SessionPhase::Failed) {
        // As a person does who tries again.
        if (m_random.bounded(20) == 0) {
            m_session.connectTo(m_target);
            ++m_connects;
        }
        return;
    }
    if (state.phase != SessionPhase::Ready)
        return;
    if (!m_open.isEmpty() && m_random.bounded(60) == 0)
        m_session.cancel(m_open.at(m_random.bounded(int(m_open.size()))));
    if (m_random.bounded(2000) == 0) {
        m_session.connectTo(m_target);
        ++m_connects;
        return;
    }
    if (m_open.size() < MostOpen && m_random.bounded(3) > 0)
        ask();
}

void SoakClient::remember(Ticket ticket, const QByteArray &tool, qint64 number)
{
    SoakCall &call = m_calls[ticket];
    call.tool = tool;
    call.number = number;
    if (call.ended == 0)
        m_open.append(ticket);
}

void SoakClient::ask()
{
    const auto call = [this](const QByteArray &tool, const QString &arguments, qint64 number = 0) {
        remember(m_session.callTool(QString::fromLatin1(tool), arguments.toUtf8()), tool, number);
    };
    switch (m_random.bounded(14)) {
    case 0:
    case 1:
    case 2: {
        const qint64 count = bounded(1, m_random.bounded(4) ? 150 : 2000);
        call("many-events", u"{\"count\":%1,\"size\":%2}"_s.arg(count).arg(bounded(0, 200)), count);
        break;
    }
    case 3:
    case 4:
    case 5:
        ++m_number;
        call("echo", u"{\"message\":\"number %1\"}"_s.arg(m_number), m_number);
        break;
    case 6:
    case 7:
        call("long-running",
             u"{\"steps\":%1,\"seconds\":%2}"_s.arg(bounded(2, 20))
                 .arg(double(bounded(1, 25)) / 10));
        break;
    case 8:
        call("slow", u"{\"ms\":%1}"_s.arg(bounded(0, 900)));
        break;
    case 9:
        call("no-such-tool", u"{}"_s);
        break;
    case 10:
        call("log-messages", u"{}"_s);
        break;
    case 11:
        remember(m_session.request("ping", {}), "ping");
        break;
    case 12:
        remember(m_session.request("tools/list", "{}"), "tools/list");
        break;
    default:
        if (m_random.bounded(15) == 0)
            call("big-result", u"{\"megabytes\":1}"_s);
        else
            call("add-tool", u"{}"_s);
        break;
    }
}

} // namespace sightglass::soak
