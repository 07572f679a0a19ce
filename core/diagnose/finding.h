// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QList>
#include <QMetaType>

namespace sightglass {

/// Who can mend it.
enum class Side : quint8 {
    Client, ///< the program that sent the requests
    Server, ///< the MCP server
    AuthorizationServer,
    Network, ///< what stands in between: a proxy, a gateway, the name service
    Person, ///< whoever gave the address, the token, the answer in the browser
};
/// "client", "server", "authorization server", "network", "person": stable, for JSON.
QString sideName(Side side);
/// The same for people: "the network or a proxy".
QString sideWords(Side side);

/// How much it matters. The order is that of showing.
enum class Weight : quint8 {
    Failure, ///< it stops what was to be done
    Flaw, ///< it is against the rules, costs time, or stops other clients
    Normal, ///< as it may be, and often taken for a failure (AF-80)
};

/// What shows a finding.
struct Evidence {
    ExchangeId exchange = 0;
    QString name; ///< the header or field that is meant; empty: the exchange as a whole
    QString text; ///< what it says, without secrets; empty: it is not there
    QString other; ///< what it was compared with; empty: with nothing
    qsizetype difference =
        -1; ///< where `text` and `other` first differ, in characters; -1: nowhere

    bool operator==(const Evidence &) const = default;
};
/// Of two strings that should be the same, with the place of their first difference.
Evidence comparison(ExchangeId exchange, const QString &name, const QString &text,
                    const QString &other);
/// For people: "exchange 3, issuer: “https://a/” against “https://a” (they differ from
/// character 10 on)".
QString evidenceWords(const Evidence &evidence);

/// What a rule concluded from the traffic. Texts are without secrets, and may quote a server.
struct Finding {
    QString id; ///< of the catalogue of failures: "AF-01"; stable
    QString title; ///< a few words: "Credentials are left off the event stream"
    QString sentence; ///< what happened, on which request, what it means
    QString advice; ///< what to do
    Side side = Side::Server;
    Weight weight = Weight::Failure;
    QString server; ///< the origin that it is about: "https://example.org"; empty: none
    QList<ExchangeId> exchanges; ///< that show it, ascending, each once
    QList<Evidence> evidence;

    bool operator==(const Finding &) const = default;
};
/// True where one of them is more than Normal.
bool anyMatters(const QList<Finding> &findings);

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::Finding)
