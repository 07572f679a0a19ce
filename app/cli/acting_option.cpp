// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/acting_option.h"

#include "app/cli/wrong_use.h"
#include "core/auth/acting.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

std::optional<Failure> readLike(const QString &value, Options *options)
{
    const Credentials &credentials = options->target.credentials;
    const QString id = value.toUpper();
    QStringList known;
    for (const ActingChoice &choice : actingChoices()) {
        known << choice.id;
        if (choice.id == id)
            options->warnings << u"acting on purpose like a client with %1: %2"_s.arg(
                id, choice.description);
    }
    if (!known.contains(id)) {
        return usage(u"--like %1 is no client fault that can be played; it takes %2."_s.arg(
            value, known.join(u", "_s)));
    }
    options->target.acting = id;
    const bool authorises = !credentials.bearer.isEmpty() || !credentials.basicUser.isEmpty();
    // Whether a log-in is kept that gives a token is not known yet.
    const bool mayBeKept = options->target.oauth.mode != OAuthSettings::Mode::Off && !authorises;
    QString lacks;
    if (id == "AF-04"_L1)
        lacks = credentials.headers.isEmpty() ? u"--header or --header-env"_s : QString();
    else if (id == "AF-05"_L1)
        lacks = credentials.cookies.isEmpty() ? u"--cookie"_s : QString();
    else if (id == "AF-06"_L1)
        lacks = credentials.bearer.isEmpty() ? u"--bearer-env or --bearer-file"_s : QString();
    else if (id != "AF-09"_L1)
        lacks = !authorises ? u"--bearer-env or --bearer-file"_s : QString();
    const QString warning = u"%1 makes no difference without %2."_s.arg(id, lacks);
    if (!lacks.isEmpty() && mayBeKept && id != "AF-04"_L1 && id != "AF-05"_L1)
        options->withoutToken = warning;
    else if (!lacks.isEmpty())
        options->warnings << warning;
    return {};
}

} // namespace sightglass::cli
