// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/offer_list_model.h"

#include "ui/visible_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

OfferListModel::OfferListModel(QList<ListKind> kinds, QObject *parent)
    : QAbstractListModel(parent)
    , m_kinds(std::move(kinds))
    , m_offers(listKinds().size())
{
}

void OfferListModel::setOffers(ListKind kind, const QList<Offer> &offers)
{
    beginResetModel();
    m_offers[int(kind)] = offers;
    filter();
    endResetModel();
}

void OfferListModel::setFilter(const QString &text)
{
    beginResetModel();
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    filter();
    endResetModel();
}

qsizetype OfferListModel::offerCount() const
{
    qsizetype count = 0;
    for (const QList<Offer> &offers : m_offers)
        count += offers.size();
    return count;
}

bool OfferListModel::fits(const Offer &offer) const
{
    const ListItem &item = offer.item;
    return std::all_of(m_words.cbegin(), m_words.cend(), [&](const QString &word) {
        return item.name.contains(word, Qt::CaseInsensitive)
            || item.title.contains(word, Qt::CaseInsensitive)
            || item.description.contains(word, Qt::CaseInsensitive)
            || item.uri.contains(word, Qt::CaseInsensitive)
            || item.mimeType.contains(word, Qt::CaseInsensitive)
            || offer.note.contains(word, Qt::CaseInsensitive);
    });
}

void OfferListModel::filter()
{
    m_rows.clear();
    for (const ListKind kind : m_kinds) {
        const QList<Offer> &offers = m_offers.at(int(kind));
        bool titled = m_kinds.size() == 1;
        for (qsizetype i = 0; i < offers.size(); ++i) {
            if (!fits(offers.at(i)))
                continue;
            if (!titled)
                m_rows.append({kind, -1});
            titled = true;
            m_rows.append({kind, i});
        }
    }
}

const Offer *OfferListModel::offerAt(int row) const
{
    if (row < 0 || row >= m_rows.size() || m_rows.at(row).offer < 0)
        return nullptr;
    return &m_offers.at(int(m_rows.at(row).kind)).at(m_rows.at(row).offer);
}

int OfferListModel::rowOf(const QString &key) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (const Offer *offer = offerAt(row); offer && offer->key() == key)
            return row;
    }
    return -1;
}

int OfferListModel::firstRow() const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (offerAt(row))
            return row;
    }
    return -1;
}

void OfferListModel::changeRow(const QString &key, const std::function<bool(Offer *)> &change)
{
    for (const ListKind kind : std::as_const(m_kinds)) {
        QList<Offer> &offers = m_offers[int(kind)];
        for (Offer &offer : offers) {
            if (offer.key() != key || !change(&offer))
                continue;
            if (const int row = rowOf(key); row >= 0)
                Q_EMIT dataChanged(index(row), index(row));
        }
    }
}

void OfferListModel::clearMark(const QString &key)
{
    changeRow(key, [](Offer *offer) {
        const bool marked =
            offer->updated || (offer->mark != ListMark::None && offer->mark != ListMark::Gone);
        offer->updated = false;
        if (offer->mark != ListMark::Gone)
            offer->mark = ListMark::None;
        return marked;
    });
}

void OfferListModel::markUpdated(const QString &uri)
{
    changeRow(offerKey(ListKind::Resources, uri),
              [](Offer *offer) { return !std::exchange(offer->updated, true); });
}

int OfferListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

Qt::ItemFlags OfferListModel::flags(const QModelIndex &index) const
{
    if (index.isValid() && !offerAt(index.row()))
        return Qt::ItemNeverHasChildren;
    return QAbstractListModel::flags(index);
}

QVariant OfferListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Offer *offer = offerAt(index.row());
    if (!offer) {
        if (role == TitleRole)
            return true;
        return role == Qt::DisplayRole ? QVariant(offerSection(m_rows.at(index.row()).kind))
                                       : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return offer->name;
    case NoteRole:
        return offer->note;
    case BadgeRole:
        return offer->badge;
    case AlarmingRole:
        return offer->alarming;
    case MarkRole:
        return offer->updated && offer->mark == ListMark::None ? tr("updated")
                                                               : markWord(offer->mark);
    case GoneRole:
        return offer->mark == ListMark::Gone;
    case Qt::AccessibleTextRole: {
        QStringList words{offer->name, data(index, MarkRole).toString(), offer->hints};
        words.removeAll(QString());
        return words.join(u", "_s);
    }
    case Qt::ToolTipRole:
        return offer->problem.isEmpty()
            ? offer->item.uri.isEmpty() ? QVariant() : plainToolTip(visibleText(offer->item.uri))
            : plainToolTip(visibleText(offer->problem));
    default:
        return {};
    }
}

} // namespace sightglass
