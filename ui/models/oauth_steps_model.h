// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_step.h"
#include "ui/models/glyph_roles.h"
#include "ui/theme.h"

#include <QAbstractTableModel>

namespace sightglass {

/// How a step stands, in a word, with its glyph and colour.
struct OAuthStepLook {
    QString word;
    QString icon; ///< of our set
    Role role = Role::Muted;
};
OAuthStepLook oauthStepLook(OAuthStep::State state, bool deviates = false);
/// Something in it is not as it has to be, and the flow went on all the same.
bool hasDeviation(const OAuthStep &step);
/// "84 ms"; empty where it has not ended, or is not known.
QString oauthStepTime(const OAuthStep &step);

/// The steps of logging in, one a row: how it stands, what it is, what happened, how long it took.
/// Names and sentences may quote the server: they are plain text with marks.
class OAuthStepsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column : quint8 { State, Title, Sentence, Time, ColumnCount };

    explicit OAuthStepsModel(QObject *parent = nullptr);

    /// Rows that stay what they were are left alone, so that a selection holds.
    void setSteps(const QList<OAuthStep> &steps);
    const QList<OAuthStep> &steps() const { return m_steps; }
    /// The row that a person is to see first: the last that runs, else that failed, else that is
    /// done; -1: there is none.
    int interestingRow() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    QList<OAuthStep> m_steps;
};

} // namespace sightglass
