// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>

#include <functional>

namespace sightglass {

/// Bytes sixteen to a row: offset, hexadecimal, characters. Reads what is shown, whatever the size.
class HexModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using Source = std::function<QByteArray(qint64 start, qint64 length)>;

    explicit HexModel(QObject *parent = nullptr);
    void setSource(Source source, qint64 size);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    Source m_source;
    qint64 m_size = 0;
    mutable QByteArray m_block; ///< what was read last: rows are read one after another
    mutable qint64 m_blockStart = -1;
};

} // namespace sightglass
