// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/offer.h"

#include <QAbstractListModel>

#include <functional>

namespace sightglass {

/// What a server offers and what of it matches a filter, in the server's order. Where a page has
/// several kinds, each that has rows begins with a row that is its title and cannot be chosen.
class OfferListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles {
        NoteRole = Qt::UserRole,
        BadgeRole,
        AlarmingRole,
        MarkRole, ///< the word; empty: none
        GoneRole,
        TitleRole ///< true: the row is a title
    };

    explicit OfferListModel(QList<ListKind> kinds, QObject *parent = nullptr);

    /// In place of those of that kind.
    void setOffers(ListKind kind, const QList<Offer> &offers);
    /// Words that must all stand in name, title, description or URI, without case.
    void setFilter(const QString &filter);
    /// Those that are there, whatever the filter.
    qsizetype offerCount() const;
    qsizetype offerCount(ListKind kind) const { return m_offers.value(int(kind)).size(); }
    const QList<Offer> &offers(ListKind kind) const { return m_offers[int(kind)]; }
    bool isFilteredOut() const { return m_rows.isEmpty() && offerCount() > 0; }
    const Offer *offerAt(int row) const; ///< null: no such row, or a title
    int rowOf(const QString &key) const; ///< of Offer::key(); -1: not there, or filtered out
    int firstRow() const; ///< that can be chosen; -1: none
    /// It was looked at: the mark goes away, except that what is gone stays gone.
    void clearMark(const QString &key);
    /// The server said that the resource there was updated.
    void markUpdated(const QString &uri);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        ListKind kind = ListKind::Tools;
        qsizetype offer = -1; ///< -1: the title of the kind
    };
    void filter();
    void changeRow(const QString &key, const std::function<bool(Offer *)> &change);
    bool fits(const Offer &offer) const;

    QList<ListKind> m_kinds;
    QList<QList<Offer>> m_offers; ///< by kind
    QList<Row> m_rows;
    QStringList m_words;
};

} // namespace sightglass
