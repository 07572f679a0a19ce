// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_flow.h"

namespace sightglass {

// What both steps that read metadata share.

/// How a URL is written in their sentences.
inline constexpr auto MetadataUrlShown = QUrl::RemoveUserInfo | QUrl::RemoveQuery;

/// What an answer is where metadata was asked for, other than 200.
inline QString metadataOutcome(const OAuthAnswer &answer)
{
    return answer.failure ? answer.failure->sentence : QString::number(answer.status);
}

/// Members of a wrong type, as checks that did not pass (AF-27).
template <typename T>
void addMetadataProblems(OAuthStep &step, const T &document, const QString &rule)
{
    for (const MetadataProblem &problem : document.problems) {
        step.checks.append(
            {OAuthCheck::Result::Deviates, problem.sentence, rule, QStringLiteral("AF-27")});
    }
}

/// Why a member is not there as it has to be: what is wrong with it, or else `missing`.
template <typename T>
QString whyMissing(const T &document, QStringView name, const QString &missing)
{
    for (const MetadataProblem &problem : document.problems) {
        if (problem.member == name)
            return problem.sentence;
    }
    return missing;
}

} // namespace sightglass
