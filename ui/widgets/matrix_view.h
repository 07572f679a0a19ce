// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/credential_matrix.h"
#include "ui/models/token_history.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QTableView>

namespace sightglass {

/// The credential matrix as a table: two columns that name the kind of request, one for each
/// credential, one for the newest answer. Each cell says in words what it shows, for screen
/// readers.
class MatrixModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum DataRole {
        StateRole = Qt::UserRole, ///< a MatrixCell::State; only in credential cells
        CountRole, ///< first column: how many exchanges
        FailedRole, ///< last column: whether an answer was a refusal or another failure
    };

    explicit MatrixModel(QObject *parent = nullptr);
    void setMatrix(const CredentialMatrix &matrix);
    const CredentialMatrix &matrix() const { return m_matrix; }
    /// Tokens that came by OAuth: what carried one says how old it is.
    void setTokens(const QList<KnownToken> &tokens);
    /// Breaks the titles after a hyphen ("MCP-Protocol-" over "Version"): for narrow windows.
    void setTitlesInTwoLines(bool two);
    /// Null beside the credential cells.
    const MatrixCell *cellAt(const QModelIndex &index) const;
    /// "GET event stream carried no Authorization, while others did (exchanges 3, 5)".
    QString sentence(int row, int column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString tokenWords(const QByteArray &fingerprint) const;

    CredentialMatrix m_matrix;
    QList<KnownToken> m_tokens;
    bool m_titlesInTwoLines = false;
};

/// Paints the matrix so that it can be read across a room: tiles in the colour of what they say,
/// each with a glyph and a word.
class MatrixDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Less space around words.
    void setTight(bool tight) { m_tight = tight; }
    /// Less space above and below them.
    void setLow(bool low) { m_low = low; }

private:
    int padding() const;

    bool m_tight = false;
    bool m_low = false;
};

/// The matrix with its keyboard: arrows move, Enter asks for the exchanges of a cell. As high as
/// its rows.
class MatrixView final : public QTableView {
    Q_OBJECT
public:
    explicit MatrixView(QWidget *parent = nullptr);
    void setMatrix(const CredentialMatrix &matrix);
    const MatrixModel *matrixModel() const { return m_model; }
    void setTokens(const QList<KnownToken> &tokens) { m_model->setTokens(tokens); }
    /// Puts the keyboard's frame around a cell, so that one sees which is meant.
    void markCell(int row, int column);
    /// Lower rows, for a page on which other things have to be seen as well.
    void setLow(bool low);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A cell was clicked, or Enter pressed on it.
    void cellChosen(int row, int column);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void layoutColumns();
    void shareWidth();

    MatrixModel *m_model;
    MatrixDelegate *m_delegate;
    bool m_low = false;
};

} // namespace sightglass
