// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/shown_trace.h"
#include "ui/widgets/rows_view.h"

#include <QTimer>

namespace sightglass {

class ExchangeModel;
class SequenceModel;

/// Who said what to whom, in the order of time: client and server as lanes, every stream a lane
/// while it lives, requests and answers joined by a line at the left, silences as rows of their
/// own. Shows the exchanges of an ExchangeModel, so its filter; works only while it is seen.
/// Return goes to what a row is joined to, and back.
class SequenceView final : public RowsView {
    Q_OBJECT
public:
    /// The model is not owned.
    explicit SequenceView(ExchangeModel *exchanges, QWidget *parent = nullptr);

    /// The trace of the ExchangeModel, which is told first.
    void setTrace(const ShownTrace &shown, bool lives);
    /// The trace has grown.
    void refresh();
    SequenceModel *sequence() const { return m_sequence; }
    ExchangeId exchangeAt(int row) const; ///< of a silence: 0
    /// Chooses the first row of an exchange, unless one of its rows is chosen.
    void showExchange(ExchangeId id);
    /// Goes to the row that the current one is joined to; false where there is none.
    bool showJoined();

Q_SIGNALS:
    /// A person chose a row; `frame` is -1 unless it is an event.
    void chosen(sightglass::ExchangeId id, qint64 frame);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fill();
    void choose(int row);

    ExchangeModel *m_exchanges;
    SequenceModel *m_sequence;
    ShownTrace m_shown;
    QTimer m_rearranging; ///< what came to match late is sorted in, not too often
    ExchangeId m_wanted = 0; ///< to be chosen once its row is there
    bool m_filled = false; ///< it holds what the ExchangeModel does
    bool m_telling = true; ///< what is chosen is told
};

} // namespace sightglass
