// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/sampling_form.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/result_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"
#include "ui/widgets/text_block.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace sightglass {

using namespace Qt::StringLiterals;

SamplingForm::SamplingForm(const ServerRequest &request, QWidget *parent)
    : AnswerForm(parent)
{
    buildRequest(request);
    buildAnswer();
}

void SamplingForm::buildRequest(const ServerRequest &request)
{
    const JsonText params = JsonText::parse(request.params);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    const QList<JsonText::Node> members =
        params.isObject(params.root()) ? params.children(params.root()) : QList<JsonText::Node>();
    constexpr int mostMembers = 30;
    for (const JsonText::Node member : members) {
        const QString key = params.key(member);
        if (key == "messages"_L1 || key == "systemPrompt"_L1 || grid->count() > 2 * mostMembers)
            continue;
        const QString raw = params.isString(member) ? params.string(member)
                                                    : QString::fromUtf8(params.compact(member));
        const int row = grid->rowCount();
        auto *value = new RoleLabel(visibleText(raw.left(2000)), Role::Text, this);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(new RoleLabel(visibleText(key.left(80)), Role::Muted, this), row, 0,
                        Qt::AlignTop);
        grid->addWidget(value, row, 1);
    }
    if (const auto prompt = params.member(params.root(), u"systemPrompt"); prompt >= 0) {
        parts()->addWidget(new SectionTitle(tr("System prompt"), this));
        auto *text = new TextBlock(140, this);
        text->setAccessibleName(tr("System prompt"));
        text->setUntrustedText(params.isString(prompt) ? params.string(prompt)
                                                       : QString::fromUtf8(params.raw(prompt)));
        parts()->addWidget(text);
    }
    parts()->addWidget(new SectionTitle(tr("Messages"), this));
    auto *messages = new ResultView(this);
    CallResult shown;
    shown.result = request.params.isEmpty() ? "{}"_ba : request.params;
    messages->setResult(shown, ResultShape::Prompt);
    connect(messages, &ResultView::statusMessage, this, &SamplingForm::statusMessage);
    parts()->addWidget(messages);
    parts()->addLayout(grid);
}

void SamplingForm::buildAnswer()
{
    parts()->addWidget(new SectionTitle(tr("Your answer, in the model's place"), this));
    auto *left = new QWidget(this);
    m_text = new QPlainTextEdit(left);
    m_text->setAccessibleName(tr("Text of the answer"));
    m_text->setPlaceholderText(tr("What the model says"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(88);
    m_role = new QComboBox(left);
    m_role->addItems({u"assistant"_s, u"user"_s});
    m_role->setAccessibleName(tr("Role"));
    m_model = new QLineEdit(left);
    m_model->setAccessibleName(tr("Model"));
    m_stopReason = new QComboBox(left);
    m_stopReason->setEditable(true);
    m_stopReason->addItems({u"endTurn"_s, u"stopSequence"_s, u"maxTokens"_s, u"toolUse"_s});
    m_stopReason->setAccessibleName(tr("Stop reason"));
    auto *grid = new QGridLayout(left);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_text, 0, 0, 1, 2);
    grid->addWidget(new RoleLabel(tr("Role"), Role::Muted, left), 1, 0);
    grid->addWidget(m_role, 1, 1);
    grid->addWidget(new RoleLabel(tr("Model"), Role::Muted, left), 2, 0);
    grid->addWidget(m_model, 2, 1);
    grid->addWidget(new RoleLabel(tr("Stop reason"), Role::Muted, left), 3, 0);
    grid->addWidget(m_stopReason, 3, 1);
    m_result = new ArgumentsEditor(this);
    m_result->setWords(tr("Result as JSON"), tr("The result is a JSON object: { … }"));
    m_result->setMinimumWidth(140);
    m_result->setMinimumHeight(140);
    m_sides = new QBoxLayout(QBoxLayout::LeftToRight);
    m_sides->setSpacing(16);
    m_sides->addWidget(left, 1);
    m_sides->addWidget(m_result, 1);
    parts()->addLayout(m_sides);

    setMain(tr("Send the answer"));
    QPushButton *decline = addChoice(tr("Decline"));
    decline->setToolTip(tr("Answers with the error -1 and the message beside it"));
    m_refusal = new QLineEdit(u"User rejected sampling request"_s, this);
    m_refusal->setAccessibleName(tr("Message of the refusal"));
    m_refusal->setMaximumWidth(320);
    foot()->addWidget(m_refusal, 1);
    foot()->addStretch(0);
    connect(decline, &QPushButton::clicked, this, [this] {
        Q_EMIT answered(ServerReply{{}, -1, m_refusal->text()}, tr("declined"));
    });

    m_result->startWith(R"({
  "role": "assistant",
  "content": {
    "type": "text",
    "text": ""
  },
  "model": "a person",
  "stopReason": "endTurn"
})"_ba);
    loadFields();
    connect(m_text, &QPlainTextEdit::textChanged, this,
            [this] { setMember("/content/text"_ba, m_text->toPlainText()); });
    connect(m_role, &QComboBox::currentTextChanged, this,
            [this](const QString &text) { setMember("/role"_ba, text); });
    connect(m_model, &QLineEdit::textEdited, this,
            [this](const QString &text) { setMember("/model"_ba, text); });
    connect(m_stopReason, &QComboBox::currentTextChanged, this,
            [this](const QString &text) { setMember("/stopReason"_ba, text); });
    connect(m_result, &ArgumentsEditor::argumentsChanged, this, [this] {
        if (!m_loading)
            loadFields();
        mainButton()->setEnabled(m_result->isSendable());
    });
}

void SamplingForm::setMember(const QByteArray &pointer, const QString &value)
{
    if (m_loading)
        return;
    const JsonEdit edit = jsonWithMember(m_result->arguments(), pointer, jsonQuoted(value));
    if (edit.error)
        return; // the JSON is being typed, or has another shape: it is what is sent
    m_loading = true;
    m_result->setArguments(edit.text);
    m_loading = false;
}

void SamplingForm::loadFields()
{
    const JsonText json = JsonText::parse(m_result->arguments());
    const bool isObject = json.isObject(json.root());
    const JsonText::Node text = json.find("/content/text");
    m_loading = true;
    m_text->setEnabled(isObject && json.isString(text));
    for (QWidget *field : std::initializer_list<QWidget *>{m_role, m_model, m_stopReason})
        field->setEnabled(isObject);
    if (isObject) {
        if (m_text->toPlainText() != json.string(text))
            m_text->setPlainText(json.string(text));
        m_role->setCurrentIndex(m_role->findText(json.string(json.member(json.root(), u"role"))));
        m_model->setText(json.string(json.member(json.root(), u"model")));
        m_stopReason->setCurrentText(json.string(json.member(json.root(), u"stopReason")));
    }
    m_loading = false;
}

void SamplingForm::answer()
{
    Q_EMIT answered(ServerReply{m_result->arguments(), {}, {}}, tr("answered"));
}

void SamplingForm::resizeEvent(QResizeEvent *event)
{
    AnswerForm::resizeEvent(event);
    m_sides->setDirection(width() < 520 ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace sightglass
