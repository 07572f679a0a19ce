// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/param_list.h"

#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"

#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostParamWords = 160; ///< characters of a description

/// The first line, or as much of it as is read at a glance.
QString firstWords(const QString &description)
{
    QString line = description.section(u'\n', 0, 0).trimmed();
    const bool cut = line.size() > mostParamWords;
    if (cut)
        line = line.left(mostParamWords).section(u' ', 0, -2);
    return cut ? line + u" …"_s : line;
}

} // namespace

ParamList::ParamList(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 4, 0, 0);
    m_layout->setSpacing(2);
}

void ParamList::setParams(const QList<MethodParam> &params)
{
    if (params == m_params)
        return;
    m_params = params;
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (const MethodParam &param : params) {
        auto *name = new RoleLabel(param.name, Role::Text, this);
        QFont font = wireFont();
        font.setBold(param.required);
        name->setFont(font);
        auto *type = new RoleLabel(param.required ? tr("%1, required").arg(param.type) : param.type,
                                   Role::Muted, this);
        type->setWordWrap(true);
        auto *words = new RoleLabel(firstWords(param.description), Role::Muted, this);
        words->setFont(scaledFont(-0.75));
        words->setWordWrap(true);
        words->setContentsMargins(12, 0, 0, 6);
        words->setVisible(!words->text().isEmpty());
        type->setContentsMargins(12, 0, 0, words->text().isEmpty() ? 6 : 0);
        for (RoleLabel *label : {name, type, words}) {
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
            label->setToolTip(plainToolTip(param.description));
            m_layout->addWidget(label);
        }
    }
}

} // namespace sightglass
