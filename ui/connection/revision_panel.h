// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/client_offer.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;

namespace sightglass {

/// Which revision of the protocol is asked for, and what the server may ask of us.
class RevisionPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RevisionPanel(QWidget *parent = nullptr);

    /// "auto" or a dated revision.
    void setRevision(const QString &revision);
    QString revision() const;
    void setOffer(const ClientOffer &offer);
    ClientOffer offer() const;

Q_SIGNALS:
    void changed();

private:
    QButtonGroup *m_choices;
    QCheckBox *m_roots;
    QCheckBox *m_sampling;
    QCheckBox *m_elicitation;
    QCheckBox *m_tasks;
};

} // namespace sightglass
