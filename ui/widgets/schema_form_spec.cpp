// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_spec.h"

#include "core/jsonrpc/json_edit.h"

#include <QSet>

#include <cmath>

namespace sightglass {

namespace {

using Node = JsonText::Node;

constexpr int MaxDepth = 8;
constexpr qsizetype MaxProblems = 1000;

/// Names under which servers ask for text of more than a line.
bool soundsLong(const QString &name)
{
    static const QStringList names{
        QStringLiteral("text"),   QStringLiteral("body"),    QStringLiteral("content"),
        QStringLiteral("prompt"), QStringLiteral("code"),    QStringLiteral("script"),
        QStringLiteral("source"), QStringLiteral("html"),    QStringLiteral("markdown"),
        QStringLiteral("sql"),    QStringLiteral("comment"), QStringLiteral("notes")};
    return names.contains(name.toLower());
}

class Reader {
public:
    explicit Reader(const JsonText &schema)
        : m_schema(schema)
    {
    }
    FieldSpec read(Node node, const QString &name, int depth) const
    {
        FieldSpec spec;
        spec.name = name;
        spec.typeWords = QStringLiteral("JSON");
        if (!m_schema.isObject(node) || depth > MaxDepth)
            return spec;
        if (const Node target = other(node); target >= 0 && target != node) {
            const bool nullable = spec.nullable || alternativeIsNull(node);
            spec = read(target, name, depth + 1);
            spec.nullable |= nullable;
        } else {
            kind(node, depth, spec);
        }
        // What stands beside a reference or an alternative says more than what stands in it.
        QString text = m_schema.string(m_schema.member(node, u"description"));
        if (text.isEmpty() && spec.description.isEmpty())
            text = m_schema.string(m_schema.member(node, u"title"));
        if (!text.isEmpty())
            spec.description = text;
        if (const Node preset = m_schema.member(node, u"default"); preset >= 0)
            spec.defaultValue = m_schema.raw(preset).toByteArray();
        return spec;
    }

private:
    /// The schema that stands for this one: a local reference's target, or the only alternative
    /// besides null. -1: none.
    Node other(Node node) const
    {
        const QString reference = m_schema.string(m_schema.member(node, u"$ref"));
        if (reference.startsWith(u'#')) {
            const QByteArray pointer = QByteArray::fromPercentEncoding(reference.mid(1).toUtf8());
            return m_schema.find(pointer);
        }
        for (const QStringView word : {u"anyOf", u"oneOf", u"allOf"}) {
            const Node list = m_schema.member(node, word);
            Node only = -1;
            int count = 0;
            for (Node child = m_schema.firstChild(list); child >= 0;
                 child = m_schema.nextSibling(child)) {
                if (isNull(child))
                    continue;
                only = child;
                ++count;
            }
            if (count == 1 && m_schema.isArray(list))
                return only;
        }
        return -1;
    }
    bool isNull(Node node) const
    {
        return m_schema.string(m_schema.member(node, u"type")) == QLatin1String("null");
    }
    bool alternativeIsNull(Node node) const
    {
        for (const QStringView word : {u"anyOf", u"oneOf"}) {
            const Node list = m_schema.member(node, word);
            for (Node child = m_schema.firstChild(list); child >= 0;
                 child = m_schema.nextSibling(child)) {
                if (isNull(child))
                    return true;
            }
        }
        return false;
    }
    /// The one type, without null; empty where there is none or several.
    QString type(Node node, FieldSpec &spec) const
    {
        const Node type = m_schema.member(node, u"type");
        if (m_schema.isArray(type)) {
            QStringList words;
            for (Node child = m_schema.firstChild(type); child >= 0;
                 child = m_schema.nextSibling(child)) {
                const QString word = m_schema.string(child);
                if (word == QLatin1String("null"))
                    spec.nullable = true;
                else
                    words.append(word);
            }
            spec.typeWords = words.isEmpty() ? QStringLiteral("JSON")
                                             : words.mid(0, 6).join(QStringLiteral(" or "));
            return words.size() == 1 ? words.constFirst() : QString();
        }
        if (m_schema.isString(type))
            return m_schema.string(type);
        if (type < 0 && m_schema.isObject(m_schema.member(node, u"properties")))
            return QStringLiteral("object");
        if (type < 0 && m_schema.isObject(m_schema.member(node, u"items")))
            return QStringLiteral("array");
        return {};
    }
    bool choices(Node node, FieldSpec &spec) const
    {
        const Node constant = m_schema.member(node, u"const");
        const Node list = m_schema.member(node, u"enum");
        if (constant >= 0) {
            choice(constant, {}, spec);
        } else if (m_schema.childCount(list) > 0 && m_schema.isArray(list)) {
            Node title = m_schema.firstChild(m_schema.member(node, u"enumNames"));
            for (Node child = m_schema.firstChild(list); child >= 0;
                 child = m_schema.nextSibling(child)) {
                choice(child, m_schema.string(title), spec);
                title = m_schema.nextSibling(title);
            }
        } else {
            for (const QStringView word : {u"oneOf", u"anyOf"}) {
                const Node alternatives = m_schema.member(node, word);
                for (Node child = m_schema.firstChild(alternatives); child >= 0;
                     child = m_schema.nextSibling(child)) {
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
        spec.typeWords = spec.choices.size() == 1
            ? QStringLiteral("one value")
            : QStringLiteral("one of %1").arg(spec.choices.size());
        return true;
    }
    void choice(Node value, const QString &title, FieldSpec &spec) const
    {
        const bool isText = m_schema.isString(value);
        const QString shown =
            isText ? m_schema.string(value) : QString::fromUtf8(m_schema.compact(value));
        spec.choices.append({m_schema.raw(value).toByteArray(), title.isEmpty() ? shown : title});
    }
    void kind(Node node, int depth, FieldSpec &spec) const
    {
        if (choices(node, spec))
            return;
        const QString word = type(node, spec);
        if (!word.isEmpty())
            spec.typeWords = word;
        if (word == QLatin1String("string")) {
            const QString format = m_schema.string(m_schema.member(node, u"format"));
            const bool isLong =
                m_schema.number(m_schema.member(node, u"maxLength")).value_or(0) > 200;
            if (!format.isEmpty())
                spec.typeWords = QStringLiteral("string, %1").arg(format);
            spec.kind = format.isEmpty() && (isLong || soundsLong(spec.name)) ? FieldKind::Text
                                                                              : FieldKind::Line;
        } else if (word == QLatin1String("number")) {
            spec.kind = FieldKind::Number;
        } else if (word == QLatin1String("integer")) {
            spec.kind = FieldKind::Integer;
        } else if (word == QLatin1String("boolean")) {
            spec.kind = FieldKind::Boolean;
        } else if (word == QLatin1String("array")) {
            array(node, depth, spec);
        } else if (word == QLatin1String("object")) {
            object(node, depth, spec);
        }
    }
    void array(Node node, int depth, FieldSpec &spec) const
    {
        const Node items = m_schema.member(node, u"items");
        if (!m_schema.isObject(items) || m_schema.member(node, u"prefixItems") >= 0
            || depth == MaxDepth)
            return;
        spec.kind = FieldKind::Array;
        spec.item = {read(items, {}, depth + 1)};
        spec.item[0].required = true;
        spec.typeWords = QStringLiteral("array of %1").arg(spec.item[0].typeWords);
    }
    void object(Node node, int depth, FieldSpec &spec) const
    {
        const Node properties = m_schema.member(node, u"properties");
        QSet<QString> required;
        QStringList requiredOrder;
        const Node names = m_schema.member(node, u"required");
        for (Node child = m_schema.firstChild(names); child >= 0;
             child = m_schema.nextSibling(child)) {
            if (m_schema.isString(child) && !required.contains(m_schema.string(child))) {
                required.insert(m_schema.string(child));
                requiredOrder.append(m_schema.string(child));
            }
        }
        if (depth == MaxDepth)
            return;
        QSet<QString> known;
        if (m_schema.isObject(properties)) {
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
            member.typeWords = QStringLiteral("JSON");
            member.required = true;
            spec.members.append(member);
        }
        // An object of any members has no fields to show.
        if (!spec.members.isEmpty() || depth == 0)
            spec.kind = FieldKind::Object;
    }

    const JsonText &m_schema;
};

class Judge {
public:
    explicit Judge(const JsonText &arguments)
        : m_json(arguments)
    {
    }
    QList<FieldProblem> problems;

    void judge(const FieldSpec &spec, Node node, const QByteArray &pointer, const QString &name)
    {
        if (problems.size() >= MaxProblems)
            return;
        if (node < 0) {
            if (spec.required)
                problems.append(
                    {pointer, QStringLiteral("%1 is required and missing.").arg(name), true});
            return;
        }
        if (spec.nullable && m_json.type(node) == JsonType::Null)
            return;
        switch (spec.kind) {
        case FieldKind::Line:
        case FieldKind::Text:
            wants(m_json.isString(node), pointer, name, QStringLiteral("a string"));
            break;
        case FieldKind::Number:
            wants(m_json.isNumber(node), pointer, name, QStringLiteral("a number"));
            break;
        case FieldKind::Integer:
            wants(isInteger(node), pointer, name, QStringLiteral("an integer"));
            break;
        case FieldKind::Boolean:
            wants(m_json.isBool(node), pointer, name, QStringLiteral("true or false"));
            break;
        case FieldKind::Choice:
            choice(spec, node, pointer, name);
            break;
        case FieldKind::Array:
            if (!wants(m_json.isArray(node), pointer, name, QStringLiteral("an array")))
                break;
            for (qint32 i = 0; Node(m_json.childCount(node)) > i && i < MaxFormItems; ++i)
                judge(spec.item.at(0), m_json.at(node, i), jsonPointer(pointer, i),
                      QStringLiteral("%1, item %2,").arg(name).arg(i + 1));
            break;
        case FieldKind::Object:
            if (!wants(m_json.isObject(node), pointer,
                       name.isEmpty() ? QStringLiteral("The arguments' text") : name,
                       QStringLiteral("an object")))
                break;
            for (const FieldSpec &member : spec.members)
                judge(member, m_json.member(node, member.name), jsonPointer(pointer, member.name),
                      member.name);
            break;
        case FieldKind::Json:
            break;
        }
    }

private:
    bool wants(bool holds, const QByteArray &pointer, const QString &name, const QString &what)
    {
        if (!holds)
            problems.append({pointer, QStringLiteral("%1 is not %2.").arg(name, what), false});
        return holds;
    }
    bool isInteger(Node node) const
    {
        if (!m_json.isNumber(node))
            return false;
        const QByteArrayView raw = m_json.raw(node);
        if (!raw.contains('.') && !raw.contains('e') && !raw.contains('E'))
            return true;
        const double value = m_json.number(node).value_or(0.5);
        return std::floor(value) == value;
    }
    void choice(const FieldSpec &spec, Node node, const QByteArray &pointer, const QString &name)
    {
        const QByteArray value = m_json.compact(node);
        for (const FieldSpec::Choice &choice : spec.choices) {
            if (JsonText::parse(choice.value).compact() == value
                || (m_json.isString(node) && choice.value.startsWith('"')
                    && jsonUnquoted(choice.value) == m_json.string(node)))
                return;
        }
        wants(false, pointer, name, QStringLiteral("one of the values that the schema lists"));
    }

    const JsonText &m_json;
};

} // namespace

FieldSpec fieldSpec(const JsonText &schema, JsonText::Node node)
{
    return Reader(schema).read(node, {}, 0);
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
        return QByteArrayLiteral("\"\"");
    case FieldKind::Number:
    case FieldKind::Integer:
        return QByteArrayLiteral("0");
    case FieldKind::Boolean:
        return QByteArrayLiteral("false");
    case FieldKind::Choice:
        return spec.choices.isEmpty() ? QByteArrayLiteral("null") : spec.choices.constFirst().value;
    case FieldKind::Array:
        return QByteArrayLiteral("[]");
    case FieldKind::Object:
        return QByteArrayLiteral("{}");
    case FieldKind::Json:
        break;
    }
    return QByteArrayLiteral("null");
}

QList<FieldProblem> fieldProblems(const FieldSpec &spec, const JsonText &arguments)
{
    if (!arguments.isValid()) {
        const JsonError error = arguments.error().value_or(JsonError{});
        return {{QByteArray(),
                 QStringLiteral("The arguments are not JSON (byte %1). %2")
                     .arg(error.offset)
                     .arg(error.sentence),
                 false}};
    }
    Judge judge(arguments);
    judge.judge(spec, arguments.root(), {}, {});
    return judge.problems;
}

} // namespace sightglass
