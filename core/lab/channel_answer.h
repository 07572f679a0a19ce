// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/fault.h"
#include "core/lab/lab_outlet.h"

namespace sightglass {

class LabChannel;

/// The answers to one message, or batch, on a channel that all share. The faults that play at
/// answers come in here. Deletes itself when all answers are given.
class LabChannelAnswer final : public LabOutlet {
    Q_OBJECT
public:
    LabChannelAnswer(LabChannel *channel, int requests, bool batch, FaultPlay play);

    void notify(const QByteArray &message) override;
    void answer(const LabAnswered &answer) override;
    bool setSource(const Source &source) override;

private:
    bool playFaults(const LabAnswered &answer);

    LabChannel *m_channel;
    int m_missing;
    bool m_batch;
    FaultPlay m_play;
    QList<QByteArray> m_messages;
};

} // namespace sightglass
