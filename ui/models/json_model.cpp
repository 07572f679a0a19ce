// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/json_model.h"

#include "ui/counted.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QHash>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qsizetype kRowsAtFirst = 400;
constexpr qint32 kChildrenAtFirst = 100;
constexpr qint32 kDepthAtFirst = 8;
/// Above this the look for duplicate keys would be felt when unfolding.
constexpr qsizetype kDuplicatesUpTo = 200'000;
constexpr qsizetype kShownBytes = 2000;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
}

bool matchesAt(QByteArrayView text, qsizetype at, const QByteArray &needle)
{
    for (qsizetype i = 0; i < needle.size(); ++i) {
        if (lower(text[at + i]) != needle[i])
            return false;
    }
    return true;
}

/// Cuts within UTF-8 only between characters.
QString shortened(QByteArrayView raw)
{
    if (raw.size() <= kShownBytes)
        return QString::fromUtf8(raw);
    qsizetype cut = kShownBytes;
    while (cut > 0 && (uchar(raw[cut]) & 0xc0) == 0x80)
        --cut;
    return QString::fromUtf8(raw.first(cut)) + u'…';
}

} // namespace

JsonModel::JsonModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void JsonModel::setJson(const JsonText &json)
{
    beginResetModel();
    m_json = json;
    m_unfolded.clear();
    m_rows.clear();
    if (m_json.isValid()) {
        if (isFoldable(m_json.root())) {
            m_unfolded.insert(m_json.root());
            m_rows = rowsUnder(m_json.root(), 0);
        } else {
            m_rows.append({m_json.root(), 0, 0, false});
        }
        for (qsizetype i = 0; i < m_rows.size() && m_rows.size() < kRowsAtFirst; ++i) {
            const Row row = m_rows[i];
            if (row.depth >= kDepthAtFirst || !isFoldable(row.node)
                || m_json.childCount(row.node) > kChildrenAtFirst)
                continue;
            m_unfolded.insert(row.node);
            const QList<Row> under = rowsUnder(row.node, row.depth + 1);
            m_rows = m_rows.mid(0, i + 1) + under + m_rows.mid(i + 1);
        }
    }
    endResetModel();
}

bool JsonModel::isFoldable(JsonText::Node node) const
{
    return (m_json.isObject(node) || m_json.isArray(node)) && m_json.firstChild(node) >= 0;
}

QList<JsonModel::Row> JsonModel::rowsUnder(JsonText::Node node, qint32 depth) const
{
    struct Level {
        JsonText::Node next;
        qint32 place;
        QHash<QByteArrayView, int> keys;
    };
    const auto enter = [this](JsonText::Node parent) {
        Level level{m_json.firstChild(parent), 0, {}};
        if (m_json.isObject(parent) && m_json.childCount(parent) <= kDuplicatesUpTo) {
            for (JsonText::Node c = level.next; c >= 0; c = m_json.nextSibling(c))
                ++level.keys[m_json.rawKey(c)];
        }
        return level;
    };
    QList<Row> rows;
    // An explicit stack: nesting may be a hundred thousand deep.
    std::vector<Level> stack;
    stack.push_back(enter(node));
    while (!stack.empty()) {
        Level &level = stack.back();
        if (level.next < 0) {
            stack.pop_back();
            continue;
        }
        const JsonText::Node child = level.next;
        level.next = m_json.nextSibling(child);
        const bool duplicate = !level.keys.isEmpty() && level.keys.value(m_json.rawKey(child)) > 1;
        rows.append({child, depth + qint32(stack.size()) - 1, level.place++, duplicate});
        if (m_unfolded.contains(child) && isFoldable(child))
            stack.push_back(enter(child));
    }
    return rows;
}

void JsonModel::rebuild()
{
    beginResetModel();
    if (isFoldable(m_json.root()))
        m_rows = rowsUnder(m_json.root(), 0);
    endResetModel();
}

JsonText::Node JsonModel::nodeAt(int row) const
{
    return row >= 0 && row < m_rows.size() ? m_rows[row].node : -1;
}

int JsonModel::rowOf(JsonText::Node node) const
{
    // Nodes are numbered in the order of the text, and so are the rows.
    const auto row = std::lower_bound(m_rows.cbegin(), m_rows.cend(), node,
                                      [](const Row &r, JsonText::Node n) { return r.node < n; });
    return row != m_rows.cend() && row->node == node ? int(row - m_rows.cbegin()) : -1;
}

bool JsonModel::isUnfolded(int row) const
{
    return row >= 0 && row < m_rows.size() && m_unfolded.contains(m_rows[row].node);
}

void JsonModel::setUnfolded(int row, bool unfolded)
{
    if (row < 0 || row >= m_rows.size() || unfolded == isUnfolded(row))
        return;
    const Row at = m_rows[row];
    if (!isFoldable(at.node))
        return;
    if (unfolded) {
        m_unfolded.insert(at.node);
        const QList<Row> under = rowsUnder(at.node, at.depth + 1);
        beginInsertRows({}, row + 1, row + int(under.size()));
        QList<Row> rows;
        rows.reserve(m_rows.size() + under.size());
        rows += m_rows.mid(0, row + 1);
        rows += under;
        rows += m_rows.mid(row + 1);
        m_rows = rows;
        endInsertRows();
    } else {
        int last = row + 1;
        while (last < m_rows.size() && m_rows[last].depth > at.depth)
            ++last;
        beginRemoveRows({}, row + 1, last - 1);
        m_unfolded.remove(at.node);
        m_rows.remove(row + 1, last - row - 1);
        endRemoveRows();
    }
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void JsonModel::unfoldAll()
{
    for (qsizetype i = 0; i < m_json.nodeCount(); ++i) {
        if (isFoldable(JsonText::Node(i)))
            m_unfolded.insert(JsonText::Node(i));
    }
    rebuild();
}

void JsonModel::foldAll()
{
    m_unfolded.clear();
    if (isFoldable(m_json.root()))
        m_unfolded.insert(m_json.root());
    rebuild();
}

int JsonModel::reveal(JsonText::Node node)
{
    QList<JsonText::Node> above;
    for (JsonText::Node n = m_json.parent(node); n >= 0; n = m_json.parent(n))
        above.prepend(n);
    for (const JsonText::Node n : std::as_const(above)) {
        const int row = rowOf(n);
        if (row >= 0)
            setUnfolded(row, true);
    }
    return rowOf(node);
}

JsonText::Node JsonModel::nodeOfOffset(qint64 offset) const
{
    JsonText::Node low = 0;
    JsonText::Node high = JsonText::Node(m_json.nodeCount());
    while (low < high) {
        const JsonText::Node middle = low + (high - low) / 2;
        if (m_json.start(middle) <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    // A key stands before its value: then the node behind the place is meant.
    if (low < m_json.nodeCount()) {
        const QByteArrayView key = m_json.rawKey(low);
        const char *place = m_json.text().constData() + offset;
        if (!key.isEmpty() && place >= key.data() && place < key.data() + key.size())
            return low;
    }
    const JsonText::Node node = low - 1;
    const bool ownText =
        node >= 0 && !m_json.isObject(node) && !m_json.isArray(node) && offset < m_json.end(node);
    return ownText ? node : -1;
}

JsonText::Node JsonModel::find(const QByteArray &needle, JsonText::Node from, bool backwards) const
{
    if (!m_json.isValid() || needle.isEmpty() || needle.size() > m_json.text().size())
        return -1;
    QByteArray wanted = needle;
    std::transform(wanted.begin(), wanted.end(), wanted.begin(), lower);
    const QByteArrayView text = m_json.text();
    const qsizetype places = text.size() - wanted.size() + 1;
    const auto keyed = [this](JsonText::Node node) {
        const QByteArrayView key = m_json.rawKey(node);
        return key.isEmpty() ? m_json.start(node) : qint64(key.data() - m_json.text().constData());
    };
    qsizetype at = 0;
    if (from >= 0 && from < m_json.nodeCount())
        at = backwards ? keyed(from) - 1
                       : (isFoldable(from) ? m_json.start(from) + 1 : m_json.end(from));
    else if (backwards)
        at = places - 1;
    for (qsizetype looked = 0; looked < places; ++looked) {
        if (at >= places)
            at = 0;
        else if (at < 0)
            at = places - 1;
        if (lower(text[at]) == wanted[0] && matchesAt(text, at, wanted)) {
            const JsonText::Node node = nodeOfOffset(at);
            if (node >= 0)
                return node;
        }
        at += backwards ? -1 : 1;
    }
    return -1;
}

int JsonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int JsonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString JsonModel::valueText(const Row &row) const
{
    if (isFoldable(row.node)) {
        if (m_unfolded.contains(row.node))
            return {};
        return m_json.isObject(row.node)
            ? counted(m_json.childCount(row.node), tr("{ %1 member }"), tr("{ %1 members }"))
            : counted(m_json.childCount(row.node), tr("[ %1 item ]"), tr("[ %1 items ]"));
    }
    if (m_json.isObject(row.node))
        return QStringLiteral("{}");
    if (m_json.isArray(row.node))
        return QStringLiteral("[]");
    return visibleText(shortened(m_json.raw(row.node)));
}

QVariant JsonModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Value)
            return valueText(row);
        if (m_json.isArray(m_json.parent(row.node)))
            return QString::number(row.place);
        return visibleText(m_json.key(row.node).left(400));
    case Qt::ToolTipRole:
        if (index.column() == Key && row.duplicate)
            return tr("This key stands more than once in its object; most readers take the last");
        if (index.column() == Value && m_json.isString(row.node)
            && m_json.raw(row.node).size() > 60)
            return visibleText(m_json.string(row.node).left(kShownBytes), true);
        return {};
    case Qt::AccessibleTextRole: {
        const QString text = data(index, Qt::DisplayRole).toString();
        if (index.column() == Value || !isFoldable(row.node))
            return text;
        return tr("%1, level %2, %3")
            .arg(text, QString::number(row.depth + 1),
                 m_unfolded.contains(row.node) ? tr("unfolded") : tr("folded"));
    }
    case NodeRole:
        return row.node;
    case DepthRole:
        return row.depth;
    case FoldableRole:
        return isFoldable(row.node);
    case UnfoldedRole:
        return m_unfolded.contains(row.node);
    case DuplicateRole:
        return row.duplicate;
    case ToneRole:
        switch (m_json.type(row.node)) {
        case JsonType::String:
            return int(Role::Ok);
        case JsonType::Number:
            return int(Role::Text);
        case JsonType::True:
        case JsonType::False:
        case JsonType::Null:
            return int(Role::Accent);
        case JsonType::Array:
        case JsonType::Object:
            return int(Role::Muted);
        }
        return {};
    default:
        return {};
    }
}

QVariant JsonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : tr("Value");
}

} // namespace sightglass
