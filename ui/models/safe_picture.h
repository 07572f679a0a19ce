// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

namespace sightglass {

/// Pictures from strangers: only formats that are pixels and nothing else (no SVG, which refers to
/// files), known by their bytes and not by what a header says; none that would take very much
/// memory. Nothing is ever fetched.
///
/// "png", "jpeg", "gif", "bmp", "webp" by how the bytes begin; empty: none of these.
QByteArray pictureFormat(QByteArrayView head);

struct SafePicture {
    QImage image; ///< the first one, of several
    QString problem; ///< a sentence, where there is no image
};
/// Takes time: to be called on a thread of the pool.
SafePicture readPicture(const QByteArray &bytes);

/// Of a file.
constexpr qint64 MostPictureBytes = 64 * 1024 * 1024;
/// Width by height: 200 MB of memory.
constexpr qint64 MostPicturePixels = 50'000'000;

} // namespace sightglass
