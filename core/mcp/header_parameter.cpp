// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/header_parameter.h"

#include <QSet>

#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView Prefix("=?base64?");
constexpr QByteArrayView Suffix("?=");
constexpr double LargestSafe = 9007199254740991.0;

/// Where a marked value stands in a schema.
enum class Place {
    Property, ///< reached from the root by "properties" alone
    Data, ///< no schema at all: a property's name, or a value inside default, enum, …
    Elsewhere,
};

Place placeOf(const JsonText &json, JsonText::Node schema, QStringList *path)
{
    QStringList keys;
    for (JsonText::Node node = schema; node != json.root(); node = json.parent(node)) {
        if (!json.isObject(json.parent(node)))
            keys.prepend(u"[]"_s);
        else
            keys.prepend(json.key(node));
    }
    bool isSchema = true; // false: a map from names to schemas
    bool reachable = true;
    for (const QString &key : keys) {
        if (!isSchema) {
            isSchema = true;
            path->append(key);
            continue;
        }
        if (key == "default"_L1 || key == "const"_L1 || key == "enum"_L1 || key == "examples"_L1)
            return Place::Data;
        if (key == "properties"_L1) {
            isSchema = false;
        } else {
            reachable = false;
            isSchema = key != "patternProperties"_L1 && key != "$defs"_L1 && key != "definitions"_L1
                && key != "dependentSchemas"_L1;
        }
    }
    if (!isSchema)
        return Place::Data;
    return reachable && !path->isEmpty() ? Place::Property : Place::Elsewhere;
}

bool isPrimitive(const JsonText &json, JsonText::Node schema)
{
    const QString type = json.string(json.member(schema, u"type"));
    return type == "string"_L1 || type == "integer"_L1 || type == "boolean"_L1;
}

QString problemOf(const JsonText &json, JsonText::Node schema, JsonText::Node mark, Place place)
{
    if (!json.isString(mark))
        return u"an x-mcp-header is no string"_s;
    const QString name = json.string(mark);
    const QString shown = name.left(60);
    if (name.isEmpty())
        return u"an x-mcp-header is empty"_s;
    if (HeaderList::check("Mcp-Param-" + name.toUtf8(), {}))
        return u"the x-mcp-header “%1” is no name of a header"_s.arg(shown);
    if (place != Place::Property) {
        return u"the x-mcp-header “%1” marks something that is not reached by properties alone"_s
            .arg(shown);
    }
    if (!isPrimitive(json, schema)) {
        return u"the x-mcp-header “%1” marks a value that is no string, integer or boolean"_s.arg(
            shown);
    }
    return {};
}

std::optional<QString> textOf(const JsonText &json, JsonText::Node value)
{
    switch (json.type(value)) {
    case JsonType::String:
        return json.string(value);
    case JsonType::True:
        return u"true"_s;
    case JsonType::False:
        return u"false"_s;
    case JsonType::Number: {
        const double number = json.number(value).value_or(0);
        if (std::trunc(number) == number && std::abs(number) <= LargestSafe)
            return QString::number(static_cast<qint64>(number));
        return QString::fromLatin1(json.raw(value));
    }
    case JsonType::Null:
    case JsonType::Array:
    case JsonType::Object:
        break;
    }
    return std::nullopt;
}

} // namespace

HeaderParameters headerParameters(const QByteArray &inputSchema)
{
    HeaderParameters result;
    if (!inputSchema.contains("x-mcp-header"))
        return result;
    const JsonText json = JsonText::parse(inputSchema);
    if (!json.isValid())
        return result;
    QSet<QString> names;
    for (JsonText::Node mark = 0; mark < json.nodeCount(); ++mark) {
        if (json.key(mark) != "x-mcp-header"_L1)
            continue;
        const JsonText::Node schema = json.parent(mark);
        HeaderParameter parameter;
        const Place place = placeOf(json, schema, &parameter.path);
        if (place == Place::Data)
            continue;
        QString problem = problemOf(json, schema, mark, place);
        const QString name = json.string(mark);
        if (problem.isEmpty() && names.contains(name.toLower()))
            problem = u"the x-mcp-header “%1” stands twice"_s.arg(name.left(60));
        if (!problem.isEmpty()) {
            if (result.problem.isEmpty())
                result.problem = problem;
            continue;
        }
        names.insert(name.toLower());
        parameter.name = name.toLatin1();
        result.parameters.append(parameter);
    }
    return result;
}

HeaderList parameterHeaders(const HeaderParameters &marked, const QByteArray &arguments)
{
    HeaderList headers;
    if (marked.parameters.isEmpty())
        return headers;
    const JsonText json = JsonText::parse(arguments);
    for (const HeaderParameter &parameter : marked.parameters) {
        JsonText::Node value = json.root();
        for (const QString &name : parameter.path)
            value = json.member(value, name);
        if (value < 0)
            continue;
        if (const std::optional<QString> text = textOf(json, value))
            headers.add("Mcp-Param-" + parameter.name, headerText(*text), HeaderSource::Protocol);
    }
    return headers;
}

QByteArray headerText(QStringView value)
{
    const QByteArray utf8 = value.toUtf8();
    const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
    bool safe = true;
    for (const char c : utf8)
        safe = safe && ((c >= 0x20 && c <= 0x7e) || c == '\t');
    if (!utf8.isEmpty() && (isSpace(utf8.front()) || isSpace(utf8.back())))
        safe = false;
    if (utf8.startsWith(Prefix) && utf8.endsWith(Suffix))
        safe = false;
    if (safe)
        return utf8;
    return Prefix.toByteArray() + utf8.toBase64() + Suffix.toByteArray();
}

std::optional<QString> headerValue(QByteArrayView text)
{
    if (!text.startsWith(Prefix) || !text.endsWith(Suffix)
        || text.size() < Prefix.size() + Suffix.size())
        return QString::fromUtf8(text);
    const QByteArray inner =
        text.sliced(Prefix.size(), text.size() - Prefix.size() - Suffix.size()).toByteArray();
    const auto decoded =
        QByteArray::fromBase64Encoding(inner, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return QString::fromUtf8(*decoded);
}

} // namespace sightglass
