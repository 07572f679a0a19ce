// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

#include <QMetaType>

#include <memory>

namespace sightglass {

/// A request of another recording, with what has to be known of it once that is closed.
struct RecordedRequest {
    QString recording; ///< name of it, for people: "call.sgtrace"
    ExchangeId number = 0; ///< there
    RequestRecord record;
    QByteArray body;
    bool redacted = false; ///< where secrets stood are fingerprints

    bool operator==(const RecordedRequest &) const = default;
};

/// A recorded request as a person wants to have it sent now.
struct EditedRequest {
    ExchangeId from = 0; ///< the exchange that it was made from
    QByteArray method;
    QUrl url;
    /// As they are to go out. Credentials, and what HTTP itself needs, are added by the gate as on
    /// any request; a line of the same name here goes instead.
    QList<Header> headers;
    QByteArray body;
    /// It is none of this trace, but of another recording; `from` is 0 then.
    std::shared_ptr<const RecordedRequest> recorded = {};

    bool operator==(const EditedRequest &) const = default;
};

/// What is of today and not of the recording in a request from one.
struct CurrentSession {
    QByteArray id; ///< empty: there is none
    QByteArray revision; ///< empty: it names none
};

/// The lines of a recorded request that are a person's to change: those of the protocol, of the
/// session and of the person.
QList<Header> editableHeaders(const RequestRecord &record);
/// A recorded request as it was. `from` counts from 1 and is in the trace.
EditedRequest uneditedRequest(const TraceReader &trace, ExchangeId from);
/// A request of a recording, which is not needed any more then.
RecordedRequest recordedRequest(const TraceReader &recording, ExchangeId number,
                                const QString &name);
/// The same as uneditedRequest() of another recording, to be sent to `server`.
EditedRequest requestOfRecording(const RecordedRequest &recorded, const QUrl &server);
EditedRequest requestOfRecording(const TraceReader &recording, ExchangeId number,
                                 const QString &name, const QUrl &server);
/// Where a recorded request goes that is sent to `server`: what MCP's transport asks for to its
/// endpoint, unless it was asked of the same origin before; metadata and tokens where they were
/// asked for.
QUrl urlAtServer(const RequestRecord &record, const QUrl &server);

/// What was changed by hand, for people: "method, header X-Trace, body"; empty: nothing.
QString editWords(const TraceReader &trace, const EditedRequest &edited);

/// The request to send. A line that the person changed or set is from HeaderSource::User; one that
/// was taken away is told as withheld. To another origin than before the session's id and the
/// person's headers of then do not go where they were left as they were. A request of another
/// recording goes with the id and the revision of the session `now`, and without what was secret
/// where the recording has only its fingerprint.
HttpRequest editedRequest(const TraceReader &trace, const EditedRequest &edited,
                          const CurrentSession &now = {});

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::EditedRequest)
