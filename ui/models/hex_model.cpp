// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/hex_model.h"

#include "ui/theme.h"

namespace sightglass {

namespace {
constexpr qint64 kBytes = 16;
constexpr qint64 kBlock = 4096;
} // namespace

HexModel::HexModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void HexModel::setSource(Source source, qint64 size)
{
    beginResetModel();
    m_source = std::move(source);
    m_size = m_source ? size : 0;
    m_block.clear();
    m_blockStart = -1;
    endResetModel();
}

int HexModel::rowCount(const QModelIndex &parent) const
{
    // Scroll bars count in int pixels: 80 million rows are 1.3 GB of body.
    return parent.isValid() ? 0 : int(std::min<qint64>((m_size + kBytes - 1) / kBytes, 80'000'000));
}

int HexModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant HexModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::ForegroundRole)
        return roleColor(index.column() == 0 ? Role::Muted : Role::Text, QApplication::palette());
    if (role != Qt::DisplayRole)
        return {};
    const qint64 start = index.row() * kBytes;
    if (index.column() == 0)
        return QStringLiteral("%1").arg(start, 8, 16, QLatin1Char('0'));
    if (const qint64 block = start / kBlock * kBlock; block != m_blockStart) {
        m_block = m_source(block, kBlock);
        m_blockStart = block;
    }
    const QByteArray bytes = m_block.mid(start - m_blockStart, kBytes);
    QString text;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const uchar byte = uchar(bytes[i]);
        if (index.column() == 2) {
            text += byte >= 0x20 && byte < 0x7f ? QChar(char16_t(byte)) : QChar(u'·');
        } else {
            if (i > 0)
                text += i == kBytes / 2 ? QStringLiteral("  ") : QStringLiteral(" ");
            text += QStringLiteral("%1").arg(int(byte), 2, 16, QLatin1Char('0'));
        }
    }
    return text;
}

} // namespace sightglass
