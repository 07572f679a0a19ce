// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/inbox.h"

#include <QAbstractListModel>
#include <QTime>

namespace sightglass {

/// Something that the server asked, and what became of it.
struct AskedEntry {
    enum class State : quint8 { Waiting, Answered, Withdrawn };

    quint64 id = 0; ///< ours, from 1; numbers of requests begin anew with each connection
    ServerRequest request;
    QTime since; ///< local time
    State state = State::Waiting;
    QString end; ///< how it was answered ("accepted"), or why it needs no answer any more
    QByteArray answer; ///< raw JSON that was sent; empty: none

    bool isWaiting() const { return state == State::Waiting; }
};

/// What the server asks, for people: "Sampling", "Form", "URL to open".
QString askedTitle(const ServerRequest &request);
/// The first words of it, untrusted: the message, or the newest message to the model.
QString askedNote(const ServerRequest &request);

/// What the server asked: those that wait first, in the order in which they came, then those that
/// need no answer any more, the newest first. Of these it keeps MostGone.
class RequestListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int MostGone = 300;

    using QAbstractListModel::QAbstractListModel;

    void add(const ServerRequest &request, QTime since);
    /// What a person answered; said of it once it is gone.
    void setAnswer(quint64 id, const QByteArray &answer, const QString &words);
    /// By the request's number on its connection; `why` is empty if it was answered.
    void end(quint64 number, const QString &why);
    void endAll(const QString &why);
    void clear();

    int waiting() const { return m_waiting; }
    const AskedEntry *entryAt(int row) const; ///< null: there is no such row
    const AskedEntry *entry(quint64 id) const;
    int rowOf(quint64 id) const; ///< -1: not there

    // Roles are those of OfferListModel.
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void waitingChanged(int waiting);
    void ended(quint64 id);

private:
    void endRow(int row, const QString &why);

    QList<AskedEntry> m_entries;
    int m_waiting = 0;
    quint64 m_last = 0;
};

} // namespace sightglass
