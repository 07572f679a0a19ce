// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/ladder_rows.h"

#include <QCoreApplication>

namespace sightglass {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("sightglass::LadderRows", text);
}

void tellExchange(const TraceReader &trace, LadderRow *row)
{
    if (row->exchange <= 0 || row->exchange > trace.exchangeCount())
        return;
    row->name = trace.request(row->exchange).what;
    const std::optional<ResponseRecord> answer = trace.response(row->exchange);
    if (answer && answer->status > 0)
        row->seen = QStringLiteral("HTTP %1").arg(answer->status);
}

} // namespace

void LadderRows::setTrace(const TraceReader *trace)
{
    m_trace = trace;
    m_seen = 0;
    m_left.clear();
}

QList<LadderRow> LadderRows::rows(const SessionState *state)
{
    if (!m_trace)
        return {};
    for (const qint64 count = m_trace->noteCount(); m_seen < count; ++m_seen) {
        const Note note = m_trace->note(m_seen);
        if (note.name == QLatin1String("connect")) {
            m_left.clear();
        } else if (note.name == QLatin1String("rung") || note.name == QLatin1String(LeftNote)) {
            LadderRow row;
            row.exchange = note.exchange;
            row.words = note.text;
            tellExchange(*m_trace, &row);
            if (row.name.isEmpty())
                row.name = words("no answer");
            m_left.append(row);
        }
    }
    QList<LadderRow> all = m_left;
    if (!state)
        return all;
    LadderRow last;
    switch (state->phase) {
    case SessionPhase::Ready:
    case SessionPhase::Disconnecting:
        last.state = LadderRow::State::Holds;
        last.exchange = state->revisionExchange;
        tellExchange(*m_trace, &last);
        last.words = words("Holds: revision %1").arg(state->revision);
        all.append(last);
        break;
    case SessionPhase::Connecting:
        last.state = LadderRow::State::Tried;
        last.name = words("next");
        last.words = words("is being tried");
        all.append(last);
        break;
    case SessionPhase::Failed:
        if (state->failure && state->failure->kind != FailureKind::Cancelled) {
            last.state = LadderRow::State::Failed;
            last.name = words("no connection");
            last.words = state->failure->sentence;
            last.exchange = state->failure->exchange;
            all.append(last);
        }
        break;
    case SessionPhase::Idle:
        break;
    }
    return all;
}

} // namespace sightglass
