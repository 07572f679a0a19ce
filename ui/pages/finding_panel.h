// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/finding.h"

#include <QWidget>

namespace sightglass {

class RoleLabel;
class SectionTitle;
class WireTable;

/// One finding: what happened, what to do and who can, and what shows it, with links to the
/// exchanges.
class FindingPanel final : public QWidget {
    Q_OBJECT
public:
    explicit FindingPanel(QWidget *parent = nullptr);

    void setFinding(const Finding &finding);

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);

private:
    void showEvidence(const Finding &finding);

    SectionTitle *m_title;
    RoleLabel *m_sentence;
    RoleLabel *m_advice;
    RoleLabel *m_side;
    WireTable *m_evidence;
    Finding m_shown;
};

} // namespace sightglass
