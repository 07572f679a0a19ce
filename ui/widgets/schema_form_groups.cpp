// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_groups.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QGridLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace sightglass {

namespace {

constexpr int MaxLabelWidth = 150;
constexpr qsizetype MaxDescription = 1000; // characters

/// "number. First number"
QString describe(const FieldSpec &spec)
{
    const QString text = visibleText(spec.description.left(MaxDescription).trimmed(), true);
    const QString type = visibleText(spec.typeWords);
    return text.isEmpty() ? type : type + QStringLiteral(". ") + text;
}

bool isGroup(const FieldSpec &spec)
{
    if (spec.kind == FieldKind::Object)
        return true;
    return spec.kind == FieldKind::Array && isGroup(spec.item.constFirst());
}

} // namespace

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
    m_problem->setFont(scaledFont(-0.5));
    m_problem->setWordWrap(true);
    m_problem->hide();
    layout->addWidget(m_problem);
}

void FieldFrame::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    const auto found = byPlace.constFind(m_field->pointer());
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
        const bool group = isGroup(member);
        const QString name = visibleText(member.name.left(200));
        const QString description = describe(member);
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
}

void ObjectField::load(const JsonText &json, JsonText::Node node)
{
    for (FieldFrame *frame : std::as_const(m_frames))
        frame->field()->load(json, json.member(node, frame->field()->spec().name));
}

void ObjectField::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    for (FieldFrame *frame : std::as_const(m_frames))
        frame->showProblems(byPlace, all);
}

void ObjectField::collectProblems(QList<FieldProblem> *problems) const
{
    for (const FieldFrame *frame : m_frames)
        frame->field()->collectProblems(problems);
}

void ObjectField::collectFocus(QList<QWidget *> *chain) const
{
    for (const FieldFrame *frame : m_frames)
        frame->field()->collectFocus(chain);
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
        const QByteArray item = emptyValue(this->spec().item.constFirst());
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
    FormField *field =
        FormField::create(spec().item.constFirst(), jsonPointer(pointer(), index), true, widget);
    field->setAccessible(itemName(index), describe(spec().item.constFirst()));
    auto *frame = new FieldFrame(field, {}, widget);
    auto *remove = new QToolButton(widget);
    remove->setAutoRaise(true);
    remove->setFocusPolicy(Qt::StrongFocus);
    remove->setIcon(themedIcon(QStringLiteral("minus"), Role::Muted));
    remove->setAccessibleName(tr("Remove %1").arg(itemName(index)));
    remove->setToolTip(tr("Remove item"));
    remove->setFixedSize(28, 28);
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
    while (m_rows.size() > shown) {
        // It may be this row's button that was pressed.
        QWidget *widget = m_rows.takeLast().widget;
        widget->hide();
        m_list->removeWidget(widget);
        widget->deleteLater();
    }
    JsonText::Node child = json.isArray(node) ? json.firstChild(node) : -1;
    for (const Row &row : std::as_const(m_rows)) {
        row.frame->field()->load(json, child);
        child = json.nextSibling(child);
    }
    m_more->setText(tr("%1 more items are in the JSON.").arg(m_count - shown));
    m_more->setVisible(m_count > shown);
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
