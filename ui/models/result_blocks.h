// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace sightglass {

/// Which result it is: of tools/call, resources/read or prompts/get, or of any method.
enum class ResultShape : quint8 { Tool, Resource, Prompt, Any };

/// One part of a result, ready to be shown.
struct ResultBlock {
    enum class Kind : quint8 { Text, Image, Audio, Link, Resource, Structured, Raw };
    Kind kind = Kind::Text;
    QString heading; ///< above it, "user": whose message begins; mostly empty
    QString title; ///< "image/png, 4.2 kB", of a resource its URI; may be empty
    QString text; ///< untrusted, as it was sent; shown as plain text
    QByteArray bytes; ///< decoded, to be saved
    QByteArray json; ///< of Structured and Raw
    QImage image; ///< null where it could not be decoded
    QString mimeType;
    QString problem; ///< what is malformed about it; may be empty
};

struct ResultBlocks {
    QList<ResultBlock> blocks;
    QString problem; ///< what is malformed about the result as a whole
    QStringList faults; ///< of its structured content, by the tool's output schema
    QString text; ///< above the parts: the description of a prompt, untrusted; mostly empty
    QString note; ///< how long it may be kept, where it is said
    qint64 left = 0; ///< parts that are not in `blocks`: there are too many
};

/// Reads a result. Pure; may take long for large results, so
/// call it beside the GUI thread for those. Images are decoded up to 64
/// megapixels, and made small enough to be drawn at once. `outputSchema`: the tool's, for the
/// structured content; may be empty.
ResultBlocks readResult(const QByteArray &result, ResultShape shape = ResultShape::Tool,
                        const QByteArray &outputSchema = {});

/// "May be kept for 60 s, private" (2026-07-28, caching); empty where nothing is said.
QString cacheWords(std::optional<qint64> ttlMs, const QString &scope);

} // namespace sightglass
