// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/content_printer.h"

#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// The end of a piece of a JSON string's inside: about `wanted` bytes, and between characters.
qsizetype pieceEnd(QByteArrayView inside, qsizetype wanted)
{
    const auto escapeLength = [inside](qsizetype at) -> qsizetype {
        return at + 1 < inside.size() && inside.at(at + 1) == 'u' ? 6 : 2;
    };
    qsizetype at = 0;
    while (at < std::min(wanted, inside.size())) {
        const qsizetype slash = inside.indexOf('\\', at);
        if (slash < 0 || slash >= wanted) {
            at = std::min(wanted, inside.size());
            break;
        }
        at = slash + escapeLength(slash);
        // Two escapes may be one character, or one line end.
        const QByteArrayView before = inside.sliced(slash);
        const bool pair = before.startsWith("\\ud8") || before.startsWith("\\ud9")
            || before.startsWith("\\uda") || before.startsWith("\\udb") || before.startsWith("\\uD")
            || before.startsWith("\\r");
        if (pair && at < inside.size() && inside.at(at) == '\\')
            at += escapeLength(at);
    }
    while (at < inside.size() && (inside.at(at) & 0xc0) == 0x80)
        ++at;
    return std::min(at, inside.size());
}

/// A JSON string as a line of text, piece by piece: a very long one is never there twice.
void printString(Output &output, QByteArrayView quoted)
{
    constexpr qsizetype Piece = 1024 * 1024;
    QByteArrayView inside = quoted.sliced(1).chopped(1);
    while (!inside.isEmpty() && !output.ended()) {
        const qsizetype end = pieceEnd(inside, Piece);
        output.part(forTerminal(jsonUnquoted('"' + inside.first(end).toByteArray() + '"')));
        inside = inside.sliced(end);
    }
    output.endLine();
}

} // namespace

void printBlock(Output &output, const JsonText &json, JsonText::Node block)
{
    const auto text = [&](JsonText::Node node, QStringView name) {
        return json.string(json.member(node, name));
    };
    const QString type = text(block, u"type");
    if (type == "text"_L1) {
        const JsonText::Node words = json.member(block, u"text");
        if (json.isString(words))
            printString(output, json.raw(words));
        else
            output.line({});
    } else if (type == "image"_L1 || type == "audio"_L1) {
        const QByteArrayView data = json.raw(json.member(block, u"data"));
        output.line(u"(%1, %2, about %3: --json prints it)"_s.arg(
            type, lineForTerminal(text(block, u"mimeType")), humanSize(data.size() * 3 / 4)));
    } else if (type == "resource_link"_L1) {
        output.line(u"(resource link) "_s + lineForTerminal(text(block, u"uri")));
    } else if (type == "resource"_L1) {
        const JsonText::Node resource = json.member(block, u"resource");
        output.line(u"(resource) "_s + lineForTerminal(text(resource, u"uri")));
        if (const JsonText::Node words = json.member(resource, u"text"); json.isString(words))
            printString(output, json.raw(words));
    } else {
        output.line(forTerminal(QString::fromUtf8(json.raw(block))));
    }
}

void printToolResult(Output &output, const QByteArray &result)
{
    printToolResult(output, JsonText::parse(result));
}

void printToolResult(Output &output, const JsonText &json)
{
    const JsonText::Node content = json.member(json.root(), u"content");
    if (!json.isArray(content)) {
        output.note(u"note: the result has no content; this is all of it."_s);
        output.line(forTerminal(QString::fromUtf8(json.text())));
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
