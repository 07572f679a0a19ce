// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/problem_words.h"

#include "core/schema/format_check.h"

#include <QStringList>

namespace sightglass::schema {

namespace {

using namespace Qt::StringLiterals;
using Node = JsonText::Node;

constexpr qsizetype MaxShown = 60; // characters

QString cut(const QString &text)
{
    return text.size() <= MaxShown ? text : text.left(MaxShown - 1) + u'…';
}

QString shown(const JsonText &json, Node node)
{
    return cut(QString::fromUtf8(json.compact(node).left(4 * MaxShown)));
}

QString withArticle(const QString &type)
{
    if (type == u"null"_s)
        return u"null"_s;
    const bool vowel = type == u"array"_s || type == u"object"_s || type == u"integer"_s;
    return (vowel ? u"an "_s : u"a "_s) + type;
}

QString kindOf(const JsonText &json, Node node)
{
    switch (json.type(node)) {
    case JsonType::Null:
        return u"null"_s;
    case JsonType::False:
    case JsonType::True:
        return u"a boolean"_s;
    case JsonType::Number:
        return u"the number %1"_s.arg(shown(json, node));
    case JsonType::String:
        return u"a string"_s;
    case JsonType::Array:
        return u"an array"_s;
    case JsonType::Object:
        return u"an object"_s;
    }
    return {};
}

QString typeSentence(const Breach &breach)
{
    const JsonText &schema = *breach.schema;
    const Node type = schema.member(breach.rule, u"type");
    QStringList words;
    if (schema.isString(type))
        words.append(withArticle(schema.string(type)));
    for (Node one = schema.firstChild(type); one >= 0; one = schema.nextSibling(one))
        words.append(withArticle(schema.string(one)));
    return u"It must be %1, and is %2."_s.arg(words.join(u" or "_s),
                                              kindOf(*breach.value, breach.place));
}

QString listSentence(const Breach &breach)
{
    const JsonText &schema = *breach.schema;
    const Node list = schema.member(breach.rule, u"enum");
    QStringList words;
    Node one = schema.firstChild(list);
    for (; one >= 0 && words.size() < 8; one = schema.nextSibling(one))
        words.append(shown(schema, one));
    if (one >= 0)
        words.append(u"… (%1 in all)"_s.arg(schema.childCount(list)));
    return u"It must be one of %1, and is %2."_s.arg(words.join(u", "_s),
                                                     shown(*breach.value, breach.place));
}

QString lengthOf(const Breach &breach)
{
    return QString::number(breach.value->string(breach.place).toUcs4().size());
}

} // namespace

QString breachSentence(const Breach &breach)
{
    const QString &keyword = breach.keyword;
    const JsonText &schema = *breach.schema;
    const JsonText &value = *breach.value;
    const QString bound = shown(schema, schema.member(breach.rule, keyword));
    const QString is = shown(value, breach.place);
    const QString count = QString::number(value.childCount(breach.place));
    const QString name = cut(breach.detail);

    if (keyword == u"type"_s)
        return typeSentence(breach);
    if (keyword == u"enum"_s)
        return listSentence(breach);
    if (keyword == u"const"_s)
        return u"It must be %1, and is %2."_s.arg(bound, is);
    if (keyword == u"minimum"_s)
        return u"It must be at least %1, and is %2."_s.arg(bound, is);
    if (keyword == u"maximum"_s)
        return u"It must be at most %1, and is %2."_s.arg(bound, is);
    if (keyword == u"exclusiveMinimum"_s)
        return u"It must be more than %1, and is %2."_s.arg(bound, is);
    if (keyword == u"exclusiveMaximum"_s)
        return u"It must be less than %1, and is %2."_s.arg(bound, is);
    if (keyword == u"multipleOf"_s)
        return u"It must be a multiple of %1, and is %2."_s.arg(bound, is);
    if (keyword == u"minLength"_s)
        return u"It must have at least %1 characters, and has %2."_s.arg(bound, lengthOf(breach));
    if (keyword == u"maxLength"_s)
        return u"It must have at most %1 characters, and has %2."_s.arg(bound, lengthOf(breach));
    if (keyword == u"pattern"_s)
        return u"It must match the pattern %1, and is %2."_s.arg(
            cut(schema.string(schema.member(breach.rule, keyword))), is);
    if (keyword == u"format"_s) {
        const QString format = schema.string(schema.member(breach.rule, keyword));
        const QString example = formatExample(format);
        return u"It must be of the format %1%2, and is %3."_s.arg(
            cut(format), example.isEmpty() ? QString() : u" (such as %1)"_s.arg(example), is);
    }
    if (keyword == u"required"_s)
        return u"The member \"%1\" is required, and missing."_s.arg(name);
    if (keyword == u"dependentRequired"_s || keyword == u"dependencies"_s)
        return u"The member \"%1\" is missing, which another member asks for."_s.arg(name);
    if (keyword == u"additionalProperties"_s || keyword == u"unevaluatedProperties"_s)
        return u"The schema does not allow a member of this name."_s;
    if (keyword == u"propertyNames"_s)
        return u"The member name \"%1\" is not one that the schema allows."_s.arg(name);
    if (keyword == u"minProperties"_s)
        return u"It must have at least %1 members, and has %2."_s.arg(bound, count);
    if (keyword == u"maxProperties"_s)
        return u"It must have at most %1 members, and has %2."_s.arg(bound, count);
    if (keyword == u"minItems"_s)
        return u"It must have at least %1 items, and has %2."_s.arg(bound, count);
    if (keyword == u"maxItems"_s)
        return u"It must have at most %1 items, and has %2."_s.arg(bound, count);
    if (keyword == u"items"_s || keyword == u"additionalItems"_s
        || keyword == u"unevaluatedItems"_s)
        return u"The schema does not allow an item here."_s;
    if (keyword == u"uniqueItems"_s)
        return u"Its items must differ, and two are the same (items %1)."_s.arg(name);
    if (keyword == u"contains"_s)
        return u"It must contain an item of the kind that the schema describes, and has none."_s;
    if (keyword == u"minContains"_s)
        return u"It must contain at least %1 items of the kind that the schema describes, and has %2."_s
            .arg(bound, name);
    if (keyword == u"maxContains"_s)
        return u"It must contain at most %1 items of the kind that the schema describes, and has %2."_s
            .arg(bound, name);
    if (keyword == u"not"_s)
        return u"It is what the schema rules out (not)."_s;
    const QString alternatives =
        QString::number(schema.childCount(schema.member(breach.rule, keyword)));
    if (keyword == u"anyOf"_s)
        return u"It fits none of the %1 alternatives."_s.arg(alternatives);
    if (keyword == u"oneOf"_s)
        return breach.detail.isEmpty()
            ? u"It fits none of the %1 alternatives."_s.arg(alternatives)
            : u"It fits more than one of the %1 alternatives, and must fit just one."_s.arg(
                alternatives);
    return u"The schema does not allow it (%1)."_s.arg(keyword);
}

} // namespace sightglass::schema
