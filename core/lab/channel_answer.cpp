// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/channel_answer.h"

#include "core/lab/lab_channel.h"
#include "core/lab/lab_world.h"

namespace sightglass {

LabChannelAnswer::LabChannelAnswer(LabChannel *channel, int requests, bool batch, FaultPlay play)
    : LabOutlet(channel)
    , m_channel(channel)
    , m_missing(requests)
    , m_batch(batch)
    , m_play(std::move(play))
{
}

void LabChannelAnswer::notify(const QByteArray &message)
{
    m_channel->write(message);
}

bool LabChannelAnswer::setSource(const Source &source)
{
    m_channel->setSource(source);
    return true;
}

void LabChannelAnswer::answer(const LabAnswered &answer)
{
    if (m_missing <= 0)
        return;
    --m_missing;
    if (!answer.message.isEmpty() && playFaults(answer)) {
        m_missing = 0;
        deleteLater();
        return;
    }
    if (m_missing > 0)
        return;
    if (m_batch && !m_messages.isEmpty())
        m_channel->write('[' + m_messages.join(',') + ']');
    deleteLater();
}

bool LabChannelAnswer::playFaults(const LabAnswered &answer)
{
    m_play.rpc = answer.rpc;
    m_play.id = answer.id;
    m_play.params = answer.params;
    m_play.stream = m_channel->stream();
    QList<QByteArray> messages{answer.message};
    for (const ActiveFault &active : m_channel->world()->faults().at(m_play)) {
        m_play.number = active.number;
        if (active.fault->print)
            m_channel->print(active.fault->print(m_play));
        if (active.fault->alter) {
            QList<QByteArray> altered;
            for (const QByteArray &text : std::as_const(messages))
                altered += active.fault->alter(m_play, text);
            messages = altered;
        }
        if (active.fault->stream && m_play.stream
            && active.fault->stream(m_play, messages.value(0)))
            return true;
    }
    if (m_batch) {
        m_messages += messages;
        return false;
    }
    for (const QByteArray &message : std::as_const(messages))
        m_channel->write(message);
    return false;
}

} // namespace sightglass
