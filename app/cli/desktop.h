// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace sightglass::cli {

/// Windows can be shown: a browser's, and one that asks for a password.
inline bool hasDesktop()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY")
        || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

} // namespace sightglass::cli
