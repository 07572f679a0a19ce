// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/options.h"

namespace sightglass::cli {

/// Reads what --like was given: the faulty client to act like, and what is to be said about it. The
/// options know the credentials already. A failure of kind Usage where there is no such client.
std::optional<Failure> readLike(const QString &value, Options *options);

} // namespace sightglass::cli
