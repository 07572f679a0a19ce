// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace sightglass {

class LabWorld;

constexpr auto labNoteUri = "lab://notes/welcome";
constexpr auto labPictureUri = "lab://pictures/sight-glass.png";
constexpr auto labCounterUri = "lab://live/counter"; ///< changes when a tool says so
constexpr auto labClockUri = "lab://live/clock"; ///< changes by itself for a while
constexpr auto labSealedUri = "lab://sealed/letter"; ///< the reader is asked for a word first

/// Entries of resources/list, as JSON, with all that the newest revision has.
QList<QByteArray> labResourceEntries(const LabWorld &world);
/// One entry of `contents` of resources/read, as JSON; empty: no such resource.
QByteArray labResourceContents(const LabWorld &world, const QString &uri);
/// The same of the two resources that never change.
QByteArray labFixedContents(const QString &uri);

/// Entries of resources/templates/list.
QList<QByteArray> labTemplateEntries();

} // namespace sightglass
