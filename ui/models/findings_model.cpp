// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/findings_model.h"

#include "ui/visible_text.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isSameFinding(const Finding &a, const Finding &b)
{
    return a.id == b.id && a.server == b.server;
}

} // namespace

QString findingGlyph(Weight weight)
{
    switch (weight) {
    case Weight::Failure:
        return u"refused"_s;
    case Weight::Flaw:
        return u"warning"_s;
    case Weight::Normal:
        break;
    }
    return u"check"_s;
}

Role findingRole(Weight weight)
{
    switch (weight) {
    case Weight::Failure:
        return Role::Failure;
    case Weight::Flaw:
        return Role::Attention;
    case Weight::Normal:
        break;
    }
    return Role::Muted;
}

QString weightWords(Weight weight)
{
    switch (weight) {
    case Weight::Failure:
        return FindingsModel::tr("failure");
    case Weight::Flaw:
        return FindingsModel::tr("flaw");
    case Weight::Normal:
        break;
    }
    return FindingsModel::tr("normal");
}

void FindingsModel::setFindings(const QList<Finding> &findings)
{
    const auto contains = [](const QList<Finding> &list, const Finding &one) {
        return std::any_of(list.begin(), list.end(),
                           [&one](const Finding &other) { return isSameFinding(one, other); });
    };
    for (int row = int(m_findings.size()) - 1; row >= 0; --row) {
        if (contains(findings, m_findings.at(row)))
            continue;
        beginRemoveRows({}, row, row);
        m_findings.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < findings.size(); ++row) {
        const Finding &wanted = findings.at(row);
        int at = row;
        while (at < m_findings.size() && !isSameFinding(m_findings.at(at), wanted))
            ++at;
        if (at == m_findings.size()) {
            beginInsertRows({}, row, row);
            m_findings.insert(row, wanted);
            endInsertRows();
            continue;
        }
        if (at != row) {
            beginMoveRows({}, at, at, {}, row);
            m_findings.move(at, row);
            endMoveRows();
        }
        if (!(m_findings.at(row) == wanted)) {
            m_findings[row] = wanted;
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
}

const Finding *FindingsModel::findingAt(int row) const
{
    return row >= 0 && row < m_findings.size() ? &m_findings.at(row) : nullptr;
}

int FindingsModel::rowOf(const QString &id) const
{
    for (int row = 0; row < m_findings.size(); ++row) {
        if (m_findings.at(row).id == id)
            return row;
    }
    return -1;
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_findings.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString FindingsModel::text(const Finding &finding, int column) const
{
    switch (column) {
    case Id:
        return visibleText(finding.id);
    case Title:
        return visibleText(finding.title);
    case SideOf:
        return sideWords(finding.side);
    case Server:
        return visibleText(finding.server);
    case Exchanges:
        return finding.exchanges.isEmpty()  ? QString()
            : finding.exchanges.size() == 1 ? QString::number(finding.exchanges.constFirst())
                                            : tr("%1 and %L2 more")
                                                  .arg(finding.exchanges.constFirst())
                                                  .arg(finding.exchanges.size() - 1);
    default:
        return {};
    }
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    const Finding *finding = index.isValid() ? findingAt(index.row()) : nullptr;
    if (!finding)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*finding, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == Id
            ? u"%1, %2"_s.arg(text(*finding, Id), weightWords(finding->weight))
            : text(*finding, index.column());
    case Qt::ToolTipRole:
        return index.column() == Id   ? QVariant(weightWords(finding->weight))
            : index.column() == Title ? QVariant(plainToolTip(finding->sentence))
                                      : QVariant();
    case GlyphIconRole:
        return index.column() == Id ? QVariant(findingGlyph(finding->weight)) : QVariant();
    case GlyphToneRole:
        return index.column() == Id ? QVariant(int(findingRole(finding->weight))) : QVariant();
    case Qt::ForegroundRole:
        return index.column() > Title ? QVariant(roleColor(Role::Muted, QApplication::palette()))
                                      : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() == Exchanges ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Exchanges ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("id"), tr("what is wrong"), tr("mended by"), tr("server"),
                             tr("exchange")};
    return titles.value(section);
}

} // namespace sightglass
