// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "app/cli/desktop.h"
#include "app/cli/notice_json.h"
#include "app/cli/option_hints.h"
#include "core/diagnose/refusal.h"
#include "core/http/header_list.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QRandomGenerator>
#include <QTimer>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// Where no window can be shown, nobody can be asked for the keychain's password.
CredentialStore::Limits keychainLimits()
{
    CredentialStore::Limits limits;
    if (!hasDesktop())
        limits.firstAnswer = limits.answer;
    return limits;
}

} // namespace

QByteArray randomSalt()
{
    QByteArray salt(16, Qt::Uninitialized);
    QRandomGenerator::system()->generate(salt.begin(), salt.end());
    return salt;
}

Client::Client(const Options &options, Output &output)
    : m_options(options)
    , m_output(output)
    , m_redactor(randomSalt())
    , m_store(systemKeychain(), keychainLimits())
    , m_keeper(&m_store, LoginFolder::systemPath())
    , m_session(&m_trace)
    , m_answerer(options.answers, &m_session, &output)
{
    m_trace.setLimit(options.keep);
    addKnownSecrets(&m_redactor, options.target);
    for (const Header &line : options.sentHeaders)
        m_redactor.addKnownSecretsOf(line);
    if (!options.showSecrets)
        m_output.setRedactor(m_redactor);
    m_session.setKeeper(&m_keeper);
    connect(&m_store, &CredentialStore::waiting, this,
            [this] { m_output.note(u"Waiting for the system's keychain (Ctrl+C ends it)."_s); });
    connect(&m_session, &Session::tokensChanged, this,
            [this](const QUrl &, const TokenSet &tokens) {
                addKnownSecrets(&m_redactor, tokens);
                secretsLearned();
            });
    connect(&m_session, &Session::oauthChanged, this, [this](const OAuthState &state) {
        // The address that a person is to open holds the state.
        if (state.phase == OAuthState::Phase::Browser)
            return;
        bool learnt = false;
        for (const QByteArray &secret : secretsOf(state, m_session.tokens())) {
            if (secret.isEmpty() || m_redactor.hasKnownSecret(secret))
                continue;
            m_redactor.addKnownSecret(secret);
            learnt = learnt || m_redactor.hasKnownSecret(secret);
        }
        if (learnt)
            secretsLearned();
    });
    connect(&m_session, &Session::clientChanged, this, [this](const ClientIdentity &client) {
        m_redactor.addKnownSecret(client.secret.toUtf8());
        secretsLearned();
    });
    connect(&m_session, &Session::secretsReceived, this, [this](const QList<Header> &secrets) {
        if (addKnownSecretsOfAnswer(&m_redactor, secrets))
            secretsLearned();
    });
    connect(&m_session, &Session::stateChanged, this, &Client::stateChanged);
    connect(&m_session, &Session::toolsListed, this,
            [this](const ToolList &tools) { m_tools = tools; });
    connect(&m_interrupts, &Interrupts::interrupted, this, [this](int signal) {
        if (!m_finishing) {
            onInterrupt(signal);
            return;
        }
        m_output.note(u"Interrupted."_s);
        QCoreApplication::exit(Interrupted);
    });
}

Client::~Client() = default;

void Client::secretsLearned()
{
    if (!m_options.showSecrets)
        m_output.setRedactor(m_redactor);
    if (m_writer)
        m_writer->setRedactor(m_redactor);
    if (m_spans)
        m_spans->setRedactor(m_redactor);
}

bool Client::record()
{
    if (m_options.traceFile.isEmpty())
        return true;
    auto writer = TraceFileWriter::create(m_options.traceFile, m_trace.began(), m_redactor,
                                          m_options.showSecrets);
    if (!writer) {
        m_output.error(writer.error());
        return false;
    }
    m_writer = std::move(*writer);
    if (m_options.keep.beyond == TraceLimit::Beyond::Stop)
        m_writer->setMostBytes(m_options.keep.bytes);
    if (m_writer->hasReplaced())
        m_output.note(u"note: the recording that was in %1 is replaced by this one"_s.arg(
            lineForTerminal(m_options.traceFile)));
    m_trace.addSink(m_writer.get());
    return true;
}

int Client::run()
{
    // Before the recording: what sends nothing replaces none that was there.
    if (const std::optional<Failure> problem = targetProblem(m_options.target)) {
        m_output.error(*problem);
        return exitCode(*problem);
    }
    for (const CredentialWarning &warning : checkCredentials(m_options.target.credentials)) {
        if (!warning.fatal)
            m_output.note(u"note: "_s + warning.sentence);
    }
    if (!record())
        return WrongUse;
    if (m_options.otlp)
        // The trace is here as long as this is: it is lent.
        m_spans = std::make_unique<OtlpLive>(
            std::shared_ptr<const TraceReader>(std::shared_ptr<void>(), &m_trace), *m_options.otlp,
            m_redactor);
    open();
    const int code = QCoreApplication::exec();
    awaitStore();
    m_answerer.tellRest();
    tellRemarks();
    tellStream(m_stream);
    if (!m_options.withoutToken.isEmpty() && !sentToken())
        m_output.note(u"note: "_s + m_options.withoutToken);
    awaitSpans();
    if (m_writer) {
        m_trace.removeSink(m_writer.get());
        m_writer->close();
        if (const auto failure = m_writer->failure()) {
            // As it was asked for.
            if (failure->code == "recording-limit"_L1) {
                m_output.note(u"note: "_s + lineForTerminal(failure->sentence));
                return code;
            }
            m_output.error(*failure);
            return code == Done ? NotRecorded : code;
        }
    }
    return code;
}

bool Client::sentToken() const
{
    const auto isToken = [](const QByteArray &name) {
        return sameHeaderName(name, "Authorization");
    };
    for (ExchangeId id = 1; id <= m_trace.exchangeCount(); ++id) {
        const RequestRecord &request = m_trace.request(id);
        if (request.kind > ExchangeKind::Delete)
            continue;
        const bool had = std::any_of(request.headers.begin(), request.headers.end(),
                                     [&](const Header &line) { return isToken(line.name); })
            || std::any_of(request.withheld.begin(), request.withheld.end(),
                           [&](const Withheld &line) { return isToken(line.name); });
        if (had)
            return true;
    }
    return false;
}

void Client::awaitStore()
{
    QEventLoop loop;
    // Tokens that are being renewed would be lost with the answer: the ones before are used up.
    const auto renews = [this] {
        return m_session.oauthState().steps.at(int(OAuthStepKind::Refresh)).state
            == OAuthStep::State::Running;
    };
    constexpr int MostMs = 10'000;
    if (renews()) {
        const auto connection = connect(&m_session, &Session::oauthChanged, &loop, [&] {
            if (!renews())
                loop.quit();
        });
        QTimer::singleShot(MostMs, &loop, &QEventLoop::quit);
        loop.exec();
        disconnect(connection);
    }
    if (!m_store.isBusy())
        return;
    connect(&m_store, &CredentialStore::idle, &loop, &QEventLoop::quit);
    connect(&m_interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    loop.exec();
}

void Client::awaitSpans()
{
    if (!m_spans)
        return;
    QEventLoop loop;
    connect(m_spans.get(), &OtlpLive::ended, &loop, &QEventLoop::quit);
    connect(&m_interrupts, &Interrupts::interrupted, &loop, &QEventLoop::quit);
    m_spans->finish();
    if (!m_spans->delivery().ended)
        loop.exec();
    m_output.note(u"note: "_s
                  + lineForTerminal(otlpDeliveryWords(m_spans->delivery(), m_spans->url())));
}

void Client::connectNow()
{
    m_session.setRoots(m_answerer.roots());
    m_session.connectTo(m_options.target);
}

void Client::onInterrupt(int)
{
    m_output.note(u"Interrupted."_s);
    m_begun = true; // an interrupted start is no failure to connect
    finish(Interrupted);
}

/// It tells all that has an id by itself.
bool Client::explains() const
{
    return m_options.command == "explain"_L1;
}

/// What the server did wrong though the command went on.
void Client::tellRemarks()
{
    // Whoever listed the tools has heard of those that are left out.
    const bool listed = m_options.command == "tools"_L1 || m_options.command == "repl"_L1;
    // And whoever watches, of what will not come.
    const bool watched = m_options.command == "subscribe"_L1 || m_options.command == "listen"_L1;
    for (const Note &remark : m_session.state().remarks) {
        if (remark.text == m_said || (listed && remark.name == "tool-refused"_L1)
            || (watched && remark.name == "not-granted"_L1)
            || (explains() && !remark.finding.isEmpty()))
            continue;
        QStringList evidence;
        if (remark.exchange > 0)
            evidence << u"exchange %1"_s.arg(remark.exchange);
        if (!remark.finding.isEmpty())
            evidence << remark.finding;
        QString text = u"note: "_s + lineForTerminal(remark.text);
        if (!evidence.isEmpty())
            text += u" [%1]"_s.arg(evidence.join(u", "_s));
        m_output.note(text);
    }
}

/// The command did its work, but the server's stream was refused or broke meanwhile.
void Client::tellStream(const StreamState &stream)
{
    if (!stream.failure || stream.phase == StreamState::Phase::NotOffered
        || stream.failure->sentence == m_said)
        return;
    tellNote(explained(m_trace, *stream.failure));
}

/// A failure that is worth a word, though the work was done.
void Client::tellNote(const Failure &failure)
{
    if (explains() && !failure.finding.isEmpty())
        return;
    m_output.note(u"note: "_s + lineForTerminal(failure.sentence)
                  + u" [exchange %1%2]"_s.arg(
                      QString::number(failure.exchange),
                      failure.finding.isEmpty() ? QString() : u", "_s + failure.finding));
}

void Client::stateChanged(const SessionState &state)
{
    if (!m_finishing)
        m_stream = state.stream;
    if (m_finishing) {
        if (state.phase == SessionPhase::Idle || state.phase == SessionPhase::Failed) {
            // The end of the session may be refused (AF-03): worth a word, but the work was done.
            if (state.failure && state.failure->exchange > 0 && m_code == Done
                && m_trace.summary(state.failure->exchange).kind == ExchangeKind::Delete)
                tellNote(explained(m_trace, *state.failure));
            QCoreApplication::exit(m_code);
        }
        return;
    }
    if (state.phase == SessionPhase::Failed) {
        onFailed(state.failure.value_or(Failure{}));
        return;
    }
    if (state.phase == SessionPhase::Ready && !m_begun) {
        m_begun = true;
        begin();
    }
    if (m_begun && !m_finishing)
        onState(state);
}

void Client::tell(const Failure &failure)
{
    m_said = failure.sentence;
    m_output.error(withOptions(m_trace, explained(m_trace, failure)));
}

void Client::fail(const Failure &failure)
{
    if (m_finishing)
        return;
    tell(failure);
    finish(exitCode(failure));
}

void Client::finish(int code)
{
    if (m_finishing)
        return;
    m_finishing = true;
    m_code = code;
    onFinish();
    const SessionPhase phase = m_session.state().phase;
    if (phase == SessionPhase::Failed || phase == SessionPhase::Idle) {
        QCoreApplication::exit(code);
        return;
    }
    m_session.disconnectFrom();
}

namespace {

/// One command, and the end.
class OneCommand final : public Client {
public:
    OneCommand(const Options &options, Output &output)
        : Client(options, output)
        , m_action(commandNamed(options.command)->action(place(options)))
    {
        connect(m_action.get(), &Action::finished, this, [this](int code) { finish(code); });
        connect(m_action.get(), &Action::failed, this,
                [this](const Failure &failure) { fail(failure); });
        // A command that prints them itself needs them nowhere else.
        if (options.level.isEmpty() || options.command == "logs"_L1)
            return;
        connect(&session(), &Session::notified, this, [this](const Notice &notice) {
            if (notice.method == "notifications/message")
                this->output().note(noticeText(notice));
        });
        connect(&session(), &Session::callFinished, this, [this](Ticket, const CallResult &result) {
            if (result.failure && result.exchange > 0
                && trace().request(result.exchange).what.startsWith("logging/setLevel"_L1))
                this->output().note(u"note: "_s + lineForTerminal(result.failure->sentence));
        });
    }

private:
    void begin() override
    {
        if (options().command != "logs"_L1)
            session().setLogLevel(options().level);
        m_action->begin();
    }
    void onState(const SessionState &state) override { m_action->onState(state); }
    void onFailed(const Failure &failure) override
    {
        m_action->notConnected();
        fail(failure);
    }
    void onInterrupt(int signal) override
    {
        m_action->interrupt();
        Client::onInterrupt(signal);
    }

    std::unique_ptr<Action> m_action;
};

} // namespace

int runAction(const Options &options, Output &output)
{
    return OneCommand(options, output).run();
}

} // namespace sightglass::cli
