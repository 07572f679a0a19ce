// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

class QNetworkRequest;

namespace sightglass {

// What goes out, as a pure function of what was asked: the gate sends exactly the record that is
// built here, so that what the trace shows is the wire by construction (wire-facts 4).

/// How the request travels, as far as its head depends on it.
struct RequestPath {
    bool http2 = false; ///< names in lower case, pseudo-headers, no connection-specific headers
    bool throughHttpProxy = false; ///< http:// by an HTTP proxy: the target is in absolute form
    QByteArray proxyAuthorization; ///< value for the proxy itself; empty: none
};

/// The record of a request with all its header lines in wire order: Host, protocol, session,
/// credentials, the person's, then what HTTP needs. Where the person's value meets another of the
/// same name it goes instead, and the record's `withheld` says so. Its `url` has neither user
/// info nor fragment. Never fails; see headProblem().
RequestRecord buildRequest(const HttpRequest &request, const CredentialSource::Stamp &stamp,
                           const RequestPath &path);

/// Whether the library writes header lines as they are given, as Qt 6.4 does. Qt 6.8 and later
/// writes names in lower case, values without the white space around them, and of a repeated name
/// the last line alone. Asked of the Qt that runs, which may be a later one than that of the build.
bool libraryKeepsHeaders();

/// Changes the record into what a library writes that does not keep headers as they are given, so
/// that the trace stays the wire.
void writeAsLibrary(RequestRecord &record);

/// Why the record cannot be sent as it is: a malformed header, or a repeated one where each name
/// can be had once only: over HTTP/2, or where the library does not keep headers.
std::optional<Failure> headProblem(const RequestRecord &record, bool http2, bool keepsHeaders);

/// Lines as QNetworkRequest takes them, which keeps one value a name: a repeated line travels in
/// the value of the line before it (wire-facts 17). Only for records that have no headProblem().
QList<std::pair<QByteArray, QByteArray>> foldForQt(const QList<Header> &lines);

/// Sets all lines of a record that has no headProblem(). Fails where the library refuses a line,
/// which it otherwise leaves out in silence.
std::optional<Failure> setHeaders(QNetworkRequest &out, const RequestRecord &record);

/// "POST tools/call add to http://host:1234/mcp", for sentences; without the query, which may
/// carry secrets.
QString requestName(const RequestRecord &record);

/// The request target in origin form (RFC 9112, 3.2.1), or in absolute form.
QByteArray requestTarget(const QUrl &url, bool absolute);
/// Value of Host (RFC 9110, 7.2): without the port where it is the scheme's usual one.
QByteArray hostValue(const QUrl &url);

} // namespace sightglass
