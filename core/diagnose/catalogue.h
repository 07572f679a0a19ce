// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/finding.h"

#include <span>

namespace sightglass {

/// A failure of the catalogue, as far as it is the same whenever it is found.
struct CatalogueEntry {
    QLatin1StringView id; ///< "AF-01"
    QLatin1StringView title;
    Side side = Side::Server; ///< unless the rule knows better
    Weight weight = Weight::Failure;
    /// The header that shows it: behind '>' one of the request, behind '<' one of the response.
    QLatin1StringView header = {};
    /// What to do, where whoever found it says nothing.
    QLatin1StringView advice = {};
};
/// By id, ascending.
std::span<const CatalogueEntry> catalogue();
/// Null where the catalogue has no such id.
const CatalogueEntry *catalogueEntry(QStringView id);

/// Two findings of one server, of which the first brings the second about: then the second says
/// nothing more and is not told.
struct Causation {
    QLatin1StringView cause;
    QLatin1StringView consequence;
};
std::span<const Causation> causations();

} // namespace sightglass
