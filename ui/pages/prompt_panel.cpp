// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/prompt_panel.h"

#include "ui/pages/text_arguments.h"
#include "ui/session_controller.h"

namespace sightglass {

using namespace Qt::StringLiterals;

PromptPanel::PromptPanel(SessionController *session, CompletionAsker *completions, QWidget *parent)
    : OfferPanel(tr("Get"), ResultShape::Prompt, session, parent)
    , m_arguments(new TextArguments(completions, this))
{
    addPart(m_arguments);
    connect(m_arguments, &TextArguments::changed, this,
            [this] { m_drafts[offer().key()] = m_arguments->json(); });
    updateButtons();
}

void PromptPanel::reset()
{
    m_drafts.clear();
    OfferPanel::reset();
}

void PromptPanel::showOffer()
{
    const JsonText &json = offer().item.json;
    const JsonText::Node list = json.member(json.root(), u"arguments");
    QList<TextArgument> arguments;
    for (JsonText::Node one = json.isArray(list) ? json.firstChild(list) : -1;
         one >= 0 && arguments.size() < TextArguments::MostFields; one = json.nextSibling(one)) {
        const QString title = json.string(json.member(one, u"title"));
        const QString description = json.string(json.member(one, u"description"));
        arguments.append({json.string(json.member(one, u"name")),
                          description.isEmpty() ? title : description,
                          json.boolean(json.member(one, u"required"))});
    }
    CompletionFor completedFor;
    completedFor.prompt = offer().item.name;
    const QByteArray draft = m_drafts.value(offer().key());
    m_arguments->setArguments(arguments, completedFor);
    m_arguments->setJson(draft);
}

OfferPanel::Asked PromptPanel::ask()
{
    m_arguments->showMissing();
    const QByteArray arguments = m_arguments->json();
    const bool none = m_arguments->values().isEmpty();
    return {session()->request(getPromptCall(offer().item.name, none ? QByteArray() : arguments)),
            arguments, none ? tr("no arguments") : QString::fromUtf8(arguments.left(2000))};
}

void PromptPanel::bringBack(const QByteArray &arguments)
{
    m_arguments->setJson(arguments);
}

} // namespace sightglass
