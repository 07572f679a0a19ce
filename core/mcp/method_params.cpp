// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/method_params.h"

#include "core/jsonrpc/json_text.h"
#include "core/mcp/message_check.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostDepth = 8; ///< of references that lead to references
constexpr qsizetype MostWords = 12; ///< alternatives that are named

/// "Implementation" of "#/$defs/Implementation".
QString referred(const JsonText &json, JsonText::Node node)
{
    return json.string(json.member(node, u"$ref")).section(u'/', -1);
}

QString alternatives(QStringList words)
{
    words.removeDuplicates();
    if (words.size() > MostWords) {
        words.resize(MostWords);
        words.append(u"…"_s);
    }
    return words.join(u" or "_s);
}

QString typeWords(const MessageCheck &schema, const QByteArray &text, int depth)
{
    const JsonText json = JsonText::parse(text);
    const JsonText::Node root = json.root();
    const auto raw = [&json](JsonText::Node node) { return json.raw(node).toByteArray(); };
    if (const QString name = referred(json, root); !name.isEmpty()) {
        const QByteArray definition = schema.definition(name);
        return definition.isEmpty() || depth >= MostDepth
            ? name
            : typeWords(schema, definition, depth + 1);
    }
    if (const JsonText::Node constant = json.member(root, u"const"); constant >= 0)
        return QString::fromUtf8(raw(constant));
    QStringList words;
    for (const JsonText::Node value : json.children(json.member(root, u"enum")))
        words.append(QString::fromUtf8(raw(value)));
    if (!words.isEmpty())
        return alternatives(words);
    for (const QStringView group : {QStringView(u"anyOf"), QStringView(u"oneOf")}) {
        for (const JsonText::Node one : json.children(json.member(root, group))) {
            const QString name = referred(json, one);
            words.append(name.isEmpty() ? typeWords(schema, raw(one), depth + 1) : name);
        }
    }
    if (!words.isEmpty())
        return alternatives(words);
    const JsonText::Node type = json.member(root, u"type");
    if (json.isArray(type)) {
        for (const JsonText::Node one : json.children(type))
            words.append(json.string(one));
        return alternatives(words);
    }
    const QString plain = json.string(type);
    if (plain == "array"_L1) {
        const JsonText::Node items = json.member(root, u"items");
        const QString of = items < 0 ? QString() : referred(json, items);
        if (!of.isEmpty())
            return u"array of "_s + of;
        return items < 0 || depth >= MostDepth
            ? plain
            : u"array of "_s + typeWords(schema, raw(items), depth + 1);
    }
    if (plain != "object"_L1)
        return plain.isEmpty() ? u"any"_s : plain;
    for (const JsonText::Node member : json.children(json.member(root, u"properties"))) {
        if (words.size() == MostWords) {
            words.append(u"…"_s);
            break;
        }
        words.append(json.key(member));
    }
    return words.isEmpty() ? plain : u"object: "_s + words.join(u", "_s);
}

} // namespace

std::optional<QList<MethodParam>> methodParams(const MessageCheck &schema, const QByteArray &method)
{
    const std::optional<QByteArray> params = schema.paramsOf(method);
    if (!params)
        return {};
    const JsonText json = JsonText::parse(*params);
    QStringList required;
    for (const JsonText::Node name : json.children(json.member(json.root(), u"required")))
        required.append(json.string(name));
    QList<MethodParam> list;
    for (const JsonText::Node member : json.children(json.member(json.root(), u"properties"))) {
        MethodParam param;
        param.name = json.key(member);
        param.required = required.contains(param.name);
        param.description = json.string(json.member(member, u"description"));
        param.type = typeWords(schema, json.raw(member).toByteArray(), 0);
        list.append(param);
    }
    const auto rank = [](const MethodParam &param) {
        return param.name == "_meta"_L1 ? 2 : param.required ? 0 : 1;
    };
    std::stable_sort(list.begin(), list.end(), [&rank](const MethodParam &a, const MethodParam &b) {
        return rank(a) < rank(b);
    });
    return list;
}

} // namespace sightglass
