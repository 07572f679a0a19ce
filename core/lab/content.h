// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_revision.h"

#include <QByteArray>
#include <QString>

namespace sightglass {

// Content blocks, as JSON.
QByteArray labTextBlock(const QString &text);
QByteArray labImageBlock(const QByteArray &png);
/// Text in its place where the revision has no such block.
QByteArray labAudioBlock(const LabRevision &revision, const QByteArray &wav);
QByteArray labEmbeddedBlock(const QByteArray &contents);

/// The lab's own name and version, as JSON.
QByteArray labServerInfo(bool titles);
/// An entry of a list (a tool, prompt, resource or template) without what the revision has not.
QByteArray labTrimmed(const QByteArray &entry, const LabRevision &revision);

} // namespace sightglass
