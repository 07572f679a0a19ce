// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/answer_form.h"

#include "core/jsonrpc/json_text.h"
#include "ui/pages/elicitation_form.h"
#include "ui/pages/elicitation_url.h"
#include "ui/pages/sampling_form.h"

#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

AnswerForm::AnswerForm(QWidget *parent)
    : QWidget(parent)
    , m_parts(new QVBoxLayout)
    , m_foot(new QHBoxLayout)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    m_parts->setSpacing(12);
    m_foot->setSpacing(8);
    layout->addLayout(m_parts);
    layout->addLayout(m_foot);
}

AnswerForm *AnswerForm::make(const ServerRequest &request, QWidget *parent)
{
    if (request.method == "sampling/createMessage")
        return new SamplingForm(request, parent);
    const JsonText params = JsonText::parse(request.params);
    if (params.string(params.member(params.root(), u"mode")) == "url"_L1)
        return new ElicitationUrl(request, parent);
    return new ElicitationForm(request, parent);
}

QPushButton *AnswerForm::setMain(const QString &text)
{
    m_main = new QPushButton(text, this);
    m_main->setProperty("primary", true);
    m_main->setAutoDefault(false);
    m_foot->addWidget(m_main);
    connect(m_main, &QPushButton::clicked, this, [this] { answer(); });
    return m_main;
}

QPushButton *AnswerForm::addChoice(const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setAutoDefault(false);
    m_foot->addWidget(button);
    return button;
}

void AnswerForm::addElicitationChoices()
{
    QPushButton *decline = addChoice(tr("Decline"));
    decline->setToolTip(tr("Says no: the server is told that the person declined"));
    connect(decline, &QPushButton::clicked, this, [this] { elicited("decline", tr("declined")); });
    QPushButton *cancel = addChoice(tr("Cancel"));
    cancel->setToolTip(tr("Says neither yes nor no: the server is told that it was dismissed"));
    connect(cancel, &QPushButton::clicked, this, [this] { elicited("cancel", tr("cancelled")); });
    foot()->addStretch(1);
}

void AnswerForm::elicited(const char *action, const QString &words, const QByteArray &content)
{
    JsonWriter result;
    result.beginObject().key(u"action").value(action);
    if (!content.isEmpty())
        result.key(u"content").raw(content);
    result.endObject();
    Q_EMIT answered(ServerReply{result.text(), {}, {}}, words);
}

void AnswerForm::send()
{
    if (m_main && m_main->isEnabled())
        m_main->click();
}

} // namespace sightglass
