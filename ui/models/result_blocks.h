// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

namespace sightglass {

/// One part of a tool's result, ready to be shown.
struct ResultBlock {
    enum class Kind : quint8 { Text, Image, Audio, Link, Resource, Structured, Raw };
    Kind kind = Kind::Text;
    QString title; ///< "image/png, 4.2 kB"; may be empty
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
    qint64 left = 0; ///< parts that are not in `blocks`: there are too many
};

/// Reads the result of tools/call. Pure; may take long for large results, so
/// call it beside the GUI thread for those. Images are decoded up to 64
/// megapixels, and made small enough to be drawn at once. `outputSchema`: the tool's, for the
/// structured content; may be empty.
ResultBlocks readResult(const QByteArray &result, const QByteArray &outputSchema = {});

} // namespace sightglass
