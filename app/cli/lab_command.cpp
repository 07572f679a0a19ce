// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/lab/lab.h"
#include "core/lab/lab_stdio.h"

#include <QCoreApplication>

#include <unistd.h>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

int runOnStandardStreams(const LabSettings &settings, Output &output)
{
    LabStdio lab(settings, STDIN_FILENO, STDOUT_FILENO);
    QObject::connect(&lab, &LabStdio::log, &lab,
                     [&output](const QString &line) { output.note(lineForTerminal(line)); });
    QString problem;
    if (!lab.start(&problem)) {
        output.error(Failure{FailureKind::Usage, u"usage"_s, problem, {}, 0, {}});
        return WrongUse;
    }
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, &lab,
                     [] { QCoreApplication::exit(Interrupted); });
    QObject::connect(&lab, &LabStdio::ended, &lab, [] { QCoreApplication::exit(Done); });
    return QCoreApplication::exec();
}

/// What does not go together is told.
std::optional<Failure> setOAuth(const Options &options, LabSettings *settings)
{
    settings->oauth.on = options.oauth;
    settings->oauth.asksConsent = options.consent;
    settings->oauth.dpop = options.dpop;
    settings->oauth.serviceSecret = options.target.oauth.clientSecret.toUtf8();
    settings->oauth.tokenSeconds = options.tokenSeconds.value_or(settings->oauth.tokenSeconds);
    const auto wrong = [](const QString &sentence, const QString &advice) {
        return Failure{FailureKind::Usage, u"usage"_s, sentence, advice, 0, {}};
    };
    if (options.oauth && options.stdio)
        return wrong(u"On standard streams there is no OAuth."_s,
                     u"Leave --stdio out, or --oauth."_s);
    if (options.oauth && !settings->bearer.isEmpty())
        return wrong(u"With --oauth the lab takes no token but those that it gives out itself."_s,
                     u"Leave --oauth out, or --bearer-env and --bearer-file."_s);
    return {};
}

/// What a client has to know beforehand, where tokens are given out.
void tellOfOAuth(const Lab &lab, Output &output)
{
    if (lab.issuer().isEmpty())
        return;
    const LabOAuth oauth = lab.settings().oauth;
    output.note(u"Its authorisation server: "_s + lab.issuer().toString());
    output.note(
        u"Known there without registration: client id practice-client, no secret, redirects to "
        "http://127.0.0.1/callback with any port."_s);
    if (!oauth.serviceSecret.isEmpty())
        output.note(u"And for client credentials: client id practice-service, with the secret that "
                    "was given."_s);
    output.note(oauth.asksConsent ? u"It asks for consent on a page in the browser."_s
                                  : u"It consents to everything at once."_s);
    output.note(u"Scopes: lab:read, lab:call; lab:write for tools that change something. Tokens "
                "live %1 seconds%2."_s.arg(oauth.tokenSeconds)
                    .arg(oauth.dpop ? u" and are bound to a key (DPoP)"_s : QString()));
}

} // namespace

int runLab(const Options &options, Output &output)
{
    const QList<LabFault> faults = labFaults();
    LabSettings settings;
    settings.port = options.port;
    // One that is asked for is the only one that it speaks.
    if (options.target.revision != "auto"_L1)
        settings.revisions << options.target.revision;
    settings.bearer = options.target.credentials.bearer;
    for (const QString &id : options.play) {
        const QString problem = labPlayProblem(id);
        if (!problem.isEmpty()) {
            QStringList known;
            for (const LabFault &one : faults)
                known << one.id;
            output.error(Failure{FailureKind::Usage,
                                 u"unknown-fault"_s,
                                 problem,
                                 u"It plays: %1."_s.arg(known.join(u", "_s)),
                                 0,
                                 {}});
            return WrongUse;
        }
        settings.play << id;
    }
    const Credentials &credentials = options.target.credentials;
    if (credentials.headers.size() + credentials.cookies.size() > 1) {
        output.error(Failure{FailureKind::Usage,
                             u"usage"_s,
                             u"The lab asks for one header or cookie, not for several."_s,
                             u"Give --header, --header-env, --cookie or --cookie-env once."_s,
                             0,
                             {}});
        return WrongUse;
    }
    for (const Header &header : credentials.headers)
        settings.apiKey = header.name + ": " + header.value;
    for (const QByteArray &cookie : credentials.cookies)
        settings.apiKey = "Cookie: " + cookie;

    if (const std::optional<Failure> failure = setOAuth(options, &settings)) {
        output.error(*failure);
        return WrongUse;
    }

    if (options.stdio) {
        if (!settings.bearer.isEmpty() || !settings.apiKey.isEmpty()) {
            output.error(
                Failure{FailureKind::Usage,
                        u"usage"_s,
                        u"On standard streams there are no headers to carry a credential."_s,
                        u"Leave --stdio out, or the credentials."_s,
                        0,
                        {}});
            return WrongUse;
        }
        return runOnStandardStreams(settings, output);
    }

    Lab lab(settings);
    QObject::connect(&lab, &Lab::log, &lab,
                     [&output](const QString &line) { output.note(lineForTerminal(line)); });
    QString problem;
    if (!lab.listen(&problem)) {
        output.error(Failure{FailureKind::File,
                             u"cannot-listen"_s,
                             problem,
                             u"Choose another port, or none."_s,
                             0,
                             {}});
        return NotReached;
    }
    output.line(lab.url().toString());
    output.note(u"The event stream of the older HTTP+SSE: "_s + lab.sseUrl().toString());
    tellOfOAuth(lab, output);
    output.note(u"The lab runs until it is interrupted (Ctrl+C)."_s);
    Interrupts interrupts;
    QObject::connect(&interrupts, &Interrupts::interrupted, &lab,
                     [] { QCoreApplication::exit(Interrupted); });
    return QCoreApplication::exec();
}

} // namespace sightglass::cli
