// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/text_arguments.h"

#include "core/jsonrpc/json_text.h"
#include "ui/completion_asker.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/suggesting_line.h"

#include <QFormLayout>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

QByteArray objectOf(const QList<std::pair<QString, QString>> &members)
{
    JsonWriter json;
    json.beginObject();
    for (const auto &[name, value] : members)
        json.key(name).value(value);
    json.endObject();
    return json.text();
}

} // namespace

TextArguments::TextArguments(CompletionAsker *completions, QWidget *parent)
    : QWidget(parent)
    , m_completions(completions)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(16);
    m_layout->setVerticalSpacing(8);
    m_layout->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_layout->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_layout->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    connect(
        m_completions, &CompletionAsker::answered, this,
        [this](quint64 question, const Completion &completion) { answered(question, completion); });
}

void TextArguments::setArguments(const QList<TextArgument> &arguments,
                                 const CompletionFor &completedFor)
{
    while (m_layout->rowCount() > 0) {
        const QFormLayout::TakeRowResult row = m_layout->takeRow(0);
        for (QLayoutItem *item : {row.labelItem, row.fieldItem}) {
            if (item && item->widget()) {
                item->widget()->hide();
                item->widget()->deleteLater();
            }
            delete item;
        }
    }
    m_fields.clear();
    m_completedFor = completedFor;
    m_asking = -1;
    m_showMissing = false;
    for (const TextArgument &argument : arguments.first(std::min(arguments.size(), MostFields)))
        addField(argument);
    setVisible(hasFields());
}

void TextArguments::addField(const TextArgument &argument)
{
    const QString name =
        argument.name.isEmpty() ? tr("(no name)") : visibleText(argument.name.left(100));
    auto *label = new RoleLabel(argument.required ? name + u" *"_s : name, Role::Text, this);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    label->setMaximumWidth(220);
    label->setWordWrap(name.size() > 24);
    auto *cell = new QWidget(this);
    auto *column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    Field field{argument, new SuggestingLine(cell), new RoleLabel(Role::Muted, cell)};
    field.line->setAccessibleName(argument.required ? tr("%1, required").arg(name) : name);
    field.line->setAccessibleDescription(visibleText(argument.description.left(500)));
    field.hint->setFont(scaledFont(-0.75));
    field.hint->setWordWrap(true);
    label->setBuddy(field.line);
    column->addWidget(field.line);
    column->addWidget(field.hint);
    m_layout->addRow(label, cell);
    const qsizetype number = m_fields.size();
    m_fields.append(field);
    showHint(field);
    connect(field.line, &QLineEdit::textChanged, this, [this, number] {
        showHint(m_fields.at(number));
        Q_EMIT changed();
    });
    connect(field.line, &SuggestingLine::suggestionsWanted, this, [this, number] { ask(number); });
}

void TextArguments::showHint(const Field &field, const QString &remark) const
{
    QStringList words;
    const bool missing = m_showMissing && field.argument.required && field.line->text().isEmpty();
    if (missing)
        words.append(tr("Required, and empty."));
    if (!field.argument.description.isEmpty())
        words.append(visibleText(field.argument.description.left(1000)));
    if (!remark.isEmpty())
        words.append(remark);
    field.hint->setRole(missing ? Role::Failure : Role::Muted);
    field.hint->setText(words.join(u' '));
    field.hint->setVisible(!words.isEmpty());
}

void TextArguments::showMissing()
{
    m_showMissing = true;
    for (const Field &field : std::as_const(m_fields))
        showHint(field);
}

void TextArguments::ask(qsizetype number)
{
    const Field &field = m_fields.at(number);
    CompletionFor wanted = m_completedFor;
    wanted.argument = field.argument.name;
    wanted.value = field.line->text();
    QList<std::pair<QString, QString>> known;
    for (const Field &other : std::as_const(m_fields)) {
        if (other.line != field.line && !other.line->text().isEmpty())
            known.append({other.argument.name, other.line->text()});
    }
    if (!known.isEmpty())
        wanted.known = objectOf(known);
    m_asking = number;
    m_question = m_completions->ask(wanted);
}

void TextArguments::answered(quint64 question, const Completion &completion)
{
    if (question != m_question || m_asking < 0 || m_asking >= m_fields.size())
        return;
    const Field &field = m_fields.at(m_asking);
    field.line->setSuggestions(completion.values);
    QString remark;
    if (!completion.problem.isEmpty())
        remark = tr("No suggestions: %1").arg(visibleText(completion.problem.left(300)));
    else if (completion.total.value_or(0) > completion.values.size())
        remark = tr("%1 of %2 suggestions.").arg(completion.values.size()).arg(*completion.total);
    else if (completion.hasMore)
        remark = tr("%1 suggestions, and the server has more.").arg(completion.values.size());
    showHint(field, remark);
}

QByteArray TextArguments::json() const
{
    QList<std::pair<QString, QString>> members;
    for (const Field &field : m_fields) {
        if (!field.line->text().isEmpty())
            members.append({field.argument.name, field.line->text()});
    }
    return objectOf(members);
}

void TextArguments::setJson(const QByteArray &object)
{
    const JsonText json = JsonText::parse(object);
    for (const Field &field : std::as_const(m_fields))
        field.line->setText(json.string(json.member(json.root(), field.argument.name)));
}

QHash<QString, QString> TextArguments::values() const
{
    QHash<QString, QString> values;
    for (const Field &field : m_fields) {
        if (!field.line->text().isEmpty())
            values.insert(field.argument.name, field.line->text());
    }
    return values;
}

} // namespace sightglass
