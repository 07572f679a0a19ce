// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sightglass {

/// The name of the note that the browser is awaited from now on.
inline constexpr char BrowserNote[] = "browser";

} // namespace sightglass
