// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/comparison_model.h"

#include "core/jsonrpc/json_text.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QFont>

namespace sightglass {

using namespace Qt::StringLiterals;
using RecordingChange = RecordingDifference::Kind;

namespace {

/// A cell is one line.
constexpr qsizetype kShown = 400;

QString valueText(const QByteArray &value)
{
    const JsonText json = JsonText::parse(value);
    QString text = QString::fromUtf8(json.isValid() ? json.compact() : value);
    return visibleText(text.size() > kShown ? text.left(kShown) + u'…' : text);
}

/// Tells how often something was asked.
bool isCount(const RecordingDifference &difference)
{
    return difference.area == ComparedArea::Requests && difference.pointer.isEmpty();
}

QString timesText(const QByteArray &count)
{
    if (count.isEmpty())
        return {};
    return count == "1" ? ComparisonModel::tr("once")
                        : ComparisonModel::tr("%L1 times").arg(count.toLongLong());
}

Role roleOf(const RecordingDifference &difference)
{
    if (!difference.counts)
        return Role::Muted;
    switch (difference.kind) {
    case RecordingChange::Added:
        return Role::Ok;
    case RecordingChange::Removed:
        return Role::Failure;
    case RecordingChange::Changed:
        break;
    }
    return Role::Attention;
}

} // namespace

void ComparisonModel::setComparison(const RecordingComparison &comparison)
{
    beginResetModel();
    m_differences = comparison.differences;
    endResetModel();
}

const RecordingDifference *ComparisonModel::differenceAt(int row) const
{
    return row >= 0 && row < m_differences.size() ? &m_differences.at(row) : nullptr;
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_differences.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ComparisonModel::text(const RecordingDifference &difference, int column) const
{
    switch (column) {
    case Sign:
        switch (difference.kind) {
        case RecordingChange::Added:
            return tr("+ added");
        case RecordingChange::Removed:
            return tr("− gone");
        case RecordingChange::Changed:
            return difference.counts ? tr("~ changed") : tr("~ differs");
        }
        return {};
    case Area:
        return comparedAreaTitle(difference.area);
    case Subject:
        return visibleText(difference.pointer.isEmpty() ? difference.subject
                                                        : difference.subject + u"  "_s
                                   + QString::fromUtf8(difference.pointer));
    case First:
        return isCount(difference) ? timesText(difference.left) : valueText(difference.left);
    case Second:
        return isCount(difference) ? timesText(difference.right) : valueText(difference.right);
    default:
        return {};
    }
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    const RecordingDifference *difference = index.isValid() ? differenceAt(index.row()) : nullptr;
    if (!difference)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*difference, index.column());
    case Qt::ForegroundRole:
        if (index.column() == Sign)
            return roleColor(roleOf(*difference), QApplication::palette());
        if (index.column() == Area || !difference->counts)
            return roleColor(Role::Muted, QApplication::palette());
        return {};
    case Qt::FontRole:
        if ((index.column() == First || index.column() == Second) && !isCount(*difference))
            return wireFont();
        return {};
    case Qt::ToolTipRole:
        if (index.column() == First || index.column() == Second) {
            if (isCount(*difference))
                return {};
            const JsonText json =
                JsonText::parse(index.column() == First ? difference->left : difference->right);
            return plainToolTip(visibleText(
                json.isString(0) ? json.string(0) : QString::fromUtf8(json.indented()), true));
        }
        if (!difference->counts)
            return plainToolTip(tr("This always differs: it makes the recordings no different"));
        return plainToolTip(text(*difference, index.column()));
    default:
        return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Sign:
        return tr("Change");
    case Area:
        return tr("Of");
    case Subject:
        return tr("What, and where in it");
    case First:
        return tr("First");
    case Second:
        return tr("Second");
    default:
        return {};
    }
}

} // namespace sightglass
