// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

namespace sightglass {

class LabCall;
class LabWorld;

/// Entries of prompts/list, as JSON, with all that the newest revision has.
QList<QByteArray> labPromptEntries(const LabWorld &world);
/// prompts/get.
void labGetPrompt(LabCall &call);

} // namespace sightglass
