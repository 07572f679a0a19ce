// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/schema_form_groups.h"

#include <QVBoxLayout>

namespace sightglass {

SchemaForm::SchemaForm(QWidget *parent)
    : QWidget(parent)
    , m_arguments(QByteArrayLiteral("{}"))
    , m_layout(new QVBoxLayout(this))
    , m_note(new RoleLabel(Role::Muted, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_note->setWordWrap(true);
    m_layout->addWidget(m_note);
    m_layout->addStretch(1);
    setSchema(QByteArrayLiteral("{}"));
}

SchemaForm::~SchemaForm() = default;

void SchemaForm::setSchema(const QByteArray &schema)
{
    delete m_fields;
    m_fields = nullptr;
    m_showAll = false;
    const JsonText json = JsonText::parse(schema);
    m_spec = fieldSpec(json, json.root());
    const bool odd = m_spec.kind != FieldKind::Object
        && !(json.isObject(json.root()) && json.member(json.root(), u"type") < 0);
    if (m_spec.kind != FieldKind::Object) {
        m_spec = {};
        m_spec.kind = FieldKind::Object;
    }
    const JsonText start = JsonText::parse(initialValue(m_spec));
    m_arguments = start.isObject(start.root()) ? start.indented() : QByteArrayLiteral("{}");

    QString note;
    if (odd)
        note = tr("The tool's input schema describes no object, so there is no form. Write the "
                  "arguments as JSON.");
    else if (m_spec.members.isEmpty())
        note = tr("This tool asks for no arguments.");
    else if (m_spec.members.size() >= MaxFormMembers)
        note = tr("The form shows the first %1 members. Write the others as JSON.")
                   .arg(MaxFormMembers);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    if (!m_spec.members.isEmpty()) {
        m_fields = new ObjectField(m_spec, {}, this);
        m_layout->insertWidget(0, m_fields);
        connect(m_fields, &FormField::edited, this, &SchemaForm::edit);
    }
    load();
}

void SchemaForm::setArguments(const QByteArray &json)
{
    if (json == m_arguments)
        return;
    m_arguments = json;
    load();
}

void SchemaForm::edit(const QByteArray &pointer, const QByteArray &value)
{
    const JsonEdit result = value.isEmpty() ? jsonWithoutMember(m_arguments, pointer)
                                            : jsonWithMember(m_arguments, pointer, value);
    const bool changed = !result.error && result.text != m_arguments;
    if (changed)
        m_arguments = result.text;
    load();
    if (changed)
        Q_EMIT argumentsChanged(m_arguments);
}

void SchemaForm::load()
{
    if (!m_fields)
        return;
    const JsonText json = JsonText::parse(m_arguments);
    m_fields->setEnabled(json.isObject(json.root()));
    if (json.isValid())
        m_fields->load(json, json.root());
    update();
}

void SchemaForm::update()
{
    if (!m_fields)
        return;
    QHash<QByteArray, FieldProblem> byPlace;
    for (const FieldProblem &problem : problems())
        byPlace.insert(problem.pointer, problem);
    m_fields->showProblems(byPlace, m_showAll);

    // Rows come and go, so the order is made anew.
    QList<QWidget *> chain;
    m_fields->collectFocus(&chain);
    for (qsizetype i = 1; i < chain.size(); ++i)
        QWidget::setTabOrder(chain.at(i - 1), chain.at(i));
}

QList<FieldProblem> SchemaForm::problems() const
{
    QList<FieldProblem> all = fieldProblems(m_spec, JsonText::parse(m_arguments));
    if (m_fields)
        m_fields->collectProblems(&all);
    return all;
}

void SchemaForm::showAllProblems()
{
    m_showAll = true;
    update();
}

bool SchemaForm::hasFields() const
{
    return m_fields;
}

void SchemaForm::setFocusToFirst()
{
    QList<QWidget *> chain;
    if (m_fields)
        m_fields->collectFocus(&chain);
    if (!chain.isEmpty())
        chain.constFirst()->setFocus(Qt::OtherFocusReason);
}

} // namespace sightglass
