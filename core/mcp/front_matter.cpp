// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/front_matter.h"

#include "core/jsonrpc/json_text.h"
#include "core/jsonrpc/yaml_text.h"

#include <QHash>
#include <QStringList>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// What stands between the two lines of dashes; nothing where there are none.
std::optional<QString> frontMatterOf(const QByteArray &markdown)
{
    QString text = QString::fromUtf8(markdown);
    if (text.startsWith(QChar(0xfeff)))
        text.remove(0, 1);
    const QStringList lines = text.split(u'\n');
    const auto isFence = [](const QString &line) {
        return line.startsWith("---"_L1) && line.mid(3).trimmed().isEmpty();
    };
    if (!isFence(lines.first()))
        return std::nullopt;
    for (qsizetype end = 1; end < lines.size(); ++end) {
        if (isFence(lines.at(end)))
            return lines.mid(1, end - 1).join(u'\n');
    }
    return std::nullopt;
}

std::optional<double> numberOf(const QString &text)
{
    bool isNumber = false;
    if (text.startsWith("0x"_L1)) {
        const auto hex = double(text.mid(2).toULongLong(&isNumber, 16));
        return isNumber ? std::optional(hex) : std::nullopt;
    }
    if (text.startsWith("0o"_L1)) {
        const auto octal = double(text.mid(2).toULongLong(&isNumber, 8));
        return isNumber ? std::optional(octal) : std::nullopt;
    }
    const double number = text.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

bool isSameScalar(const YamlValue &yaml, const JsonText &json, JsonText::Node node)
{
    const QString word = yaml.text.toLower();
    switch (json.type(node)) {
    case JsonType::String:
        return yaml.text == json.string(node);
    case JsonType::Null:
        return yaml.isPlain && (word.isEmpty() || word == "~"_L1 || word == "null"_L1);
    case JsonType::True:
        return yaml.isPlain && word == "true"_L1;
    case JsonType::False:
        return yaml.isPlain && word == "false"_L1;
    case JsonType::Number:
        return yaml.isPlain && json.number(node) && numberOf(yaml.text) == json.number(node);
    case JsonType::Array:
    case JsonType::Object:
        break;
    }
    return false;
}

/// The path to the first difference; empty: there is none.
QString differenceAt(const YamlValue &yaml, const JsonText &json, JsonText::Node node,
                     const QString &path)
{
    const QString here = path.isEmpty() ? u"."_s : path;
    if (node < 0)
        return here;
    switch (yaml.kind) {
    case YamlValue::Kind::Scalar:
        return isSameScalar(yaml, json, node) ? QString() : here;
    case YamlValue::Kind::Sequence: {
        const QList<JsonText::Node> entries = json.children(node);
        if (!json.isArray(node) || entries.size() != yaml.children.size())
            return here;
        for (qsizetype i = 0; i < entries.size(); ++i) {
            const QString below = differenceAt(yaml.children.at(i), json, entries.at(i),
                                               path + u'/' + QString::number(i));
            if (!below.isEmpty())
                return below;
        }
        return {};
    }
    case YamlValue::Kind::Mapping: {
        if (!json.isObject(node))
            return here;
        const auto step = [&path](const QString &key) {
            return path.isEmpty() ? key : path + u'/' + key;
        };
        QHash<QString, JsonText::Node> members;
        for (const JsonText::Node member : json.children(node))
            members.insert(json.key(member), member);
        for (qsizetype i = 0; i < yaml.keys.size(); ++i) {
            const QString &key = yaml.keys.at(i);
            const QString below =
                differenceAt(yaml.children.at(i), json, members.value(key, -1), step(key));
            if (!below.isEmpty())
                return below;
            members.remove(key);
        }
        return members.isEmpty() ? QString() : step(members.constBegin().key());
    }
    }
    return {};
}

} // namespace

QString frontMatterDifference(const QByteArray &markdown, const QByteArray &json)
{
    const std::optional<QString> text = frontMatterOf(markdown);
    if (!text)
        return u"it does not begin with front matter between lines of “---”"_s;
    const YamlDocument yaml = readYaml(*text);
    if (!yaml.problem.isEmpty()) {
        return u"its front matter cannot be compared: %1 (line %2)"_s.arg(
            yaml.problem, QString::number(yaml.line + 1));
    }
    const JsonText copy = JsonText::parse(json);
    const QString path = differenceAt(yaml.value, copy, copy.root(), {});
    if (path.isEmpty())
        return {};
    return u"“%1” in its front matter is not what its entry says"_s.arg(path.left(80));
}

} // namespace sightglass
