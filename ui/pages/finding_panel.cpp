// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/finding_panel.h"

#include "ui/models/findings_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"
#include "ui/widgets/wire_table.h"

#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Cell = WireTable::Cell;

/// What the wire says, from the place of a difference on marked.
Cell value(const QString &text, qsizetype difference)
{
    if (text.isEmpty())
        return wordsCell(FindingPanel::tr("none"));
    if (difference < 0 || difference >= text.size())
        return {{{visibleText(text)}}};
    return {{{visibleText(text.left(difference))},
             {visibleText(text.mid(difference)), Role::Text, true, true, {}, true}}};
}

} // namespace

FindingPanel::FindingPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new SectionTitle({}, this))
    , m_sentence(new RoleLabel(Role::Text, this))
    , m_advice(new RoleLabel(Role::Text, this))
    , m_side(new RoleLabel(Role::Muted, this))
    , m_evidence(new WireTable(this))
{
    for (RoleLabel *label : {m_sentence, m_advice}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_sentence->setAccessibleName(tr("What happened"));
    m_advice->setAccessibleName(tr("What to do"));
    m_side->setWordWrap(true);
    m_evidence->setAccessibleName(tr("What shows it"));
    m_evidence->setFrameShape(QFrame::NoFrame);
    // As high as its rows, see showEvidence(); the rest of the place where there is more.
    m_evidence->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 12);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_sentence);
    layout->addSpacing(4);
    layout->addWidget(new SectionTitle(tr("What to do"), this));
    layout->addWidget(m_advice);
    layout->addWidget(m_side);
    layout->addSpacing(4);
    layout->addWidget(new SectionTitle(tr("What shows it"), this));
    layout->addWidget(m_evidence, 1);

    connect(m_evidence, &WireTable::linkActivated, this, [this](const QString &link) {
        if (const ExchangeId id = link.toLongLong(); id > 0)
            Q_EMIT showExchangeRequested(id);
    });
}

void FindingPanel::setFinding(const Finding &finding)
{
    if (finding == m_shown)
        return; // what is selected in it stays so
    m_shown = finding;
    m_title->setGlyph(themedIcon(findingGlyph(finding.weight), findingRole(finding.weight)));
    m_title->setTitle(visibleText(finding.title));
    m_title->setNote(tr("%1, %2").arg(visibleText(finding.id), weightWords(finding.weight)));
    m_sentence->setText(visibleText(finding.sentence));
    m_advice->setText(visibleText(finding.advice));
    m_advice->setVisible(!finding.advice.isEmpty());
    const QString side = tr("Who can mend it: %1").arg(sideWords(finding.side));
    m_side->setText(finding.server.isEmpty()
                        ? side
                        : tr("%1. Server: %2").arg(side, visibleText(finding.server)));
    showEvidence(finding);
}

void FindingPanel::showEvidence(const Finding &finding)
{
    constexpr qsizetype most = 100; // links in a row
    QList<WireTable::Row> rows;
    for (const Evidence &evidence : finding.evidence) {
        const Cell link = evidence.exchange > 0 ? Cell{{exchangeLink(evidence.exchange)}} : Cell{};
        rows.append({link, wordsCell(visibleText(evidence.name), Role::Muted),
                     value(evidence.text, evidence.other.isEmpty() ? -1 : evidence.difference)});
        if (!evidence.other.isEmpty())
            rows.append({Cell{}, wordsCell(tr("against"), Role::Muted),
                         value(evidence.other, evidence.difference)});
    }
    if (finding.exchanges.size() > 1) {
        Cell all;
        for (const ExchangeId id :
             finding.exchanges.first(std::min(most, finding.exchanges.size()))) {
            if (!all.runs.isEmpty())
                all.runs.append({u", "_s, Role::Muted, false, false});
            all.runs.append(exchangeLink(id, QString::number(id)));
        }
        if (finding.exchanges.size() > most)
            all.runs.append({tr(" and %L1 more").arg(finding.exchanges.size() - most), Role::Muted,
                             false, false});
        rows.append({wordsCell(tr("All exchanges"), Role::Muted), Cell{}, all});
    }
    m_evidence->setRows(rows, 2, 24);
    constexpr int shown = 8; // of more it scrolls
    m_evidence->setMinimumHeight((std::min(int(rows.size()), shown) + 2)
                                 * (fontMetrics().height() + 4));
}

} // namespace sightglass
