// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/schema_form_groups.h"

#include <QVBoxLayout>

namespace sightglass {

namespace {

constexpr qsizetype MostJudged = 1024 * 1024; // bytes

/// The path as a person says it: "place, item 2" is where the field is; here for the rest.
FieldProblem fieldProblem(const SchemaProblem &problem)
{
    if (problem.keyword == QLatin1String("required"))
        return {jsonPointer(problem.place, problem.member),
                SchemaForm::tr("%1 is required, and missing.").arg(problem.member), true};
    return {problem.place, problem.sentence, false};
}

} // namespace

SchemaForm::SchemaForm(QWidget *parent)
    : QWidget(parent)
    , m_arguments(QByteArrayLiteral("{}"))
    , m_layout(new QVBoxLayout(this))
    , m_note(new RoleLabel(Role::Muted, this))
    , m_unchecked(new RoleLabel(Role::Attention, this))
    , m_problem(new RoleLabel(Role::Failure, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    for (RoleLabel *label : {m_problem, m_note, m_unchecked}) {
        label->setWordWrap(true);
        label->hide();
        m_layout->addWidget(label);
    }
    m_layout->addStretch(1);
    setSchema(QByteArrayLiteral("{}"));
}

SchemaForm::~SchemaForm() = default;

void SchemaForm::setSchema(const QByteArray &schema)
{
    delete m_fields;
    m_fields = nullptr;
    m_showAll = false;
    m_validator.reset();
    const JsonText json = JsonText::parse(schema);
    m_spec = fieldSpec(json, json.root());
    const bool isForm = m_spec.kind == FieldKind::Object || m_spec.kind == FieldKind::Variant;
    const bool odd =
        !isForm && !(json.isObject(json.root()) && json.member(json.root(), u"type") < 0);
    if (!isForm) {
        m_spec = {};
        m_spec.kind = FieldKind::Object;
    }
    const JsonText start = JsonText::parse(initialValue(m_spec));
    m_arguments = start.isObject(start.root()) ? start.indented() : QByteArrayLiteral("{}");

    QString unchecked;
    SchemaValidator::Options options;
    options.formats = true;
    if (const Expected<SchemaValidator> validator = SchemaValidator::compile(schema, options)) {
        m_validator = *validator;
        unchecked = validator->unchecked().mid(0, 3).join(QLatin1Char('\n'));
    } else if (json.isValid()) {
        unchecked = validator.error().sentence + QLatin1Char(' ') + validator.error().advice;
    }
    m_unchecked->setText(visibleText(unchecked, true));
    m_unchecked->setVisible(!unchecked.isEmpty());

    QString note;
    if (odd)
        note = tr("The schema describes no object, so there is no form. Write the value as JSON.");
    else if (m_spec.members.isEmpty() && m_spec.additional.isEmpty() && m_spec.variants.isEmpty())
        note = tr("The schema asks for nothing.");
    else if (m_spec.members.size() >= MaxFormMembers)
        note = tr("The form shows the first %1 members. Write the others as JSON.")
                   .arg(MaxFormMembers);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    makeFields();
    load();
}

void SchemaForm::makeFields()
{
    if (m_spec.members.isEmpty() && m_spec.additional.isEmpty() && m_spec.variants.isEmpty())
        return;
    m_fields = FormField::create(m_spec, {}, true, this);
    m_layout->insertWidget(0, m_fields);
    connect(m_fields, &FormField::edited, this, &SchemaForm::edit);
    if (m_spec.kind == FieldKind::Variant)
        m_fields->setAccessible(tr("the object"), {});
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
    if (!m_fields) {
        update();
        return;
    }
    const JsonText json = JsonText::parse(m_arguments);
    m_fields->setEnabled(json.isObject(json.root()));
    if (json.isValid())
        m_fields->load(json, json.root());
    update();
}

void SchemaForm::update()
{
    QHash<QByteArray, FieldProblem> byPlace;
    const QList<FieldProblem> all = problems();
    // Of several at one place the first; what is there and wrong before what is missing.
    for (const FieldProblem &problem : all) {
        if (!byPlace.contains(problem.pointer))
            byPlace.insert(problem.pointer, problem);
    }
    const FieldProblem whole = byPlace.value({});
    m_problem->setText(
        whole.sentence.isEmpty() ? QString() : QStringLiteral("! ") + visibleText(whole.sentence));
    m_problem->setVisible(m_fields && !whole.sentence.isEmpty());
    if (!m_fields)
        return;
    m_fields->showProblems(byPlace, m_showAll);

    // Rows come and go, so the order is made anew.
    QList<QWidget *> chain;
    m_fields->collectFocus(&chain);
    for (qsizetype i = 1; i < chain.size(); ++i)
        QWidget::setTabOrder(chain.at(i - 1), chain.at(i));
}

QList<FieldProblem> SchemaForm::problems() const
{
    QList<FieldProblem> all;
    const JsonText json = JsonText::parse(m_arguments);
    if (!json.isValid()) {
        const JsonError error = json.error().value_or(JsonError{});
        return {{QByteArray(),
                 tr("The text is not JSON (byte %1). %2").arg(error.offset).arg(error.sentence),
                 false}};
    }
    if (!json.isObject(json.root()))
        all.append({QByteArray(), tr("The text is not an object: { … }"), false});
    if (m_validator && m_arguments.size() <= MostJudged) {
        const QList<SchemaProblem> found = m_validator->validate(json);
        for (const SchemaProblem &problem : found) {
            if (!problem.place.isEmpty() || json.isObject(json.root())
                || problem.keyword != QLatin1String("type"))
                all.append(fieldProblem(problem));
        }
    }
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
