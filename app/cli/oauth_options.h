// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_settings.h"
#include "core/trace/expected.h"

#include <QStringList>

QT_BEGIN_NAMESPACE
class QCommandLineParser;
QT_END_NAMESPACE

namespace sightglass::cli {

/// The options about OAuth that take a value.
QStringList oauthOptions();
/// Reads them, and the files and variables that they name. Failures are of kind Usage or File.
Expected<OAuthSettings> readOAuthOptions(const QCommandLineParser &parser);

} // namespace sightglass::cli
