// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_spec.h"

#include "core/jsonrpc/json_edit.h"
#include "core/schema/format_check.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

namespace {

using namespace Qt::StringLiterals;
using Node = JsonText::Node;

constexpr int MaxDepth = 6;
constexpr int MaxFields = 400;
constexpr qsizetype MaxLayers = 64;

/// Names under which servers ask for text of more than a line.
bool soundsLong(const QString &name)
{
    static const QStringList names{u"text"_s,     u"body"_s,   u"content"_s, u"prompt"_s,
                                   u"code"_s,     u"script"_s, u"source"_s,  u"html"_s,
                                   u"markdown"_s, u"sql"_s,    u"comment"_s, u"notes"_s};
    return names.contains(name.toLower());
}

/// A schema with what it refers to and what allOf adds: the first one that says something counts.
using Layers = QList<Node>;

class Reader {
public:
    explicit Reader(const JsonText &schema)
        : m_schema(schema)
    {
    }
    FieldSpec read(Node node, const QString &name, int depth)
    {
        FieldSpec spec;
        spec.name = name;
        spec.typeWords = u"JSON"_s;
        if (!m_schema.isObject(node))
            return spec;
        Layers layers;
        if (!gather(node, layers))
            return spec;
        alternatives(layers, spec);
        words(layers, spec);
        const Layers own = layers;
        const bool recursive = std::any_of(own.begin(), own.end(),
                                           [this](Node layer) { return m_inside.contains(layer); });
        if (recursive || depth > MaxDepth || ++m_fields > MaxFields) {
            const QString word = type(layers, spec);
            if (!word.isEmpty())
                spec.typeWords = word;
            return closed(node, spec);
        }
        for (const Node layer : own)
            m_inside.insert(layer);
        kind(layers, depth, spec);
        for (const Node layer : own)
            m_inside.remove(layer);
        return spec;
    }

private:
    FieldSpec closed(Node node, FieldSpec spec) const
    {
        spec.kind = FieldKind::Closed;
        spec.schema = m_schema;
        spec.node = node;
        return spec;
    }
    /// False where it refers to itself alone, or to more than can be followed.
    bool gather(Node node, Layers &layers) const
    {
        QList<Node> open{node};
        while (!open.isEmpty()) {
            const Node next = open.takeFirst();
            if (!m_schema.isObject(next) || layers.contains(next))
                continue;
            if (layers.size() >= MaxLayers)
                return false;
            layers.append(next);
            const QString reference = m_schema.string(m_schema.member(next, u"$ref"));
            if (reference.startsWith(u'#')) {
                const Node target =
                    m_schema.find(QByteArray::fromPercentEncoding(reference.mid(1).toUtf8()));
                if (target == next)
                    return false;
                open.append(target);
            }
            const Node all = m_schema.member(next, u"allOf");
            if (m_schema.isArray(all))
                open.append(m_schema.children(all));
        }
        return true;
    }
    Node member(const Layers &layers, QStringView name) const
    {
        for (const Node layer : layers) {
            if (const Node found = m_schema.member(layer, name); found >= 0)
                return found;
        }
        return -1;
    }
    bool isNull(Node node) const
    {
        return m_schema.string(m_schema.member(node, u"type")) == u"null"_s
            || (m_schema.member(node, u"const") >= 0
                && m_schema.type(m_schema.member(node, u"const")) == JsonType::Null);
    }
    /// Takes the only alternative besides null into the layers.
    void alternatives(Layers &layers, FieldSpec &spec) const
    {
        for (const QStringView word : {u"anyOf", u"oneOf"}) {
            const Node list = member(layers, word);
            if (!m_schema.isArray(list))
                continue;
            Node only = -1;
            int count = 0;
            for (const Node child : m_schema.children(list)) {
                if (isNull(child)) {
                    spec.nullable = true;
                    continue;
                }
                only = child;
                ++count;
            }
            if (count == 1)
                gather(only, layers);
        }
    }
    void words(const Layers &layers, FieldSpec &spec) const
    {
        // What stands beside a reference or an alternative says more than what stands in it.
        spec.title = m_schema.string(member(layers, u"title"));
        for (const Node layer : layers) {
            spec.description = m_schema.string(m_schema.member(layer, u"description"));
            if (spec.description.isEmpty() && layer == layers.constFirst())
                spec.description = m_schema.string(m_schema.member(layer, u"title"));
            if (!spec.description.isEmpty())
                break;
        }
        if (spec.description.isEmpty())
            spec.description = spec.title;
        if (const Node preset = member(layers, u"default"); preset >= 0)
            spec.defaultValue = m_schema.raw(preset).toByteArray();
    }
    /// The one type, without null; empty where there is none or several.
    QString type(const Layers &layers, FieldSpec &spec) const
    {
        const Node type = member(layers, u"type");
        if (m_schema.isArray(type)) {
            QStringList words;
            for (const Node child : m_schema.children(type)) {
                const QString word = m_schema.string(child);
                if (word == u"null"_s)
                    spec.nullable = true;
                else
                    words.append(word);
            }
            spec.typeWords = words.isEmpty() ? u"JSON"_s : words.mid(0, 6).join(u" or "_s);
            return words.size() == 1 ? words.constFirst() : QString();
        }
        if (m_schema.isString(type))
            return m_schema.string(type);
        if (type < 0
            && (m_schema.isObject(member(layers, u"properties"))
                || m_schema.isObject(member(layers, u"additionalProperties"))))
            return u"object"_s;
        if (type < 0
            && (m_schema.isObject(member(layers, u"items"))
                || m_schema.isArray(member(layers, u"prefixItems"))))
            return u"array"_s;
        return {};
    }
    bool choices(const Layers &layers, FieldSpec &spec) const
    {
        const Node constant = member(layers, u"const");
        const Node list = member(layers, u"enum");
        if (constant >= 0) {
            choice(constant, {}, spec);
        } else if (m_schema.childCount(list) > 0 && m_schema.isArray(list)) {
            Node title = m_schema.firstChild(member(layers, u"enumNames"));
            for (const Node child : m_schema.children(list)) {
                choice(child, m_schema.string(title), spec);
                title = m_schema.nextSibling(title);
            }
        } else {
            for (const QStringView word : {u"oneOf", u"anyOf"}) {
                for (const Node child : m_schema.children(member(layers, word))) {
                    const Node value = m_schema.member(child, u"const");
                    if (value < 0) {
                        spec.choices.clear();
                        break;
                    }
                    choice(value, m_schema.string(m_schema.member(child, u"title")), spec);
                }
                if (!spec.choices.isEmpty())
                    break;
            }
        }
        if (spec.choices.isEmpty())
            return false;
        spec.kind = FieldKind::Choice;
        spec.typeWords =
            spec.choices.size() == 1 ? u"one value"_s : u"one of %1"_s.arg(spec.choices.size());
        return true;
    }
    void choice(Node value, const QString &title, FieldSpec &spec) const
    {
        const bool isText = m_schema.isString(value);
        const QString shown =
            isText ? m_schema.string(value) : QString::fromUtf8(m_schema.compact(value));
        spec.choices.append({m_schema.raw(value).toByteArray(), title.isEmpty() ? shown : title});
    }
    /// "1 to 10", with the numbers as they are written.
    QString range(const Layers &layers, QStringView from, QStringView to) const
    {
        const auto text = [&](QStringView name) {
            const Node node = member(layers, name);
            return m_schema.isNumber(node) ? QString::fromUtf8(m_schema.raw(node).toByteArray())
                                           : QString();
        };
        const QString least = text(from);
        const QString most = text(to);
        if (!least.isEmpty() && !most.isEmpty())
            return least == most ? least : u"%1 to %2"_s.arg(least, most);
        if (!least.isEmpty())
            return u"at least %1"_s.arg(least);
        return most.isEmpty() ? QString() : u"at most %1"_s.arg(most);
    }
    QString numberBounds(const Layers &layers) const
    {
        QStringList parts;
        const auto add = [&](const QString &words, QStringView name) {
            const Node node = member(layers, name);
            if (m_schema.isNumber(node))
                parts.append(words.arg(QString::fromUtf8(m_schema.raw(node).toByteArray())));
        };
        if (const QString both = range(layers, u"minimum", u"maximum"); !both.isEmpty())
            parts.append(both);
        add(u"more than %1"_s, u"exclusiveMinimum");
        add(u"less than %1"_s, u"exclusiveMaximum");
        add(u"a multiple of %1"_s, u"multipleOf");
        return parts.join(u", "_s);
    }
    QString textBounds(const Layers &layers, const FieldSpec &spec) const
    {
        QStringList parts;
        if (const QString length = range(layers, u"minLength", u"maxLength"); !length.isEmpty())
            parts.append(u"%1 characters"_s.arg(length));
        const QString pattern = m_schema.string(member(layers, u"pattern"));
        if (!pattern.isEmpty())
            parts.append(u"matching %1"_s.arg(pattern.left(80)));
        if (!spec.example.isEmpty())
            parts.append(u"such as %1"_s.arg(spec.example));
        return parts.join(u", "_s);
    }
    bool variants(const Layers &layers, FieldSpec &spec) const
    {
        for (const QStringView word : {u"oneOf", u"anyOf"}) {
            const Node list = member(layers, word);
            if (!m_schema.isArray(list) || m_schema.childCount(list) < 2)
                continue;
            for (const Node child : m_schema.children(list)) {
                if (isNull(child) || spec.variants.size() >= MaxFormVariants)
                    continue;
                FieldSpec one;
                one.required = true;
                one.name = spec.name;
                one.title = variantTitle(child, int(spec.variants.size()) + 1);
                spec.variants.append(closed(child, one));
            }
            if (spec.variants.size() > 1) {
                spec.kind = FieldKind::Variant;
                spec.typeWords = u"one of %1 kinds"_s.arg(spec.variants.size());
                return true;
            }
            spec.variants.clear();
        }
        return false;
    }
    QString variantTitle(Node node, int number) const
    {
        Layers layers;
        gather(node, layers);
        QString title = m_schema.string(member(layers, u"title"));
        if (!title.isEmpty())
            return title;
        // {"kind": {"const": "circle"}}: what tells it from the others.
        for (const Node layer : std::as_const(layers)) {
            for (const Node one : m_schema.children(m_schema.member(layer, u"properties"))) {
                const Node constant = m_schema.member(one, u"const");
                if (m_schema.isString(constant))
                    return m_schema.string(constant);
            }
        }
        const QString reference = m_schema.string(m_schema.member(node, u"$ref"));
        if (reference.contains(u'/'))
            return reference.section(u'/', -1);
        FieldSpec spec;
        const QString word = type(layers, spec);
        const QStringList names = requiredNames(layers).mid(0, 3);
        if (word == u"object"_s && !names.isEmpty())
            return u"object with %1"_s.arg(names.join(u", "_s));
        return word.isEmpty() ? u"kind %1"_s.arg(number) : word;
    }
    void kind(const Layers &layers, int depth, FieldSpec &spec)
    {
        if (choices(layers, spec))
            return;
        const QString word = type(layers, spec);
        if (!word.isEmpty())
            spec.typeWords = word;
        const bool isObject = word == u"object"_s;
        // Members beside alternatives: the alternatives mostly say only what is required.
        if (!(isObject && m_schema.childCount(member(layers, u"properties")) > 0)
            && variants(layers, spec))
            return;
        if (word == u"string"_s) {
            const QString format = m_schema.string(member(layers, u"format"));
            const bool isLong = m_schema.number(member(layers, u"maxLength")).value_or(0) > 200;
            if (!format.isEmpty())
                spec.typeWords = u"string, %1"_s.arg(format);
            spec.example = schema::formatExample(format);
            spec.bounds = textBounds(layers, spec);
            spec.kind = format.isEmpty() && (isLong || soundsLong(spec.name)) ? FieldKind::Text
                                                                              : FieldKind::Line;
        } else if (word == u"number"_s || word == u"integer"_s) {
            spec.kind = word == u"number"_s ? FieldKind::Number : FieldKind::Integer;
            spec.bounds = numberBounds(layers);
        } else if (word == u"boolean"_s) {
            spec.kind = FieldKind::Boolean;
        } else if (word == u"array"_s) {
            array(layers, depth, spec);
        } else if (isObject) {
            object(layers, depth, spec);
        }
    }
    void array(const Layers &layers, int depth, FieldSpec &spec)
    {
        Node items = member(layers, u"items");
        Node prefix = member(layers, u"prefixItems");
        if (m_schema.isArray(items)) { // draft-07
            prefix = items;
            items = member(layers, u"additionalItems");
        }
        if (const QString count = range(layers, u"minItems", u"maxItems"); !count.isEmpty())
            spec.bounds = u"%1 items"_s.arg(count);
        for (const Node one : m_schema.children(prefix)) {
            if (spec.prefix.size() == MaxFormItems)
                break;
            FieldSpec item = read(one, {}, depth + 1);
            item.required = true;
            spec.prefix.append(item);
        }
        if (m_schema.isObject(items)) {
            spec.item = {read(items, {}, depth + 1)};
            spec.item[0].required = true;
        }
        if (spec.prefix.isEmpty() && spec.item.isEmpty())
            return;
        // Items of which the schema says nothing may follow.
        if (spec.item.isEmpty() && (items < 0 || m_schema.boolean(items))) {
            FieldSpec any;
            any.typeWords = u"JSON"_s;
            any.required = true;
            spec.item = {any};
        }
        spec.kind = FieldKind::Array;
        spec.typeWords = spec.prefix.isEmpty()
            ? u"array of %1"_s.arg(spec.item[0].typeWords)
            : u"array, its first %1 by place"_s.arg(spec.prefix.size());
    }
    QStringList requiredNames(const Layers &layers) const
    {
        QStringList names;
        QSet<QString> known;
        for (const Node layer : layers) {
            const Node list = m_schema.member(layer, u"required");
            for (Node child = m_schema.firstChild(list); child >= 0;
                 child = m_schema.nextSibling(child)) {
                const QString name = m_schema.string(child);
                if (m_schema.isString(child) && !known.contains(name)) {
                    known.insert(name);
                    names.append(name);
                }
            }
        }
        return names;
    }
    void object(const Layers &layers, int depth, FieldSpec &spec)
    {
        const QStringList requiredOrder = requiredNames(layers);
        const QSet<QString> required(requiredOrder.begin(), requiredOrder.end());
        QSet<QString> known;
        for (const Node layer : layers) {
            const Node properties = m_schema.member(layer, u"properties");
            if (!m_schema.isObject(properties))
                continue;
            for (Node child = m_schema.firstChild(properties);
                 child >= 0 && spec.members.size() < MaxFormMembers;
                 child = m_schema.nextSibling(child)) {
                const QString name = m_schema.key(child);
                if (known.contains(name))
                    continue;
                known.insert(name);
                FieldSpec member = read(child, name, depth + 1);
                member.required = required.contains(name);
                spec.members.append(member);
            }
        }
        for (const QString &name : requiredOrder) {
            if (known.contains(name) || spec.members.size() >= MaxFormMembers)
                continue;
            FieldSpec member;
            member.name = name;
            member.typeWords = u"JSON"_s;
            member.required = true;
            spec.members.append(member);
        }
        const Node additional = member(layers, u"additionalProperties");
        if (m_schema.isObject(additional) && m_schema.childCount(additional) > 0) {
            spec.additional = {read(additional, {}, depth + 1)};
            spec.additional[0].required = true;
            if (spec.members.isEmpty())
                spec.typeWords = u"object of %1"_s.arg(spec.additional[0].typeWords);
        }
        // An object of any members has no fields to show.
        if (!spec.members.isEmpty() || !spec.additional.isEmpty() || depth == 0)
            spec.kind = FieldKind::Object;
    }

    const JsonText m_schema;
    QSet<Node> m_inside; ///< schemas that are being read
    int m_fields = 0;
};

bool fits(const FieldSpec &spec, const JsonText &json, Node node)
{
    switch (spec.kind) {
    case FieldKind::Line:
    case FieldKind::Text:
        return json.isString(node);
    case FieldKind::Number:
    case FieldKind::Integer:
        return json.isNumber(node);
    case FieldKind::Boolean:
        return json.isBool(node);
    case FieldKind::Array:
        return json.isArray(node);
    case FieldKind::Choice:
        return std::any_of(spec.choices.begin(), spec.choices.end(), [&](const auto &choice) {
            return JsonText::parse(choice.value).compact() == json.compact(node);
        });
    case FieldKind::Object:
        return json.isObject(node)
            && std::all_of(spec.members.begin(), spec.members.end(), [&](const FieldSpec &member) {
                   const Node value = json.member(node, member.name);
                   if (value < 0)
                       return !member.required;
                   return member.kind != FieldKind::Choice || member.choices.size() > 1
                       || fits(member, json, value);
               });
    case FieldKind::Variant:
    case FieldKind::Closed:
    case FieldKind::Json:
        return true;
    }
    return false;
}

} // namespace

FieldSpec fieldSpec(const JsonText &schema, JsonText::Node node)
{
    return Reader(schema).read(node, {}, 0);
}

FieldSpec opened(const FieldSpec &spec)
{
    if (spec.kind != FieldKind::Closed)
        return spec;
    FieldSpec inside = Reader(spec.schema).read(spec.node, spec.name, 1);
    // What opens to itself alone has nothing in it.
    if (inside.kind == FieldKind::Closed)
        inside.kind = FieldKind::Json;
    inside.required = spec.required;
    return inside;
}

QByteArray initialValue(const FieldSpec &spec)
{
    if (!spec.defaultValue.isEmpty())
        return spec.defaultValue;
    if (spec.kind == FieldKind::Choice && spec.required && spec.choices.size() == 1)
        return spec.choices.constFirst().value;
    if (spec.kind != FieldKind::Object || !(spec.required || spec.name.isEmpty()))
        return {};
    JsonWriter writer;
    writer.beginObject();
    bool any = spec.name.isEmpty();
    for (const FieldSpec &member : spec.members) {
        const QByteArray value = initialValue(member);
        if (value.isEmpty())
            continue;
        any = true;
        writer.key(member.name).raw(value);
    }
    writer.endObject();
    return any ? writer.text() : QByteArray();
}

QByteArray emptyValue(const FieldSpec &spec)
{
    if (!spec.defaultValue.isEmpty())
        return spec.defaultValue;
    switch (spec.kind) {
    case FieldKind::Line:
    case FieldKind::Text:
        return "\"\""_ba;
    case FieldKind::Number:
    case FieldKind::Integer:
        return "0"_ba;
    case FieldKind::Boolean:
        return "false"_ba;
    case FieldKind::Choice:
        return spec.choices.isEmpty() ? "null"_ba : spec.choices.constFirst().value;
    case FieldKind::Array:
        return "[]"_ba;
    case FieldKind::Object: {
        FieldSpec root = spec;
        root.name.clear();
        return initialValue(root);
    }
    case FieldKind::Closed: {
        const FieldSpec inside = opened(spec);
        return emptyValue(inside);
    }
    case FieldKind::Variant:
    case FieldKind::Json:
        break;
    }
    return "null"_ba;
}

const FieldSpec *itemSpec(const FieldSpec &array, qsizetype index)
{
    if (index < array.prefix.size())
        return &array.prefix.at(index);
    return array.item.isEmpty() ? nullptr : &array.item.constFirst();
}

int likelyVariant(const FieldSpec &spec, const JsonText &json, JsonText::Node node, int rather)
{
    if (node < 0)
        return -1;
    if (rather >= 0 && rather < spec.variants.size()
        && fits(opened(spec.variants.at(rather)), json, node))
        return rather;
    for (int i = 0; i < spec.variants.size(); ++i) {
        if (fits(opened(spec.variants.at(i)), json, node))
            return i;
    }
    return -1;
}

} // namespace sightglass
