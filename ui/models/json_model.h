// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

namespace sightglass {

/// JSON text as the rows that are unfolded, in the order and spelling of the text. The members of
/// the outermost object or array are the outermost rows. Folds and unfolds in place; what is
/// folded costs nothing. Of an object or array with very many members a part is shown, with rows
/// before and behind it that stand for the others and unfold into them. Of text that goes wrong
/// somewhere what stands before is shown, and a last row that says where and why it ends.
class JsonModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, Value, ColumnCount };
    enum DataRole {
        NodeRole = Qt::UserRole, ///< JsonText::Node
        DepthRole,
        FoldableRole, ///< an object or array that is not empty
        UnfoldedRole,
        ToneRole, ///< Value: a sightglass::Role
        DuplicateRole, ///< Key: stands more than once in its object
        RestRole, ///< stands for members that are not shown
        FaultRole, ///< says where the text stops being JSON
    };

    explicit JsonModel(QObject *parent = nullptr);

    /// Unfolds as much as one can take in at a glance.
    void setJson(const JsonText &json);
    const JsonText &json() const { return m_json; }

    JsonText::Node nodeAt(int row) const; ///< -1 outside
    int rowOf(JsonText::Node node) const; ///< -1 where it is folded away
    bool isUnfolded(int row) const;
    void setUnfolded(int row, bool unfolded);
    void unfoldAll();
    void foldAll();
    /// Shows so many levels, and folds what is deeper; 1: the outermost rows alone.
    void unfoldTo(int levels);
    /// What is under the row, with all levels of it.
    void unfoldUnder(int row);
    /// Unfolds what hides `node`; returns its row.
    int reveal(JsonText::Node node);
    /// The next value whose key or own text holds `needle` (ASCII letters in either case), from
    /// `from` on or backwards, around the end; -1: none.
    JsonText::Node find(const QByteArray &needle, JsonText::Node from,
                        bool backwards = false) const;
    /// JSON pointer of a row to be read, at most so many levels of it: "…/content/0/text".
    QString pathOf(int row, int levels = 40) const;
    /// Members of one object or array that are shown at once.
    static constexpr qint32 kPart = 5000;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    enum class Rest : quint8 { None, Before, Behind, Fault };
    struct Row {
        JsonText::Node node; ///< of a rest: the first that it stands for
        qint32 depth;
        qint32 place; ///< among its siblings
        bool duplicate;
        Rest rest = Rest::None;
    };
    /// The part of a long object or array that is shown.
    struct Part {
        JsonText::Node first = -1;
        qint32 place = 0; ///< of the first
        qint32 count = kPart;
    };
    /// The rows under a node that is unfolded, with those of unfolded ones under it.
    QList<Row> rowsUnder(JsonText::Node node, qint32 depth) const;
    bool isFoldable(JsonText::Node node) const;
    /// Unfolds `node` and what is under it, level by level, as far as `levels` and a number of rows
    /// that can be handled.
    void unfold(JsonText::Node node, int levels);
    void appendFault();
    QString faultText() const;
    void rebuild();
    void showRest(int row);
    QString valueText(const Row &row) const;
    QString keyText(const Row &row) const;

    JsonText m_json;
    QList<Row> m_rows;
    QSet<JsonText::Node> m_unfolded;
    QHash<JsonText::Node, Part> m_parts; ///< where it is not the first kPart
};

} // namespace sightglass
