// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/credentials.h"
#include "core/auth/oauth/oauth_settings.h"
#include "core/http/network_settings.h"
#include "core/mcp/client_offer.h"
#include "core/mcp/ladder.h"
#include "core/trace/redaction.h"
#include "core/transport/local_server.h"
#include "core/transport/server_command.h"

namespace sightglass {

/// Everything that a connection is made from. A plain value.
struct ServerTarget {
    QUrl url; ///< without user info; empty if the server is a command
    std::optional<ServerCommand> command; ///< a program to run, spoken to on its standard streams
    /// A server within this process; then neither URL nor command count. Two targets are the same
    /// where it is the same object.
    std::shared_ptr<const LocalServer> local;
    TransportChoice transport = TransportChoice::Auto;
    /// Which era a server on HTTP is asked for first where no revision is pinned and no
    /// misbehaviour is played. Programs are asked for the modern one.
    Ladder::Order order = Ladder::Order::ModernFirst;
    ClientOffer offer; ///< what servers may ask for
    QString revision =
        QStringLiteral("auto"); ///< or a dated revision, which is then asked for and no other
    Credentials credentials;
    OAuthSettings oauth; ///< heeded where no Authorization is among the credentials
    NetworkSettings network;
    QString acting; ///< id of a misbehaviour to play ("AF-01"), or empty
    int requestTimeoutMs =
        60000; ///< until the answer of a request; progress starts it anew; 0: for ever

    /// One channel for all, instead of HTTP.
    bool isChannel() const { return command || local; }

    bool operator==(const ServerTarget &) const = default;
};

/// The target as people name it: its URL without user info and query, its command line, or the name
/// of a server within this process.
QString targetName(const ServerTarget &target);

/// The redactor looks for every secret of the target from now on: token, passwords, cookies, values
/// of secret headers, what a command's arguments and variables hold of secrets.
void addKnownSecrets(Redactor *redactor, const ServerTarget &target);
void addKnownSecrets(Redactor *redactor, const TokenSet &tokens);
void addKnownSecrets(Redactor *redactor, const ServerCommand &command);
/// Those of an answer's headers; true where one is new. Of a server that sets another cookie with
/// each answer no more than a thousand are kept: each is looked for in every text.
bool addKnownSecretsOfAnswer(Redactor *redactor, const QList<Header> &headers);

/// Why nothing can be sent to it as it is: an unknown misbehaviour or revision, a revision that the
/// transport has not, a credential that cannot stand in a header. Kind Usage.
std::optional<Failure> targetProblem(const ServerTarget &target);

/// A target from what a person typed. Adds http:// to bare hosts on loopback and https:// to
/// others; takes user info out of the URL and into the credentials; refuses other schemes (kind
/// Usage).
Expected<ServerTarget> parseTarget(const QString &text);

} // namespace sightglass
