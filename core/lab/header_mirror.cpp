// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/header_mirror.h"

#include "core/lab/tool.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr QByteArrayView encodedStart("=?base64?");
constexpr QByteArrayView encodedEnd("?=");

/// What a header's value stands for; nothing if it stands for nothing.
std::optional<QString> decoded(const QByteArray &value)
{
    const bool plain = std::all_of(value.begin(), value.end(),
                                   [](char c) { return (c >= 0x20 && c <= 0x7E) || c == '\t'; });
    if (!plain)
        return std::nullopt;
    if (!value.startsWith(encodedStart) || !value.endsWith(encodedEnd)
        || value.size() < encodedStart.size() + encodedEnd.size())
        return QString::fromLatin1(value);
    const auto bytes = QByteArray::fromBase64Encoding(
        value.mid(encodedStart.size(), value.size() - encodedStart.size() - encodedEnd.size()),
        QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return std::nullopt;
    return QString::fromUtf8(*bytes);
}

/// The header repeats this value.
bool repeats(const QString &header, const JsonText &json, JsonText::Node value)
{
    if (json.isString(value))
        return header == json.string(value);
    if (json.isBool(value))
        return header.toUtf8() == json.raw(value);
    bool ok = false;
    const double number = header.toDouble(&ok);
    return ok && json.number(value) == number;
}

/// Checks the marked properties of one level, and below.
QString markedProblem(const LabRequest &request, const JsonText &schema, JsonText::Node object,
                      const JsonText &params, JsonText::Node arguments)
{
    for (const JsonText::Node property : schema.children(schema.member(object, u"properties"))) {
        const JsonText::Node value = params.member(arguments, schema.key(property));
        const QString mark = schema.string(schema.member(property, u"x-mcp-header"));
        if (!mark.isEmpty()) {
            const QByteArray name = "Mcp-Param-" + mark.toLatin1();
            const bool given = value >= 0 && params.type(value) != JsonType::Null;
            const QString sentence = QStringLiteral("%1 ").arg(QString::fromLatin1(name));
            if (given != request.has(name)) {
                return sentence
                    + (given ? QStringLiteral("is missing.")
                             : QStringLiteral("has no argument that it repeats."));
            }
            if (given) {
                const std::optional<QString> header = decoded(request.header(name));
                if (!header)
                    return sentence + QStringLiteral("cannot be read.");
                if (!repeats(*header, params, value))
                    return sentence + QStringLiteral("is not what the argument says.");
            }
        }
        const QString below = markedProblem(request, schema, property, params, value);
        if (!below.isEmpty())
            return below;
    }
    return {};
}

} // namespace

QString labMirrorProblem(const LabRequest &request, const Envelope &message)
{
    if (!request.has("Mcp-Method"))
        return QStringLiteral("Mcp-Method is missing.");
    if (request.header("Mcp-Method") != message.method)
        return QStringLiteral("Mcp-Method is not the method of the body.");
    struct Named {
        const char *method;
        const char *member;
    };
    static constexpr Named named[] = {
        {"tools/call", "name"},  {"prompts/get", "name"},    {"resources/read", "uri"},
        {"tasks/get", "taskId"}, {"tasks/update", "taskId"}, {"tasks/cancel", "taskId"},
    };
    const auto row = std::find_if(std::begin(named), std::end(named),
                                  [&](const Named &one) { return message.method == one.method; });
    if (row == std::end(named))
        return {};
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const JsonText::Node name = params.member(params.root(), QString::fromLatin1(row->member));
    if (!request.has("Mcp-Name"))
        return QStringLiteral("Mcp-Name is missing.");
    const std::optional<QString> header = decoded(request.header("Mcp-Name"));
    if (!header || *header != params.string(name)) {
        return QStringLiteral("Mcp-Name is not params.%1 of the body.")
            .arg(QLatin1String(row->member));
    }
    const LabTool *tool =
        message.method == "tools/call" ? labFindTool(params.string(name)) : nullptr;
    if (!tool)
        return {};
    const JsonText schema = JsonText::parse(tool->definition);
    return markedProblem(request, schema, schema.member(schema.root(), u"inputSchema"), params,
                         params.member(params.root(), u"arguments"));
}

} // namespace sightglass
