// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/action.h"

#include <QSet>
#include <QTimer>

namespace sightglass::cli {

/// Prints what comes until the time is over (--seconds), the reader had
/// enough, or the server has nothing to send it on.
class WatchAction : public Action {
    Q_OBJECT
public:
    explicit WatchAction(const Workplace &place);

    void onState(const SessionState &state) override;

protected:
    /// From begin(): the clock runs.
    void watch();
    /// Something of it came.
    void came() { m_came = true; }
    /// What is being waited for, for the notes: "updates", "events".
    virtual QString what() const = 0;

private:
    /// A stream that never came about is no success.
    void timeIsOver();

    /// Of a stream that was closed as soon as it was open, nothing else may have been seen.
    void tellOpen(const SessionState &state);

    /// What will not come, as soon as that is known.
    void tellCurtailed(const SessionState &state);

    bool m_wasOpen = false;
    QSet<QString> m_told;
    bool m_came = false;
    QTimer m_end;
    QTimer m_look;
    StreamState::Phase m_phase = StreamState::Phase::None;
    ExchangeId m_exchange = 0; ///< of the stream as it was last told
    ExchangeId m_toldOpen = 0;
};

} // namespace sightglass::cli
