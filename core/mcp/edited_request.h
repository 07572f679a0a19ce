// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

#include <QMetaType>

namespace sightglass {

/// A recorded request as a person wants to have it sent now.
struct EditedRequest {
    ExchangeId from = 0; ///< the exchange that it was made from
    QByteArray method;
    QUrl url;
    /// As they are to go out. Credentials, and what HTTP itself needs, are added by the gate as on
    /// any request; a line of the same name here goes instead.
    QList<Header> headers;
    QByteArray body;

    bool operator==(const EditedRequest &) const = default;
};

/// The lines of a recorded request that are a person's to change: those of the protocol, of the
/// session and of the person.
QList<Header> editableHeaders(const RequestRecord &record);
/// A recorded request as it was. `from` counts from 1 and is in the trace.
EditedRequest uneditedRequest(const TraceReader &trace, ExchangeId from);

/// What was changed by hand, for people: "method, header X-Trace, body"; empty: nothing.
QString editWords(const TraceReader &trace, const EditedRequest &edited);

/// The request to send. A line that the person changed or set is from HeaderSource::User; one that
/// was taken away is told as withheld. To another origin than before the session's id and the
/// person's headers of then do not go where they were left as they were.
HttpRequest editedRequest(const TraceReader &trace, const EditedRequest &edited);

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::EditedRequest)
