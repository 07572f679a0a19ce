// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/shown_trace.h"

#include <QWidget>

class QStackedWidget;

namespace sightglass {

class BodyComparisonModel;
class BodyView;
class LinkButton;
class RoleLabel;
class RowsView;

/// The bodies of an exchange side by side; where it is compared with another one, how they differ,
/// or the bodies, as the person prefers.
class BodiesTab final : public QWidget {
    Q_OBJECT
public:
    explicit BodiesTab(QWidget *parent = nullptr);

    BodyView *requestView() const { return m_request; }
    BodyView *responseView() const { return m_response; }
    /// Both bodies anew; `other` 0: it is compared with none. `id` 0: there is no exchange. Where
    /// the person asked for the comparison (`wanted`), the differences stand there first.
    void show(const ShownTrace &shown, ExchangeId id, ExchangeId other, bool wanted);
    bool isShowingDifferences() const;

Q_SIGNALS:
    void statusMessage(const QString &text);

private:
    void showBodies();
    void showParts();

    ShownTrace m_shown;
    ExchangeId m_id = 0;
    ExchangeId m_other = 0;
    bool m_differencesWanted = false;
    QWidget *m_bar;
    RoleLabel *m_words;
    LinkButton *m_toggle;
    QStackedWidget *m_stack;
    QWidget *m_bodies;
    BodyView *m_request;
    BodyView *m_response;
    BodyComparisonModel *m_model;
    RowsView *m_rows;
};

} // namespace sightglass
