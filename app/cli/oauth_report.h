// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/output.h"
#include "core/auth/login/authorizer.h"

namespace sightglass::cli {

// What is known of authorising, for people and as JSON; without secrets unless said otherwise.

void printTokenFacts(Output &output, const TokenFacts &tokens);
QByteArray tokenFactsJson(const TokenFacts &tokens);
/// `now`: seconds since 1970.
void printToken(Output &output, const TokenSet &tokens, qint64 now, const Redactor &redactor);
QByteArray tokenJson(const TokenSet &tokens, qint64 now, const Redactor &redactor,
                     bool withSecrets);
/// Every step: what was asked where, what came of it, and what was judged by which rule.
void printSteps(Output &output, const OAuthState &state);
QByteArray stepsJson(const OAuthState &state);

} // namespace sightglass::cli
