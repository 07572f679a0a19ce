// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

/// What a body is, by what its header says and by how it begins. The bytes have the last word: what
/// a header calls JSON and begins with "<" is text.
enum class BodyKind : quint8 { Json, Text, EventStream, Picture, Binary };

/// `head` is how it begins, `whole` whether that is all of it.
BodyKind bodyKind(const QByteArray &contentType, const QByteArray &head, bool whole);
/// As it stands in settings: "json".
QByteArray bodyKindName(BodyKind kind);

} // namespace sightglass
