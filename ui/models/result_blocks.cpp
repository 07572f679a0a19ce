// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/result_blocks.h"

#include "core/jsonrpc/json_text.h"
#include "core/mcp/output_check.h"
#include "core/trace/trace_text.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostBlocks = 200;
constexpr qint64 mostPixels = 64'000'000;
constexpr int drawnSide = 2048;

QString tr(const char *text)
{
    return QCoreApplication::translate("ResultBlocks", text);
}

std::optional<QByteArray> decoded(const QString &base64)
{
    auto result =
        QByteArray::fromBase64Encoding(base64.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!result)
        return std::nullopt;
    return std::move(*result);
}

QString sizeTitle(const QString &mimeType, qint64 bytes)
{
    return (mimeType.isEmpty() ? tr("no type given") : mimeType.left(80)) + u", "_s
        + humanSize(bytes);
}

void readImage(ResultBlock *block)
{
    QBuffer buffer(&block->bytes);
    QImageReader reader(&buffer);
    const QSize size = reader.size();
    if (size.isValid() && qint64(size.width()) * size.height() > mostPixels) {
        block->problem = tr("The image is too large to be shown; it can be saved.");
        return;
    }
    if (size.isValid() && std::max(size.width(), size.height()) > drawnSide)
        reader.setScaledSize(size.scaled(drawnSide, drawnSide, Qt::KeepAspectRatio));
    reader.setDecideFormatFromContent(true);
    block->image = reader.read();
    if (block->image.isNull())
        block->problem = tr("The image cannot be decoded; it can be saved.");
    else if (size.isValid())
        block->title += u", %1 × %2"_s.arg(size.width()).arg(size.height());
}

/// `data` or `blob`: base64 that is decoded into the block.
void readData(const JsonText &json, JsonText::Node node, const char16_t *member, ResultBlock *block)
{
    const JsonText::Node data = json.member(node, member);
    if (!json.isString(data)) {
        block->problem = tr("The data is missing.");
        block->title = block->mimeType;
        return;
    }
    if (auto bytes = decoded(json.string(data))) {
        block->bytes = std::move(*bytes);
        block->title = sizeTitle(block->mimeType, block->bytes.size());
    } else {
        block->problem = tr("The data is no base64.");
        block->title = block->mimeType;
    }
}

ResultBlock readBlock(const JsonText &json, JsonText::Node node)
{
    ResultBlock block;
    const QString type = json.string(json.member(node, u"type"));
    block.mimeType = json.string(json.member(node, u"mimeType"));
    if (type == "text"_L1 && json.isString(json.member(node, u"text"))) {
        block.text = json.string(json.member(node, u"text"));
    } else if (type == "image"_L1 || type == "audio"_L1) {
        const bool image = type == "image"_L1;
        block.kind = image ? ResultBlock::Kind::Image : ResultBlock::Kind::Audio;
        readData(json, node, u"data", &block);
        if (image && block.problem.isEmpty())
            readImage(&block);
    } else if (type == "resource_link"_L1) {
        block.kind = ResultBlock::Kind::Link;
        block.title = json.string(json.member(node, u"name"));
        block.text = json.string(json.member(node, u"uri"));
        const QString description = json.string(json.member(node, u"description"));
        if (!description.isEmpty())
            block.text += u'\n' + description;
    } else if (type == "resource"_L1 && json.isObject(json.member(node, u"resource"))) {
        block.kind = ResultBlock::Kind::Resource;
        const JsonText::Node resource = json.member(node, u"resource");
        block.mimeType = json.string(json.member(resource, u"mimeType"));
        const QString uri = json.string(json.member(resource, u"uri"));
        if (const JsonText::Node text = json.member(resource, u"text"); json.isString(text)) {
            block.text = json.string(text);
            block.bytes = block.text.toUtf8();
            block.title = sizeTitle(block.mimeType, block.bytes.size());
        } else {
            readData(json, resource, u"blob", &block);
        }
        block.title = uri + u"  "_s + block.title;
    } else {
        block.kind = ResultBlock::Kind::Raw;
        block.json = json.raw(node).toByteArray();
        block.problem = type.isEmpty()
            ? tr("A part without a type.")
            : tr("A part of a type that is not known, or malformed: %1").arg(type.left(80));
    }
    return block;
}

} // namespace

ResultBlocks readResult(const QByteArray &result, const QByteArray &outputSchema)
{
    ResultBlocks all;
    all.faults = outputFaults(outputSchema, result);
    auto raw = [&](const QString &problem) {
        all.problem = problem;
        ResultBlock block;
        block.kind = ResultBlock::Kind::Raw;
        block.json = result;
        all.blocks.append(block);
    };
    const JsonText json = JsonText::parse(result);
    if (!json.isValid() || !json.isObject(json.root())) {
        raw(tr("The result is no JSON object."));
        return all;
    }
    const JsonText::Node content = json.member(json.root(), u"content");
    const JsonText::Node structured = json.member(json.root(), u"structuredContent");
    if (!json.isArray(content)) {
        if (structured < 0) {
            raw(tr("The result has no content."));
            return all;
        }
        all.problem = tr("The result has no content, only structured content.");
    } else {
        for (JsonText::Node node = json.firstChild(content); node >= 0;
             node = json.nextSibling(node)) {
            if (all.blocks.size() == mostBlocks) {
                all.left = json.childCount(content) - mostBlocks;
                break;
            }
            all.blocks.append(readBlock(json, node));
        }
    }
    if (structured >= 0) {
        ResultBlock block;
        block.kind = ResultBlock::Kind::Structured;
        block.title = tr("Structured content");
        block.json = json.raw(structured).toByteArray();
        all.blocks.append(block);
    }
    return all;
}

} // namespace sightglass
