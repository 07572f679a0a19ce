// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace sightglass {

class LinkButton;

/// What rows of names and values are called.
struct HeaderRowsWords {
    QString add; ///< on the link
    QString name; ///< over the name: "Name"
    QString value;
    QString spokenName; ///< read out: "Header name"
    QString spokenValue;
    QString remove;
    QString secret; ///< tool tip of its box; empty: there are no secrets among them
    bool longNames = false; ///< names need more room than values
};

/// The custom headers of a server as rows of name, value and whether the value
/// is secret. Order and duplicates are the person's. A row that was removed
/// can be had back. Other things that are names with values are edited by the same rows.
class HeaderRows final : public QWidget {
    Q_OBJECT
public:
    explicit HeaderRows(QWidget *parent = nullptr);
    HeaderRows(const HeaderRowsWords &words, QWidget *parent);

    void setHeaders(const QList<Header> &headers);
    /// Rows with neither name nor value are left out.
    QList<Header> headers() const;
    void setRevealed(bool revealed);
    /// One more at the end.
    void append(const Header &header);
    /// What cannot be sent in a row, said under it with the place marked; takes away what was said
    /// before. `row` counts the headers that headers() gives.
    void clearProblems();
    void setProblem(qsizetype row, bool inName, qsizetype position, const QString &sentence,
                    bool fatal);

Q_SIGNALS:
    void changed();

private:
    struct Row {
        QWidget *widget;
        QLineEdit *name;
        QLineEdit *value;
        QCheckBox *secret;
        QLabel *problem;
    };

    Row addRow(const Header &header, qsizetype at = -1);
    void removeRow(QWidget *widget);
    void undo();
    void updateEcho();
    Header headerOf(const Row &row) const;

    HeaderRowsWords m_words;
    QList<Row> m_rows;
    QList<std::pair<qsizetype, Header>> m_removed;
    QVBoxLayout *m_layout;
    LinkButton *m_undo;
    bool m_revealed = false;
};

} // namespace sightglass
