// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/desktop.h"
#include "app/cli/oauth_report.h"
#include "app/cli/plain_lines.h"
#include "core/auth/oauth/oauth_messages.h"
#include "core/trace/trace_text.h"

#include <QDateTime>
#include <QProcess>

#include <algorithm>
#include <unistd.h>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// What all of them share: they talk to the authorisation server, and open no connection.
class OAuthCommand : public Client {
public:
    OAuthCommand(const Options &options, Output &output)
        : Client(options, output)
    {
        connect(&session(), &Session::oauthChanged, this, [this](const OAuthState &state) {
            if (!isFinishing())
                onOAuth(state);
        });
        connect(&store(), &CredentialStore::memoryOnly, this, [this](const Failure &why) {
            if (m_keeps)
                this->output().note(u"note: "_s + lineForTerminal(why.sentence));
        });
    }

protected:
    virtual void work() = 0;
    virtual void onOAuth(const OAuthState &state) { Q_UNUSED(state) }
    void keeps() { m_keeps = true; }

private:
    void begin() override { }
    void open() override
    {
        if (!options().target.isChannel()) {
            work();
            return;
        }
        // Not before the event loop that it ends.
        QMetaObject::invokeMethod(
            this,
            [this] {
                fail(Failure{
                    FailureKind::Usage,
                    u"usage"_s,
                    u"A program on standard streams takes its credentials from the environment: there is nothing to log in to."_s,
                    u"Give the URL of a server."_s,
                    0,
                    {}});
            },
            Qt::QueuedConnection);
    }

    bool m_keeps = false; ///< what cannot be kept is worth a word
};

class Login final : public OAuthCommand {
public:
    using OAuthCommand::OAuthCommand;

private:
    void work() override
    {
        keeps();
        connect(&session(), &Session::browserWanted, this, &Login::showAddress);
        ServerTarget target = options().target;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        session().logIn(target);
    }

    void showAddress(const QUrl &url)
    {
        const QUrl back = session().oauthState().redirectUri;
        output().note(u"%1 wants you to log in. Open this in a browser:"_s.arg(
            url.authority(QUrl::FullyEncoded)));
        output().note(u"  "_s + lineForTerminal(url.toString(QUrl::FullyEncoded)));
        output().note(u"Waiting for the browser to come back to %1 (Ctrl+C ends it)."_s.arg(
            back.toString(QUrl::RemoveQuery)));
        const bool types = options().paste || isatty(STDIN_FILENO);
        if (types) {
            output().note(u"If it cannot come back, paste the address that it was sent to here."_s);
            readAddress();
        }
        if (!options().noBrowser && hasDesktop())
            openInBrowser(url);
    }

    void openInBrowser(const QUrl &url) const
    {
        // Secrets that came in variables are none of the browser's business.
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : environment.keys()) {
            const QByteArray value = environment.value(name).toUtf8();
            if (redactor().withoutKnown(value) != value)
                environment.remove(name);
        }
        // As one argument, and through no shell.
        QProcess browser;
        browser.setProgram(u"xdg-open"_s);
        browser.setArguments({url.toString(QUrl::FullyEncoded)});
        browser.setProcessEnvironment(environment);
        browser.startDetached();
    }

    void readAddress()
    {
        if (m_lines)
            return;
        m_lines = std::make_unique<PlainLines>();
        connect(m_lines.get(), &LineSource::line, this, [this](const QString &line) {
            const QString text = line.trimmed();
            const QUrl url(text.contains(u'?') ? text : u"http://127.0.0.1/?"_s + text);
            const OAuthCallback callback = readCallback(url);
            if (callback.code || !callback.error.isEmpty()) {
                session().takeCallback(url);
                return;
            }
            if (!text.isEmpty())
                output().note(
                    u"That is no address that the browser was sent to: it has neither code nor error."_s);
            m_lines->ask({});
        });
        m_lines->ask({});
    }

    void onOAuth(const OAuthState &state) override
    {
        switch (state.phase) {
        case OAuthState::Phase::Authorized:
            if (options().json)
                output().resultLine(tokenFactsJson(*state.tokens));
            else
                printTokenFacts(output(), *state.tokens);
            for (const OAuthStep &step : state.steps) {
                for (const OAuthCheck &check : step.checks) {
                    if (check.result == OAuthCheck::Result::Deviates)
                        output().note(u"note: "_s + lineForTerminal(check.sentence)
                                      + (check.finding.isEmpty() ? QString()
                                                                 : u" [%1]"_s.arg(check.finding)));
                }
            }
            finish(Done);
            break;
        case OAuthState::Phase::Question: {
            const bool client = state.question->about == OAuthAsk::About::ClientId;
            fail(Failure{
                FailureKind::Refused, client ? u"client-id-wanted"_s : u"private-address"_s,
                state.question->sentence,
                client
                    ? u"Register there, and give --client-id ID (and --client-secret-env VAR where it has a secret)."_s
                    : u"If that is right, give --allow-private."_s,
                state.steps.at(int(OAuthStepKind::ServerMetadata)).attempts.isEmpty()
                    ? 0
                    : state.steps.at(int(OAuthStepKind::ServerMetadata))
                          .attempts.constLast()
                          .exchange,
                client ? u"AF-40"_s : QString()});
            break;
        }
        case OAuthState::Phase::Failed:
            fail(*state.failure);
            break;
        default:
            break;
        }
    }

    std::unique_ptr<LineSource> m_lines;
};

class Logout final : public OAuthCommand {
public:
    using OAuthCommand::OAuthCommand;

private:
    void work() override
    {
        keeps();
        connect(&session(), &Session::loggedOut, this, &Logout::loggedOut);
        keeper().load(options().target.url, this, [this](const KeptLogin &login) {
            m_had = !login.tokens.isEmpty();
            m_clients = login.clients;
            // Whose registration it is that is kept here is known once the server has said who
            // issues its tokens.
            m_explores = !m_had && !m_clients.isEmpty();
            if (m_explores) {
                ServerTarget target = options().target;
                target.oauth.mode = OAuthSettings::Mode::Interactive;
                session().explore(target);
            } else {
                session().logOut(options().target);
            }
        });
    }

    void onOAuth(const OAuthState &state) override
    {
        const bool ended = state.phase == OAuthState::Phase::Failed
            || state.phase == OAuthState::Phase::Question
            || (state.phase == OAuthState::Phase::Idle
                && state.steps.at(int(OAuthStepKind::ServerMetadata)).state
                    == OAuthStep::State::Done);
        if (!m_explores || !ended)
            return;
        m_explores = false;
        QString issuer;
        for (const OAuthFact &fact : state.steps.at(int(OAuthStepKind::ServerMetadata)).input) {
            if (fact.name == "issuer"_L1)
                issuer = fact.value;
        }
        for (const ClientIdentity &client : std::as_const(m_clients)) {
            if (client.issuer != issuer)
                continue;
            keeper().forgetClient(client);
            m_forgot = issuer;
        }
        loggedOut({}, {});
    }

    void loggedOut(const std::optional<Failure> &failure, const QString &remark)
    {
        if (failure) {
            fail(*failure);
            return;
        }
        if (!m_had) {
            output().line(
                m_forgot.isEmpty()
                    ? u"There was no log-in."_s
                    : u"There was no log-in; the registration with %1 is forgotten."_s.arg(
                        lineForTerminal(m_forgot)));
        } else if (remark.isEmpty()) {
            output().line(u"Logged out: the tokens are revoked and forgotten."_s);
        } else {
            output().line(
                u"Logged out: the tokens are forgotten. %1"_s.arg(lineForTerminal(remark)));
        }
        finish(Done);
    }

    bool m_had = false;
    bool m_explores = false;
    QList<ClientIdentity> m_clients;
    QString m_forgot; ///< the issuer
};

class Token final : public OAuthCommand {
public:
    using OAuthCommand::OAuthCommand;

private:
    void work() override
    {
        connect(&store(), &CredentialStore::memoryOnly, this,
                [this](const Failure &why) { m_lost = why; });
        keeps();
        keeper().load(options().target.url, this, [this](const KeptLogin &login) {
            if (login.tokens.isEmpty()) {
                fail(nothingKept());
                return;
            }
            const auto newest = std::max_element(
                login.tokens.cbegin(), login.tokens.cend(),
                [this](const TokenSet &a, const TokenSet &b) {
                    const auto rank = [this](const TokenSet &tokens) {
                        return std::pair(tokens.clientId == options().target.oauth.clientId,
                                         tokens.received);
                    };
                    return rank(a) < rank(b);
                });
            print(*newest);
            finish(Done);
        });
    }

    Failure nothingKept()
    {
        const QString server = targetName(options().target);
        if (m_lost)
            return {m_lost->kind,
                    m_lost->code,
                    u"Whether a log-in is kept for %1 cannot be told without the keychain."_s.arg(
                        server),
                    m_lost->advice,
                    0,
                    {}};
        if (keeper().isKnown(options().target.url))
            return {
                FailureKind::File,
                u"keychain-locked"_s,
                u"A log-in was kept for %1, and the system's keychain does not give it out: it may be locked."_s
                    .arg(server),
                u"Unlock it, or log in again: sightglass-cli login %1"_s.arg(server),
                0,
                {}};
        return {FailureKind::Refused,
                u"no-token"_s,
                u"No log-in is kept for %1."_s.arg(server),
                u"Log in first: sightglass-cli login %1"_s.arg(server),
                0,
                {}};
    }

    void print(const TokenSet &tokens)
    {
        // The one thing that a script wants, and a deliberate act.
        if (options().showSecrets && !options().json) {
            output().resultLine(tokens.accessToken);
            return;
        }
        const qint64 now = QDateTime::currentSecsSinceEpoch();
        if (options().json)
            output().resultLine(tokenJson(tokens, now, redactor(), options().showSecrets));
        else
            printToken(output(), tokens, now, redactor());
    }

    std::optional<Failure> m_lost; ///< the keychain
};

class Auth final : public OAuthCommand {
public:
    using OAuthCommand::OAuthCommand;

private:
    void work() override
    {
        ServerTarget target = options().target;
        target.oauth.mode = OAuthSettings::Mode::Interactive;
        session().explore(target);
    }

    void onOAuth(const OAuthState &state) override
    {
        // A server that wants no log-in is as it may be.
        const bool open = state.failure && state.failure->code == "no-log-in-wanted"_L1;
        const bool failed = state.phase == OAuthState::Phase::Failed && !open;
        const bool explored = state.phase == OAuthState::Phase::Idle
            && state.steps.at(int(OAuthStepKind::ServerMetadata)).state == OAuthStep::State::Done;
        if (state.phase == OAuthState::Phase::Question) {
            printSteps(output(), state);
            fail(Failure{FailureKind::Refused,
                         u"private-address"_s,
                         state.question->sentence,
                         u"If that is right, give --allow-private."_s,
                         0,
                         {}});
            return;
        }
        if (!failed && !explored && !(open && state.phase == OAuthState::Phase::Failed))
            return;
        if (options().json)
            output().resultLine(stepsJson(state));
        else
            printSteps(output(), state);
        if (failed)
            fail(*state.failure);
        else
            finish(Done);
    }
};

} // namespace

int runLogin(const Options &options, Output &output)
{
    return Login(options, output).run();
}

int runLogout(const Options &options, Output &output)
{
    return Logout(options, output).run();
}

int runToken(const Options &options, Output &output)
{
    return Token(options, output).run();
}

int runAuth(const Options &options, Output &output)
{
    return Auth(options, output).run();
}

} // namespace sightglass::cli
