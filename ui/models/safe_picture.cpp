// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/safe_picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

namespace sightglass {

namespace {
struct PictureTr {
    Q_DECLARE_TR_FUNCTIONS(SafePicture)
};
} // namespace

QByteArray pictureFormat(QByteArrayView head)
{
    if (head.startsWith("\x89PNG\r\n\x1a\n"))
        return "png";
    if (head.startsWith("\xff\xd8\xff"))
        return "jpeg";
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a"))
        return "gif";
    if (head.size() >= 12 && head.startsWith("RIFF") && head.sliced(8).startsWith("WEBP"))
        return "webp";
    // "BM" alone is no evidence: the four bytes that are reserved are zero.
    if (head.size() >= 14 && head.startsWith("BM")
        && head.sliced(6, 4) == QByteArrayView("\0\0\0\0", 4))
        return "bmp";
    return {};
}

SafePicture readPicture(const QByteArray &bytes)
{
    if (bytes.size() > MostPictureBytes)
        return {{}, PictureTr::tr("The picture is larger than 64 MB and is not decoded.")};
    const QByteArray format = pictureFormat(bytes);
    if (format.isEmpty())
        return {{}, PictureTr::tr("These bytes are no PNG, JPEG, GIF, BMP or WebP picture.")};
    QBuffer buffer;
    buffer.setData(bytes);
    QImageReader reader(&buffer, format);
    reader.setDecideFormatFromContent(false);
    if (!reader.canRead())
        return {{},
                QImageReader::supportedImageFormats().contains(format)
                    ? PictureTr::tr("The picture is damaged: its head cannot be read.")
                    : PictureTr::tr("There is no reader for %1 here.")
                          .arg(QString::fromLatin1(format.toUpper()))};
    // The head tells the size before any memory is taken.
    const QSize size = reader.size();
    if (size.isValid() && qint64(size.width()) * size.height() > MostPicturePixels)
        return {
            {},
            PictureTr::tr("The picture says that it has %L1 by %L2 pixels, which is more than is "
                          "decoded (50 million).")
                .arg(size.width())
                .arg(size.height())};
    SafePicture picture;
    picture.image = reader.read();
    if (picture.image.isNull())
        picture.problem =
            PictureTr::tr("The picture cannot be decoded: %1.").arg(reader.errorString());
    return picture;
}

} // namespace sightglass
