// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/jsonrpc/json_text.h"

#include <QStringList>

namespace sightglass {

// Values of a message that stand in its HTTP headers as well (2026-07-28,
// basic/transports/streamable-http, "Request metadata").

/// A property of a tool's input schema that is marked with x-mcp-header.
struct HeaderParameter {
    QByteArray name; ///< the header is "Mcp-Param-" and this
    QStringList path; ///< names of the properties that lead to it from the arguments

    bool operator==(const HeaderParameter &) const = default;
};

/// All of a tool; with a problem the tool's definition is invalid on HTTP.
struct HeaderParameters {
    QList<HeaderParameter> parameters; ///< in the order of the schema
    QString problem; ///< what is wrong with a mark, in a sentence; mostly empty

    bool operator==(const HeaderParameters &) const = default;
};
HeaderParameters headerParameters(const QByteArray &inputSchema);

/// One line for each parameter that the arguments (a JSON object) give a value for.
HeaderList parameterHeaders(const HeaderParameters &marked, const QByteArray &arguments);

/// A value as it is written in a header: as it is where that is safe, else "=?base64?…?=".
QByteArray headerText(QStringView value);
/// The value that a header's text stands for; nothing if it is marked as Base64 and is none.
std::optional<QString> headerValue(QByteArrayView text);

} // namespace sightglass
