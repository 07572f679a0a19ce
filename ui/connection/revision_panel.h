// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QButtonGroup;

namespace sightglass {

/// Which revision of the protocol is asked for.
class RevisionPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RevisionPanel(QWidget *parent = nullptr);

    /// "auto" or a dated revision.
    void setRevision(const QString &revision);
    QString revision() const;

Q_SIGNALS:
    void changed();

private:
    QButtonGroup *m_choices;
};

} // namespace sightglass
