// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/content_printer.h"

#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

void printBlock(Output &output, const JsonText &json, JsonText::Node block)
{
    const auto text = [&](JsonText::Node node, QStringView name) {
        return json.string(json.member(node, name));
    };
    const QString type = text(block, u"type");
    if (type == "text"_L1) {
        output.line(forTerminal(text(block, u"text")));
    } else if (type == "image"_L1 || type == "audio"_L1) {
        const QByteArrayView data = json.raw(json.member(block, u"data"));
        output.line(u"(%1, %2, about %3: --json prints it)"_s.arg(
            type, lineForTerminal(text(block, u"mimeType")), humanSize(data.size() * 3 / 4)));
    } else if (type == "resource_link"_L1) {
        output.line(u"(resource link) "_s + lineForTerminal(text(block, u"uri")));
    } else if (type == "resource"_L1) {
        const JsonText::Node resource = json.member(block, u"resource");
        output.line(u"(resource) "_s + lineForTerminal(text(resource, u"uri")));
        if (json.isString(json.member(resource, u"text")))
            output.line(forTerminal(text(resource, u"text")));
    } else {
        output.line(forTerminal(QString::fromUtf8(json.raw(block))));
    }
}

void printToolResult(Output &output, const QByteArray &result)
{
    const JsonText json = JsonText::parse(result);
    const JsonText::Node content = json.member(json.root(), u"content");
    if (!json.isArray(content)) {
        output.note(u"note: the result has no content; this is all of it."_s);
        output.line(forTerminal(QString::fromUtf8(result)));
        return;
    }
    bool printed = false;
    for (JsonText::Node block = json.firstChild(content); block >= 0;
         block = json.nextSibling(block)) {
        printBlock(output, json, block);
        printed = true;
    }
    const JsonText::Node structured = json.member(json.root(), u"structuredContent");
    if (structured >= 0 && !printed)
        output.line(forTerminal(QString::fromUtf8(json.indented(structured))));
}

} // namespace sightglass::cli
