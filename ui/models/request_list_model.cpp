// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/request_list_model.h"

#include "core/jsonrpc/json_text.h"
#include "ui/models/offer_list_model.h"
#include "ui/visible_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostDetail = 200; ///< characters

/// The text of a content block, or of the first that has one in an array of them.
QString contentText(const JsonText &json, JsonText::Node content)
{
    if (!json.isArray(content))
        return json.string(json.member(content, u"text"));
    for (auto block = json.firstChild(content); block >= 0; block = json.nextSibling(block)) {
        if (const QString text = json.string(json.member(block, u"text")); !text.isEmpty())
            return text;
    }
    return {};
}

} // namespace

QString askedTitle(const ServerRequest &request)
{
    if (request.method == "sampling/createMessage")
        return RequestListModel::tr("Sampling");
    if (request.method == "elicitation/create") {
        const JsonText json = JsonText::parse(request.params);
        return json.string(json.member(json.root(), u"mode")) == "url"_L1
            ? RequestListModel::tr("URL to open")
            : RequestListModel::tr("Form");
    }
    return visibleText(QString::fromUtf8(request.method.left(80)));
}

QString askedNote(const ServerRequest &request)
{
    const JsonText json = JsonText::parse(request.params);
    if (request.method != "sampling/createMessage")
        return json.string(json.member(json.root(), u"message")).left(mostDetail);
    const JsonText::Node messages = json.member(json.root(), u"messages");
    if (!json.isArray(messages))
        return {};
    const QList<JsonText::Node> all = json.children(messages);
    return all.isEmpty()
        ? QString()
        : contentText(json, json.member(all.constLast(), u"content")).left(mostDetail);
}

void RequestListModel::add(const ServerRequest &request, QTime since)
{
    AskedEntry entry;
    entry.id = ++m_last;
    entry.request = request;
    entry.since = since;
    beginInsertRows({}, m_waiting, m_waiting);
    m_entries.insert(m_waiting, entry);
    ++m_waiting;
    endInsertRows();
    Q_EMIT waitingChanged(m_waiting);
}

void RequestListModel::setAnswer(quint64 id, const QByteArray &answer, const QString &words)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_entries[row].answer = answer;
    m_entries[row].end = words;
}

void RequestListModel::end(quint64 number, const QString &why)
{
    for (int row = 0; row < m_waiting; ++row) {
        if (m_entries.at(row).request.number == number) {
            endRow(row, why);
            return;
        }
    }
}

void RequestListModel::endAll(const QString &why)
{
    while (m_waiting > 0)
        endRow(0, why);
}

void RequestListModel::endRow(int row, const QString &why)
{
    const int to = m_waiting - 1;
    if (row != to) {
        beginMoveRows({}, row, row, {}, to + 1);
        m_entries.move(row, to);
        endMoveRows();
    }
    --m_waiting;
    AskedEntry &entry = m_entries[to];
    const quint64 id = entry.id;
    if (why.isEmpty()) {
        entry.state = AskedEntry::State::Answered;
        if (entry.end.isEmpty())
            entry.end = tr("answered");
    } else {
        entry.state = AskedEntry::State::Withdrawn;
        entry.end = why;
        entry.answer.clear();
    }
    Q_EMIT dataChanged(index(to), index(to));
    if (const int most = m_waiting + MostGone; m_entries.size() > most) {
        beginRemoveRows({}, most, int(m_entries.size()) - 1);
        m_entries.resize(most);
        endRemoveRows();
    }
    Q_EMIT ended(id);
    Q_EMIT waitingChanged(m_waiting);
}

void RequestListModel::clear()
{
    beginResetModel();
    m_entries.clear();
    m_waiting = 0;
    endResetModel();
    Q_EMIT waitingChanged(0);
}

const AskedEntry *RequestListModel::entryAt(int row) const
{
    return row >= 0 && row < m_entries.size() ? &m_entries.at(row) : nullptr;
}

const AskedEntry *RequestListModel::entry(quint64 id) const
{
    return entryAt(rowOf(id));
}

int RequestListModel::rowOf(quint64 id) const
{
    for (int row = 0; row < m_entries.size(); ++row) {
        if (m_entries.at(row).id == id)
            return row;
    }
    return -1;
}

int RequestListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant RequestListModel::data(const QModelIndex &index, int role) const
{
    const AskedEntry *entry = index.isValid() ? entryAt(index.row()) : nullptr;
    if (!entry)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return askedTitle(entry->request);
    case OfferListModel::NoteRole:
        return visibleText(askedNote(entry->request));
    case OfferListModel::BadgeRole:
        return entry->isWaiting()                          ? tr("waits")
            : entry->state == AskedEntry::State::Withdrawn ? tr("withdrawn")
                                                           : entry->end;
    case OfferListModel::AlarmingRole:
        return entry->isWaiting();
    case Qt::AccessibleTextRole: {
        QStringList words{askedTitle(entry->request),
                          data(index, OfferListModel::BadgeRole).toString(),
                          data(index, OfferListModel::NoteRole).toString()};
        words.removeAll(QString());
        return words.join(u", "_s);
    }
    case Qt::ToolTipRole:
        return plainToolTip(visibleText(QString::fromUtf8(entry->request.method.left(200))));
    default:
        return {};
    }
}

} // namespace sightglass
