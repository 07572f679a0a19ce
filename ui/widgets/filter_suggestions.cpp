// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/filter_suggestions.h"

#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QPainter>

namespace sightglass {

namespace {

constexpr int kSuggestionPadding = 8;
constexpr qsizetype kShownCharacters = 60;

/// Where the descriptions begin: they stand in one column.
int descriptionColumn(const QFont &font)
{
    return QFontMetrics(font).horizontalAdvance(QStringLiteral("response.header.___"))
        + 3 * kSuggestionPadding;
}

QFont labelFont(const QStyleOptionViewItem &option)
{
    QFont font = wireFont();
    font.setPointSizeF(option.font.pointSizeF());
    return font;
}

} // namespace

void FilterSuggestionModel::setSuggestions(const QList<FilterSuggestion> &suggestions)
{
    if (m_suggestions == suggestions)
        return;
    beginResetModel();
    m_suggestions = suggestions;
    endResetModel();
}

int FilterSuggestionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_suggestions.size());
}

QVariant FilterSuggestionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_suggestions.size())
        return {};
    const FilterSuggestion &one = m_suggestions.at(index.row());
    const QString label = visibleText(one.label.left(kShownCharacters));
    switch (role) {
    case Qt::DisplayRole:
        return label;
    case Qt::EditRole:
        return one.insert;
    case DescriptionRole:
    case Qt::ToolTipRole:
        return one.description;
    case Qt::AccessibleTextRole:
        return one.description.isEmpty() ? label
                                         : QStringLiteral("%1, %2").arg(label, one.description);
    default:
        return {};
    }
}

void FilterSuggestionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                                     const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ground = roleColor(selected ? Role::Selection : Role::Base, option.palette);
    painter->fillRect(option.rect, ground);
    const QRect line = option.rect.adjusted(kSuggestionPadding, 0, -kSuggestionPadding, 0);
    const QString label = index.data().toString();
    const QFont font = labelFont(option);
    const int used = std::max(descriptionColumn(font),
                              QFontMetrics(font).horizontalAdvance(label) + 2 * kSuggestionPadding);
    painter->setFont(font);
    painter->setPen(readableColor(Role::Text, ground, option.palette));
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(font).elidedText(label, Qt::ElideRight, line.width()));
    const QRect rest = line.adjusted(used, 0, 0, 0);
    if (rest.width() < 40)
        return;
    painter->setFont(option.font);
    painter->setPen(readableColor(Role::Muted, ground, option.palette));
    painter->drawText(
        rest, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(index.data(FilterSuggestionModel::DescriptionRole).toString(),
                                      Qt::ElideRight, rest.width()));
}

QSize FilterSuggestionDelegate::sizeHint(const QStyleOptionViewItem &option,
                                         const QModelIndex &index) const
{
    Q_UNUSED(index)
    return {200, std::max(24, option.fontMetrics.height() + 8)};
}

} // namespace sightglass
