// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/compare/recording_comparison.h"
#include "core/jsonrpc/json_text.h"

namespace sightglass {

// What is taken from one recording to be held against another. Private to core/compare.

/// A JSON text and where it came.
struct ComparedJson {
    JsonText json; ///< without values where there is none
    ExchangeId exchange = 0;
};

/// Who the server is, by the newest answer to initialize or server/discover.
struct ServerFacts {
    QString address;
    ExchangeId first = 0; ///< the first exchange with it
    ComparedJson revision; ///< that was spoken last, a string
    ComparedJson info;
    ComparedJson capabilities;
    ComparedJson instructions;
};
ServerFacts serverFacts(const ComparedTrace &trace);

/// One request, for matching it with one of the other recording.
struct AskedOnce {
    ExchangeId id = 0;
    quint64 arguments = 0; ///< the same for the same params, but for what `_meta` says
};
/// All that ask the same: "POST tools/call add".
struct AskedAlike {
    QString subject;
    ExchangeKind kind = ExchangeKind::Other;
    QList<AskedOnce> times;
};
/// In the order of their first ones. Empty if `goesOn` gives false.
QList<AskedAlike> askedIn(const ComparedTrace &trace,
                          const std::function<bool(ExchangeId)> &goesOn);

/// The params of a request as they may be shown, without values where there are none.
JsonText paramsOf(const ComparedTrace &trace, ExchangeId id);

/// The kinds of credentials that a kind of request carried: "Authorization: Bearer", "X-Api-Key",
/// "Cookie"; "none" where one of them carried nothing.
struct CarriedFacts {
    QString subject; ///< "POST", "GET event stream"
    QMap<QString, ExchangeId> kinds; ///< and the first exchange of each
};
QList<CarriedFacts> carriedIn(const ComparedTrace &trace);

/// A value as it may be told: JSON, a string in place of what is long.
QByteArray toldJson(const JsonText &json, JsonText::Node node);
QByteArray toldText(QStringView text);
/// Bytes of a trace as they may be shown.
QByteArray shownBytes(const ComparedTrace &trace, const QByteArray &bytes);

} // namespace sightglass
