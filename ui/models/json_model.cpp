// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/json_model.h"

#include "ui/counted.h"
#include "ui/models/json_search.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QHash>

#include <algorithm>
#include <limits>

namespace sightglass {

namespace {

constexpr qsizetype kRowsAtFirst = 400;
constexpr qint32 kChildrenAtFirst = 100;
constexpr qint32 kDepthAtFirst = 8;
/// Above this the look for duplicate keys would be felt when unfolding.
constexpr qsizetype kDuplicatesUpTo = 20'000;
constexpr qsizetype kShownBytes = 2000;
/// So much of what stands at a fault is shown with it.
constexpr qsizetype kFaultBytes = 120;
/// "Unfold all" goes level by level until there are so many rows.
constexpr qint64 kUnfoldedRows = 100'000;

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
    m_parts.clear();
    m_rows.clear();
    if (m_json.hasValues()) {
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
        appendFault();
    }
    endResetModel();
}

void JsonModel::appendFault()
{
    // Behind the last value, in the order of the text, whatever is folded.
    if (m_json.error())
        m_rows.append({JsonText::Node(m_json.nodeCount()), 0, 0, false, Rest::Fault});
}

bool JsonModel::isFoldable(JsonText::Node node) const
{
    return (m_json.isObject(node) || m_json.isArray(node)) && m_json.firstChild(node) >= 0;
}

QList<JsonModel::Row> JsonModel::rowsUnder(JsonText::Node node, qint32 depth) const
{
    struct Level {
        JsonText::Node parent;
        JsonText::Node next;
        qint32 place;
        qint32 left; ///< rows that may still be shown of it
        QHash<QByteArrayView, int> keys;
    };
    QList<Row> rows;
    // An explicit stack: nesting may be a hundred thousand deep.
    std::vector<Level> stack;
    const auto enter = [&](JsonText::Node parent) {
        const Part part = m_parts.value(parent);
        Level level{parent, m_json.firstChild(parent), 0, part.count, {}};
        if (m_json.isObject(parent) && m_json.childCount(parent) <= kDuplicatesUpTo) {
            for (JsonText::Node c = level.next; c >= 0; c = m_json.nextSibling(c))
                ++level.keys[m_json.rawKey(c)];
        }
        if (part.place > 0) {
            rows.append({level.next, depth + qint32(stack.size()), 0, false, Rest::Before});
            level.next = part.first;
            level.place = part.place;
        }
        stack.push_back(std::move(level));
    };
    enter(node);
    while (!stack.empty()) {
        Level &level = stack.back();
        if (level.next < 0) {
            stack.pop_back();
            continue;
        }
        const qint32 deep = depth + qint32(stack.size()) - 1;
        const JsonText::Node child = level.next;
        if (level.left-- == 0) {
            rows.append({child, deep, level.place, false, Rest::Behind});
            level.next = -1;
            continue;
        }
        level.next = m_json.nextSibling(child);
        const bool duplicate = !level.keys.isEmpty() && level.keys.value(m_json.rawKey(child)) > 1;
        rows.append({child, deep, level.place++, duplicate});
        if (m_unfolded.contains(child) && isFoldable(child))
            enter(child);
    }
    return rows;
}

void JsonModel::rebuild()
{
    beginResetModel();
    if (isFoldable(m_json.root())) {
        m_rows = rowsUnder(m_json.root(), 0);
        appendFault();
    }
    endResetModel();
}

JsonText::Node JsonModel::nodeAt(int row) const
{
    return row >= 0 && row < m_rows.size() && m_rows[row].rest == Rest::None ? m_rows[row].node
                                                                             : -1;
}

int JsonModel::rowOf(JsonText::Node node) const
{
    // Nodes are numbered in the order of the text, and so are the rows.
    const auto row = std::lower_bound(m_rows.cbegin(), m_rows.cend(), node,
                                      [](const Row &r, JsonText::Node n) { return r.node < n; });
    return node >= 0 && row != m_rows.cend() && row->node == node && row->rest != Rest::Fault
        ? int(row - m_rows.cbegin())
        : -1;
}

bool JsonModel::isUnfolded(int row) const
{
    return row >= 0 && row < m_rows.size() && m_rows[row].rest == Rest::None
        && m_unfolded.contains(m_rows[row].node);
}

void JsonModel::setUnfolded(int row, bool unfolded)
{
    if (row < 0 || row >= m_rows.size())
        return;
    const Row at = m_rows[row];
    if (at.rest == Rest::Fault)
        return;
    if (at.rest != Rest::None) {
        if (unfolded)
            showRest(row);
        return;
    }
    if (unfolded == isUnfolded(row))
        return;
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

void JsonModel::showRest(int row)
{
    const Row at = m_rows[row];
    const JsonText::Node parent = m_json.parent(at.node);
    Part part = m_parts.value(parent, Part{m_json.firstChild(parent), 0, kPart});
    if (at.rest == Rest::Behind) {
        part.count += kPart;
    } else {
        const qint32 place = std::max(0, part.place - kPart);
        part.count += part.place - place;
        part.first = m_json.firstChild(parent);
        for (part.place = 0; part.place < place; ++part.place)
            part.first = m_json.nextSibling(part.first);
    }
    m_parts.insert(parent, part);
    rebuild();
}

void JsonModel::unfold(JsonText::Node top, int levels)
{
    qint64 rows = 0;
    std::vector<JsonText::Node> level{top};
    for (int deep = 0; deep < levels && !level.empty() && rows < kUnfoldedRows; ++deep) {
        std::vector<JsonText::Node> next;
        for (const JsonText::Node node : level) {
            if (!isFoldable(node) || rows >= kUnfoldedRows)
                continue;
            m_unfolded.insert(node);
            const Part part = m_parts.value(node, Part{m_json.firstChild(node), 0, kPart});
            qint32 left = part.count;
            for (JsonText::Node c = part.first; c >= 0 && left > 0; c = m_json.nextSibling(c)) {
                --left;
                ++rows;
                if (isFoldable(c))
                    next.push_back(c);
            }
        }
        level = std::move(next);
    }
    rebuild();
}

void JsonModel::unfoldAll()
{
    unfold(m_json.root(), std::numeric_limits<int>::max());
}

void JsonModel::unfoldTo(int levels)
{
    m_unfolded.clear();
    unfold(m_json.root(), std::max(1, levels));
}

void JsonModel::unfoldUnder(int row)
{
    if (const JsonText::Node node = nodeAt(row); isFoldable(node))
        unfold(node, std::numeric_limits<int>::max());
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
    if (node < 0)
        return -1;
    bool changed = false;
    for (JsonText::Node n = node, parent = m_json.parent(n); parent >= 0;
         n = parent, parent = m_json.parent(n)) {
        if (!m_unfolded.contains(parent)) {
            m_unfolded.insert(parent);
            changed = true;
        }
        // Only in a long one it may be that the part that is shown does not reach it.
        if (m_json.childCount(parent) <= kPart)
            continue;
        const Part part = m_parts.value(parent, Part{m_json.firstChild(parent), 0, kPart});
        qint32 place = 0;
        JsonText::Node from = m_json.firstChild(parent);
        for (JsonText::Node c = from; c >= 0 && c != n; c = m_json.nextSibling(c), ++place) {
            if (place % (kPart / 2) == 0)
                from = c;
        }
        if (place < part.place || place >= part.place + part.count) {
            const qint32 first = place > 0 ? (place - 1) / (kPart / 2) * (kPart / 2) : 0;
            m_parts.insert(parent, Part{from, first, kPart});
            changed = true;
        }
    }
    if (changed)
        rebuild();
    return rowOf(node);
}

QString JsonModel::pathOf(int row, int levels) const
{
    QString path;
    while (row >= 0 && row < m_rows.size()) {
        const Row &at = m_rows[row];
        if (levels-- == 0)
            return u'…' + path;
        if (at.rest == Rest::Fault)
            return {};
        QString key = at.rest == Rest::None ? keyText(at) : QString(u'…');
        key.replace(u'~', QLatin1String("~0")).replace(u'/', QLatin1String("~1"));
        path.prepend(u'/' + key);
        row = at.depth > 0 ? rowOf(m_json.parent(at.node)) : -1;
    }
    return path;
}

JsonText::Node JsonModel::find(const QByteArray &needle, JsonText::Node from, bool backwards) const
{
    return JsonMatches::next(JsonMatches::find(m_json, needle), from, backwards);
}

int JsonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int JsonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString JsonModel::faultText() const
{
    const JsonError error = m_json.error().value_or(JsonError{});
    const QByteArray rest = m_json.text().mid(error.offset, kFaultBytes);
    const QString why = tr("← no JSON from here on: %1 (byte %L2)")
                            .arg(visibleText(error.sentence))
                            .arg(error.offset);
    return rest.isEmpty() ? why : visibleText(QString::fromUtf8(rest)) + QStringLiteral("  ") + why;
}

QString JsonModel::keyText(const Row &row) const
{
    if (m_json.isArray(m_json.parent(row.node)))
        return QString::number(row.place);
    const QByteArrayView raw = m_json.rawKey(row.node);
    return visibleText(raw.size() > kShownBytes ? shortened(raw) : m_json.key(row.node).left(400));
}

QString JsonModel::valueText(const Row &row) const
{
    if (row.rest == Rest::Fault)
        return faultText();
    if (row.rest != Rest::None) {
        const JsonText::Node parent = m_json.parent(row.node);
        const Part part = m_parts.value(parent);
        return row.rest == Rest::Before
            ? counted(part.place, tr("%1 before"), tr("%1 before"))
            : counted(m_json.childCount(parent) - row.place, tr("%1 more"), tr("%1 more"));
    }
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
        if (row.rest == Rest::Fault)
            return QString(u'✗');
        return row.rest == Rest::None ? keyText(row) : QString(u'…');
    case Qt::ToolTipRole:
        if (row.rest == Rest::Fault)
            return faultText();
        if (row.rest != Rest::None)
            return tr("Enter or a double click shows more of them");
        if (index.column() == Key && row.duplicate)
            return tr("This key stands more than once in its object; most readers take the last");
        if (index.column() == Value && m_json.isString(row.node)
            && m_json.raw(row.node).size() > 60)
            return visibleText(m_json.raw(row.node).size() > 4 * kShownBytes
                                   ? shortened(m_json.raw(row.node))
                                   : m_json.string(row.node).left(kShownBytes),
                               true);
        return {};
    case Qt::AccessibleTextRole: {
        const QString text = data(index, Qt::DisplayRole).toString();
        if (index.column() == Value || row.rest != Rest::None || !isFoldable(row.node))
            return text;
        return tr("%1, level %2, %3")
            .arg(text, QString::number(row.depth + 1),
                 m_unfolded.contains(row.node) ? tr("unfolded") : tr("folded"));
    }
    case NodeRole:
        return row.rest == Rest::None ? row.node : -1;
    case RestRole:
        return row.rest == Rest::Before || row.rest == Rest::Behind;
    case FaultRole:
        return row.rest == Rest::Fault;
    case DepthRole:
        return row.depth;
    case FoldableRole:
        return row.rest == Rest::Before || row.rest == Rest::Behind
            || (row.rest == Rest::None && isFoldable(row.node));
    case UnfoldedRole:
        return isUnfolded(index.row());
    case DuplicateRole:
        return row.duplicate;
    case ToneRole:
        if (row.rest == Rest::Fault)
            return int(Role::Failure);
        if (row.rest != Rest::None)
            return int(Role::Accent);
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
