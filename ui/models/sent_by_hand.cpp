// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/sent_by_hand.h"

namespace sightglass {

void SentByHand::reset()
{
    m_notes = 0;
    m_origins.clear();
}

void SentByHand::update(const TraceReader &trace)
{
    for (; m_notes < trace.noteCount(); ++m_notes) {
        const Note note = trace.note(m_notes);
        const bool edited = note.name == QLatin1String("edited");
        if ((edited || note.name == QLatin1String("sent-again")) && note.exchange >= 1
            && note.exchange <= trace.exchangeCount())
            m_origins.insert(note.exchange,
                             {trace.request(note.exchange).cause, edited, note.text});
    }
}

std::optional<SentByHand::Origin> SentByHand::originOf(ExchangeId id) const
{
    const auto found = m_origins.constFind(id);
    return found == m_origins.cend() ? std::nullopt : std::optional<Origin>(*found);
}

} // namespace sightglass
