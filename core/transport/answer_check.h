// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/header_list.h"
#include "core/trace/records.h"

namespace sightglass {

/// What is known of an HTTP answer to an MCP request when its head (and, where it is not a stream,
/// its body) is there.
struct AnswerFacts {
    ExchangeId exchange = 0;
    QByteArray method; ///< of the request
    QString what;
    int status = 0;
    HeaderList headers; ///< of the answer
    QByteArray body; ///< or its first part; empty for streams
    qint64 bodyBytes = 0;
    bool expectsAnswer = false; ///< the message posted was a request
    bool opensStream = false; ///< a GET that wants an event stream
    /// A GET for the server's own stream, and none was open in this session before: 404 says of it
    /// that there is none, and nothing of the session.
    bool firstStream = false;
    /// A GET that takes up the stream of a POST, "resume tools/call add": 405 says of it that the
    /// answer is lost.
    bool resumes = false;
    bool hadSession = false; ///< the request carried Mcp-Session-Id
    bool hadCredentials = false; ///< the request carried Authorization or another known credential
    /// Headers that the person set and that are not known to be credentials. They may be:
    /// "X-Tenant".
    QByteArrayList ownHeaders = {};
    int redirectedBy = 0; ///< status of the redirect that led here (302, 303, …); 0: none
    QUrl url; ///< that answered
};

/// The media type alone, in lower case: "text/event-stream".
QByteArray mediaType(const HeaderList &headers);

/// Judges an answer by the streamable HTTP transport (2025-11-25, basic/transports) and RFC 9110.
/// Nothing if it is as it should be. A 405 to a GET, or a 404 to the first one, is a Failure with
/// the code "no-stream": normal, and for the caller to tell.
std::optional<Failure> checkAnswer(const AnswerFacts &facts);

/// The message of a JSON-RPC error or of an OAuth error in a body; empty where there is none.
QString errorMessageIn(QByteArrayView body);

} // namespace sightglass
