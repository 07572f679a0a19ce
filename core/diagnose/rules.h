// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/trace_facts.h"

#include <QHash>
#include <QStringList>

namespace sightglass {

/// One rule: from what a trace shows, to what is wrong. Pure. It may find an id several times; what
/// is of one server is joined later.
struct Rule {
    QLatin1StringView id; ///< of the catalogue
    void (*find)(const TraceFacts &facts, QList<Finding> *found);
};

// The families, a file each.
QList<Rule> failureRules(); ///< what the failures in the trace are called in the catalogue
QList<Rule> credentialRules(); ///< AF-10 to AF-12; those before are failures, see explained()
QList<Rule> discoveryRules(); ///< AF-20 to AF-32: the way to the metadata of the resource
QList<Rule> issuerRules(); ///< AF-26 to AF-30: authorisation servers, and what metadata says
QList<Rule> registrationRules(); ///< AF-40 to AF-49
QList<Rule> tokenRules(); ///< AF-60 to AF-66
QList<Rule> sessionRules(); ///< AF-82 to AF-87: sessions, headers, replicas
QList<Rule> transportRules(); ///< AF-88 to AF-96: streams, redirects, proxies

/// Whether more may come: of a recording that was read nothing does.
enum class TraceState : quint8 { Growing, Over };

/// Ids of the findings by the exchanges that show them.
using ExchangeFindings = QHash<ExchangeId, QStringList>;

/// What is wrong in a trace, worst first: each id once a server, without those that another one
/// brings about (see causations()). Works on recordings, also on redacted ones, where rules that
/// would have to read a secret stay silent. Texts are cleaned by `redactor`. Takes time in
/// proportion to the trace, of each body at most MostBodyBytes; where `stop` becomes true it ends
/// soon, with nothing. May run in any thread.
///
/// `byExchange` gets all that was found of each exchange, also what another one brings about: an
/// exchange is told of by it wherever its failure is explained.
QList<Finding> findings(const TraceReader &trace, const Redactor &redactor,
                        const std::atomic<bool> *stop = nullptr,
                        TraceState state = TraceState::Growing,
                        ExchangeFindings *byExchange = nullptr);

} // namespace sightglass
