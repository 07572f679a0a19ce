// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/pool_job.h"
#include "ui/models/sequence_rows.h"
#include "ui/models/shown_trace.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QElapsedTimer>
#include <QTimer>

#include <deque>
#include <memory>

namespace sightglass {

/// The exchanges of a trace as a sequence of messages between client and server, one row each, in
/// the order of time; see SequenceRow. What belongs to what is found by a thread of the pool;
/// texts are read when they are shown.
class SequenceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Lanes, Message, Took, ColumnCount };
    enum DataRole { ToneRole = Qt::UserRole, GroundRole = Qt::UserRole + 200 };

    explicit SequenceModel(QObject *parent = nullptr);
    ~SequenceModel() override;

    /// Anew, with these exchanges, in the order of their numbers. The trace must stay until the
    /// next setExchanges() with another one.
    void setExchanges(const ShownTrace &shown, const QList<ExchangeId> &ids);
    /// Later ones.
    void addExchanges(const QList<ExchangeId> &ids);
    /// The trace has grown.
    void refresh();
    bool isBusy() const { return m_timer.isActive(); }

    SequenceRow row(int row) const; ///< a Gap outside
    /// The first row of an exchange, or that of its event; -1: there is none.
    int rowOf(ExchangeId id, qint64 frame = -1) const;
    /// The row whose peer is marked; -1: none.
    void setCurrent(int row);
    int current() const { return m_current; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// All was taken in that the trace held when it was last looked at.
    void caughtUp();

private:
    struct Job;
    void step();
    void take();
    QString message(int row) const;
    QString readMessage(int row) const;
    QString lanesInWords(int row) const;
    QString took(int row) const;
    Role tone(int row) const;

    ShownTrace m_shown;
    std::deque<SequenceRow> m_rows;
    std::shared_ptr<SequenceBuilder> m_builder; ///< the job's while one runs
    std::shared_ptr<Job> m_job; ///< null: none runs, and all was taken
    LeavingJobs m_leaving;
    QList<ExchangeId> m_fresh;
    bool m_grown = false;
    bool m_hasOpen = false;
    int m_current = -1;
    QTimer m_timer;
    QElapsedTimer m_sinceJob;
    qint64 m_tookNs = 0;
    mutable QCache<int, QString> m_messages;
};

} // namespace sightglass
