// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"

#include "core/diagnose/refusal.h"

#include <QCoreApplication>
#include <QRandomGenerator>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

QByteArray randomSalt()
{
    QByteArray salt(16, Qt::Uninitialized);
    QRandomGenerator::system()->generate(salt.begin(), salt.end());
    return salt;
}

} // namespace

Client::Client(const Options &options, Output &output)
    : m_options(options)
    , m_output(output)
    , m_session(&m_trace)
{
    connect(&m_session, &Session::stateChanged, this, &Client::stateChanged);
    connect(&m_interrupts, &Interrupts::interrupted, this, [this] {
        m_output.note(u"Interrupted."_s);
        if (m_finishing) {
            QCoreApplication::exit(Interrupted);
            return;
        }
        m_begun = true; // an interrupted start is no failure to connect
        finish(Interrupted);
    });
}

Client::~Client() = default;

bool Client::record()
{
    if (m_options.traceFile.isEmpty())
        return true;
    Redactor redactor(randomSalt());
    const Credentials &credentials = m_options.target.credentials;
    for (const QByteArray &secret : {credentials.bearer, credentials.basicPassword.toUtf8(),
                                     m_options.target.network.proxyPassword.toUtf8()}) {
        if (!secret.isEmpty())
            redactor.addKnownSecret(secret);
    }
    for (const Header &header : credentials.headers) {
        if (Redactor::isSecret(header))
            redactor.addKnownSecret(header.value);
    }
    auto writer = TraceFileWriter::create(m_options.traceFile, m_trace.began(), redactor,
                                          m_options.showSecrets);
    if (!writer) {
        m_output.error(writer.error());
        return false;
    }
    m_writer = std::move(*writer);
    m_trace.addSink(m_writer.get());
    return true;
}

int Client::run()
{
    for (const CredentialWarning &warning : checkCredentials(m_options.target.credentials)) {
        if (!warning.fatal)
            m_output.note(u"note: "_s + warning.sentence);
    }
    if (!record())
        return WrongUse;
    m_session.connectTo(m_options.target);
    const int code = QCoreApplication::exec();
    tellRemarks();
    tellStream(m_stream);
    if (m_writer) {
        m_trace.removeSink(m_writer.get());
        m_writer->close();
        if (const auto failure = m_writer->failure()) {
            m_output.error(*failure);
            return code == Done ? WrongUse : code;
        }
    }
    return code;
}

/// What the server did wrong though the command went on.
void Client::tellRemarks()
{
    for (const Note &remark : m_session.state().remarks) {
        if (remark.text == m_said)
            continue;
        QStringList evidence;
        if (remark.exchange > 0)
            evidence << u"exchange %1"_s.arg(remark.exchange);
        if (!remark.finding.isEmpty())
            evidence << remark.finding;
        QString text = u"note: "_s + forTerminal(remark.text).replace(u'\n', u' ');
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
    m_output.note(u"note: "_s + forTerminal(failure.sentence).replace(u'\n', u' ')
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
                && m_trace.request(state.failure->exchange).kind == ExchangeKind::Delete)
                tellNote(explained(m_trace, *state.failure));
            QCoreApplication::exit(m_code);
        }
        return;
    }
    if (state.phase == SessionPhase::Failed) {
        fail(state.failure.value_or(Failure{}));
        return;
    }
    if (state.phase == SessionPhase::Ready && !m_begun) {
        m_begun = true;
        begin();
    }
    if (m_begun && !m_finishing)
        onState(state);
}

void Client::fail(const Failure &failure)
{
    if (m_finishing)
        return;
    m_said = failure.sentence;
    m_output.error(explained(m_trace, failure));
    finish(exitCode(failure));
}

void Client::finish(int code)
{
    if (m_finishing)
        return;
    m_finishing = true;
    m_code = code;
    const SessionPhase phase = m_session.state().phase;
    if (phase == SessionPhase::Failed || phase == SessionPhase::Idle) {
        QCoreApplication::exit(code);
        return;
    }
    m_session.disconnectFrom();
}

} // namespace sightglass::cli
