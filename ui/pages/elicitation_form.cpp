// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/elicitation_form.h"

#include "core/jsonrpc/json_text.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/schema_form.h"
#include "ui/widgets/text_block.h"

#include <QBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

ElicitationForm::ElicitationForm(const ServerRequest &request, QWidget *parent)
    : AnswerForm(parent)
    , m_sides(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_form(new SchemaForm(this))
    , m_content(new ArgumentsEditor(this))
{
    const JsonText params = JsonText::parse(request.params);
    auto *message = new TextBlock(160, this);
    message->setAccessibleName(tr("What the server says"));
    message->setUntrustedText(params.string(params.member(params.root(), u"message")));
    parts()->addWidget(message);
    auto *hint = new RoleLabel(
        tr("What you accept goes to the server. It should not ask for secrets this way."),
        Role::Muted, this);
    hint->setWordWrap(true);
    parts()->addWidget(hint);

    const JsonText::Node schema = params.member(params.root(), u"requestedSchema");
    m_form->setSchema(schema < 0 ? "null"_ba : params.raw(schema).toByteArray());
    m_content->setWords(tr("Content as JSON"), tr("The content is a JSON object: { … }"));
    m_content->setMinimumHeight(140);
    m_content->setMinimumWidth(140);
    const QByteArray draft = m_form->arguments().isEmpty() ? "{}"_ba : m_form->arguments();
    m_content->startWith(draft);
    m_form->setArguments(draft);
    m_sides->setSpacing(16);
    m_sides->addWidget(m_form, 1);
    m_sides->addWidget(m_content, 1);
    parts()->addLayout(m_sides);

    QPushButton *accept = setMain(tr("Accept"));
    addElicitationChoices();
    connect(m_form, &SchemaForm::argumentsChanged, this, [this, accept](const QByteArray &json) {
        m_loading = true;
        m_content->setArguments(json);
        m_loading = false;
        accept->setEnabled(m_content->isSendable());
    });
    connect(m_content, &ArgumentsEditor::argumentsChanged, this, [this, accept] {
        if (!m_loading)
            m_form->setArguments(m_content->arguments());
        accept->setEnabled(m_content->isSendable());
    });
}

void ElicitationForm::answer()
{
    m_form->showAllProblems();
    elicited("accept", tr("accepted"), m_content->arguments());
}

void ElicitationForm::resizeEvent(QResizeEvent *event)
{
    AnswerForm::resizeEvent(event);
    const bool narrow = width() < 520;
    m_sides->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace sightglass
