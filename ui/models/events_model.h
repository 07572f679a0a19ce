// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/row_notes.h"
#include "core/jsonrpc/envelope.h"
#include "ui/models/event_scan.h"
#include "ui/models/shown_trace.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QHash>
#include <QTimer>

namespace sightglass {

/// What came on one exchange's event stream, line by line: its opening, every frame (events,
/// comments, retry, ignored and incomplete ones), silences that stand out, its end.
///
/// Keeps only where the silences are; frames are read and decoded when they are shown. Takes in
/// a million frames in slices between events of the GUI.
class EventsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Delta, Id, Type, Content, ColumnCount };
    enum DataRole { ToneRole = Qt::UserRole, LineRole, MarkedRole };
    enum class Line : quint8 { Open, Frame, Gap, End };

    explicit EventsModel(QObject *parent = nullptr);

    /// 0: none.
    void setExchange(const ShownTrace &shown, ExchangeId id);
    /// Only frames that match are shown then, without the silences between them; they are found
    /// beside the GUI's thread.
    void setFilter(const TraceFilter &filter);
    const TraceFilter &filter() const { return m_scan.filter(); }
    bool isFiltered() const { return !m_scan.filter().isEmpty(); }
    qint64 matches() const { return m_found.size(); } ///< frames so far, with a filter
    qint64 framesTaken() const { return m_frames; }
    /// The trace has grown.
    void refresh();

    ExchangeId exchange() const { return m_id; }
    Line lineAt(int row) const;
    qint64 frameAt(int row) const; ///< index of the frame; -1 for lines that are none
    int rowOfFrame(qint64 frame) const;
    bool isScanning() const { return m_timer.isActive(); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// More was found, or all was looked at.
    void filterAdvanced();

private:
    /// A silence before a frame that was long against the pace until then.
    struct Gap {
        qint64 frame; ///< before this one
        qint64 usual; ///< ns between events until here
    };
    struct Decoded {
        QString type;
        QString content;
        int tone;
    };

    void slice();
    bool scanSome();
    bool findSome(qint64 waitNs);
    void clearRows();
    qint64 usualInterval() const;
    bool isGapRow(int row, qsizetype *gap) const;
    qint64 timeOf(qint64 frame) const; ///< when the line before came, for -1: the head
    Decoded decode(qint64 frame) const;
    QString contentOf(int row) const;
    QString marksOf(qint64 frame) const;
    void updateNotes();

    ShownTrace m_shown;
    ExchangeId m_id = 0;
    qint64 m_frames = 0; ///< taken in
    QList<Gap> m_gaps;
    RowNotes m_notes; ///< bookmarks and notes of the person
    EventScan m_scan;
    QList<qint64> m_found; ///< frames that match, where there is a filter
    QList<qint64> m_intervals; ///< the last few between events, ns
    qint64 m_lastAt = 0; ///< of the frame before
    qint64 m_lastEventAt = -1;
    bool m_open = false; ///< the head is there
    bool m_ended = false; ///< the end stands there
    bool m_waits = false; ///< for the first that a filter finds
    QHash<RpcId, QString> m_asked; ///< what this exchange's request asked, by id
    QTimer m_timer;
    mutable QCache<qint64, Decoded> m_decoded;
};

/// One JSON-RPC message in a few words: "tools/call add", "notifications/progress 5 of 10",
/// "result of tools/list, id 2", "error -32601: no such method, id 3". `asked` names requests by
/// their id. Empty if it is none.
QString messageWords(QByteArrayView text, const QHash<RpcId, QString> &asked);
/// The requests in a body, by id: "tools/call add".
QHash<RpcId, QString> askedIn(const QByteArray &body);

} // namespace sightglass
