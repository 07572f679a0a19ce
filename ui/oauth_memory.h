// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_settings.h"

class QSettings;

namespace sightglass {

/// What the window wants of OAuth where nobody chose anything: a person logs in when asked.
OAuthSettings usualOAuth();

/// What of the settings may be written down: no secrets, no key, and nothing that was agreed to
/// once.
OAuthSettings rememberedOAuth(const OAuthSettings &settings);

/// Under where the settings stand now. What is not there, or makes no sense, is as usual.
void saveOAuth(QSettings *settings, const OAuthSettings &oauth);
OAuthSettings loadOAuth(const QSettings *settings);

} // namespace sightglass
