// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/era.h"

namespace sightglass {

// The usual requests, as values for Session::request(). Pure.

RpcCall pingCall();
RpcCall readResourceCall(const QString &uri); ///< resources/read
/// prompts/get. `arguments` is a JSON object as text, its values strings; empty: none.
RpcCall getPromptCall(const QString &name, const QByteArray &arguments);

/// What a value is completed for (server/utilities/completion).
struct CompletionFor {
    QString prompt; ///< name of a prompt, or
    QString uriTemplate; ///< a resource template as it was listed
    QString argument; ///< that is being typed
    QString value; ///< so far
    /// Arguments that have their values already, as a JSON object; empty: none. Revisions before
    /// 2025-06-18 don't know it.
    QByteArray known;
};
RpcCall completeCall(const CompletionFor &wanted); ///< completion/complete

/// The result of completion/complete.
struct Completion {
    QStringList values; ///< untrusted, in the server's order; at most 100
    std::optional<qint64> total;
    bool hasMore = false;
    QString problem; ///< why it is no completion; mostly empty
};
Completion readCompletion(const QByteArray &result);

/// The request for people: its method, and what it is about ("prompts/get greet").
QString callTitle(const RpcCall &call);

} // namespace sightglass
