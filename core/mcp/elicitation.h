// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace sightglass {

/// The values that an elicitation proposes: a JSON object with the default of each property that
/// has one, in the order of the schema, each spelled as the server spelled it (client/elicitation,
/// "Requested Schema", from 2025-11-25 on). `params` are those of elicitation/create; what is no
/// form, or proposes nothing, gives an empty object. An answer that is accepted as it stands has
/// this as its content.
QByteArray elicitationDefaults(const QByteArray &params);

/// An address that a server wants opened before it does what it was asked for.
struct WantedAddress {
    QString url; ///< untrusted, as all of it
    QString message;

    bool operator==(const WantedAddress &) const = default;
};

/// From a JSON-RPC error with the code -32042 (2025-11-25, client/elicitation, "URL Elicitation
/// Required Error"): the first of them, or none. `error` is the raw error object. Nobody opens them
/// by himself.
QList<WantedAddress> wantedAddresses(const QByteArray &error);

} // namespace sightglass
