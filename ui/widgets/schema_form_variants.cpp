// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_variants.h"

#include "core/jsonrpc/json_edit.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/schema_form_groups.h"

#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {

constexpr int NotSet = -1;
constexpr int AnyJson = -2;
constexpr int Null = -3;
/// Levels down to which a value opens its fields by itself.
constexpr qsizetype OpenLevels = 12;
constexpr int MostChoices = 3;

QVBoxLayout *plainLayout(QWidget *widget)
{
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    return layout;
}

/// Choices above this one for the same value: alternatives of alternatives may have no end.
int choicesAbove(const FormField *field)
{
    int count = 0;
    for (const QWidget *above = field->parentWidget(); above; above = above->parentWidget()) {
        const auto *variant = qobject_cast<const VariantField *>(above);
        if (variant && variant->pointer() == field->pointer())
            ++count;
    }
    return count;
}

bool names(const FieldSpec &spec, const QString &name)
{
    return std::any_of(spec.members.begin(), spec.members.end(),
                       [&](const FieldSpec &member) { return member.name == name; });
}

} // namespace

VariantField::VariantField(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                           QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_box(new CalmComboBox(this))
    , m_layout(plainLayout(this))
{
    m_layout->addWidget(m_box);
    setFocusProxy(m_box);
    if (mayBeUnset())
        m_box->addItem(spec.required ? tr("choose") : tr("not set"), NotSet);
    for (int i = 0; i < spec.variants.size(); ++i)
        m_box->addItem(visibleText(spec.variants.at(i).title.left(100)), i);
    if (spec.nullable)
        m_box->addItem(tr("null"), Null);
    m_box->addItem(tr("other JSON"), AnyJson);
    connect(m_box, &QComboBox::activated, this,
            [this](int index) { choose(m_box->itemData(index).toInt()); });
}

void VariantField::choose(int variant)
{
    if (variant == NotSet) {
        Q_EMIT edited(pointer(), {});
        return;
    }
    if (variant == Null) {
        Q_EMIT edited(pointer(), QByteArrayLiteral("null"));
        return;
    }
    const QByteArray value = valueFor(variant);
    show(variant);
    m_editing = true;
    Q_EMIT edited(pointer(), value);
    m_editing = false;
}

QByteArray VariantField::valueFor(int variant) const
{
    if (variant < 0)
        return m_value.isEmpty() ? QByteArrayLiteral("{}") : m_value;
    const FieldSpec to = opened(spec().variants.at(variant));
    QByteArray value = emptyValue(to);
    const JsonText before = JsonText::parse(m_value);
    if (!before.isObject(before.root()) || to.kind != FieldKind::Object)
        return value;
    const FieldSpec from = m_shown >= 0 ? opened(spec().variants.at(m_shown)) : FieldSpec();
    const JsonText fixed = JsonText::parse(value);
    for (const JsonText::Node member : before.children(before.root())) {
        const QString name = before.key(member);
        const bool stays = names(to, name) || !names(from, name);
        if (stays && fixed.member(fixed.root(), name) < 0)
            value =
                jsonWithMember(value, jsonPointer({}, name), before.raw(member).toByteArray()).text;
    }
    return value;
}

void VariantField::show(int variant)
{
    if (variant == m_shown && (m_inside || variant == NotSet))
        return;
    m_shown = variant;
    if (m_inside) {
        m_inside->hide();
        m_layout->removeWidget(m_inside);
        m_inside->deleteLater();
        m_inside = nullptr;
    }
    if (variant == NotSet || variant == Null)
        return;
    FieldSpec inside;
    inside.name = spec().name;
    inside.required = true;
    if (variant >= 0)
        inside = opened(spec().variants.at(variant));
    FormField *field = FormField::create(inside, pointer(), true, this);
    const QString description = inside.description == spec().description
        ? QString()
        : visibleText(inside.description.left(1000), true);
    m_inside = new FieldFrame(field, description, this);
    m_layout->addWidget(m_inside);
    field->setAccessible(m_name, description);
    connect(field, &FormField::edited, this,
            [this](const QByteArray &place, const QByteArray &value) {
                m_editing = true;
                Q_EMIT edited(place, value);
                m_editing = false;
            });
}

void VariantField::load(const JsonText &json, JsonText::Node node)
{
    m_value = json.raw(node).toByteArray();
    int variant = NotSet;
    if (node >= 0) {
        const bool isNull = json.type(node) == JsonType::Null;
        if (m_editing && m_inside)
            variant = m_shown;
        else if (isNull && spec().nullable)
            variant = Null;
        else
            variant = likelyVariant(spec(), json, node, m_shown);
        if (variant == NotSet || (m_shown == AnyJson && m_inside && variant != Null))
            variant = AnyJson;
        // It would open without end; a person may go on by hand.
        const bool deep = pointer().count('/') >= OpenLevels || choicesAbove(this) >= MostChoices;
        if (deep && variant >= 0 && variant != m_shown)
            variant = AnyJson;
    }
    show(variant);
    m_box->setCurrentIndex(m_box->findData(variant));
    if (m_inside)
        m_inside->field()->load(json, node);
}

void VariantField::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    if (m_inside)
        m_inside->field()->showProblems(byPlace, all);
}

void VariantField::collectProblems(QList<FieldProblem> *problems) const
{
    if (m_inside)
        m_inside->field()->collectProblems(problems);
}

void VariantField::collectFocus(QList<QWidget *> *chain) const
{
    chain->append(m_box);
    if (m_inside)
        m_inside->field()->collectFocus(chain);
}

void VariantField::setAccessible(const QString &name, const QString &description)
{
    m_name = name;
    m_box->setAccessibleName(tr("Kind of %1").arg(name));
    m_box->setAccessibleDescription(description);
    if (m_inside)
        m_inside->field()->setAccessible(name, {});
}

ClosedField::ClosedField(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                         QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_layout(plainLayout(this))
    , m_open(new LinkButton(tr("Open"), this))
    , m_isItem(isItem)
{
    m_layout->addWidget(m_open, 0, Qt::AlignLeft);
    setFocusProxy(m_open);
    connect(m_open, &LinkButton::clicked, this, [this] {
        open();
        // The same value once more: so the form takes the new fields into its order.
        Q_EMIT edited(this->pointer(), m_value);
        QList<QWidget *> chain;
        m_inside->field()->collectFocus(&chain);
        if (!chain.isEmpty())
            chain.constFirst()->setFocus(Qt::OtherFocusReason);
    });
}

void ClosedField::open()
{
    if (m_inside)
        return;
    const FieldSpec inside = opened(spec());
    FormField *field = FormField::create(inside, pointer(), m_isItem, this);
    m_inside = new FieldFrame(field, {}, this);
    m_layout->addWidget(m_inside);
    m_open->hide();
    field->setAccessible(m_name, visibleText(inside.description.left(1000), true));
    connect(field, &FormField::edited, this, &FormField::edited);
}

void ClosedField::load(const JsonText &json, JsonText::Node node)
{
    m_value = json.raw(node).toByteArray();
    if (node >= 0 && pointer().count('/') < OpenLevels)
        open();
    if (m_inside)
        m_inside->field()->load(json, node);
}

void ClosedField::showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all)
{
    if (m_inside)
        m_inside->field()->showProblems(byPlace, all);
}

void ClosedField::collectProblems(QList<FieldProblem> *problems) const
{
    if (m_inside)
        m_inside->field()->collectProblems(problems);
}

void ClosedField::collectFocus(QList<QWidget *> *chain) const
{
    if (m_inside)
        m_inside->field()->collectFocus(chain);
    else
        chain->append(m_open);
}

void ClosedField::setAccessible(const QString &name, const QString &description)
{
    m_name = name;
    m_open->setAccessibleName(tr("Open %1").arg(name));
    m_open->setAccessibleDescription(description);
    if (m_inside)
        m_inside->field()->setAccessible(name, description);
}

} // namespace sightglass
