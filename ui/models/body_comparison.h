// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/body_loader.h"
#include "ui/models/shown_trace.h"

#include <QAbstractTableModel>

#include <array>

namespace sightglass {

/// One line of what differs between the bodies of two exchanges.
struct BodyDifference {
    enum class Kind : quint8 {
        Heading, ///< of the request's or the answer's body, with what there is to say of all of it
        Added, ///< only the other one has it
        Removed, ///< only the one that is shown has it
        Changed,
    };
    Kind kind = Kind::Heading;
    QString where; ///< a JSON pointer, or the number of a line
    QString mine; ///< in the exchange that is shown
    QString other;

    bool operator==(const BodyDifference &) const = default;
};

/// A body as it may be shown, with the ranges of the messages of an event stream.
struct ComparedBody {
    QByteArray bytes;
    QList<Frame> frames;
};

/// JSON by its structure (and an event stream whose events are JSON, event by event), other text
/// line by line, bytes by the first one that differs. For any thread.
QList<BodyDifference> bodyDifferences(const QString &title, const ComparedBody &mine,
                                      const ComparedBody &other);

/// How the bodies of two exchanges differ. What is long is read and compared aside.
class BodyComparisonModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Sign, Where, Mine, Other, ColumnCount };

    explicit BodyComparisonModel(QObject *parent = nullptr);

    /// 0 for one of them: nothing is compared, and what was under way is dropped.
    void compare(const ShownTrace &shown, ExchangeId id, ExchangeId other);
    bool isBusy() const { return m_busy; }
    const QList<BodyDifference> &differences() const { return m_differences; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// It is done, or how far it is; empty: done.
    void progressed(const QString &words);

private:
    void load();
    void take(quint64 turn, const QList<BodyDifference> &differences);

    ShownTrace m_shown;
    ExchangeId m_id = 0;
    ExchangeId m_other = 0;
    BodyLoader *m_loader;
    std::array<ComparedBody, 4> m_bodies; ///< request and answer of this one, of the other one
    size_t m_next = 0; ///< which of them is read
    quint64 m_turn = 0; ///< what older ones found is dropped
    bool m_busy = false;
    QList<BodyDifference> m_differences;
};

} // namespace sightglass
