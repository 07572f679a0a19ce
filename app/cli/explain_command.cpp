// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/finding_report.h"
#include "app/cli/recording_input.h"
#include "core/diagnose/rules.h"
#include "core/export/trace_export.h"
#include "core/trace/whole_file.h"

#include <QTimer>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// Whether it stands in one of the files that were asked for.
bool write(Output &output, const QString &path, const QByteArray &bytes)
{
    WholeFile file(path);
    if (file.open() && file.write(bytes) && file.commit())
        return true;
    output.error(Failure{FailureKind::File,
                         u"cannot-write"_s,
                         u"%1 cannot be written: %2."_s.arg(path, file.problem()),
                         u"Name a file in a folder that you may write to."_s,
                         0,
                         {}});
    return false;
}

/// Words in lines, for people: what is long goes on behind an indent.
void printFinding(Output &output, const Finding &finding)
{
    const QString id = finding.weight == Weight::Normal ? output.muted(finding.id)
        : finding.weight == Weight::Failure             ? output.alarming(finding.id)
                                                        : output.bold(finding.id);
    output.line(id + u"  "_s + output.bold(lineForTerminal(finding.title)));
    output.line(u"    "_s + lineForTerminal(finding.sentence));
    if (!finding.advice.isEmpty())
        output.line(u"    What to do: "_s + lineForTerminal(finding.advice));
    output.line(u"    Side: "_s + sideWords(finding.side));
    for (const Evidence &evidence : finding.evidence)
        output.line(output.muted(u"    "_s + lineForTerminal(evidenceWords(evidence))));
    constexpr qsizetype Most = 12;
    if (finding.exchanges.size() > 1) {
        QStringList numbers;
        for (const ExchangeId one :
             finding.exchanges.first(std::min(Most, finding.exchanges.size())))
            numbers.append(QString::number(one));
        if (finding.exchanges.size() > Most)
            numbers.append(u"… (%1 in all)"_s.arg(finding.exchanges.size()));
        output.line(output.muted(u"    exchanges %1"_s.arg(numbers.join(u", "_s))));
    }
}

/// Prints them, writes the files, and tells the exit code; `otherwise` where nothing that matters
/// was found, and `rest` is then to be said besides.
int report(const Options &options, Output &output, const QList<Finding> &found,
           const QString &subject, int otherwise, const QString &rest = {})
{
    if (options.json) {
        output.resultLine(findingsToJson(found));
    } else {
        for (qsizetype i = 0; i < found.size(); ++i) {
            if (i > 0)
                output.line({});
            printFinding(output, found.at(i));
        }
        if (found.isEmpty() && otherwise == Done)
            output.line(rest.isEmpty() ? u"Nothing was found that is wrong."_s
                                       : u"No failure that is known was found."_s + rest);
    }
    bool written = true;
    if (!options.junitFile.isEmpty())
        written = write(output, options.junitFile, findingsToJunit(found, subject)) && written;
    if (!options.sarifFile.isEmpty())
        written = write(output, options.sarifFile, findingsToSarif(found, subject)) && written;
    if (!written)
        return WrongUse;
    return anyMatters(found) ? RefusedCode : otherwise;
}

/// A recording that ends with a refusal of which no cause was found is not well: " Its last request
/// was refused (401, exchange 3)." Empty for all others.
QString refusedAtTheEnd(const TraceReader &trace)
{
    for (ExchangeId id = trace.exchangeCount(); id >= 1; --id) {
        const ExchangeKind kind = trace.summary(id).kind;
        if (kind > ExchangeKind::Delete)
            continue;
        const int status = trace.summary(id).status;
        return status == 401 || status == 403
            ? u" Its last request was refused all the same (%1, exchange %2)."_s.arg(
                QString::number(status), QString::number(id))
            : QString();
    }
    return {};
}

int explainRecording(const Options &options, Output &output)
{
    const Expected<Recording> recording = readRecording(options.recording);
    if (!recording) {
        output.error(recording.error());
        return WrongUse;
    }
    if (!recording->warning.isEmpty())
        output.note(u"note: "_s + recording->warning);
    const Redactor redactor = redactorFor(*recording->trace, randomSalt());
    output.setRedactor(redactor);
    return report(options, output, findings(*recording->trace, redactor, nullptr, TraceState::Over),
                  options.recording == "-"_L1 ? u"standard input"_s : options.recording, Done,
                  refusedAtTheEnd(*recording->trace));
}

/// Connects, lists the tools, listens for a while, and disconnects: what a client does. Where it is
/// refused it asks how to authorise, too.
class Probe final : public Client {
public:
    Probe(const Options &options, Output &output)
        : Client(options, output)
    {
        m_end.setSingleShot(true);
        m_end.setTimerType(Qt::PreciseTimer);
        connect(&m_end, &QTimer::timeout, this,
                [this] { finish(m_failure ? exitCode(*m_failure) : int(Done)); });
    }

    int runAndExplain()
    {
        const int code = run();
        // There was nothing to send, or it was not wanted any more.
        if (trace().exchangeCount() == 0 || (code == Interrupted && options().seconds > 0)) {
            if (m_failure)
                tell(*m_failure);
            return code;
        }
        const QList<Finding> found = findings(trace(), redactor());
        const QString subject = options().target.command
            ? targetName(options().target)
            : redactor().url(options().target.url).toString(QUrl::FullyEncoded);
        // That a server wants a log-in is nothing wrong.
        const bool wantsLogIn = m_explored && !anyMatters(found);
        const int told = report(options(), output(), found, subject,
                                code == Interrupted || wantsLogIn ? int(Done) : code);
        if (wantsLogIn)
            output().note(
                u"note: the server wants a log-in, and what is behind that was not looked at. Log in first: sightglass-cli login %1"_s
                    .arg(lineForTerminal(subject)));
        else if (m_failure && !isExplained(*m_failure, found))
            tell(*m_failure);
        return told;
    }

private:
    void begin() override
    {
        connect(&session(), &Session::toolsListed, this, [this](const ToolList &list) {
            if (!list.complete && !list.failure)
                return;
            if (list.failure && !m_failure)
                m_failure = list.failure;
            listen();
        });
        // A server that has none need not know the method.
        if (offersList(session().state().capabilities, ListKind::Tools))
            session().listTools();
        else
            listen();
    }
    void listen()
    {
        if (m_listens)
            return;
        m_listens = true;
        // A little longer, so that what ends after whole seconds is seen to end.
        constexpr int MoreMs = 500;
        if (options().seconds > 0)
            m_end.start(options().seconds * 1000 + MoreMs);
    }
    void onFailed(const Failure &failure) override
    {
        if (m_failure && m_explores)
            return;
        m_failure = failure;
        if (!wantsExploring(failure)) {
            finish(exitCode(failure));
            return;
        }
        // What is wrong may be in what the server says of authorisation: where nothing else tells
        // why, that is asked, without logging in.
        m_explores = true;
        connect(&session(), &Session::oauthChanged, this, [this](const OAuthState &state) {
            const bool explored = state.phase == OAuthState::Phase::Idle
                && state.steps.value(int(OAuthStepKind::ServerMetadata)).state
                    == OAuthStep::State::Done;
            const ExchangeId refused = m_failure->exchange;
            m_explored = explored
                && HeaderList(trace().request(refused).headers).value("Authorization").isEmpty();
            if (explored || state.phase == OAuthState::Phase::Failed
                || state.phase == OAuthState::Phase::Question)
                finish(exitCode(*m_failure));
        });
        constexpr int MostMs = 20'000;
        m_end.start(MostMs);
        ServerTarget target = options().target;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        session().explore(target);
    }
    bool wantsExploring(const Failure &failure)
    {
        const ExchangeId id = failure.exchange;
        return failure.kind == FailureKind::Refused && !options().target.isChannel()
            && options().target.acting.isEmpty() && id > 0 && trace().response(id)
            && trace().response(id)->status == 401 && !anyMatters(findings(trace(), redactor()));
    }

    static bool isExplained(const Failure &failure, const QList<Finding> &found)
    {
        return std::any_of(found.begin(), found.end(), [&failure](const Finding &finding) {
            return finding.weight != Weight::Normal
                && (finding.exchanges.contains(failure.exchange)
                    || (!failure.finding.isEmpty() && finding.id == failure.finding));
        });
    }

    QTimer m_end;
    bool m_listens = false;
    bool m_explores = false; ///< how to authorise is being asked for
    bool m_explored = false; ///< all is well with that, and no credentials were sent
    std::optional<Failure> m_failure; ///< the first thing that did not work
};

} // namespace

int runExplain(const Options &options, Output &output)
{
    if (!options.recording.isEmpty())
        return explainRecording(options, output);
    return Probe(options, output).runAndExplain();
}

} // namespace sightglass::cli
