// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/result_blocks.h"

#include "core/jsonrpc/json_text.h"
#include "core/mcp/tool_check.h"
#include "core/trace/trace_text.h"
#include "ui/models/safe_picture.h"

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
    // No SVG, which refers to files, and nothing else that is more than pixels.
    const QByteArray format = pictureFormat(block->bytes);
    if (format.isEmpty()) {
        block->problem = tr("The image cannot be decoded; it can be saved.");
        return;
    }
    QImageReader reader(&buffer, format);
    const QSize size = reader.size();
    if (size.isValid() && qint64(size.width()) * size.height() > mostPixels) {
        block->problem = tr("The image is too large to be shown; it can be saved.");
        return;
    }
    if (size.isValid() && std::max(size.width(), size.height()) > drawnSide)
        reader.setScaledSize(size.scaled(drawnSide, drawnSide, Qt::KeepAspectRatio));
    reader.setDecideFormatFromContent(false);
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

/// Contents of a resource, embedded or read.
void readContents(const JsonText &json, JsonText::Node resource, ResultBlock *block)
{
    block->kind = ResultBlock::Kind::Resource;
    block->mimeType = json.string(json.member(resource, u"mimeType"));
    if (const JsonText::Node text = json.member(resource, u"text"); json.isString(text)) {
        block->text = json.string(text);
        block->bytes = block->text.toUtf8();
    } else {
        readData(json, resource, u"blob", block);
    }
    block->title = json.string(json.member(resource, u"uri"));
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
        readContents(json, json.member(node, u"resource"), &block);
    } else {
        block.kind = ResultBlock::Kind::Raw;
        block.json = json.raw(node).toByteArray();
        block.problem = type.isEmpty()
            ? tr("A part without a type.")
            : tr("A part of a type that is not known, or malformed: %1").arg(type.left(80));
    }
    return block;
}

/// Reads entries one by one until there are too many.
template <typename Read>
void readEach(const JsonText &json, JsonText::Node list, ResultBlocks *all, const Read &read)
{
    qint32 taken = 0;
    for (JsonText::Node node = json.firstChild(list); node >= 0; node = json.nextSibling(node)) {
        if (all->blocks.size() >= mostBlocks) {
            all->left = json.childCount(list) - taken;
            return;
        }
        read(node);
        ++taken;
    }
}

void readTool(const JsonText &json, ResultBlocks *all)
{
    const JsonText::Node content = json.member(json.root(), u"content");
    const JsonText::Node structured = json.member(json.root(), u"structuredContent");
    if (json.isArray(content))
        readEach(json, content, all,
                 [&](JsonText::Node node) { all->blocks.append(readBlock(json, node)); });
    else if (structured >= 0)
        all->problem = tr("The result has no content, only structured content.");
    else
        all->problem = tr("The result has no content.");
    if (structured >= 0) {
        ResultBlock block;
        block.kind = ResultBlock::Kind::Structured;
        block.title = tr("Structured content");
        block.json = json.raw(structured).toByteArray();
        all->blocks.append(block);
    }
}

void readResource(const JsonText &json, ResultBlocks *all)
{
    const JsonText::Node contents = json.member(json.root(), u"contents");
    if (!json.isArray(contents)) {
        all->problem = tr("The result has no contents.");
        return;
    }
    readEach(json, contents, all, [&](JsonText::Node node) {
        ResultBlock block;
        if (json.isObject(node)) {
            readContents(json, node, &block);
        } else {
            block.kind = ResultBlock::Kind::Raw;
            block.json = json.raw(node).toByteArray();
            block.problem = tr("Contents that are no object.");
        }
        all->blocks.append(block);
    });
}

void readPrompt(const JsonText &json, ResultBlocks *all)
{
    all->text = json.string(json.member(json.root(), u"description"));
    const JsonText::Node messages = json.member(json.root(), u"messages");
    if (!json.isArray(messages)) {
        all->problem = tr("The result has no messages.");
        return;
    }
    readEach(json, messages, all, [&](JsonText::Node node) {
        const JsonText::Node role = json.member(node, u"role");
        const JsonText::Node content = json.member(node, u"content");
        const QString heading = json.isString(role) ? json.string(role).left(80) : tr("no role");
        // Of messages to a model: from 2025-11-25 on they may have several parts.
        if (json.isArray(content) && json.childCount(content) > 0) {
            for (const JsonText::Node part : json.children(content)) {
                ResultBlock block = readBlock(json, part);
                block.heading = part == json.firstChild(content) ? heading : QString();
                all->blocks.append(block);
            }
            return;
        }
        ResultBlock block;
        if (json.isObject(content)) {
            block = readBlock(json, content);
        } else {
            block.kind = ResultBlock::Kind::Raw;
            block.json = json.raw(node).toByteArray();
            block.problem = tr("A message without content.");
        }
        block.heading = heading;
        all->blocks.append(block);
    });
}

} // namespace

QString cacheWords(std::optional<qint64> ttlMs, const QString &scope)
{
    QString words;
    if (ttlMs)
        words = *ttlMs == 0 ? tr("not to be kept")
                            : tr("may be kept for %1").arg(humanDuration(*ttlMs * 1'000'000));
    if (!scope.isEmpty())
        words += (words.isEmpty() ? QString() : u", "_s) + scope.left(40);
    return words;
}

ResultBlocks readResult(const QByteArray &result, ResultShape shape, const QByteArray &outputSchema)
{
    ResultBlocks all;
    all.faults = outputFaults(outputSchema, result);
    const JsonText json = JsonText::parse(result);
    if (!json.isValid() || !json.isObject(json.root())) {
        all.problem = tr("The result is no JSON object.");
    } else {
        switch (shape) {
        case ResultShape::Tool:
            readTool(json, &all);
            break;
        case ResultShape::Resource:
            readResource(json, &all);
            break;
        case ResultShape::Prompt:
            readPrompt(json, &all);
            break;
        case ResultShape::Any: {
            ResultBlock block;
            block.kind = ResultBlock::Kind::Raw;
            block.json = result;
            all.blocks.append(block);
            break;
        }
        }
        bool whole = false;
        const qint64 ttl =
            json.raw(json.member(json.root(), u"ttlMs")).toByteArray().toLongLong(&whole);
        all.note = cacheWords(whole && ttl >= 0 && ttl < 1'000'000'000'000 ? std::optional(ttl)
                                                                           : std::nullopt,
                              json.string(json.member(json.root(), u"cacheScope")));
    }
    if (!all.problem.isEmpty() && all.blocks.isEmpty()) {
        ResultBlock block;
        block.kind = ResultBlock::Kind::Raw;
        block.json = result;
        all.blocks.append(block);
    }
    return all;
}

} // namespace sightglass
