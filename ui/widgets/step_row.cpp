// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/step_row.h"

#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QHBoxLayout>

namespace sightglass {

StepRow::StepRow(const QString &glyph, Role role, const QString &name, const QString &sentence,
                 ExchangeId exchange, QWidget *parent)
    : QWidget(parent)
{
    auto *sign = new QLabel(this);
    sign->setPixmap(themedIcon(glyph, role).pixmap(QSize(16, 16), devicePixelRatioF()));
    sign->setFixedWidth(16);
    sign->setContentsMargins(0, 3, 0, 3); // in line with the link
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 2, 0, 2);
    layout->setSpacing(8);
    layout->addWidget(sign, 0, Qt::AlignTop);
    if (!name.isEmpty()) {
        auto *label = new RoleLabel(visibleText(name.left(120)), Role::Text, this);
        QFont bold = label->font();
        bold.setBold(true);
        label->setFont(bold);
        label->setFixedWidth(fontMetrics().averageCharWidth() * 22);
        label->setWordWrap(true);
        label->setContentsMargins(0, 3, 0, 3);
        layout->addWidget(label, 0, Qt::AlignTop);
    }
    auto *words = new RoleLabel(visibleText(sentence.left(2000)),
                                role == Role::Failure ? Role::Failure
                                    : name.isEmpty()  ? Role::Text
                                                      : Role::Muted,
                                this);
    words->setWordWrap(true);
    words->setContentsMargins(0, 3, 0, 3);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(words, 1, Qt::AlignTop);
    if (exchange > 0) {
        auto *link = new LinkButton(tr("Exchange %1").arg(exchange), this);
        layout->addWidget(link, 0, Qt::AlignTop);
        connect(link, &LinkButton::clicked, this,
                [this, exchange] { Q_EMIT showExchangeRequested(exchange); });
    }
}

} // namespace sightglass
