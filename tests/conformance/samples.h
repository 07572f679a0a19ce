// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass::conformance {

/// An object with a value for each property of the schema, each fitting well enough to be sent.
QByteArray sampleObject(const QByteArray &schema);
/// The result of an elicitation/create that is accepted: what it proposes, and samples for what is
/// proposed nothing.
QByteArray acceptedForm(const QByteArray &params);

} // namespace sightglass::conformance
