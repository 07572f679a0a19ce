// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_groups.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QSet>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {

constexpr int MaxLabelWidth = 150;
constexpr qsizetype MaxDescription = 1000; // characters

/// A button that takes a row away.
QToolButton *removeButton(const QString &what, const QString &tip, QWidget *parent)
{
    auto *remove = new QToolButton(parent);
    remove->setAutoRaise(true);
    remove->setFocusPolicy(Qt::StrongFocus);
    remove->setIcon(themedIcon(QStringLiteral("minus"), Role::Muted));
    remove->setAccessibleName(QObject::tr("Remove %1").arg(what));
    remove->setToolTip(tip);
    remove->setFixedSize(28, 28);
    return remove;
}

void takeAway(QWidget *widget, QLayout *layout)
{
    // It may be this row's button that was pressed.
    widget->hide();
    layout->removeWidget(widget);
    widget->deleteLater();
}

} // namespace

QString describeField(const FieldSpec &spec)
{
    const QString text = visibleText(spec.description.left(MaxDescription).trimmed(), true);
    QString type = visibleText(spec.typeWords);
    if (!spec.bounds.isEmpty())
        type += QStringLiteral(", ") + visibleText(spec.bounds);
    return text.isEmpty() ? type : type + QStringLiteral(". ") + text;
}

bool isFieldGroup(const FieldSpec &spec)
{
    if (spec.kind == FieldKind::Object || spec.kind == FieldKind::Variant
        || spec.kind == FieldKind::Closed)
        return true;
    return spec.kind == FieldKind::Array
        && (!spec.prefix.isEmpty()
            || (!spec.item.isEmpty() && isFieldGroup(spec.item.constFirst())));
}

FieldFrame::FieldFrame(FormField *field, const QString &description, QWidget *parent)
    : QWidget(parent)
    , m_field(field)
    , m_problem(new RoleLabel(Role::Failure, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    field->setParent(this);
    layout->addWidget(field);
    if (!description.isEmpty()) {
        auto *label = new RoleLabel(description, Role::Muted, this);
        label->setFont(scaledFont(-0.5));
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    const FieldSpec &spec = field->spec();
    if (spec.nullable && spec.kind != FieldKind::Choice && spec.kind != FieldKind::Variant) {
        auto *null = new LinkButton(tr("Set to null"), this);
        null->setAccessibleName(tr("Set %1 to null").arg(visibleText(spec.name.left(200))));
        layout->addWidget(null, 0, Qt::AlignLeft);
        connect(null, &LinkButton::clicked, field,
                [field] { Q_EMIT field->edited(field->pointer(), QByteArrayLiteral("null")); });
    }
    m_problem->setFont(scaledFont(-0.5));
    m_problem->setWordWrap(true);
    m_problem->hide();
    layout->addWidget(m_problem);
}

void FieldFrame::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    auto found = byPlace.constFind(m_field->pointer());
    if (found == byPlace.constEnd() && m_field->standsForAll()) {
        const QByteArray below = m_field->pointer() + '/';
        for (auto it = byPlace.constBegin(); it != byPlace.constEnd(); ++it) {
            if (it.key().startsWith(below)
                && (found == byPlace.constEnd() || it.key() < found.key()))
                found = it;
        }
    }
    const bool shown = found != byPlace.constEnd() && (all || !found->missing);
    // A sign with the words, so that it is not told by colour alone.
    m_problem->setText(shown ? QStringLiteral("! ") + visibleText(found->sentence) : QString());
    m_problem->setVisible(shown);
    m_field->showProblems(byPlace, all);
}

// Objects

ObjectField::ObjectField(const FieldSpec &spec, const QByteArray &pointer, QWidget *parent)
    : FormField(spec, pointer, false, parent)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);

    QList<RoleLabel *> labels;
    int width = 42;
    for (const FieldSpec &member : spec.members) {
        FormField *field =
            FormField::create(member, jsonPointer(pointer, member.name), false, this);
        connect(field, &FormField::edited, this, &FormField::edited);
        const bool group = isFieldGroup(member);
        const QString name = visibleText(member.name.left(200));
        const QString description = describeField(member);
        auto *frame = new FieldFrame(field, group ? QString() : description, this);
        m_frames.append(frame);
        field->setAccessible(member.required ? tr("%1, required").arg(name) : name, description);

        auto *label = new RoleLabel(Role::Text, this);
        if (member.required) {
            QFont bold = label->font();
            bold.setBold(true);
            label->setFont(bold);
        }
        label->setElide(Qt::ElideMiddle);
        label->setWholeText(member.required ? name + QStringLiteral(" *") : name);
        const int row = grid->rowCount();
        if (group) {
            auto *head = new QVBoxLayout;
            head->setSpacing(3);
            head->addWidget(label);
            auto *words = new RoleLabel(description, Role::Muted, this);
            words->setFont(scaledFont(-0.5));
            words->setWordWrap(true);
            head->addWidget(words);
            grid->addLayout(head, row, 0, 1, 2);
            frame->setContentsMargins(16, 0, 0, 0);
            grid->addWidget(frame, row + 1, 0, 1, 2);
        } else {
            label->setBuddy(field);
            label->setFixedHeight(30);
            width = qMax(width, label->fontMetrics().horizontalAdvance(label->text()) + 2);
            labels.append(label);
            grid->addWidget(label, row, 0, Qt::AlignTop | Qt::AlignLeft);
            grid->addWidget(frame, row, 1);
        }
    }
    width = qMin(width, MaxLabelWidth);
    if (!labels.isEmpty())
        grid->setColumnMinimumWidth(0, width);
    for (RoleLabel *label : std::as_const(labels))
        label->setFixedWidth(width);
    if (!spec.additional.isEmpty()) {
        auto *extras = new QVBoxLayout;
        extras->setSpacing(4);
        grid->addLayout(extras, grid->rowCount(), 0, 1, 2);
        buildExtras(extras);
    }
}

void ObjectField::buildExtras(QVBoxLayout *layout)
{
    m_name = visibleText(spec().name.left(200));
    m_extraList = new QVBoxLayout;
    m_extraList->setSpacing(4);
    layout->addLayout(m_extraList);
    m_more = new RoleLabel(Role::Muted, this);
    m_more->hide();
    layout->addWidget(m_more);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_newName = new QLineEdit(this);
    m_newName->setPlaceholderText(tr("name of a new member"));
    m_newName->setMinimumHeight(30);
    m_add = new LinkButton(tr("Add member"), this);
    row->addWidget(m_newName, 1);
    row->addWidget(m_add);
    layout->addLayout(row);
    const QString of = m_name.isEmpty() ? tr("the object") : m_name;
    m_newName->setAccessibleName(tr("Name of a new member of %1").arg(of));
    m_add->setAccessibleName(tr("Add member to %1").arg(of));
    connect(m_add, &LinkButton::clicked, this, &ObjectField::addMember);
    connect(m_newName, &QLineEdit::returnPressed, this, &ObjectField::addMember);
}

void ObjectField::addMember()
{
    const QString name = m_newName->text();
    const auto taken = [&name](const auto &one) { return one.name == name; };
    if (std::any_of(m_extras.begin(), m_extras.end(), taken)
        || std::any_of(spec().members.begin(), spec().members.end(), taken)) {
        m_more->setText(tr("There is a member of that name already."));
        m_more->show();
        return;
    }
    m_newName->clear();
    Q_EMIT edited(jsonPointer(pointer(), name), emptyValue(spec().additional.constFirst()));
    QList<QWidget *> chain;
    if (!m_extras.isEmpty())
        m_extras.constLast().frame->field()->collectFocus(&chain);
    if (!chain.isEmpty())
        chain.constFirst()->setFocus(Qt::OtherFocusReason);
}

void ObjectField::addExtra(const QString &name)
{
    FieldSpec inside = spec().additional.constFirst();
    inside.name = name;
    const QString shown = visibleText(name.left(200));
    auto *widget = new QWidget(this);
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto *label = new RoleLabel(Role::Text, widget);
    label->setElide(Qt::ElideMiddle);
    label->setWholeText(shown.isEmpty() ? tr("(empty name)") : shown);
    label->setFixedHeight(30);
    label->setFixedWidth(
        qBound(42, label->fontMetrics().horizontalAdvance(label->text()) + 2, MaxLabelWidth));
    // A label that is cut has no width of its own for a layout.
    label->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    FormField *field = FormField::create(inside, jsonPointer(pointer(), name), true, widget);
    field->setAccessible(shown, describeField(inside));
    auto *frame = new FieldFrame(field, {}, widget);
    QToolButton *remove = removeButton(shown, tr("Remove member"), widget);
    layout->addWidget(label, 0, Qt::AlignTop);
    layout->addWidget(frame, 1);
    layout->addWidget(remove, 0, Qt::AlignTop);
    m_extraList->addWidget(widget);
    m_extras.append({name, widget, frame, remove});
    connect(field, &FormField::edited, this, &FormField::edited);
    connect(remove, &QAbstractButton::clicked, this, [this, name] {
        Q_EMIT edited(jsonPointer(pointer(), name), {});
        m_newName->setFocus(Qt::OtherFocusReason);
    });
}

void ObjectField::loadExtras(const JsonText &json, JsonText::Node node)
{
    QStringList names;
    QSet<QString> known;
    for (const FieldSpec &member : spec().members)
        known.insert(member.name);
    qsizetype left = 0;
    if (json.isObject(node)) {
        for (const JsonText::Node child : json.children(node)) {
            const QString name = json.key(child);
            if (known.contains(name))
                continue;
            known.insert(name);
            if (names.size() < MaxFormItems)
                names.append(name);
            else
                ++left;
        }
    }
    qsizetype same = 0;
    while (same < names.size() && same < m_extras.size()
           && m_extras.at(same).name == names.at(same))
        ++same;
    while (m_extras.size() > same)
        takeAway(m_extras.takeLast().widget, m_extraList);
    for (const QString &name : names.mid(same))
        addExtra(name);
    for (const Extra &extra : std::as_const(m_extras))
        extra.frame->field()->load(json, json.member(node, extra.name));
    m_more->setText(tr("%1 more members are in the JSON.").arg(left));
    m_more->setVisible(left > 0);
}

void ObjectField::load(const JsonText &json, JsonText::Node node)
{
    for (FieldFrame *frame : std::as_const(m_frames))
        frame->field()->load(json, json.member(node, frame->field()->spec().name));
    if (m_extraList)
        loadExtras(json, node);
}

void ObjectField::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    for (FieldFrame *frame : std::as_const(m_frames))
        frame->showProblems(byPlace, all);
    for (const Extra &extra : std::as_const(m_extras))
        extra.frame->showProblems(byPlace, all);
}

void ObjectField::collectProblems(QList<FieldProblem> *problems) const
{
    for (const FieldFrame *frame : m_frames)
        frame->field()->collectProblems(problems);
    for (const Extra &extra : m_extras)
        extra.frame->field()->collectProblems(problems);
}

void ObjectField::collectFocus(QList<QWidget *> *chain) const
{
    for (const FieldFrame *frame : m_frames)
        frame->field()->collectFocus(chain);
    for (const Extra &extra : m_extras) {
        extra.frame->field()->collectFocus(chain);
        chain->append(extra.remove);
    }
    if (m_newName) {
        chain->append(m_newName);
        chain->append(m_add);
    }
}

void ObjectField::setAccessible(const QString &name, const QString &description)
{
    setAccessibleName(name);
    setAccessibleDescription(description);
}

// Arrays

ArrayField::ArrayField(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                       QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_list(new QVBoxLayout)
    , m_more(new RoleLabel(Role::Muted, this))
    , m_add(new LinkButton(tr("Add item"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_list->setSpacing(4);
    layout->addLayout(m_list);
    m_more->setWordWrap(true);
    m_more->hide();
    layout->addWidget(m_more);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    m_name = visibleText(spec.name.left(200));
    connect(m_add, &QAbstractButton::clicked, this, [this]() {
        const FieldSpec *next = itemSpec(this->spec(), qMax(0, m_count));
        const QByteArray item = next ? emptyValue(*next) : QByteArrayLiteral("null");
        if (m_count < 0) {
            Q_EMIT edited(this->pointer(), '[' + item + ']');
            return;
        }
        Q_EMIT edited(jsonPointer(this->pointer(), m_count), item);
        QList<QWidget *> chain;
        if (!m_rows.isEmpty())
            m_rows.constLast().frame->field()->collectFocus(&chain);
        if (!chain.isEmpty())
            chain.constFirst()->setFocus(Qt::OtherFocusReason);
    });
}

QString ArrayField::itemName(qsizetype index) const
{
    return tr("%1, item %2").arg(m_name).arg(index + 1);
}

void ArrayField::addRow()
{
    const qsizetype index = m_rows.size();
    auto *widget = new QWidget(this);
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    const FieldSpec *known = itemSpec(spec(), index);
    const FieldSpec item = known ? *known : FieldSpec();
    FormField *field = FormField::create(item, jsonPointer(pointer(), index), true, widget);
    field->setAccessible(itemName(index), describeField(item));
    // Items by place say what each is; those that are all alike are described once.
    const bool byPlace = index < spec().prefix.size();
    auto *frame = new FieldFrame(field, byPlace ? describeField(item) : QString(), widget);
    QToolButton *remove = removeButton(itemName(index), tr("Remove item"), widget);
    layout->addWidget(frame, 1);
    layout->addWidget(remove, 0, Qt::AlignTop);
    m_list->addWidget(widget);
    m_rows.append({widget, frame, remove});
    connect(field, &FormField::edited, this, &FormField::edited);
    connect(remove, &QAbstractButton::clicked, this, [this, index]() {
        Q_EMIT edited(jsonPointer(pointer(), index), {});
        // The focus must not be lost with the row.
        if (index < m_rows.size())
            m_rows.at(index).remove->setFocus(Qt::OtherFocusReason);
        else
            m_add->setFocus(Qt::OtherFocusReason);
    });
}

void ArrayField::load(const JsonText &json, JsonText::Node node)
{
    m_count = json.isArray(node) ? json.childCount(node) : -1;
    const qsizetype shown = qBound(qsizetype(0), qsizetype(m_count), MaxFormItems);
    while (m_rows.size() < shown)
        addRow();
    while (m_rows.size() > shown)
        takeAway(m_rows.takeLast().widget, m_list);
    JsonText::Node child = json.isArray(node) ? json.firstChild(node) : -1;
    for (const Row &row : std::as_const(m_rows)) {
        row.frame->field()->load(json, child);
        child = json.nextSibling(child);
    }
    m_more->setText(tr("%1 more items are in the JSON.").arg(m_count - shown));
    m_more->setVisible(m_count > shown);
    m_add->setVisible(itemSpec(spec(), qMax(0, m_count)) != nullptr);
}

void ArrayField::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    for (const Row &row : std::as_const(m_rows))
        row.frame->showProblems(byPlace, all);
}

void ArrayField::collectProblems(QList<FieldProblem> *problems) const
{
    for (const Row &row : m_rows)
        row.frame->field()->collectProblems(problems);
}

void ArrayField::collectFocus(QList<QWidget *> *chain) const
{
    for (const Row &row : m_rows) {
        row.frame->field()->collectFocus(chain);
        chain->append(row.remove);
    }
    chain->append(m_add);
}

void ArrayField::setAccessible(const QString &name, const QString &description)
{
    setAccessibleName(name);
    setAccessibleDescription(description);
    m_add->setAccessibleName(tr("Add item to %1").arg(m_name.isEmpty() ? name : m_name));
    if (m_name.isEmpty())
        m_name = name;
}

} // namespace sightglass
