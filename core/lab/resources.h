// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

namespace sightglass {

/// The result of resources/list, as JSON.
QByteArray labResourceList();
/// One entry of `contents` of resources/read, as JSON; empty: no such resource.
QByteArray labResourceContents(const QString &uri);

constexpr auto labNoteUri = "lab://notes/welcome";
constexpr auto labPictureUri = "lab://pictures/sight-glass.png";

} // namespace sightglass
