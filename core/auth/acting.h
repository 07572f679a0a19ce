// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass {

/// A faulty client that we can act like on purpose: AF-01 to AF-06 and AF-09.
struct ActingChoice {
    QString id;
    QString title; ///< "No Authorization on the event stream"
    QString description;
};
QList<ActingChoice> actingChoices();
/// Null for an unknown id.
std::shared_ptr<const Misbehaviour> misbehaviour(const QString &id);

} // namespace sightglass
